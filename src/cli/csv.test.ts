import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../../test/stores.ts'
import { type CsvRecord, csvRecords, readCsv } from './csv.ts'

async function* inChunksOf(size: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const seen: T[] = []
  for await (const item of items) seen.push(item)
  return seen
}

const recordsOf = async (text: string | Uint8Array, chunkSize = 1_000_000): Promise<CsvRecord[]> => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  return all(csvRecords(inChunksOf(chunkSize, bytes), 'skus.csv'))
}

describe('CSV records', () => {
  it.each([
    [
      'lines in LF',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'lines in CRLF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a last line without an end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty fields',
      ',a,\n,,\n',
      [
        ['', 'a', ''],
        ['', '', ''],
      ],
    ],
    ['commas, quotes and line breaks inside quotes', '"a,b","say ""hi""","x\r\ny"\n', [['a,b', 'say "hi"', 'x\r\ny']]],
    [
      'quoted last fields',
      'a,"b"\r\nc,"d"',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['an empty quoted field alone on its line', 'a\n""\nb', [['a'], [''], ['b']]],
    ['a quoted field that ends in a carriage return', '"a\r"\n', [['a\r']]],
    [
      'empty lines, passed over',
      '\r\na,b\n\n\nc,d\n\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a byte order mark, dropped', '\uFEFFa,b\n', [['a', 'b']]],
    [
      'letters of several bytes',
      'é,€\n日本,😀\n',
      [
        ['é', '€'],
        ['日本', '😀'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s, however the chunks are cut', async (_, text, expected) => {
    for (const size of [1, 2, 3, 5, 1000])
      expect((await recordsOf(text, size)).map(record => record.fields)).toEqual(expected)
  })

  it('numbers the lines as an editor does, also after fields of several lines', async () => {
    const records = await recordsOf('a\n\n"b\n\nc"\r\nd\n', 2)
    expect(records.map(record => record.line)).toEqual([1, 3, 6])
  })

  it.each([
    ['a quote in the middle of a field', 'a\nb"c\n', 'skus.csv, line 2: a quote inside a field'],
    ['text after a closing quote', 'a\n\n"b"c\n', 'skus.csv, line 3: text after a closing quote'],
    [
      'a quote that is never closed, by where it opened',
      'a\n"b\nc\nd\n',
      'skus.csv, line 2: the quote that opens here is never',
    ],
    [
      'an endless field, by where it began',
      `a\n"${'b\n'.repeat(600_000)}`,
      'skus.csv, line 2: a field of more than 1000000',
    ],
    ['bytes that are not UTF-8', Uint8Array.of(97, 10, 98, 0xff, 10), 'skus.csv, after line 1: not UTF-8'],
  ])('refuses %s', async (_, text, message) => {
    await expect(recordsOf(text)).rejects.toThrow(message)
  })
})

describe('CSV files with a header', () => {
  const rowsOf = async (text: string) => {
    const path = join(freshFolder(), 'skus.csv')
    writeFileSync(path, text)
    return all(readCsv(path, ['sku', 'name']))
  }

  it('gives the asked columns by name, wherever they stand', async () => {
    expect(await rowsOf('name,price,sku\r\n"Tea, green",3,7\r\n')).toEqual([
      { line: 2, row: { sku: '7', name: 'Tea, green' } },
    ])
  })

  it.each([
    ['a header without an asked column', 'sku,title\n7,Tea\n', 'skus.csv, line 1: the header has no column name'],
    ['a record with too few fields', 'sku,name\n7,Tea\n8\n', 'skus.csv, line 3: 1 fields where the header has 2'],
    ['an empty file', '', 'skus.csv is empty; its first line must name sku,name'],
  ])('refuses %s', async (_, text, message) => {
    await expect(rowsOf(text)).rejects.toThrow(message)
  })
})
