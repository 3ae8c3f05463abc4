import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, freshPostgres } from '../../../../test/stores.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { openPglite } from '../pglite.ts'
import { openPostgres } from '../postgres.ts'
import { start } from './0001-start.ts'
import { migrations } from './index.ts'

const rows = `
insert into workspaces (id, name, currency, time_zone, language, tax_included, secret, catalogue_version, created_at)
  values ('default', 'Default', 'EUR', 'Europe/Rome', 'en', true, 'c2VjcmV0', 7, '2026-03-01T08:00:00Z');
insert into counters values ('default', 'off_1', 3, 1, 250, 50), ('default', 'off_2', 0, 0, 0, 0);
insert into grants values ('default', 'hol_1', 'grt_1', 'off_2', 'issued', null, null, '2026-03-01T08:00:00Z', null);
insert into redemptions values ('default', 'web-1', 1, 'red_1', 'off_1', 2, 'cmp_1', 'hol_1', 'ANA7KQ2', 1, null, 'web', null,
  'EUR', 50, 950, 'held', '2026-03-01T08:15:00Z', '2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z')`

const stores = [
  { store: 'pglite', open: async (): Promise<Database> => openPglite({ folder: freshFolder() }) },
  { store: 'postgres', open: async (): Promise<Database> => openPostgres({ url: await freshPostgres() }) },
]

describe.each(stores)('a store of the first shape on $store', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrate(database, [start])
    await database.script(rows)
    expect(await migrate(database, migrations)).toBe(migrations.length)
  })
  afterAll(() => database.close())

  const all = async (sql: string) => (await database.query(sql)).rows

  it('keeps what was counted as the counters of whole offers, and takes buckets beside them', async () => {
    await database.script(
      `insert into counters (workspace_id, offer_id, bucket) values ('default', 'off_1', 'day=2026-03-02')`,
    )
    expect(
      await all(
        'select workspace_id, offer_id, bucket, used, held, budget_used, budget_held from counters order by offer_id, bucket',
      ),
    ).toEqual([
      { workspace_id: 'default', offer_id: 'off_1', bucket: '', used: 3, held: 1, budget_used: 250, budget_held: 50 },
      {
        workspace_id: 'default',
        offer_id: 'off_1',
        bucket: 'day=2026-03-02',
        used: 0,
        held: 0,
        budget_used: 0,
        budget_held: 0,
      },
      { workspace_id: 'default', offer_id: 'off_2', bucket: '', used: 0, held: 0, budget_used: 0, budget_held: 0 },
    ])
  })

  it('has no settings, no fulfilment, and uses of which nothing came back', async () => {
    expect(await all('select id, settings, catalogue_version from workspaces')).toEqual([
      { id: 'default', settings: {}, catalogue_version: 7 },
    ])
    expect(await all('select id, state, title, fulfilment from grants')).toEqual([
      { id: 'grt_1', state: 'issued', title: null, fulfilment: null },
    ])
    expect(await all('select id, code, amount, given, arm, returned from redemptions')).toEqual([
      { id: 'red_1', code: 'ANA7KQ2', amount: 50, given: null, arm: null, returned: 0 },
    ])
  })
})
