import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { pruneIdempotency } from './prune-idempotency.ts'

const day = 86_400_000

describe.each(['postgres', 'pglite'] as const)('idempotency pruning on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  it('forgets what is older than seven days, however much there is, and nothing else', async () => {
    const now = services.time.now
    const insert = (prefix: string, count: number, at: number) =>
      services.database.query(
        `insert into idempotency (workspace_id, key_hash, body_hash, status, answer, created_at)
         select 'default', $1 || n, '', 200, '{}', to_timestamp($3 / 1000.0) from generate_series(1, $2::int) as n`,
        [prefix, count, at],
      )
    await insert('old', 2500, now - 7 * day - 1)
    await insert('kept', 3, now - 7 * day)
    await insert('new', 2, now)
    await pruneIdempotency(services.database, now, new AbortController().signal)
    const { rows } = await services.database.query<{ n: number }>('select count(*) as n from idempotency')
    expect(rows).toEqual([{ n: 5 }])
  })
})
