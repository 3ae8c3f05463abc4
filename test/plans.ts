import type { Database } from '../src/adapters/storage/database.ts'

/** How the store would run a statement; a small table it would else read whole. */
export const planOf = (database: Database, sql: string, params: readonly unknown[]): Promise<string> =>
  database.transaction(async tx => {
    await tx.query('set local enable_seqscan = off')
    const { rows } = await tx.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, params)
    return rows.map(row => row['QUERY PLAN']).join('\n')
  })

/** Runs `work` and answers the plans of what it read, each a statement. */
export const plansOf = async (
  database: Database,
  work: (watched: Database) => Promise<unknown>,
): Promise<readonly string[]> => {
  const asked: [string, readonly unknown[]][] = []
  await work({
    ...database,
    kind: database.kind,
    query: (sql, params = [], name) => {
      asked.push([sql, params])
      return database.query(sql, params, name)
    },
  })
  const plans = []
  for (const [sql, params] of asked) plans.push(await planOf(database, sql, params))
  return plans
}
