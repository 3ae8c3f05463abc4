import type { Queryable } from './database.ts'

export type Column = { readonly name: string; readonly type: string }
export type Table = { readonly name: string; readonly columns: readonly Column[] }

/** A name as SQL, e.g. `"order"`. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * The tables that hold the store's data, with their columns, by name; not the list of migrations, which tells how they are
 * made and not what is in them.
 *
 *     (await dataTables(database))[0]   // { name: 'api_keys', columns: [{ name: 'id', type: 'text' }, …] }
 */
export const dataTables = async (database: Queryable): Promise<Table[]> => {
  const { rows } = await database.query<{ table: string; name: string; type: string }>(
    `SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> 'tessera_migration'
      ORDER BY c.relname COLLATE "C", a.attnum`,
  )
  const tables = new Map<string, Column[]>()
  for (const { table, name, type } of rows) {
    const columns = tables.get(table) ?? []
    columns.push({ name, type })
    tables.set(table, columns)
  }
  return [...tables].map(([name, columns]) => ({ name, columns }))
}

/** The number of the last migration the store has had. */
export const migrationOf = async (database: Queryable): Promise<number> => {
  const { rows } = await database.query<{ done: number }>('SELECT coalesce(max(id), 0) AS done FROM tessera_migration')
  return rows[0]!.done
}
