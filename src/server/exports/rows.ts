import type { ExportFormat } from '../../contract/exports.ts'
import { csvLine } from '../../core/kernel/csv.ts'

/** What stands in a cell; what is no text, number or flag becomes JSON in CSV. */
export type Cell = string | number | boolean | null | object
/** `C` are its columns, in the order of the header. */
export type ExportRow<C extends string = string> = { readonly [column in C]: Cell }

/**
 * Rows as the text of a file, piece by piece; the header of CSV is there also where there are no rows.
 *
 *     textOf(['sku', 'qty'], 'csv', [[{ sku: 'TEA', qty: 2 }]])      // 'sku,qty\r\n', 'TEA,2\r\n'
 *     textOf(['sku', 'qty'], 'ndjson', [[{ sku: 'TEA', qty: 2 }]])   // '{"sku":"TEA","qty":2}\n'
 */
export async function* textOf<C extends string>(
  columns: readonly C[],
  format: ExportFormat,
  chunks: AsyncIterable<readonly ExportRow<C>[]>,
): AsyncGenerator<string, void> {
  const csvCells = (row: ExportRow<C>) =>
    columns.map(column => {
      const cell: Cell = row[column]
      return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell
    })
  if (format === 'csv') yield csvLine(columns)
  for await (const rows of chunks) {
    const lines = rows.map(row => (format === 'csv' ? csvLine(csvCells(row)) : `${JSON.stringify(row)}\n`))
    if (lines.length > 0) yield lines.join('')
  }
}
