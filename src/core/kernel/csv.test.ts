import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvError, type CsvOptions, csvCell, csvLine, csvParser, withoutEscape } from './csv.ts'

const parse = (...pieces: string[]) => parseWith({}, ...pieces)
const parseWith = (options: CsvOptions, ...pieces: string[]) => {
  const parser = csvParser(options)
  return [...pieces.flatMap(piece => parser.push(piece)), ...parser.end()]
}
const mistakeIn = (text: string): CsvError | undefined => {
  try {
    parse(text)
    return undefined
  } catch (error) {
    if (error instanceof CsvError) return error
    throw error
  }
}

describe('CSV', () => {
  it.each<[string, string, string[][]]>([
    [
      'lines and fields',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['CRLF and no end of the last line', 'a\r\nb', [['a'], ['b']]],
    ['quoted commas, quotes and line breaks', '"a,b","c""d","e\nf"\n', [['a,b', 'c"d', 'e\nf']]],
    [
      'empty fields, and empty lines passed over',
      ',\n\n"",x\n',
      [
        ['', ''],
        ['', 'x'],
      ],
    ],
  ])('reads %s, wherever it is cut', (_, text, records) => {
    expect(parse(text).map(({ fields }) => fields)).toEqual(records)
    expect(parse(...text).map(({ fields }) => fields)).toEqual(records)
  })

  it('tells the line a record starts on', () => {
    expect(parse('a\n\n"b\nc"\nd\n').map(({ line }) => line)).toEqual([1, 3, 5])
  })

  it.each([
    ['a quote inside a field', 'a\nb"c\n', 2],
    ['text after a closing quote', '"a"b\n', 1],
    ['a quote never closed', 'a\n"b\nc\n', 2],
    ['a field without end', `a\n"${'x'.repeat(1_000_001)}`, 2],
  ])('names the line of %s', (_, text, line) => {
    expect(mistakeIn(text)?.line).toBe(line)
  })

  it.each([';', '\t', '|'])('is read with %j between fields', separator => {
    const text = ['a,b', '"x;y\t|"', 'c\r\n'].join(separator)
    for (const pieces of [[text], [...text]])
      expect(parseWith({ separator }, ...pieces)).toEqual([{ line: 1, fields: ['a,b', 'x;y\t|', 'c'] }])
  })

  it('goes on behind a stray quote where it is asked to, and marks that record alone', () => {
    const text = 'sku,name\n1,5" pipe\n2,"a" b,c\n"3","x"\n'
    for (const pieces of [[text], [...text]])
      expect(parseWith({ lenient: true }, ...pieces)).toEqual([
        { line: 1, fields: ['sku', 'name'] },
        { line: 2, fields: ['1', '5" pipe'], mistake: expect.stringContaining('a quote inside a field') },
        { line: 3, fields: ['2', 'a b', 'c'], mistake: expect.stringContaining('text after a closing quote') },
        { line: 4, fields: ['3', 'x'] },
      ])
  })
})

describe('what is written', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+39 333', "'+39 333"],
    ['-5', "'-5"],
    [-5, '-5'],
    ['@ana', "'@ana"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ["'=x", "''=x"],
    ["'tis", "'tis"],
    ['say "hi", you', '"say ""hi"", you"'],
    [true, 'true'],
    [null, ''],
  ])('%j becomes %s', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it('parses back as it was, whatever stands in the cells', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n\'",; a1é😀'), maxLength: 8 }),
      fc.string({ unit: 'grapheme' }),
    )
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain(width => fc.array(fc.array(text, { minLength: width, maxLength: width }), { maxLength: 8 }))
    let escaped = 0
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 20 }), (rows, pieceLength) => {
        const csv = rows.map(csvLine).join('')
        const pieces = csv.match(new RegExp(`[^]{1,${pieceLength}}`, 'g')) ?? []
        const back = parse(...pieces).map(({ fields }) => fields.map(withoutEscape))
        expect(back).toEqual(rows)
        escaped += rows.flat().filter(cell => csvCell(cell).includes("'") && !cell.includes("'")).length
      }),
      { numRuns: 1000 },
    )
    expect(escaped).toBeGreaterThan(100)
  })

  it('gives a spreadsheet no formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\'"a'), maxLength: 6 }), text => {
        expect(parse(csvLine([text]))[0]!.fields[0]).not.toMatch(/^[=+\-@\t\r]/)
      }),
    )
  })
})
