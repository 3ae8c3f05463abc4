import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { programmeInput } from '../../core/loyalty/schema.ts'
import { makeCatalogues } from '../catalogue.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { makeWriter } from '../commit/writer.ts'
import { countMembers, nobodyMoved, previewProgramme } from './rank-members.ts'
import { dueSql, overdueOf, type SweepProgress, sizeAfter, sweepValue } from './sweep-value.ts'

/** How many are due at once; a million are as many more batches of the same size. */
const members = Number(process.env.SWEEP_MEMBERS ?? 600)
const midnight = '2026-03-31T22:00:00.000Z'

const terms = programmeInput.parse({
  name: 'Club',
  timeZone: 'Europe/Rome',
  tiers: {
    by: 'points',
    period: { calendar: 'month' },
    levels: [
      { id: 'bronze', name: 'Bronze', threshold: 0 },
      { id: 'silver', name: 'Silver', threshold: 100 },
      { id: 'gold', name: 'Gold', threshold: 200 },
    ],
  },
})

describe.each(['postgres', 'pglite'] as const)('the clock looks by at everybody on %s', store => {
  let services: TestServices
  const batches: number[] = []
  const writerOf = (made: TestServices) =>
    makeWriter({ ...made, catalogues: makeCatalogues(), random: randomBytes, onBatch: ({ ms }) => batches.push(ms) })

  beforeAll(async () => {
    const made = await testServices(store)
    services = { ...made, writer: writerOf(made) }
    const { database } = services
    await database.transaction(async tx => {
      const version = await raiseCatalogueVersion(tx, 'default')
      await tx.query(
        `insert into programmes (workspace_id, id, version, state, body, catalogue_version, created_at, updated_at)
         values ('default', 'club', 1, 'live', $1::json, $2, to_timestamp(0), to_timestamp(0))`,
        [JSON.stringify(terms), version],
      )
    })
    // Everybody is gold until the month ends. Every third qualified for gold, for silver, for nothing in it; what that was ends with the
    // month, and so do 30 points. 70 more become active an hour before.
    const of = `from generate_series(1, ${members}) as n`
    const id = `'hol_' || lpad(n::text, 26, '0')`
    const enough = '(array[200, 100, 0])[n % 3 + 1]'
    const at = (time: string) => `'${time}'::timestamptz`
    const account = (asset: string, kind: string, amount: string, due: string) => `
      insert into accounts (workspace_id, id, owner_id, asset, kind, balance, floor, due_at, revision, opened_at)
      select 'default', ${id} || '/${asset}/${kind}', ${id}, '${asset}', '${kind}', ${amount}, 0, ${due}, 0, now() ${of}`
    const lot = (asset: string, kind: string, amount: string, active: string, expires: string, due: string) => `
      insert into lots (workspace_id, id, owner_id, asset, kind, amount, remaining, earned_at, active_at, expires_at, due_at, transaction_id)
      select 'default', 'lot_${asset}_${kind}_' || n, ${id}, '${asset}', '${kind}', ${amount}, ${amount}, ${at('2026-03-02T10:00:00Z')},
        ${active}, ${expires}, ${due}, 'txn_of_before' ${of} where ${amount} > 0`
    const hour = at('2026-03-31T21:00:00Z')
    const end = at(midnight)
    for (const sql of [
      `insert into holders (workspace_id, id, type, value, given, person_id, created_at)
       select 'default', ${id}, 'userId', n::text, n::text, 'per_' || lpad(n::text, 26, '0'), now() ${of}`,
      `insert into programme_members (workspace_id, holder_id, programme_id, joined_at, source, tier, tier_since, tier_until, due_at)
       select 'default', ${id}, 'club', now(), 'web', 'gold', ${at('2026-03-02T10:00:00Z')}, ${end}, ${end} ${of}`,
      account('points:club', 'main', '30', end),
      account('points:club', 'pending', '70', hour),
      account('qualifying:club', 'main', enough, end),
      lot('points:club', 'main', '30', 'null', end, end),
      lot('points:club', 'pending', '70', hour, 'null', hour),
      lot('qualifying:club', 'main', enough, 'null', end, end),
      'analyze',
    ])
      await database.query(sql)
  }, 120_000)
  afterAll(() => services.database.close())

  const rows = async (sql: string): Promise<Record<string, number>[]> =>
    (await services.database.query(sql)).rows as never
  const peopleDone = async () => (await rows('select count(distinct holder_id)::int4 as n from transactions'))[0]!.n
  const dueAt = (time: string): void => {
    services.time.now = parseInstant(time)!
  }

  it('before it is time there is nothing to do', async () => {
    dueAt('2026-03-31T20:59:59.999Z')
    await sweepValue(services, new AbortController().signal)
    expect(await overdueOf(services, 'default', 'club', services.time.now)).toEqual({ overdue: 0, since: null })
    expect(await rows('select count(*)::int4 as n from transactions')).toEqual([{ n: 0 }])
  })

  it('killed in the middle, it goes on where it was', async () => {
    // Two days late, so that what was pending, tiers and what ended come in one go.
    dueAt('2026-04-02T08:00:00.000Z')
    const { overdue, since } = await overdueOf(services, 'default', 'club', services.time.now)
    expect([overdue, since]).toEqual([
      Math.min(3 * members, 10_000) + Math.min(members, 10_000),
      parseInstant('2026-03-31T21:00:00Z'),
    ])
    const killed = new AbortController()
    const submitted = { count: 0 }
    const dying = {
      ...services,
      writer: {
        ...services.writer,
        submit: async (item: Parameters<typeof services.writer.submit>[0]) => {
          submitted.count += 1
          if (submitted.count === 5) killed.abort()
          return services.writer.submit(item)
        },
      },
    }
    const told: SweepProgress[] = []
    let due = 0
    await sweepValue(dying, killed.signal, { onProgress: it => told.push(it), onDue: it => (due = it) })
    expect(submitted.count).toBe(5)
    expect(due).toBe(overdue)
    expect(told.at(-1)!.lagSeconds).toBeGreaterThan(86_400)
    const done = await peopleDone()
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(members)
    expect(told.reduce((sum, it) => sum + it.done, 0)).toBe(done)
    services = { ...services, writer: writerOf(services) }
  })

  it('of one whose books are wrong is told, and nobody else waits for her', async () => {
    const wrong = `hol_${String(members).padStart(26, '0')}`
    const balance = (to: number) =>
      services.database.query(`update accounts set balance = ${to} where id = '${wrong}/points:club/pending'`)
    await balance(0)
    await expect(sweepValue(services, new AbortController().signal)).rejects.toThrow(
      `1 people or cards, such as ${wrong}`,
    )
    expect(await peopleDone()).toBe(members - 1)
    await balance(70)
  })

  it('late as it was, it comes to what the nights would have', async () => {
    const told: SweepProgress[] = []
    await sweepValue(services, new AbortController().signal, { onProgress: it => told.push(it) })
    expect(told.at(-1)).toEqual({ lagSeconds: 0, done: 0 })
    expect(await overdueOf(services, 'default', 'club', services.time.now)).toEqual({ overdue: 0, since: null })
    const third = (rest: number) => [...Array(members).keys()].filter(index => (index + 1) % 3 === rest).length
    expect(
      await rows(
        'select tier, tier_until as until, count(*)::int4 as n from programme_members group by 1, 2 order by 1',
      ),
    ).toEqual([
      { tier: 'bronze', until: null, n: third(2) },
      { tier: 'gold', until: parseInstant('2026-04-30T22:00:00.000Z'), n: third(0) },
      { tier: 'silver', until: parseInstant('2026-04-30T22:00:00.000Z'), n: third(1) },
    ])
    expect(
      await rows(
        'select kind, count(*)::int4 as n, min(effective_at) as first from transactions group by 1 order by 1',
      ),
    ).toEqual([
      { kind: 'activate', n: members, first: parseInstant('2026-03-31T21:00:00.000Z') },
      { kind: 'expire', n: members + third(0) + third(1), first: parseInstant(midnight) },
    ])
    expect(
      await rows(
        `select asset, kind, min(balance) as low, max(balance) as high from accounts group by 1, 2 order by 1, 2`,
      ),
    ).toEqual([
      { asset: 'points:club', kind: 'main', low: 70, high: 70 },
      { asset: 'points:club', kind: 'pending', low: 0, high: 0 },
      { asset: 'qualifying:club', kind: 'main', low: 0, high: 0 },
    ])
    expect(await rows(`select name, count(*)::int4 as n from events group by 1`)).toEqual([
      { name: 'Tier Changed', n: third(1) + third(2) },
    ])
    if (process.env.SWEEP_MEMBERS)
      process.stdout.write(`${store}: ${batches.length} batches, longest ${Math.max(...batches)} ms\n`)
  }, 600_000)

  it('again it finds nothing to do', async () => {
    const before = await rows('select count(*)::int4 as n from transactions')
    const count = batches.length
    await sweepValue(services, new AbortController().signal)
    expect(await rows('select count(*)::int4 as n from transactions')).toEqual(before)
    expect(batches.length).toBe(count)
  })

  it('an edit of their programme is looked at for some at a time, and for everybody', async () => {
    const { tiers } = terms
    const edited = { ...terms, tiers: { ...tiers!, levels: tiers!.levels.filter(it => it.id !== 'silver') } }
    const step = previewProgramme(services)
    const first = { programme: 'club', after: '', terms: edited, ...nobodyMoved }
    let job = {
      workspaceId: 'default',
      id: 'job_1',
      kind: 'preview',
      done: 0,
      total: null as number | null,
      params: first as unknown,
    }
    const sizes: number[] = []
    for (;;) {
      const { done, total, params, result } = await step(job, new AbortController().signal)
      job = { ...job, total: total ?? job.total, params: params ?? job.params }
      if (result) {
        expect(Object.keys(result).sort()).toEqual(['moves', 'people', 'sample'])
        expect(result.people).toBe(members)
        break
      }
      if (done > 0) sizes.push(done)
    }
    expect(job.total).toBe(members)
    expect(sizes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200)
    expect(sizes.reduce((sum, it) => sum + it, 0)).toBe(members)
    for (const atOnce of [7, members, members + 1])
      expect(await countMembers(services.database, 'default', 'club', atOnce)).toBe(members)
  })

  it('finds who is due by an index, from where it stands', async () => {
    const { rows: plan } = await services.database.query<{ 'QUERY PLAN': string }>(
      `explain ${dueSql}`.replaceAll('$1', "'default'").replaceAll(/\$[2-5]/g, it => (it === '$4' ? "'hol_5'" : '100')),
    )
    const lines = plan.map(row => row['QUERY PLAN']).join('\n')
    for (const index of ['accounts_due', 'programme_members_due']) expect(lines).toContain(`using ${index}`)
    expect(lines.match(/Index Cond: .*ROW\(/g)).toHaveLength(2)
    expect(lines).not.toContain('Filter')
  })
})

const gate = () => {
  let open: () => void = () => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}

describe('processes that come by at once', () => {
  it('share the work: whom one is at the other passes over', async () => {
    const made = await testServices('postgres')
    const { database } = made
    const count = 200
    await database.query(
      `insert into programmes (workspace_id, id, version, state, body, catalogue_version, created_at, updated_at)
       values ('default', 'club', 1, 'live', $1::json, 0, now(), now())`,
      [JSON.stringify(programmeInput.parse({ name: 'Club' }))],
    )
    const id = `'hol_' || lpad(n::text, 26, '0')`
    const of = `from generate_series(1, ${count}) as n`
    for (const sql of [
      `insert into holders (workspace_id, id, type, value, given, person_id, created_at)
       select 'default', ${id}, 'userId', n::text, n::text, 'per_' || lpad(n::text, 26, '0'), now() ${of}`,
      `insert into accounts (workspace_id, id, owner_id, asset, kind, balance, floor, due_at, revision, opened_at)
       select 'default', ${id} || '/points:club/main', ${id}, 'points:club', 'main', 10, 0, to_timestamp(1), 0, now() ${of}`,
      `insert into lots (workspace_id, id, owner_id, asset, kind, amount, remaining, earned_at, expires_at, due_at, transaction_id)
       select 'default', 'lot_' || n, ${id}, 'points:club', 'main', 10, 10, to_timestamp(0), to_timestamp(1), to_timestamp(1), 'txn_0' ${of}`,
    ])
      await database.query(sql)
    const redone: number[] = []
    const process = () =>
      makeWriter({
        ...made,
        catalogues: makeCatalogues(),
        random: randomBytes,
        onBatch: batch => redone.push(batch.redone),
      })
    const [first, second] = [process(), process()]
    const taken: string[] = []
    // The first has taken some, and stands still; the second comes to its end meanwhile.
    const [goOn, stands] = [gate(), gate()]
    const standing: typeof first = {
      ...first,
      submit: async item => {
        taken.push(...(item.needs.holders ?? []))
        stands.open()
        await goOn.opened
        return first.submit(item)
      },
    }
    const slow = sweepValue({ ...made, writer: standing }, new AbortController().signal)
    await stands.opened
    await sweepValue({ ...made, writer: second }, new AbortController().signal)
    const left = await database.query<{ id: string }>('select owner_id as id from accounts where due_at is not null')
    expect(left.rows.map(it => it.id).sort()).toEqual(taken.toSorted())
    expect(taken.length).toBeGreaterThan(0)
    goOn.open()
    await slow
    const { rows } = await database.query(
      `select kind, count(*)::int4 as n, count(distinct holder_id)::int4 as people from transactions group by 1`,
    )
    expect(rows).toEqual([{ kind: 'expire', n: count, people: count }])
    expect(redone.every(it => it === 0)).toBe(true)
    await database.close()
  })
})

describe('people a batch', () => {
  it.each([
    ['grows while batches are short', 40, 10, 60],
    ['shrinks where they are long', 100, 60, 50],
    ['halves at the most', 100, 1_000, 50],
    ['never goes below what makes a batch worth its while', 50, 1_000, 40],
    ['nor above what orders can wait for', 190, 1, 200],
  ])('%s', (_, size, ms, next) => {
    expect(sizeAfter(size, ms)).toBe(next)
  })
})
