import { csvLine } from '../core/kernel/csv.ts'
import type { CsvCell } from './table-csv.ts'

/** Hands a table to the reader as a file that spreadsheets open: UTF-8 with a mark, or they take it for another alphabet. */
export const saveCsv = (name: string, rows: readonly (readonly CsvCell[])[]): void => {
  const file = new Blob(['\ufeff', ...rows.map(csvLine)], { type: 'text/csv;charset=utf-8' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
