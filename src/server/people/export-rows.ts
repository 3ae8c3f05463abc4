import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'

export type Exported = {
  readonly source: Queryable
  readonly workspace: Workspace
  readonly now: number
  readonly person: string
  readonly computedTraits: Readonly<Record<string, unknown>>
}

/** One field of the export: a value, or rows that come a page at a time. */
export type Part =
  | { readonly name: string; readonly value: unknown }
  | { readonly name: string; readonly rows: AsyncIterable<Row> }

export const instant = (ms: unknown): string | null => (typeof ms === 'number' ? formatInstant(ms) : null)

/** Columns as fields: `held_until` is `heldUntil`, and what ends in `_at`, `_until` or is `at` an instant. */
export const fieldsOf = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      /(^|_)(at|until)$/.test(column) ? instant(value) : value,
    ]),
  )

/** Of one page; a row of an order may be large, and the embedded store is held meanwhile. */
const rowsAtOnce = 200

/** Where a page begins: `at` is the text of an instant, exactly as the store has it. */
type Place = { readonly at: string; readonly id: string }
const first: Place = { at: '-infinity', id: '' }

/**
 * Rows of each holder in turn, a page at a time: `sql` reads the holder `$2` after the place `$3`, `$4`, in its order, with the place of
 * each row as `place_at` and `place_id`.
 */
export async function* rowsOf(
  { source, workspace }: Exported,
  holders: readonly string[],
  sql: string,
  show: (row: Row) => Row | Promise<Row> = fieldsOf,
): AsyncGenerator<Row> {
  for (const holder of holders) {
    for (let place = first; ; ) {
      const { rows } = await source.query<Row & { place_at: string; place_id: string }>(`${sql} limit ${rowsAtOnce}`, [
        workspace.id,
        holder,
        place.at,
        place.id,
      ])
      for (const { place_at, place_id, ...row } of rows) {
        place = { at: place_at, id: place_id }
        yield await show(row)
      }
      if (rows.length < rowsAtOnce) break
    }
  }
}

/** A page of a table that is read by holder and id. */
export const byId = (columns: string, table: string, id = 'id'): string =>
  `select ${columns}, '' as place_at, ${id} as place_id from ${table}
   where workspace_id = $1 and holder_id = $2 and $3::text is not null and ${id} > $4 order by ${id}`

export const byTime = (columns: string, table: string, at: string, id: string): string =>
  `select ${columns}, ${at}::text as place_at, ${id} as place_id from ${table}
   where workspace_id = $1 and holder_id = $2 and (${at}, ${id}) > ($3::text::timestamptz, $4) order by ${at}, ${id}`

export async function* each(rows: readonly Row[]): AsyncGenerator<Row> {
  yield* rows
}
