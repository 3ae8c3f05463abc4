import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesFor, checkCharacter, codeAlphabet, makeCodes, normalizeCode, possibleCodes } from './code.ts'

const made = (pattern: string, count: number): string[] =>
  makeCodes(pattern, count, randomBytes(bytesFor(pattern, count)))

const isRight = (code: string): boolean => checkCharacter(code.slice(0, -1)) === code.at(-1)

describe('normalizeCode', () => {
  it.each([
    ['summer', 'SUMMER'],
    [' Ana-7kq2 9xwm ', 'ANA7KQ29XWM'],
    ['ana_7kq2.9xwm', 'ANA7KQ29XWM'],
    ['ＡＮＡ－７', 'ANA7'],
    ['ana‑7​', 'ANA7'],
    ['straße', 'STRASSE'],
    ['SALE0', 'SALE0'],
    ['save10%', 'SAVE10%'],
    ['-- \u0000', ''],
  ])('reads %j as %j', (given, matched) => {
    expect(normalizeCode(given)).toBe(matched)
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(normalizeCode(normalizeCode(text))).toBe(normalizeCode(text))
      }),
    )
  })
})

describe('makeCodes', () => {
  it('keeps the pattern, fills every # and appends one character', () => {
    const [code] = made('ANA-####-####', 1)
    expect(code).toMatch(new RegExp(`^ANA-[${codeAlphabet}]{4}-[${codeAlphabet}]{5}$`))
  })

  it('makes no more than asked, and what the bytes allow', () => {
    expect(made('####', 100)).toHaveLength(100)
    expect(makeCodes('####', 100, randomBytes(8)).length).toBeLessThanOrEqual(2)
    expect(makeCodes('####', 1, new Uint8Array(50).fill(255))).toEqual([])
  })

  it('draws every character equally often: each of the 232 kept bytes stands for one, eight bytes for each', () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const drawn = makeCodes('#', 1000, everyByte).map(code => code[0]!)
    expect(drawn).toHaveLength(232)
    for (const character of codeAlphabet) expect(drawn.filter(other => other === character)).toHaveLength(8)
  })
})

describe('the check character', () => {
  const codes = [...made('ANA-####-####', 20), ...made('########', 20), ...made(`X${'#'.repeat(39)}`, 5)]

  it.each(codes)('of %s sees every wrong character', code => {
    const text = normalizeCode(code)
    const wrong = [...text].flatMap((right, place) =>
      [...codeAlphabet]
        .filter(other => other !== right && codeAlphabet.includes(right))
        .map(other => text.slice(0, place) + other + text.slice(place + 1)),
    )
    expect(isRight(text)).toBe(true)
    expect(wrong.length).toBeGreaterThan(200)
    expect(wrong.filter(isRight)).toEqual([])
  })

  it.each(codes)('of %s sees every two neighbours that were swapped', code => {
    const text = normalizeCode(code)
    const swapped = [...text.slice(1)]
      .map((right, place) => text.slice(0, place) + right + text[place]! + text.slice(place + 2))
      .filter(other => other !== text)
    expect(swapped.length).toBeGreaterThan(4)
    expect(swapped.filter(isRight)).toEqual([])
  })
})

it.each([
  ['ANA-####', 29 ** 4],
  ['####-####', 29 ** 8],
  ['SUMMER', 1],
])('%s allows %d codes', (pattern, possible) => {
  expect(possibleCodes(pattern)).toBe(possible)
})
