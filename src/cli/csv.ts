/**
 * Reads CSV as RFC 4180 has it: fields between commas, quoted where they hold a comma, a quote (doubled) or a line break; lines end
 * in CRLF or LF. It streams: a file of any size needs the memory of one chunk and one record. Empty lines are passed over.
 */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'

/** A mistake in the input that the person who made the file can mend; the message names the file and the line. */
export class CsvError extends Error {
  override name = 'CsvError'
}

/** `line` is the physical line the record starts on, from 1, as an editor shows it. */
export type CsvRecord = { line: number; fields: string[] }

/** Longer than any honest field; without it a forgotten closing quote would read the rest of a large file into memory. */
const maxFieldLength = 1_000_000

const comma = 44
const quote = 34
const lineFeed = 10
const carriageReturn = 13

type State = 'fieldStart' | 'plain' | 'quoted' | 'quoteSeen'

/** Takes text in pieces cut anywhere and hands back the records complete so far. */
const recordParser = (
  name: string,
): { push: (text: string) => CsvRecord[]; end: () => CsvRecord[]; line: () => number } => {
  let state: State = 'fieldStart'
  let field = ''
  let fields: string[] = []
  let line = 1
  let startLine = 1
  let quoteLine = 1
  let done: CsvRecord[] = []

  const fail = (at: number, problem: string): never => {
    throw new CsvError(`${name}, line ${at}: ${problem}`)
  }
  const endField = (): void => {
    fields.push(field)
    field = ''
    state = 'fieldStart'
  }
  const endRecord = (): void => {
    if (state !== 'quoteSeen' && field.endsWith('\r')) field = field.slice(0, -1)
    const isEmptyLine = fields.length === 0 && field === '' && state !== 'quoteSeen'
    endField()
    if (!isEmptyLine) done.push({ line: startLine, fields })
    fields = []
  }

  const push = (text: string): CsvRecord[] => {
    done = []
    let at = 0
    while (at < text.length) {
      if (state === 'quoted') {
        const close = text.indexOf('"', at)
        const part = text.slice(at, close < 0 ? text.length : close)
        for (let feed = part.indexOf('\n'); feed >= 0; feed = part.indexOf('\n', feed + 1)) line++
        field += part
        if (field.length > maxFieldLength)
          fail(
            quoteLine,
            `a field of more than ${maxFieldLength} characters starts here; is its closing quote missing?`,
          )
        if (close >= 0) state = 'quoteSeen'
        at = close < 0 ? text.length : close + 1
        continue
      }
      const char = text.charCodeAt(at)
      if (char === comma) {
        endField()
        at++
      } else if (char === lineFeed) {
        endRecord()
        line++
        startLine = line
        at++
      } else if (char === quote) {
        if (state === 'plain')
          fail(line, 'a quote inside a field that does not start with one; quote the whole field and double the quote')
        if (state === 'quoteSeen') field += '"'
        else quoteLine = line
        state = 'quoted'
        at++
      } else if (state === 'quoteSeen') {
        if (char !== carriageReturn)
          fail(line, 'text after a closing quote; a quote within a quoted field must be doubled')
        at++
      } else {
        let end = at + 1
        while (end < text.length) {
          const next = text.charCodeAt(end)
          if (next === comma || next === lineFeed || next === quote) break
          end++
        }
        field += text.slice(at, end)
        if (field.length > maxFieldLength) fail(line, `a field of more than ${maxFieldLength} characters`)
        state = 'plain'
        at = end
      }
    }
    return done
  }

  const end = (): CsvRecord[] => {
    done = []
    if (state === 'quoted') fail(quoteLine, 'the quote that opens here is never closed')
    endRecord()
    return done
  }

  return { push, end, line: () => line }
}

/**
 * The records of a CSV text that arrives in chunks; `name` is what errors call it.
 *
 *     for await (const { line, fields } of csvRecords(createReadStream('skus.csv'), 'skus.csv')) …
 *     // 'sku,name\r\n7,"Tea, green"' → { line: 1, fields: ['sku', 'name'] }, { line: 2, fields: ['7', 'Tea, green'] }
 *
 * Throws a `CsvError` naming the line for stray or unclosed quotes and for text that is not UTF-8.
 */
export async function* csvRecords(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<CsvRecord, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = recordParser(name)
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch (cause) {
      throw new CsvError(`${name}, after line ${parser.line()}: not UTF-8 text; save the file as UTF-8`, { cause })
    }
  }
  for await (const chunk of chunks) yield* parser.push(decode(chunk))
  yield* parser.push(decode())
  yield* parser.end()
}

/** A record under its header: `row.sku`. */
export type CsvRow<Column extends string> = { line: number; row: Record<Column, string> }

/**
 * The records of a file with a header line, by column name. The columns may stand in any order and others may stand between them.
 *
 *     for await (const { line, row } of readCsv('skus.csv', ['sku', 'name'])) …   // { line: 2, row: { sku: '7', name: 'Tea, green' } }
 *
 * Throws a `CsvError` when a column is missing or a record has more or fewer fields than the header; a missing file is Node's `ENOENT`.
 */
export async function* readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
): AsyncGenerator<CsvRow<Column>, void> {
  const name = basename(path)
  let width = 0
  let places: [Column, number][] | undefined
  for await (const { line, fields } of csvRecords(createReadStream(path), name)) {
    if (!places) {
      const missing = columns.filter(column => !fields.includes(column))
      if (missing.length > 0)
        throw new CsvError(
          `${name}, line ${line}: the header has no column ${missing.join(', ')}; it must name ${columns.join(',')}`,
        )
      places = columns.map(column => [column, fields.indexOf(column)])
      width = fields.length
      continue
    }
    if (fields.length !== width)
      throw new CsvError(`${name}, line ${line}: ${fields.length} fields where the header has ${width}`)
    const row = {} as Record<Column, string>
    for (const [column, place] of places) row[column] = fields[place]!
    yield { line, row }
  }
  if (!places) throw new CsvError(`${name} is empty; its first line must name ${columns.join(',')}`)
}
