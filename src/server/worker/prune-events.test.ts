import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Retention } from '../../core/workspaces/schema.ts'
import { pruneEvents, rulesOf } from './prune-events.ts'

const day = 86_400_000
const begin = Date.UTC(2026, 2, 1, 8)

it('empties first, and removes rows when their message ids are no longer needed', () => {
  expect(rulesOf({ page: 400, track: { 'Product Viewed': 30 } })).toEqual([
    { key: 'remove page', kind: 'page', name: undefined, days: 400, does: 'remove' },
    { key: 'empty track/Product Viewed', kind: 'track', name: 'Product Viewed', days: 30, does: 'empty' },
    { key: 'remove track/Product Viewed', kind: 'track', name: 'Product Viewed', days: 90, does: 'remove' },
  ])
})

describe.each(['postgres', 'pglite'] as const)('events of before on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
    await add('page', 'Home', 0, 3)
    await add('track', 'Product Viewed', 1, 3)
    await add('track', 'Order Completed', 1, 2)
    // More than a commit takes, of one batch and of one hour.
    await add('page', 'Burst', 2, 1700, 0)
    await add('page', 'Busy', 3, 1700, 2)
    await add('page', 'Home', 50, 2)
  })
  afterAll(() => services.database.close())

  const add = (kind: string, name: string, days: number, count: number, apartMs = 0) =>
    services.database.query(
      `insert into events (workspace_id, message_id, holder_id, kind, name, occurred_at, received_at, schema_version, properties, personal)
       select 'default', $1 || n, 'hol_1', $2, $3, now(), to_timestamp(($4::int8 + n * $6::int8) / 1000.0), 1, '{"a":1}', '{"ip":"x"}'
       from generate_series(1, $5::int) as n`,
      [`${name}-${days}-`, kind, name, begin + days * day, count, apartMs],
    )
  const prune = async (retention: Retention | undefined, days: number) => {
    await services.database.query('update workspaces set settings = $1::json', [
      JSON.stringify(retention === undefined ? {} : { retention }),
    ])
    await pruneEvents(services.database, begin + days * day, new AbortController().signal)
    const { rows } = await services.database.query<{ name: string; empty: boolean; n: number }>(
      `select name, personal::text = '{}' and properties::text = '{}' as empty, count(*) as n from events
       group by 1, 2 order by 1, 2`,
    )
    return Object.fromEntries(rows.map(({ name, empty, n }) => [`${name}${empty ? ', empty' : ''}`, n]))
  }
  const rest = { 'Order Completed': 2 }

  it('stay where nothing is said of them', async () => {
    const all = { ...rest, Home: 5, 'Product Viewed': 3, Burst: 1700, Busy: 1700 }
    expect(await prune(undefined, 1000)).toEqual(all)
    expect(await prune({ page: 60, track: { 'Product Viewed': 30 } }, 31)).toEqual(all)
  })

  it('are emptied when their days are over, to the millisecond', async () => {
    const rules = { page: 30, track: { 'Product Viewed': 40 } }
    expect(await prune(rules, 32)).toEqual({
      ...rest,
      'Home, empty': 3,
      Home: 2,
      'Product Viewed': 3,
      Burst: 1700,
      Busy: 1700,
    })
    expect((await prune(rules, 32 + 1 / day))['Burst, empty']).toBe(1700)
    expect((await prune(rules, 33 + 1001 / day))['Busy, empty']).toBe(500)
    expect(await prune(rules, 41 + 1 / day)).toMatchObject({ 'Product Viewed, empty': 3, 'Busy, empty': 1700, Home: 2 })
  })

  it('are emptied at once when less is kept than before, and not brought back when more is', async () => {
    expect(await prune({ page: 1 }, 60)).toMatchObject({ 'Home, empty': 5 })
    expect(await prune({ page: 80 }, 60)).toMatchObject({ 'Home, empty': 5 })
  })

  it('are removed after 90 days, but for those of which nothing is said', async () => {
    expect(await prune({ page: 1 }, 90)).toMatchObject({ 'Home, empty': 5 })
    expect(await prune({ page: 1 }, 91)).toEqual({
      ...rest,
      'Home, empty': 2,
      'Product Viewed, empty': 3,
      'Burst, empty': 1700,
      'Busy, empty': 1700,
    })
    expect(await prune({ page: 1, track: { 'Product Viewed': 1 } }, 140)).toEqual({ ...rest, 'Home, empty': 2 })
  })

  it('are looked at once: the next turn begins where this one ended', async () => {
    const { rows } = await services.database.query<{ pruned: Record<string, string> }>('select pruned from workspaces')
    expect(rows[0]!.pruned['remove page']).toBe(formatInstant(begin + 50 * day))
  })
})
