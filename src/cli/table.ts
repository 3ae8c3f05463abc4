/** A column: its head, and whether it holds numbers, which stand at the right. */
export type Column = { readonly head: string; readonly isNumber?: boolean }

/**
 * Rows under their heads, in columns as wide as what stands in them. A row of `null` is a rule.
 *
 *     formatTable([{ head: 'type' }, { head: 'sends', isNumber: true }], [['Type A', '3,979']])
 *     // type    sends
 *     // ──────  ─────
 *     // Type A  3,979
 */
export const formatTable = (columns: readonly Column[], rows: readonly (readonly string[] | null)[]): string => {
  const widths = columns.map(({ head }, index) =>
    Math.max(head.length, ...rows.map(row => (row ? [...row[index]!].length : 0))),
  )
  const pad = (text: string, index: number): string => {
    const space = ' '.repeat(widths[index]! - [...text].length)
    return columns[index]!.isNumber ? space + text : text + space
  }
  const line = (cells: readonly string[]): string => cells.map(pad).join('  ').trimEnd()
  const rule = widths.map(width => '─'.repeat(width)).join('  ')
  return [line(columns.map(({ head }) => head)), rule, ...rows.map(row => (row ? line(row) : rule))].join('\n')
}

/** `grouped(47243)` is '47,243'. */
export const grouped = (value: number): string => value.toLocaleString('en')

/** `share(0.2627)` is '26.3 %'; nothing to share is '–'. */
export const share = (rate: number | null): string => (rate === null ? '–' : `${(rate * 100).toFixed(1)} %`)
