import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError as CsvMistake, type CsvRecord, csvParser } from '../../core/kernel/csv.ts'
import { CsvError } from '../csv.ts'
import { groupRows } from './group-rows.ts'
import { findPastColumns } from './past-columns.ts'
import { emptyTally, type PastOrder, type PastOrdersOptions, type PastOrdersTally } from './past-order.ts'

export type PastOrders = { readonly tally: Readonly<PastOrdersTally>; readonly orders: AsyncGenerator<PastOrder, void> }

/**
 * The orders of a CSV file of order lines, plain or gzipped, in the order of their first rows; a file of any size needs the
 * memory of a few orders. Columns are known by the names shops use (`past-columns.ts`).
 *
 *     const { orders, tally } = await readPastOrders('retail.csv.gz', { currency: 'GBP', timeZone: 'Europe/London' })
 *     for await (const order of orders) …   // { id: '536365', at: 1291191960000, person: 'customerId:17850', lines: [7 lines] … }
 *     tally.setAside.cancelled.orders       // 3836
 *
 * What cannot be decided about is set aside and counted; see `setAsideReasons`. Throws a `CsvError` for a file that is no such
 * CSV file; a missing file is Node's `ENOENT`.
 */
export const readPastOrders = async (path: string, options: PastOrdersOptions): Promise<PastOrders> => {
  const tally = emptyTally((await stat(path)).size)
  return { tally, orders: ordersOf(path, options, tally) }
}

async function* ordersOf(
  path: string,
  options: PastOrdersOptions,
  tally: PastOrdersTally,
): AsyncGenerator<PastOrder, void> {
  const file = basename(path)
  let grouping: ReturnType<typeof groupRows> | undefined
  for await (const records of recordsOf(path, tally)) {
    let first = 0
    if (grouping === undefined) {
      const header = records[0]
      if (header === undefined) continue
      grouping = groupRows(findPastColumns(header.fields, file), header.fields.length, options, tally)
      first = 1
    }
    for (let index = first; index < records.length; index++) grouping.take(records[index]!)
    for (const order of grouping.ended()) yield order
  }
  if (grouping === undefined) throw new CsvError(`${file} is empty; its first line must name the columns`)
  for (const order of grouping.end()) yield order
}

/** The records of a file piece by piece; one by one the iterating alone would take as long as the parsing. */
async function* recordsOf(path: string, tally: PastOrdersTally): AsyncGenerator<CsvRecord[], void> {
  const file = basename(path)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = csvParser()
  const source = createReadStream(path)
  await once(source, 'readable')
  const magic: Buffer | null = source.read(2)
  if (magic) source.unshift(magic)
  const isGzip = magic?.[0] === 0x1f && magic[1] === 0x8b
  const pieces = isGzip ? pipeline(source, createGunzip({ chunkSize: 65_536 }), () => {}) : source
  try {
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      tally.bytesRead = source.bytesRead
      yield parser.push(decoder.decode(piece, { stream: true }))
    }
    yield parser.push(decoder.decode())
    yield parser.end()
  } catch (cause) {
    if (cause instanceof CsvMistake) throw new CsvError(`${file}, line ${cause.line}: ${cause.message}`, { cause })
    const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new CsvError(`${file}, after line ${parser.line()}: not UTF-8 text; save the file as UTF-8`, { cause })
    if (code?.startsWith('Z_'))
      throw new CsvError(`${file}, after line ${parser.line()}: damaged or cut short; gzip it anew`, { cause })
    throw cause
  }
}
