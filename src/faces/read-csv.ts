import { csvParser } from '../core/kernel/csv.ts'

/**
 * The rows of a file that somebody chose; between fields stands what its first line uses: a comma, a semicolon or a tab. A `CsvError` says in
 * which line it cannot be read.
 *
 *     readCsv('sku;name\r\n7;"Tea; green"')   // [['sku', 'name'], ['7', 'Tea; green']]
 */
export const readCsv = (text: string): string[][] => {
  const [first = ''] = text.split('\n', 1)
  const separator = [';', '\t'].find(it => first.split(it).length > first.split(',').length) ?? ','
  const csv = csvParser({ separator })
  return [...csv.push(text.replace(/^\ufeff/, '')), ...csv.end()].map(({ fields }) => [...fields])
}
