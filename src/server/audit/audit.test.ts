import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import type { AuditFinding } from '../../contract/audits.ts'
import { pointsOf } from '../../core/ledger/account.ts'
import type { Ledger } from '../../core/ledger/book.ts'
import { burn, burnHeld, choose, earn, hold } from '../../core/ledger/lots.ts'
import { ledgerOf } from '../../core/loop/world.ts'
import { makeCatalogues } from '../catalogue.ts'
import { makeWriter, type Writer } from '../commit/writer.ts'
import { type AuditState, auditStore, freshAudit } from './audit-store.ts'
import { auditNightly, lastNight } from './nightly.ts'

const club = pointsOf('club')
const main = (owner: string): string => `${owner}/points:club/main`

describe.each(['postgres', 'pglite'] as const)('the audit on %s', store => {
  let services: TestServices
  let writer: Writer
  /** What the tests below spoil. */
  let ids: { earned: string; lot: string; open: string; ended: string; burned: string }

  const sql = (text: string, params: readonly unknown[] = []) => services.database.query(text, params)
  const act = async (run: (ledger: Ledger) => void, orders: readonly string[] = []): Promise<void> => {
    services.time.now += 1000
    await writer.submit({
      workspaceId: 'default',
      needs: { value: [{ asset: club, amount: 1000, ownerId: 'ana' }], orders },
      weight: 1,
      bytes: 1,
      fromBrowser: false,
      decide: world => {
        run(ledgerOf(world))
        return { text: '', status: 200 }
      },
    })
  }
  const audit = async (): Promise<AuditState> => {
    const step = auditStore(services)
    const job = { workspaceId: 'default', id: 'job_1', kind: 'audit', done: 0, total: null }
    for (let state = freshAudit; ; ) {
      // As a job keeps it.
      const { params, result } = await step({ ...job, params: JSON.parse(JSON.stringify(state)) })
      state = params as AuditState
      if (result) return state
    }
  }
  const found = async (): Promise<string[]> => (await audit()).findings.map(it => it.says)

  beforeAll(async () => {
    services = await testServices(store)
    const { database, workspaces, clock } = services
    writer = makeWriter({ database, workspaces, catalogues: makeCatalogues(), clock, random: randomBytes })
    const now = new Date(services.time.now).toISOString()
    const until = new Date(services.time.now + 900_000).toISOString()
    await sql(
      `insert into orders (workspace_id, id, holder_id, state, source, revision, channel, currency, subtotal, discount, shipping, total,
         occurred_at, held_until, request_hash, basket, decision_id, catalogue_version, schema_version, answer)
       values ('default', 'web-1', null, 'open', 'put', 1, 'web', 'EUR', 100, 0, 0, 100, $1, $2, 'x', '{}', 'dec_1', 0, 1, '{}')`,
      [now, until],
    )
    ids = { earned: '', lot: '', open: '', ended: '', burned: '' }
    const terms = { activeAt: null, awaits: null, expiresAt: null }
    await act(ledger => {
      const it = { ownerId: 'ana', asset: club, amount: 100, from: 'earned', kind: 'earn' } as const
      const { transaction, lot } = earn(ledger, { ...it, terms: { ...terms, earnedAt: ledger.now } })
      ids.earned = transaction.id
      ids.lot = lot!.id
      earn(ledger, { ...it, ownerId: 'ben', terms: { ...terms, earnedAt: ledger.now, awaits: 'Review Written' } })
    })
    const take = (ledger: Ledger, amount: number) => choose(ledger, ['ana'], club, amount, 'soonestExpiring')!
    await act(
      ledger => {
        ids.open = hold(ledger, club, take(ledger, 20), { orderId: 'web-1' }).id
        const ending = hold(ledger, club, take(ledger, 10), {})
        ids.ended = ending.id
        burnHeld(ledger, ending, {})
        ids.burned = burn(ledger, club, take(ledger, 30), {}).id
      },
      ['web-1'],
    )
    // Without their campaign, which nothing here asks for: after all that goes through the writer.
    const limited = { name: 'Limited', trigger: { on: 'code' }, benefit: { kind: 'percentOff', percent: 10 } }
    await sql(
      `insert into offers (workspace_id, id, campaign_id, version, state, body, catalogue_version, created_at, updated_at)
       values ('default', 'off_limited', 'cmp_1', 1, 'live', $1::json, 0, $2, $2), ('default', 'off_free', 'cmp_1', 1, 'live', $3::json, 0, $2, $2)`,
      [
        JSON.stringify({
          ...limited,
          limits: { uses: 9, budget: { amount: 900, currency: 'EUR' }, per: { uses: 3, period: 'day' } },
          channels: {},
          stacking: { priority: 0 },
          validity: {},
        }),
        now,
        JSON.stringify({ ...limited, limits: {}, channels: {}, stacking: { priority: 0 }, validity: {} }),
      ],
    )
    for (const [id, state] of [
      ['web-2', 'redeemed'],
      ['web-3', 'held'],
      ['web-4', 'cancelled'],
    ])
      for (const offer of ['off_limited', 'off_free'])
        await sql(
          `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, channel, currency, amount, revenue, state, at, changed_at)
           values ('default', $1, $4, $1 || $2, $2, 1, 'cmp_1', 'web', 'EUR', 50, 100, $3, '2026-03-01T10:00:00Z', now())`,
          [id, offer, state, offer === 'off_free' ? 2 : 1],
        )
    await sql(
      `insert into counters (workspace_id, offer_id, bucket, used, held, budget_used, budget_held)
       values ('default', 'off_limited', '', 1, 1, 50, 50), ('default', 'off_limited', 'day=2026-03-01', 1, 1, 0, 0)`,
    )
  })
  afterAll(async () => {
    await writer.close()
    await services.database.close()
  })

  const kept = [
    'transactions',
    'postings',
    'accounts',
    'lots',
    'open_holds',
    'orders',
    'counters',
    'redemptions',
    'packs',
    'leases',
  ] as const
  const spoil = async (text: string, params: readonly unknown[] = []): Promise<void> => {
    for (const table of kept) await sql(`create table kept_${table} as table ${table}`)
    await sql(text, params)
  }
  afterEach(async () => {
    for (const table of kept) {
      const { rows } = await sql('select 1 from pg_tables where tablename = $1', [`kept_${table}`])
      if (rows.length === 0) continue
      await sql(`delete from ${table}`)
      await sql(`insert into ${table} select * from kept_${table}`)
      await sql(`drop table kept_${table}`)
    }
  })

  it('finds nothing where nothing is off, and says what it looked at', async () => {
    const { found: off, checks, findings } = await audit()
    expect({ off, findings }).toEqual({ off: 0, findings: [] })
    expect(Object.fromEntries(checks.map(it => [it.name, it.rows]))).toEqual({
      balanced: 12,
      holds: 6,
      accounts: 3,
      lots: 2,
      limits: 1,
      packs: 0,
    })
  })

  it('tells which balance is off, and by how much', async () => {
    await spoil(`update accounts set balance = balance + 7 where id = $1`, [main('ana')])
    const { found: off, findings } = await audit()
    expect(off).toBe(2)
    expect(findings).toEqual([
      {
        promise: 1,
        what: 'balance',
        subject: main('ana'),
        is: 47,
        should: 40,
        says: `The balance of ${main('ana')} is 47; its postings sum to 40: 7 too many.`,
      },
      {
        promise: 14,
        what: 'lots',
        subject: main('ana'),
        is: 40,
        should: 47,
        says: `What remains in the lots of ${main('ana')} is 40; its balance is 47.`,
      },
    ] satisfies AuditFinding[])
  })

  it('tells which transaction does not balance, and what follows of it', async () => {
    await spoil(`update postings set amount = amount + 5 where transaction_id = $1 and account_id = $2`, [
      ids.burned,
      main('ana'),
    ])
    expect(await found()).toEqual([
      `Postings of points:club in transaction ${ids.burned} sum to 5, not to 0.`,
      `The balance of ${main('ana')} is 40; its postings sum to 45: -5 too many.`,
      `In lot ${ids.lot} there remain 40; its postings in ${main('ana')} sum to 45.`,
    ])
  })

  it.each([
    [
      'a posting that is gone',
      `delete from postings where transaction_id = :burned and account_id like 'house/%'`,
      [`Postings of points:club in transaction :burned sum to -30, not to 0.`],
    ],
    [
      'a transaction without postings',
      `update postings set transaction_id = 'txn_0' where transaction_id = :burned`,
      [
        `There are postings of transaction txn_0, but no such transaction.`,
        `Transaction :burned (burn) has no postings.`,
      ],
    ],
    [
      'postings in another month than their transaction',
      `update postings set period = '2025-12' where transaction_id = :burned`,
      [`Postings of transaction :burned are booked in another month (2025-12 2025-12) than it is.`],
    ],
    [
      'an account that is gone',
      `delete from accounts where id = 'ana/points:club/held'`,
      [`There are postings of 20 to ana/points:club/held, but no such account.`],
    ],
    [
      'a balance below its floor',
      `update accounts set floor = 50 where id = '${main('ana')}'`,
      [`The balance of ${main('ana')} is 40, below its floor of 50.`],
    ],
    [
      'what is owed above zero',
      `insert into accounts (workspace_id, id, owner_id, asset, kind, balance, floor, revision, opened_at)
       values ('default', 'ana/points:club/debt', 'ana', 'points:club', 'debt', 3, -1000, 1, now())`,
      [
        `The balance of ana/points:club/debt is 3; its postings sum to 0: 3 too many.`,
        `What is owed on ana/points:club/debt is 3, above 0.`,
      ],
    ],
    [
      'a lot with more than was posted to it',
      `update lots set remaining = 41 where id = :lot`,
      [
        `What remains in the lots of ${main('ana')} is 41; its balance is 40.`,
        `In lot :lot there remain 41; its postings in ${main('ana')} sum to 40.`,
      ],
    ],
    [
      'a lot below nothing',
      `update lots set remaining = -1 where id = :lot`,
      [
        `What remains in the lots of ${main('ana')} is -1; its balance is 40.`,
        `In lot :lot there remain -1; its postings in ${main('ana')} sum to 40.`,
        `In lot :lot there remain -1, less than nothing.`,
      ],
    ],
    [
      'a lot that began with less than is left',
      `update lots set amount = 39 where id = :lot`,
      [
        `In lot :lot there remain 40, more than the 39 that it began with.`,
        `Lot :lot began with 39; its transaction :earned put 100 into it.`,
      ],
    ],
    [
      'a lot that lies in the wrong account',
      `update lots set kind = 'held' where id = :lot`,
      [
        `What remains in the lots of ${main('ana')} is 0; its balance is 40.`,
        `In lot :lot there remain 0; its postings in ${main('ana')} sum to 40.`,
      ],
    ],
    [
      'a lot of nobody’s',
      `update lots set owner_id = 'eve' where id = :lot`,
      [
        `What remains in the lots of ${main('ana')} is 0; its balance is 40.`,
        `In lot :lot there remain 0; its postings in ${main('ana')} sum to 40.`,
        `Lot :lot lies in ${main('eve')}, which is no account.`,
      ],
    ],
    [
      'a posting that names no lot',
      `update postings set lot_id = null where transaction_id = :burned`,
      [
        `In lot :lot there remain 40; its postings in ${main('ana')} sum to 70.`,
        `Of the postings of ${main('ana')} 1 name no lot.`,
      ],
    ],
    [
      'a hold that ended in part',
      `update postings set account_id = 'ben/points:club/held' where amount = -10 and account_id = 'ana/points:club/held'`,
      [
        `There are postings of -10 to ben/points:club/held, but no such account.`,
        `Hold :ended has ended, and +10 of it are still in ana/points:club/held.`,
        `Hold :ended has ended, and -10 of it are still in ben/points:club/held.`,
        `The balance of ana/points:club/held is 20; its postings sum to 30: -10 too many.`,
      ],
    ],
    [
      'an open hold of an order that is over',
      `update orders set state = 'placed', held_until = null where id = 'web-1'`,
      [`Hold :open is open, but its order web-1 is placed.`],
    ],
    [
      'an open hold of an order that holds nothing any more',
      `update orders set held_until = null where id = 'web-1'`,
      [`Hold :open is open, but its order web-1 is not held any more.`],
    ],
    [
      'an open hold that orders do not find',
      `delete from open_holds`,
      [`Hold :open is open and is not listed as open: orders would not find it.`],
    ],
    [
      'an ended hold that is listed as open',
      `update open_holds set transaction_id = :ended`,
      [
        `Hold :open is open and is not listed as open: orders would not find it.`,
        `Hold :ended has ended and is listed as open.`,
      ],
    ],
    [
      'a counter that is off',
      `update counters set used = 3, budget_held = 0 where bucket = ''`,
      [
        `Offer off_limited counts 3 uses; its redemptions come to 1.`,
        `Offer off_limited counts 0 of its budget as held; its redemptions come to 50.`,
      ],
    ],
    [
      'what tills have of a limit that is off',
      `with p as (
         insert into packs (workspace_id, id, device_key, key_id, channel, location, hash_key, issued_at, state, revision, touched,
           renewed_at, expires_at, entries, last_sequence)
         values ('default', 'pck_1', 'device', 'key_1', 'store', 'store-12', 'hash', now(), 'closed', 1, 0, now(), now(), 0, 0))
       insert into leases (workspace_id, pack_id, offer_id, bucket, uses, charged, back, overrun, budget, budget_charged, budget_back, budget_overrun)
       values ('default', 'pck_1', 'off_limited', '', 5, 2, 0, 0, 0, 0, 0, 0),
         ('default', 'pck_1', 'off_limited', 'gift=CUP', 1, 2, 0, 1, 0, 0, 0, 0)`,
      [
        `Offer off_limited counts 0 uses leased to tills; its leases come to 3.`,
        `Offer off_limited counts 0 uses leased to tills at gift=CUP; its leases come to -1.`,
        `Offer off_limited counts 0 uses beyond its limit at gift=CUP; its leases come to 1.`,
        `Pack pck_1 has -1 left of off_limited gift=CUP: more was used up than was leased.`,
        `Pack pck_1 has ended and still has 3 of off_limited.`,
      ],
    ],
    [
      'a bucket of a day on which nothing was used',
      `update counters set bucket = 'day=2026-03-02' where bucket <> ''`,
      [
        `Offer off_limited counts 0 uses at day=2026-03-01; its redemptions come to 1.`,
        `Offer off_limited counts 0 held uses at day=2026-03-01; its redemptions come to 1.`,
        `Offer off_limited counts 1 uses at day=2026-03-02; its redemptions come to 0.`,
        `Offer off_limited counts 1 held uses at day=2026-03-02; its redemptions come to 0.`,
      ],
    ],
  ])('finds %s', async (_, text, says) => {
    const named = (words: string, quote: string) =>
      words.replace(/:(earned|lot|open|ended|burned)\b/g, (_, id: keyof typeof ids) => `${quote}${ids[id]}${quote}`)
    await spoil(named(text, "'"))
    expect((await found()).toSorted()).toEqual(says.map(it => named(it, '')).toSorted())
  })

  it('finds what refers to what is not there', async () => {
    await spoil(`update transactions set ends_hold = 'txn_0' where ends_hold = $1`, [ids.ended])
    expect(await found()).toEqual([expect.stringMatching(/^Transaction txn_\w+ ends the hold txn_0, which is none\.$/)])
    await sql(`update transactions set ends_hold = $1 where ends_hold = 'txn_0'`, [ids.ended])
    await sql(`update transactions set reverses = 'txn_0' where id = $1`, [ids.burned])
    expect(await found()).toEqual([`Transaction ${ids.burned} takes back txn_0, which is not there.`])
  })

  it('finds a hold that ended twice', async () => {
    await spoil('drop index transactions_ending')
    await sql(`update transactions set ends_hold = $1 where id = $2`, [ids.ended, ids.burned])
    expect(await found()).toEqual([`Hold ${ids.ended} ended 2 times.`])
    await sql(`update transactions set ends_hold = null where id = $1`, [ids.burned])
    await sql(
      'create unique index transactions_ending on transactions (workspace_id, ends_hold) where ends_hold is not null',
    )
  })

  it('adds up an account of thousands of postings in pieces', async () => {
    await spoil(
      `with n as (select n, 'txn_big' || lpad(n::text, 6, '0') as id, to_timestamp(1772352000 + n) as at from generate_series(1, 11000) n
       ), t as (
         insert into transactions (workspace_id, id, kind, effective_at, booked_at, period, schema_version)
         select 'default', id, 'earn', at, at, '2026-03', 1 from n
       ), p as (
         insert into postings (workspace_id, transaction_id, seq, account_id, asset, amount, lot_id, period, effective_at, booked_at)
         select 'default', id, seq, account, 'points:club', amount, lot, '2026-03', at, at
         from n cross join (values (0, 'house/points:club/earned', -1, null), (1, 'big/points:club/main', 1, 'lot_big')) v(seq, account, amount, lot)
       ), a as (
         insert into accounts (workspace_id, id, owner_id, asset, kind, balance, floor, revision, opened_at)
         values ('default', 'big/points:club/main', 'big', 'points:club', 'main', 11000, 0, 1, now())
       )
       insert into lots (workspace_id, id, owner_id, asset, kind, amount, remaining, earned_at, transaction_id)
       select 'default', 'lot_big', 'big', 'points:club', 'main', 11000, 11000, now(), 'txn_big000001'`,
    )
    // All but the last were booked long ago: the pieces must meet the rest exactly.
    services.time.now = (1_772_352_000 + 10_900) * 1000 + 60_000
    const began = 'Lot lot_big began with 11000; its transaction txn_big000001 put 1 into it.'
    expect(await found()).toEqual([began])
    await sql(`update accounts set balance = 10999 where id = 'big/points:club/main'`)
    expect(await found()).toEqual([
      'The balance of big/points:club/main is 10999; its postings sum to 11000: -1 too many.',
      'What remains in the lots of big/points:club/main is 11000; its balance is 10999.',
      began,
    ])
    await sql(`update accounts set balance = 11000 where id = 'big/points:club/main'`)
    await sql(
      `update postings set lot_id = 'lot_none' where transaction_id in ('txn_big000007', 'txn_big010990') and seq = 1`,
    )
    await sql(`update postings set lot_id = null where transaction_id = 'txn_big000008' and seq = 1`)
    expect((await found()).toSorted()).toEqual(
      [
        'In lot lot_big there remain 11000; its postings in big/points:club/main sum to 10997.',
        'In lot lot_none there remain 0; its postings in big/points:club/main sum to 2.',
        began,
        'Of the postings of big/points:club/main 1 name no lot.',
      ].toSorted(),
    )
  })

  it('counts an offer of thousands of uses in pieces, those of nobody known too', async () => {
    await spoil(
      `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, holder_id, channel, currency, amount, revenue, state, at, changed_at)
       select 'default', 'many-' || n, 1, 'red-' || n, 'off_limited', 1, 'cmp_1', case when n % 2 = 0 then 'hol_' || n % 9 end,
         'web', 'EUR', 1, 100, 'redeemed', '2026-03-01T10:00:00Z', now() from generate_series(1, 12001) n`,
    )
    expect(await found()).toEqual([
      'Offer off_limited counts 1 uses; its redemptions come to 12002.',
      'Offer off_limited counts 50 of its budget as used; its redemptions come to 12051.',
      'Offer off_limited counts 1 uses at day=2026-03-01; its redemptions come to 12002.',
    ])
    await sql(`update counters set used = 12002, budget_used = case when bucket = '' then 12051 else 0 end`)
    expect(await found()).toEqual([])
  })

  it('finds nothing while everybody goes on working', async () => {
    // Without its campaign the offer cannot be met again.
    await sql('delete from offers')
    let busy = true
    let done = 0
    const terms = { activeAt: null, awaits: null, expiresAt: null }
    const work = (async () => {
      for (; busy || done < 20; done += 1)
        await act(ledger => {
          const it = { ownerId: 'ana', asset: club, amount: 10, from: 'earned', kind: 'earn' } as const
          earn(ledger, { ...it, terms: { ...terms, earnedAt: ledger.now } })
          const picks = choose(ledger, ['ana'], club, 7, 'soonestExpiring')!
          if (done % 2 === 0) burn(ledger, club, picks, {})
          else burnHeld(ledger, hold(ledger, club, picks, {}), {})
        })
    })()
    for (let time = 0; time < 3; time += 1) expect(await found()).toEqual([])
    busy = false
    await work
    expect(await found()).toEqual([])
  })

  it('is put in line once a night, for a workspace that has something to add up', async () => {
    const { signal } = new AbortController()
    const audits = async () => (await sql(`select workspace_id, kind, state from jobs order by workspace_id, id`)).rows
    await sql(`update workspaces set created_at = '2026-01-01'`)
    services.time.now = Date.parse('2026-05-02T00:30:00Z')
    await auditNightly(services, signal)
    await auditNightly(services, signal)
    expect(await audits()).toEqual([{ workspace_id: 'default', kind: 'audit', state: 'queued' }])
    services.time.now = Date.parse('2026-05-03T12:00:00Z')
    await auditNightly(services, signal)
    expect(await audits()).toHaveLength(2)
    await sql('delete from jobs')
  })
})

it('the night is that of the business', () => {
  const at = (now: string, timeZone: string): string => new Date(lastNight(Date.parse(now), timeZone)).toISOString()
  expect(at('2026-05-02T12:00:00Z', 'Europe/Rome')).toBe('2026-05-02T01:00:00.000Z')
  expect(at('2026-05-02T00:59:59Z', 'Europe/Rome')).toBe('2026-05-01T01:00:00.000Z')
  expect(at('2026-05-02T12:00:00Z', 'America/New_York')).toBe('2026-05-02T07:00:00.000Z')
})
