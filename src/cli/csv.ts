import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { CsvError as CsvMistake, type CsvRecord, csvParser } from '../core/kernel/csv.ts'

export type { CsvRecord }

/** A mistake in the input that the person who made the file can mend; the message names the file and the line. */
export class CsvError extends Error {
  override name = 'CsvError'
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
  const parser = csvParser()
  const parsed = (parse: () => CsvRecord[]): CsvRecord[] => {
    try {
      return parse()
    } catch (cause) {
      if (cause instanceof CsvMistake) throw new CsvError(`${name}, line ${cause.line}: ${cause.message}`, { cause })
      throw cause
    }
  }
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch (cause) {
      throw new CsvError(`${name}, after line ${parser.line()}: not UTF-8 text; save the file as UTF-8`, { cause })
    }
  }
  for await (const chunk of chunks) {
    const text = decode(chunk)
    yield* parsed(() => parser.push(text))
  }
  const rest = decode()
  yield* parsed(() => parser.push(rest))
  yield* parsed(parser.end)
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
