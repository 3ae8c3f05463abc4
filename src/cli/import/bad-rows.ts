import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { csvLine } from '../../core/kernel/csv.ts'
import { textOf } from './cells.ts'
import type { Input, Row } from './input.ts'

/**
 * The file of rows that were not loaded: where they stood and why, then their cells as they came. Mended it can be imported as any
 * other; a file of NDJSON gives NDJSON.
 */
export const badRowsFile = (path: string, { format, columns }: Pick<Input, 'format' | 'columns'>) => {
  const file = createWriteStream(path, { mode: 0o600 })
  const broken = once(file, 'error').then(([error]) => Promise.reject(error as Error))
  broken.catch(() => {})
  if (format === 'csv') file.write(csvLine(['import_line', 'import_reason', ...columns]))
  return {
    add: async ({ line, cells, surplus = [] }: Row, why: string): Promise<void> => {
      const text =
        format === 'csv'
          ? csvLine([line, why, ...columns.map(column => textOfRaw(cells[column])), ...surplus])
          : `${JSON.stringify({ import_line: line, import_reason: why, ...cells })}\n`
      if (!file.write(text)) await Promise.race([once(file, 'drain'), broken])
    },
    end: async (): Promise<void> => {
      file.end()
      await Promise.race([once(file, 'close'), broken])
    },
  }
}

/** As it came, with its spaces. */
const textOfRaw = (value: unknown): string => (typeof value === 'string' ? value : textOf(value))
