import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import { newCampaign, newOffer, storeOrder, storeUses } from '../../../test/records.ts'
import { createCodes } from '../../contract/codes.ts'
import { createGrants } from '../../contract/grants.ts'
import { getPerson, getTimeline, getWallet, type TimelineEntry } from '../../contract/people.ts'
import type { Auth } from '../http/call.ts'
import { holdersFor } from '../people/holders.ts'
import { codesHandlers } from './codes.ts'
import { grantsHandlers } from './grants.ts'
import { peopleHandlers } from './people.ts'

const start = Date.UTC(2026, 2, 1, 8)
const minute = 60_000
const at = (minutes: number): string => new Date(start + minutes * minute).toISOString()

describe.each(['postgres', 'pglite'] as const)('people on %s', store => {
  let services: TestServices
  let people: ReturnType<typeof peopleHandlers>
  /** Ana is two holders, united: her e-mail address and her loyalty card. */
  let [email, card, ben] = ['', '', '']
  let ana = ''

  beforeAll(async () => {
    services = await testServices(store)
    people = peopleHandlers(services)
    const { database, workspaces } = services
    const refs = ['email:Ana@Example.com', 'loyaltyCard:A-1', 'userId:ben']
    const made = await holdersFor(database, workspaces.known('default').workspace, refs, start, { create: true })
    if (!made.ok) throw new Error(made.refusal.message)
    ;[email, card, ben] = made.value.map(({ id }) => id) as [string, string, string]
    ana = made.value[0]!.personId
    await database.query(
      `update holders set person_id = $2, orders = 2, spend = '{"EUR":720,"CHF":5}', traits = '{"vip":true,"name":"A"}',
         created_at = to_timestamp($3 / 1000.0), first_order_at = to_timestamp($3 / 1000.0), last_order_at = to_timestamp($3 / 1000.0)
       where id = $1`,
      [card, ana, start + minute],
    )
    await database.query(
      `update holders set orders = 1, spend = '{"EUR":80}', traits = '{"name":"Ana","city":"Rome"}',
         first_order_at = to_timestamp($2 / 1000.0), last_order_at = to_timestamp($2 / 1000.0) where id = $1`,
      [email, start],
    )
    await database.query(
      `insert into links (workspace_id, a, b, verified, source, cause, first_seen_at, created_at)
       values ('default', $1, $2, true, 'event', 'm-1', to_timestamp($3 / 1000.0), to_timestamp($3 / 1000.0))`,
      [...[email, card].sort(), start],
    )
  })
  afterAll(() => services.database.close())

  const person = (ref: string, auth: Auth = secretKey) =>
    ask(services, getPerson, people.getPerson, { params: { ref }, auth })
  const wallet = (ref: string, auth: Auth = secretKey) =>
    ask(services, getWallet, people.getWallet, { params: { ref }, auth })
  const timeline = async (ref: string, query: object = {}) =>
    (await ask(services, getTimeline, people.getTimeline, { params: { ref }, query })).json as {
      data: TimelineEntry[]
      nextCursor: string | null
    }
  const addMember = (campaign: string, holder: string, minutes = 0) =>
    services.database.query(`insert into members values ('default', $1, $2, to_timestamp($3 / 1000.0))`, [
      holder,
      campaign,
      start + minutes * minute,
    ])

  it('is one person over all her holders, whichever way she is named', async () => {
    const { json } = await person('email:ana@example.com')
    const [a, b] = [email, card].sort()
    const link = { a, b, verified: true, source: 'event', cause: 'm-1' }
    expect(json).toMatchObject({
      id: ana,
      formerly: [card.replace('hol_', 'per_')],
      identifiers: [
        { type: 'email', value: 'ana@example.com', given: 'Ana@Example.com', holder: email, standing: null },
        { type: 'loyaltyCard', value: 'A-1', given: 'A-1', holder: card, standing: null },
      ],
      likely: [],
      links: [{ ...link, firstSeenAt: at(0), suppressed: null, removedAt: null, createdAt: at(0) }],
      armConflicts: [],
      traits: { name: 'A', city: 'Rome', vip: true },
      orders: 3,
      spend: { EUR: 800, CHF: 5 },
      firstOrderAt: at(0),
      lastOrderAt: at(1),
      createdAt: at(0),
    })
    for (const ref of ['loyaltyCard:A-1', ana, card.replace('hol_', 'per_')])
      expect((await person(ref)).json).toEqual(json)
  })

  it('is refused when nobody is known by the reference, or it is none', async () => {
    expect((await person('userId:nobody')).refusal).toMatchObject({
      code: 'person_not_found',
      message: 'Nobody is known by this userId.',
    })
    expect((await person('ana@example.com')).refusal?.code).toBe('identifier_invalid')
    const elsewhere = { ...secretKey, workspaceId: 'elsewhere' }
    const { workspace } = services.workspaces.known('default')
    const other = peopleHandlers({
      ...services,
      workspaces: {
        ...services.workspaces,
        known: id => ({ workspace: { ...workspace, id }, secret: Buffer.alloc(0), aheadMs: undefined }),
      },
    })
    const call = { params: { ref: ana }, auth: elsewhere }
    expect((await ask(services, getPerson, other.getPerson, call)).refusal?.code).toBe('person_not_found')
  })

  it('shows a browser only the person its token speaks for, and not whether others exist', async () => {
    const browser: Auth = { workspaceId: 'default', keyId: 'key_web', scope: 'publishable' }
    const asAna = { ...browser, person: card.replace('hol_', 'per_') }
    expect((await person('email:ana@example.com', asAna)).json.id).toBe(ana)
    expect((await wallet(ana, asAna)).json.person).toBe(ana)
    for (const ref of ['userId:ben', 'userId:nobody']) {
      expect((await person(ref, asAna)).refusal?.code).toBe('forbidden')
      expect((await wallet(ref, asAna)).refusal?.code).toBe('forbidden')
    }
    expect((await person('email:ana@example.com', browser)).refusal?.code).toBe('forbidden')
  })

  it('tells what happened, newest first, whatever it was and whichever holder it belongs to', async () => {
    const { database } = services
    const campaign = await newCampaign(services)
    const offer = await newOffer(services, { campaign, trigger: { on: 'grant' } })
    const event = (id: string, holder: string, minutes: number) =>
      database.query(
        `insert into events (workspace_id, message_id, holder_id, kind, name, channel, occurred_at, received_at, schema_version, properties, personal)
         values ('default', $1, $2, 'track', 'Product Viewed', 'web', to_timestamp($3 / 1000.0), to_timestamp($3 / 1000.0), 1, '{"sku":"LATTE"}', '{}')`,
        [id, holder, start + minutes * minute],
      )
    await event('m-1', email, 1)
    await event('m-2', card, 5)
    await event('m-3', email, 5)
    await event('m-4', ben, 5)
    await addMember(campaign, card, 2)
    await addMember(campaign, email, 3)
    await storeOrder(database, { id: 'w-1', holder: email, openedAt: start + 3 * minute, placedAt: start + 4 * minute })
    await database.query(`update orders set opened_at = to_timestamp($1 / 1000.0) where id = 'w-1'`, [
      start + 3 * minute,
    ])
    await storeOrder(database, { id: 'from-an-event', holder: email, source: 'event', placedAt: start + 4 * minute })
    await storeUses(database, [
      { order: 'w-1', offer, campaign, holder: email, at: start + 4 * minute, amount: 180 },
      { order: 'w-1', seq: 2, offer, campaign, holder: email, at: start + 4 * minute, state: 'released' },
    ])
    services.time.now = start + 6 * minute
    const { json } = await ask(services, createGrants, grantsHandlers(services).createGrants, {
      params: { id: offer },
      body: { people: ['loyaltyCard:A-1'] },
    })
    const [grant] = json.data as { id: string }[]

    const all = await timeline(ana)
    expect(all.data.map(entry => [entry.at, entry.what, entry.channel, entry.id])).toEqual([
      [at(6), 'grant', null, grant!.id],
      [at(5), 'event', 'web', 'm-3'],
      [at(5), 'event', 'web', 'm-2'],
      [at(4), 'redemption', 'store', 'red_w-11'],
      [at(4), 'orderPlaced', 'store', 'w-1'],
      [at(3), 'orderOpened', 'store', 'w-1'],
      [at(2), 'campaign', null, campaign],
      [at(1), 'event', 'web', 'm-1'],
    ])
    expect(all.data[1]!.details).toMatchObject({ name: 'Product Viewed', properties: { sku: 'LATTE' } })
    expect(all.data[3]!.details).toMatchObject({ offer, campaign, order: 'w-1', currency: 'EUR', amount: 180 })

    // Pages of one and two end between entries of the same instant.
    for (const limit of [1, 2, 3]) {
      const paged: TimelineEntry[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: Awaited<ReturnType<typeof timeline>> = await timeline(ana, { limit, ...(cursor ? { cursor } : {}) })
        paged.push(...page.data)
        cursor = page.nextCursor
      }
      expect(paged).toEqual(all.data)
    }
    const wrong = await ask(services, getTimeline, people.getTimeline, {
      params: { ref: ana },
      query: { cursor: 'b2Zm' },
    })
    expect(wrong.refusal).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '?cursor' }] })
  })

  it('has in the wallet her grants and what she can still use of her campaigns', async () => {
    services.time.now = start + 10 * minute
    const now = services.time.now
    const campaign = await newCampaign(services, { audience: 'members', to: at(600) })
    const others = await newCampaign(services, { audience: 'members' })
    const twice = { campaign, limits: { perPerson: 2 } }
    const shared = await newOffer(services, { ...twice, name: 'Shared' })
    const usedUp = await newOffer(services, { ...twice, name: 'Used up' })
    const basket = await newOffer(services, {
      campaign,
      name: 'Basket',
      trigger: { on: 'basket' },
      channels: { show: ['email'] },
    })
    await newOffer(services, { campaign, name: 'Paused', state: 'paused' })
    await newOffer(services, { campaign, name: 'Later', validity: { from: at(20) } })
    await newOffer(services, { campaign, name: 'Over', validity: { to: at(10) } })
    await newOffer(services, { campaign, name: 'Granted', trigger: { on: 'grant' } })
    const soldOut = await newOffer(services, { campaign, name: 'Sold out', limits: { uses: 5 } })
    await newOffer(services, { campaign: others, name: 'Of others' })
    await services.database.query('update counters set used = 4, held = 1 where offer_id = $1', [soldOut])
    await addMember(campaign, card)
    await ask(services, createCodes, codesHandlers(services).createCodes, {
      params: { id: shared },
      body: { codes: ['SHOW-ME'], shared: true },
    })
    await storeUses(services.database, [
      { order: 'x-1', offer: shared, campaign, holder: email, at: now },
      { order: 'x-2', offer: shared, campaign, holder: email, at: now, state: 'cancelled' },
      { order: 'x-3', offer: usedUp, campaign, holder: email, at: now },
      { order: 'x-4', offer: usedUp, campaign, holder: card, at: now, state: 'held', heldUntil: now + 1 },
    ])
    const { json } = await wallet('email:ana@example.com')
    expect(json.grants).toMatchObject([{ state: 'issued', person: ana }])
    const offers = [...(json.offers as { name: string }[])].sort((left, right) => (left.name < right.name ? -1 : 1))
    const common = { campaign, sentence: '20 % off', benefit: { kind: 'percentOff', percent: 20 } }
    expect(offers.filter(offer => offer.name !== 'Coffee')).toEqual([
      { ...common, offer: basket, name: 'Basket', code: null, remaining: null, endsAt: at(600) },
      { ...common, offer: shared, name: 'Shared', code: 'SHOW-ME', remaining: 1, endsAt: at(600) },
    ])
    const onWeb = (await wallet(ana, { ...secretKey, channel: 'web' })).json.offers as { name: string }[]
    expect(onWeb.map(({ name }) => name)).toEqual(['Shared'])
    expect((await wallet('userId:ben')).json).toMatchObject({ grants: [], offers: [] })
  })
})
