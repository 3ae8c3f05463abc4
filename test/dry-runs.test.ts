import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataTables, quoted } from '../src/adapters/storage/tables.ts'
import type { AnyEndpoint } from '../src/contract/endpoint.ts'
import { endpoints } from '../src/contract/index.ts'
import { openJournal } from '../src/server/people/erasure-journal.ts'
import { adjustmentsHandlers } from '../src/server/resources/adjustments.ts'
import { campaignsHandlers } from '../src/server/resources/campaigns.ts'
import { decisionsHandlers } from '../src/server/resources/decisions.ts'
import { financeHandlers } from '../src/server/resources/finance.ts'
import { identityHandlers } from '../src/server/resources/identity.ts'
import { offersHandlers } from '../src/server/resources/offers.ts'
import { ordersHandlers } from '../src/server/resources/orders.ts'
import { programmesHandlers } from '../src/server/resources/programmes.ts'
import { returnsHandlers } from '../src/server/resources/returns.ts'
import { rightsHandlers } from '../src/server/resources/rights.ts'
import { transfersHandlers } from '../src/server/resources/transfers.ts'
import { ask, type TestServices, testServices } from './calls.ts'
import { latte } from './server.ts'
import { freshFolder } from './stores.ts'

/** Everything that can be asked for without being done: each of them is tried below. */
const dry: readonly AnyEndpoint[] = endpoints.filter(
  it => it.query instanceof z.ZodObject && 'dryRun' in it.query.shape,
)

const [ana, ben] = ['email:ana@example.com', 'email:ben@example.com']
const order = (state: 'placed' | 'open', more: object = {}) => ({
  person: ana,
  channel: 'web',
  currency: 'EUR',
  state,
  lines: [latte],
  ...more,
})

describe.each(['pglite', 'postgres'] as const)('a dry run on %s, while the clock has work', store => {
  let services: TestServices
  const handlers = new Map<string, unknown>()
  const call = async (name: string, asked: object) => {
    const endpoint: AnyEndpoint = endpoints.find(it => it.name === name)!
    const answer = await ask(services, endpoint, handlers.get(name) as Parameters<typeof ask>[2], asked)
    expect(answer.refusal).toBeUndefined()
    return answer
  }
  const asks: Record<string, object> = {}

  beforeAll(async () => {
    services = await testServices(store)
    const made = [
      adjustmentsHandlers,
      campaignsHandlers,
      decisionsHandlers,
      financeHandlers,
      identityHandlers,
      offersHandlers,
    ]
    const more = [ordersHandlers, programmesHandlers, returnsHandlers, transfersHandlers]
    const all = [...made, ...more].map(handlersOf => handlersOf(services))
    for (const some of [...all, rightsHandlers(services, openJournal(freshFolder()))])
      for (const [name, handler] of Object.entries(some)) handlers.set(name, handler)

    const { json: campaign } = await call('createCampaign', { body: { name: 'Club' } })
    const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
    const terms = { name: 'Club', pending: { days: 1 }, transfers: { between: 'anyone' }, rate }
    await call('putProgramme', { params: { id: 'club' }, body: terms })
    const benefit = { kind: 'points', programme: 'club', per: { amount: 1, currency: 'EUR', points: 1 } }
    const earn = { campaign: campaign.id, name: 'Points', trigger: { on: 'basket' }, benefit }
    await call('createOffer', { body: earn })
    for (const ref of [ana, ben]) await call('joinProgramme', { params: { id: 'club', ref }, body: {} })
    await call('createAdjustment', { body: { person: ana, programme: 'club', amount: 50, reason: 'goodwill' } })
    await call('linkPeople', { body: { a: ana, b: 'userId:ana' } })
    await call('linkPeople', { body: { a: ben, b: 'userId:ben' } })
    const { json: split } = await call('splitPerson', {
      body: { person: ben, groups: [[ben], ['userId:ben']], reason: 'Two people' },
    })
    await call('putOrder', { params: { id: 'bought' }, body: order('placed') })
    const tenders = [{ type: 'points', programme: 'club', points: 20 }]
    await call('putOrder', { params: { id: 'held' }, body: order('open', { tenders, hold: { seconds: 60 } }) })

    Object.assign(asks, {
      putOrder: { params: { id: 'next' }, body: order('placed') },
      createReturn: { params: { id: 'bought' }, body: { id: 'r1', lines: [{ id: '1', quantity: 1 }] } },
      createTransfer: { body: { from: ana, to: ben, programme: 'club', points: 5 } },
      linkPeople: { body: { a: ana, b: 'loyaltyCard:4711' } },
      unlinkPeople: { body: { a: ana, b: 'userId:ana', reason: 'Not hers' } },
      splitPerson: { body: { person: ana, groups: [[ana], ['userId:ana']], reason: 'Two people' } },
      undoSplit: { params: { id: split.id } },
      erasePerson: { params: { ref: ana }, body: { reason: 'requested' } },
      createClosing: { body: { period: '2026-02' } },
    })
    // The points that were earned can be spent by now, and the hold is over.
    services.time.now += 2 * 86_400_000
  }, 60_000)
  afterAll(() => services.database.close())

  /** Every row of every table. */
  const everything = async (): Promise<Record<string, readonly string[]>> => {
    const { database } = services
    const tables: Record<string, readonly string[]> = {}
    for (const { name } of await dataTables(database)) {
      const { rows } = await database.query<{ row: string }>(`select t::text as row from ${quoted(name)} t order by 1`)
      tables[name] = rows.map(it => it.row)
    }
    return tables
  }

  it.each(dry.map(it => it.name))('of %s stores nothing', async name => {
    const before = await everything()
    const asked = { ...asks[name], query: { dryRun: 'true' }, idempotencyKey: `dry-${name}` }
    expect((await call(name, asked)).text).toContain('"')
    expect(await everything()).toEqual(before)
  })

  it.each([
    ['a moment that nobody records', 'decideMoment', { body: { person: ana, channel: 'web', moment: 'checkout' } }],
    ['a preview of a merge', 'previewMerge', { params: { ref: ana }, query: { with: ben } }],
  ])('%s stores nothing either', async (_, name, asked) => {
    const before = await everything()
    await call(name, asked)
    expect(await everything()).toEqual(before)
  })

  it('answers by what the clock has done, as the call itself would: that one books it', async () => {
    const tenders = [{ type: 'points', programme: 'club', points: 900 }]
    const asked = { params: { id: 'next' }, body: order('placed', { tenders }) }
    const before = await everything()
    const { json } = await call('putOrder', { ...asked, query: { dryRun: 'true' } })
    expect(json.paid).toMatchObject([{ points: 900, left: 50 }])
    expect(await everything()).toEqual(before)
    const { json: done } = await call('putOrder', asked)
    expect(done.paid).toEqual(json.paid)
    const after = await everything()
    for (const table of ['orders', 'transactions', 'accounts']) expect(after[table]).not.toEqual(before[table])
  })
})
