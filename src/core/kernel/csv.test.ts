import { describe, expect, it } from 'vitest'
import { CsvError, csvParser } from './csv.ts'

const parse = (...pieces: string[]) => {
  const parser = csvParser()
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
})
