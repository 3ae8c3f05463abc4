import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { openInput, type Row } from './input.ts'

const nothing = Readable.from([])
const fileOf = (content: string | Uint8Array): string => {
  const path = join(freshFolder(), 'people.csv')
  writeFileSync(path, content)
  return path
}
const read = async (content: string | Uint8Array, options: Parameters<typeof openInput>[2] = {}) => {
  const input = await openInput(fileOf(content), nothing, options)
  const rows: Row[] = []
  for await (const some of input.rows()) rows.push(...some)
  return { input, rows: rows.map(({ cells, ...row }) => ({ ...row, cells: { ...cells } })) }
}

const text = 'E-mail,Name\r\nana@example.com,"Ana ""A"", Rossi"\r\n\'+39 333,é\r\n'
const cells = [
  { line: 2, cells: { 'E-mail': 'ana@example.com', Name: 'Ana "A", Rossi' } },
  { line: 3, cells: { 'E-mail': '+39 333', Name: 'é' } },
]

describe('a file', () => {
  it.each([
    ['plain CSV', text],
    ['CSV with a byte order mark', `\uFEFF${text}`],
    ['CSV in LF', text.replaceAll('\r\n', '\n')],
    ['gzipped CSV, whatever its name', gzipSync(text)],
    ['CSV with semicolons', 'E-mail;Name\nana@example.com;"Ana ""A"", Rossi"\n+39 333;é'],
    ['CSV with tabs', 'E-mail\tName\nana@example.com\t"Ana ""A"", Rossi"\n+39 333\té'],
    ['CSV whose header has commas in quotes', '"E-mail"|"Name"\nana@example.com|"Ana ""A"", Rossi"\n+39 333|é'],
  ])('of %s gives its rows', async (_, content) => {
    const { input, rows } = await read(content)
    expect([input.format, input.columns]).toEqual(['csv', ['E-mail', 'Name']])
    expect(rows).toEqual(cells)
    expect(input.bytesRead()).toBe(input.bytes)
    expect(input.sample).toHaveLength(2)
  })

  it('of NDJSON gives its objects; what is none is a bad row', async () => {
    const { input, rows } = await read('\n{"a":1,"b":{"c":[true]}}\n[1]\n{"a":\n\n{"d":null}')
    expect([input.format, input.columns]).toEqual(['ndjson', ['a', 'b', 'd']])
    expect(rows).toEqual([
      { line: 2, cells: { a: 1, b: { c: [true] } } },
      { line: 3, cells: {}, mistake: 'JSON, but no object' },
      { line: 4, cells: {}, mistake: 'no JSON' },
      { line: 6, cells: { d: null } },
    ])
  })

  it('of NDJSON gives a row for each line of an order', async () => {
    const { rows } = await read('{"id":"A","price":9,"line_items":[{"sku":"TEA","price":4},{"sku":"CUP"}]}\n', {
      lists: ['lines', 'line_items'],
    })
    expect(rows).toEqual([
      { line: 1, cells: { id: 'A', price: 9, 'line.sku': 'TEA', 'line.price': 4 } },
      { line: 1, cells: { id: 'A', price: 9, 'line.sku': 'CUP' } },
    ])
  })

  it('goes on behind a row that is broken', async () => {
    const { rows } = await read('sku,name\n1,5" pipe\n2\n3,b,c,d\n4,x\n')
    expect(rows.map(({ line, mistake }) => [line, mistake])).toEqual([
      [2, expect.stringContaining('a quote inside a field')],
      [3, '1 fields where the header has 2'],
      [4, '4 fields where the header has 2'],
      [5, undefined],
    ])
    expect(rows[2]).toMatchObject({ cells: { sku: '3', name: 'b' }, surplus: ['c', 'd'] })
  })

  it('from stdin is put aside, and taken away again', async () => {
    const spools = () => readdirSync(tmpdir()).filter(name => name.startsWith('tessera-import-'))
    const before = spools()
    const input = await openInput('-', Readable.from([gzipSync(text)]))
    const [spool] = spools().filter(name => !before.includes(name))
    expect([input.name, input.columns]).toEqual(['stdin', ['E-mail', 'Name']])
    expect(existsSync(join(tmpdir(), spool!))).toBe(true)
    await input.close()
    expect(existsSync(join(tmpdir(), spool!))).toBe(false)
  })

  it.each([
    ['that is empty', '', 'people.csv is empty'],
    ['of one JSON list', '[{"a":1}]', "jq -c '.[]' people.csv"],
    ['with two columns of one name', 'a,b,a\n1,2,3\n', 'two columns named "a"'],
    ['in latin-1', Buffer.from('name\nZoë\n', 'latin1'), 'not UTF-8 text; save the file as UTF-8'],
    ['in latin-1, with how to mend it', Buffer.from('Zoë\n', 'latin1'), 'iconv -f WINDOWS-1252 -t UTF-8 people.csv'],
    ['of Excel in UTF-16', Buffer.from('\uFEFFname\n', 'utf16le'), 'not UTF-8'],
    ['with a quote that is never closed', 'name\n"Ana\nBob\n', 'people.csv, line 2: the quote that opens here'],
    ['of a gzip cut short', gzipSync(text.repeat(100)).subarray(0, 60), 'damaged or cut short'],
    ['of a line without end', `{"a":"${'x'.repeat(1_100_000)}"`, 'longer than 1000000 characters'],
  ])('%s is refused with what to do', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })
})
