import { afterAll, describe, expect, it } from 'vitest'
import { newCluster } from '../../../test/clusters.ts'
import { freshFolder, freshPostgres } from '../../../test/stores.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { people } from './migrations/0003-people.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { StoreRefused } from './store-refused.ts'
import { dataTables, quoted } from './tables.ts'

const tiny: readonly Migration[] = [
  { id: 1, name: 'one', sql: `CREATE TABLE one (id int8 PRIMARY KEY)` },
  { id: 2, name: 'two', sql: `ALTER TABLE one ADD name text NOT NULL DEFAULT 'none'; CREATE INDEX ON one (name)` },
]

const sample = (type: string): string => {
  if (type.endsWith('[]')) return '{}'
  if (/^(bigint|integer|smallint|numeric|double)/.test(type)) return '1'
  if (/^(timestamp|date)/.test(type)) return '2026-11-22 00:00:00+00'
  if (type === 'boolean') return 'true'
  if (type.startsWith('json')) return '{}'
  return 'x'
}

/** A row in every table, so that a migration meets data. */
const fill = async (database: Database): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { name, columns } of await dataTables(database)) {
    const values = columns.map(({ type }) => `'${sample(type)}'::${type}`)
    const names = columns.map(column => quoted(column.name))
    await database.script(
      `INSERT INTO ${quoted(name)} (${names.join(', ')}) VALUES (${values.join(', ')}) ON CONFLICT DO NOTHING`,
    )
    counts[name] = 1
  }
  return counts
}

const count = async (database: Database, tables: string[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const name of tables) {
    const { rows } = await database.query<{ n: number }>(`SELECT count(*) AS n FROM ${quoted(name)}`)
    counts[name] = rows[0]!.n
  }
  return counts
}

// One embedded store for all cases, a schema each.
const embedded = newCluster(freshFolder()).then(folder => openPglite({ folder }))
afterAll(async () => (await embedded).close())
let schema = 0
const stores = [
  {
    store: 'pglite',
    open: async (): Promise<Database> => {
      const database = await embedded
      await database.script(`CREATE SCHEMA s${++schema}; SET search_path = s${schema}`)
      return { ...database, close: async () => {} }
    },
  },
  { store: 'postgres', open: async (): Promise<Database> => openPostgres({ url: await freshPostgres() }) },
]

describe.each(stores)('migrations on $store', ({ open }) => {
  const lists: [string, readonly Migration[]][] = [
    ['the tiny list of this test', tiny],
    ['the list of Tessera', migrations],
  ]
  describe.each(lists)('%s', (_, list) => {
    it.each(list.map((__, index) => index))('leads from migration %i, with data, to the last', async from => {
      const database = await open()
      expect(await migrate(database, list.slice(0, from))).toBe(from)
      const before = await fill(database)
      expect(await migrate(database, list)).toBe(list.length)
      // Who is who, and what they did, is worked out again where there are people already.
      const queued = list === migrations && (before.holders ?? 0) > 0 && from < people.id ? 2 : 0
      const expected = queued > 0 ? { ...before, jobs: before.jobs! + queued } : before
      expect(await count(database, Object.keys(before))).toEqual(expected)
      expect(Object.keys(await fill(database)).length).toBeGreaterThan(0)
      expect(await migrate(database, list)).toBe(list.length)
      await database.close()
    })

    it('are numbered from 1 without a gap', () => {
      expect(list.map(({ id }) => id)).toEqual(list.map((__, index) => index + 1))
    })
  })

  it('run once when several start at once', async () => {
    const database = await open()
    expect(await Promise.all([1, 2, 3, 4].map(() => migrate(database, tiny)))).toEqual([2, 2, 2, 2])
    expect((await database.query('SELECT id, name FROM tessera_migration ORDER BY id')).rows).toEqual([
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ])
    await database.close()
  })

  it('leave nothing of one that fails half-way', async () => {
    const database = await open()
    const broken: Migration = { id: 2, name: 'broken', sql: 'CREATE TABLE half (id int); SELECT 1 / 0' }
    await expect(migrate(database, [tiny[0]!, broken])).rejects.toThrow('division by zero')
    expect((await dataTables(database)).map(({ name }) => name)).toEqual(['one'])
    expect(await migrate(database, tiny)).toBe(2)
    await database.close()
  })

  it('refuse a store that is newer than they are', async () => {
    const database = await open()
    await migrate(database, tiny)
    await expect(migrate(database, tiny.slice(0, 1))).rejects.toThrow(
      new StoreRefused(
        'The store was written by a newer version of Tessera: it is at migration 2, this version knows 1. Update Tessera.',
      ),
    )
    await database.close()
  })
})
