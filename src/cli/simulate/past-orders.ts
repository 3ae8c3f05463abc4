import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { CsvError as CsvMistake, type CsvRecord, csvParser } from '../../core/kernel/csv.ts'
import { CsvError } from '../csv.ts'
import { textOfFile } from '../text-file.ts'
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
  const parser = csvParser()
  const onRead = (bytes: number): void => {
    tally.bytesRead = bytes
  }
  try {
    for await (const text of textOfFile(path, { line: parser.line, onRead })) yield parser.push(text)
    yield parser.end()
  } catch (cause) {
    if (cause instanceof CsvMistake)
      throw new CsvError(`${basename(path)}, line ${cause.line}: ${cause.message}`, { cause })
    throw cause
  }
}
