/**
 * The results for a reader: a line a case, its yardsticks and what else is worth knowing behind it.
 *
 *     table([{ case: 'pglite 1', store: 'pglite', connections: 1, perSecond: 300, p50Ms: 3, p99Ms: 6, ratios: { noop: 0.2 } }])
 *
 * @param {readonly { case: string, store: string, connections: number, perSecond: number, p50Ms: number, p99Ms: number, ratios: Record<string, number> }[]} results
 */
export const table = results => {
  const rows = results.map(({ case: name, store: _, connections: __, perSecond, p50Ms, p99Ms, ratios, ...more }) => [
    name,
    String(perSecond),
    String(p50Ms),
    String(p99Ms),
    [
      ...Object.entries(ratios).map(([key, value]) => `${value} × ${key}`),
      ...Object.entries(more).map(pair => pair.join(' ')),
    ].join(', '),
  ])
  const all = [['case', 'per second', 'p50 ms', 'p99 ms', 'ratios'], ...rows]
  const widths = [0, 1, 2, 3].map(column => Math.max(...all.map(row => row[column]?.length ?? 0)))
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return `${all.map(line).join('\n')}\n`
}
