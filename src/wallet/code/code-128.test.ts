import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barsOf, symbolsOf } from './code-128.ts'

/** Reads the values of symbols as a scanner does: the other way round, by the standard alone. */
const read = (symbols: readonly number[]): string => {
  const [start, ...rest] = symbols.slice(0, -2)
  let set = start === 105 ? 'C' : 'B'
  let text = ''
  for (const value of rest) {
    if (set === 'C' && value === 100) set = 'B'
    else if (set === 'B' && value === 99) set = 'C'
    else text += set === 'C' ? String(value).padStart(2, '0') : String.fromCharCode(value + 32)
  }
  return text
}

/** The picture as a line of modules. */
const modulesOf = (text: string): string => {
  const { modules, bars } = barsOf(text)!
  const line = Array.from({ length: modules }, () => '0')
  for (const [at, width] of bars) line.fill('1', at, at + width)
  return line.join('')
}

describe('Code 128', () => {
  it.each([
    // The worked example of most descriptions of the code.
    ['HI345678', [104, 40, 41, 99, 34, 56, 78, 68, 106]],
    ['Wikipedia', [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106]],
    ['4711', [105, 47, 11, 71, 106]],
    ['471', [104, 20, 23, 17, 15, 106]],
    ['12345', [105, 12, 34, 100, 21, 54, 106]],
    ['A12345', [104, 33, 17, 99, 23, 45, 64, 106]],
    ['AB123456CD', [104, 33, 34, 99, 12, 34, 56, 100, 35, 36, 94, 106]],
    ['AB1234CD', [104, 33, 34, 17, 18, 19, 20, 35, 36, 46, 106]],
  ])('of %s', (text, symbols) => {
    expect(symbolsOf(text)).toEqual(symbols)
  })

  it('is drawn with its start, check and stop', () => {
    expect(modulesOf('4711')).toBe(
      ['11010011100', '10001110110', '11000100100', '10011010000', '1100011101011'].join(''),
    )
  })

  it('reads as what was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^([\x20-\x7e]|\d{2,9}){1,20}$/), text => {
        const symbols = symbolsOf(text)!
        expect(read(symbols)).toBe(text)
        const weighed = symbols.slice(0, -2).reduce((sum, value, index) => sum + value * (index || 1), 0)
        expect(symbols.at(-2)).toBe(weighed % 103)
        // Every symbol is 11 modules wide, the stop 13.
        expect(barsOf(text)!.modules).toBe(symbols.length * 11 + 2)
      }),
    )
  })

  it('is none of what it cannot write', () => {
    expect(symbolsOf('è mia')).toBeUndefined()
    expect(barsOf('')).toBeUndefined()
  })
})
