import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError as CsvMistake, csvParser, withoutEscape } from '../../core/kernel/csv.ts'
import { CsvError } from '../csv.ts'
import { textOfFile } from '../text-file.ts'

/** One row of a file, or of a list within a line of NDJSON. */
export type Row = {
  /** From 1, as an editor shows it. */
  readonly line: number
  /** By the name of its column; texts in CSV, any JSON in NDJSON. */
  readonly cells: Readonly<Record<string, unknown>>
  /** Why nothing of it can be used. */
  readonly mistake?: string
  /** Of CSV: the fields that no column is left for. */
  readonly surplus?: readonly string[]
}

export type Input = {
  readonly name: string
  readonly format: 'csv' | 'ndjson'
  /** Of CSV its header; of NDJSON the names that its first lines have. */
  readonly columns: readonly string[]
  /** The first rows. */
  readonly sample: readonly Row[]
  /** Of the content as it lies there, hex. */
  readonly sha256: string
  readonly bytes: number
  /** How many of them the reading that was begun last has taken. */
  bytesRead(): number
  /** Every row from the first, some at a time. */
  rows(): AsyncGenerator<readonly Row[], void>
  /** Lets go of what was put aside for stdin. */
  close(): Promise<void>
}

type InputOptions = {
  /** Between the fields of CSV; guessed from the header where left out. */
  readonly separator?: string
  /** The names under which a line of NDJSON may hold a list, whose entries are rows of their own: `line.sku`. */
  readonly lists?: readonly string[]
}

const sampleRows = 500
/** Longer than any honest line; without it a file without line ends would be read into memory. */
const longestLine = 1_000_000

type Shape = { readonly format: 'csv'; readonly separator: string } | { readonly format: 'ndjson' }

const separators = [',', ';', '\t', '|'] as const

/** The one of `, ; tab |` that stands most often outside quotes in the header. */
const guessSeparator = (header: string): string => {
  const plain = header.replaceAll(/"(?:[^"]|"")*"/g, '')
  const count = (separator: string): number => plain.split(separator).length
  return separators.reduce((best, separator) => (count(separator) > count(best) ? separator : best))
}

/** Reads the beginning of a file, to tell what it is. */
const shapeOf = async (path: string, name: string, separator: string | undefined): Promise<Shape> => {
  let start = ''
  const watch = { line: () => Math.max(0, start.split('\n').length - 1), onRead: () => {} }
  for await (const text of textOfFile(path, watch)) {
    start += text
    if (start.trimStart().includes('\n') || start.length > longestLine) break
  }
  const [first = ''] = start.trimStart().split(/\r?\n/)
  if (first === '') throw new CsvError(`${name} is empty; its first line must name the columns`)
  if (first.startsWith('{')) return { format: 'ndjson' }
  if (first.startsWith('['))
    throw new CsvError(`${name} is one JSON list; it must have one object a line: jq -c '.[]' ${name} > rows.ndjson`)
  return { format: 'csv', separator: separator ?? guessSeparator(first) }
}

/** Names of columns as rows have them: one without a name is called by its place. */
const columnNames = (header: readonly string[], name: string): readonly string[] => {
  const names = header.map((text, index) => withoutEscape(text).trim() || `column ${index + 1}`)
  const twice = names.find((column, index) => names.indexOf(column) !== index)
  if (twice !== undefined) throw new CsvError(`${name} has two columns named "${twice}"; give each its own name`)
  return names
}

const csvRow = (names: readonly string[], { line, fields, mistake }: ReturnType<CsvReader['push']>[number]): Row => {
  const cells: Record<string, unknown> = Object.create(null)
  for (const [index, column] of names.entries()) cells[column] = withoutEscape(fields[index] ?? '')
  if (mistake !== undefined) return { line, cells, mistake }
  if (fields.length === names.length) return { line, cells }
  const surplus = fields.slice(names.length)
  return { line, cells, mistake: `${fields.length} fields where the header has ${names.length}`, surplus }
}
type CsvReader = ReturnType<typeof csvParser>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const jsonRows = (text: string, line: number, lists: readonly string[]): readonly Row[] => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return [{ line, cells: {}, mistake: 'no JSON' }]
  }
  if (!isObject(value)) return [{ line, cells: {}, mistake: 'JSON, but no object' }]
  const list = lists.find(it => Array.isArray(value[it]))
  if (list === undefined) return [{ line, cells: value }]
  const { [list]: entries, ...whole } = value
  return (entries as readonly unknown[]).map(entry => ({
    line,
    cells: {
      ...whole,
      ...(isObject(entry)
        ? Object.fromEntries(Object.entries(entry).map(([key, inner]) => [`line.${key}`, inner]))
        : { line: entry }),
    },
  }))
}

/** Whatever is piped in is put aside first: it has to be read twice, to know its beginning and its hash before anything is sent. */
const spool = async (stdin: Readable): Promise<{ path: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-import-'))
  const path = join(folder, 'stdin')
  await pipeline(stdin, createWriteStream(path, { mode: 0o600 }))
  return { path, remove: () => rm(folder, { recursive: true, force: true }) }
}

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/**
 * Opens a CSV or NDJSON file, plain or gzipped, or `-` for stdin; which it is its content tells. A file of any size needs the
 * memory of some rows.
 *
 *     const input = await openInput('people.csv', process.stdin)
 *     input.columns                                    // ['E-mail', 'Phone']
 *     for await (const rows of input.rows()) …         // [{ line: 2, cells: { 'E-mail': 'ana@example.com', Phone: '' } }, …]
 *
 * Throws a `CsvError` for what cannot be read on: text that is not UTF-8, a quote that is never closed, a broken gzip.
 */
export const openInput = async (
  given: string,
  stdin: Readable,
  { separator, lists = [] }: InputOptions = {},
): Promise<Input> => {
  const spooled = given === '-' ? await spool(stdin) : undefined
  const path = spooled?.path ?? given
  const name = spooled ? 'stdin' : basename(given)
  try {
    const { size } = await stat(path)
    const shape = await shapeOf(path, name, separator)
    let bytesRead = 0
    const onRead = (bytes: number): void => {
      bytesRead = bytes
    }
    let header: readonly string[] | undefined

    async function* csvRows(between: string): AsyncGenerator<readonly Row[], void> {
      const parser = csvParser({ separator: between, lenient: true })
      let names: readonly string[] | undefined
      const read = (records: ReturnType<CsvReader['push']>): readonly Row[] => {
        const rest = names === undefined ? records.slice(1) : records
        if (names === undefined && records[0]) names = header = columnNames(records[0].fields, name)
        return names === undefined ? [] : rest.map(record => csvRow(names!, record))
      }
      try {
        for await (const text of textOfFile(path, { line: parser.line, onRead })) yield read(parser.push(text))
        yield read(parser.end())
      } catch (cause) {
        if (cause instanceof CsvMistake) throw new CsvError(`${name}, line ${cause.line}: ${cause.message}`, { cause })
        throw cause
      }
    }

    async function* ndjsonRows(): AsyncGenerator<readonly Row[], void> {
      let line = 0
      let rest = ''
      for await (const text of textOfFile(path, { line: () => line, onRead })) {
        const lines = (rest + text).split('\n')
        rest = lines.pop()!
        if (rest.length > longestLine)
          throw new CsvError(`${name}, line ${line + lines.length + 1}: longer than ${longestLine} characters`)
        const rows: Row[] = []
        for (const one of lines) {
          line += 1
          if (one.trim() !== '') rows.push(...jsonRows(one, line, lists))
        }
        yield rows
      }
      if (rest.trim() !== '') yield jsonRows(rest, line + 1, lists)
    }

    const rows = () => (shape.format === 'csv' ? csvRows(shape.separator) : ndjsonRows())
    const sample: Row[] = []
    for await (const some of rows()) {
      sample.push(...some)
      if (sample.length >= sampleRows) break
    }
    sample.splice(sampleRows)
    const columns = header ?? [...new Set(sample.flatMap(({ cells }) => Object.keys(cells)))]
    return {
      name,
      format: shape.format,
      columns,
      sample,
      sha256: await sha256Of(path),
      bytes: size,
      bytesRead: () => bytesRead,
      rows,
      close: async () => spooled?.remove(),
    }
  } catch (error) {
    await spooled?.remove()
    throw error
  }
}
