import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, freshPostgres } from '../../../../test/stores.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { openPglite } from '../pglite.ts'
import { openPostgres } from '../postgres.ts'
import { start } from './0001-start.ts'
import { decisions } from './0002-decisions.ts'
import { migrations } from './index.ts'

const rows = `
insert into workspaces (id, name, currency, time_zone, language, tax_included, secret, catalogue_version, created_at)
  values ('default', 'Default', 'EUR', 'Europe/Rome', 'en', true, 'c2VjcmV0', 7, '2026-03-01T08:00:00Z'),
    ('empty', 'Empty', 'EUR', 'UTC', 'en', true, 'c2VjcmV0', 0, '2026-03-01T08:00:00Z');
insert into holders (workspace_id, id, type, value, given, person_id, orders, spend, traits, created_at) values
  ('default', 'hol_1', 'email', 'ana@example.com', 'Ana@example.com', 'per_1', 2, '{"EUR":720}', '{"plan":"gold"}', '2026-03-01T08:00:00Z'),
  ('default', 'hol_2', 'loyaltyCard', '42', '42', 'per_1', 0, '{}', '{}', '2026-03-02T08:00:00Z'),
  ('default', 'hol_3', 'anonymousId', 'a', 'a', 'per_3', 0, '{}', '{}', '2026-03-03T08:00:00Z');
insert into links values
  ('default', 'hol_1', 'hol_2', true, 'event', 'msg-1', '2026-03-02T08:00:00Z'),
  ('default', 'hol_1', 'hol_3', false, 'event', 'msg-2', '2026-03-03T08:00:00Z')`

const stores = [
  { store: 'pglite', open: async (): Promise<Database> => openPglite({ folder: freshFolder() }) },
  { store: 'postgres', open: async (): Promise<Database> => openPostgres({ url: await freshPostgres() }) },
]

describe.each(stores)('a store of the second shape on $store', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrate(database, [start, decisions])
    await database.script(rows)
    expect(await migrate(database, migrations)).toBe(migrations.length)
  })
  afterAll(() => database.close())

  const all = async (sql: string) => (await database.query(sql)).rows

  it('keeps its people, of whom nothing more is known', async () => {
    const nothingYet = {
      standing: null,
      behaviour_id: null,
      statistics: {},
      consents: {},
      preferences: {},
      due_at: null,
    }
    const one = { erased_at: null, ...nothingYet }
    expect(
      await all(
        `select id, person_id, orders, standing, behaviour_id, statistics, consents, preferences, due_at, erased_at
         from holders order by id`,
      ),
    ).toEqual([
      { id: 'hol_1', person_id: 'per_1', orders: 2, ...one },
      { id: 'hol_2', person_id: 'per_1', orders: 0, ...one },
      { id: 'hol_3', person_id: 'per_3', orders: 0, ...one },
    ])
  })

  it('knows of links since when they are, and which do not unite', async () => {
    expect(await all('select b, verified, first_seen_at, suppressed, removed_at from links order by b')).toEqual([
      {
        b: 'hol_2',
        verified: true,
        first_seen_at: Date.parse('2026-03-02T08:00:00Z'),
        suppressed: null,
        removed_at: null,
      },
      {
        b: 'hol_3',
        verified: false,
        first_seen_at: Date.parse('2026-03-03T08:00:00Z'),
        suppressed: 'unverified',
        removed_at: null,
      },
    ])
  })

  it('works out what people did and who is who by the new rules, where there are people', async () => {
    expect(await all('select workspace_id, kind, state from jobs order by kind')).toEqual([
      { workspace_id: 'default', kind: 'countEvents', state: 'queued' },
      { workspace_id: 'default', kind: 'resolveIdentities', state: 'queued' },
    ])
  })
})
