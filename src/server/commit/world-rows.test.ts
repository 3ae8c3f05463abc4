import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import * as campaigns from '../../contract/campaigns.ts'
import * as collections from '../../contract/collections.ts'
import * as offers from '../../contract/offers.ts'
import { updateWorkspace } from '../../contract/workspaces.ts'
import { addLink } from '../../core/loop/link.ts'
import {
  addDraw,
  addExposure,
  addGrant,
  addReturn,
  addUse,
  changeGrant,
  changeUse,
  counterKey,
  type Draw,
  drawKey,
  type Exposure,
  eventUse,
  type Grant,
  holderOf,
  pairKey,
  type StoredOrder,
  type StoredRedemption,
  type StoredReturn,
  saveOrder,
  usesOfOrder,
  type World,
} from '../../core/loop/world.ts'
import { makeCatalogues } from '../catalogue.ts'
import { campaignsHandlers } from '../resources/campaigns.ts'
import { collectionsHandlers } from '../resources/collections.ts'
import { offersHandlers } from '../resources/offers.ts'
import { workspacesHandlers } from '../resources/workspaces.ts'
import type { Item, Needs } from './item.ts'
import { makeWriter, type Writer } from './writer.ts'

/** What a batch finds of what batches before it left, on both stores: decided here by hand, not by the rules. */
describe.each(['postgres', 'pglite'] as const)('what a batch reads and saves on %s', store => {
  let services: TestServices
  let writer: Writer
  const newWriter = () => makeWriter({ ...services, catalogues: makeCatalogues(), random: randomBytes })
  beforeAll(async () => {
    services = await testServices(store)
    writer = newWriter()
  })
  afterAll(() => services.database.close())

  const ana = { type: 'email', value: 'ana@example.com', given: 'ana@example.com' }
  const place = { channel: 'store', location: 'store-12', currency: 'EUR', categories: [] }
  const at = Date.UTC(2026, 2, 1, 8)

  const newOffer = async (body: object, campaign: object = {}): Promise<string> => {
    const made = await ask(services, campaigns.createCampaign, campaignsHandlers(services).createCampaign, {
      body: { name: 'Spring', ...campaign },
    })
    const { json, refusal } = await ask(services, offers.createOffer, offersHandlers(services).createOffer, {
      body: {
        campaign: made.json.id,
        name: 'Coffee',
        trigger: { on: 'basket' },
        benefit: { kind: 'percentOff', percent: 20 },
        ...body,
      },
    })
    expect(refusal).toBeUndefined()
    return String(json.id)
  }

  /** One batch of a process that remembers nobody; what `look` makes of its world. */
  const batch = async <T>(needs: Needs, look: (world: World) => T, by = newWriter()): Promise<T> => {
    let seen: { readonly it: T } | undefined
    const item: Item = {
      workspaceId: 'default',
      needs,
      weight: 1,
      fromBrowser: false,
      bytes: 100,
      decide: world => {
        seen = { it: look(world) }
        return { text: '{}', status: 200 }
      },
    }
    await by.submit(item)
    if (!seen) throw new Error('nothing was decided')
    return seen.it
  }

  const use = (
    world: World,
    orderId: string,
    offerId: string,
    more: Partial<StoredRedemption> = {},
  ): StoredRedemption => ({
    orderId,
    seq: 1,
    id: world.newId('red'),
    offerId,
    offerVersion: 1,
    campaignId: world.catalogue.offers.get(offerId)!.campaign.id,
    holderId: null,
    code: null,
    useNo: null,
    grantId: null,
    channel: 'store',
    location: 'store-12',
    currency: 'EUR',
    amount: 100,
    given: null,
    arm: null,
    revenue: 900,
    returned: 0,
    state: 'redeemed',
    heldUntil: null,
    at: world.now,
    ...more,
  })
  const order = (world: World, id: string, more: Partial<StoredOrder> = {}): StoredOrder => ({
    id,
    holderId: null,
    state: 'placed',
    source: 'put',
    revision: 1,
    touched: 0,
    channel: 'store',
    location: 'store-12',
    currency: 'EUR',
    subtotal: 1000,
    discount: 100,
    shipping: 0,
    total: 900,
    occurredAt: world.now,
    openedAt: null,
    placedAt: world.now,
    cancelledAt: null,
    heldUntil: null,
    requestHash: '',
    basket: { lines: [{ sku: 'LATTE' }], shipping: 0, codes: [] },
    decisionId: 'dec_1',
    returned: null,
    asThen: null,
    catalogueVersion: 1,
    answer: '{}',
    ...more,
  })
  const countersOf = async (offerId: string) => {
    const { rows } = await services.database.query<{ bucket: string; used: number; held: number }>(
      'select bucket, used, held from counters where offer_id = $1 order by bucket',
      [offerId],
    )
    return Object.fromEntries(rows.map(({ bucket, used, held }) => [bucket, [used, held]]))
  }
  const taken = (world: World, offerId: string, bucket = '') => {
    const counter = world.counters.get(counterKey(offerId, bucket))
    return counter && counter.used + counter.held
  }

  describe('counters in buckets', () => {
    const day = 'location=store-12 day=2026-03-01'
    const hour = 'hour=2026-03-01T09+01:00'
    const limits = {
      per: [
        { uses: 5, period: 'day', by: 'location' },
        { uses: 9, period: 'hour' },
      ],
    }
    const validity = { timeZone: 'Europe/Rome' }

    it('are made by the first use that falls into them; a look makes none', async () => {
      const id = await newOffer({ limits, validity })
      expect(await batch({ place }, world => [taken(world, id, day), taken(world, id, hour)])).toEqual([0, 0])
      expect(await countersOf(id)).toEqual({ '': [0, 0] })
      for (const name of ['a', 'b'])
        await batch({ place, orders: [`${id}-${name}`] }, world => addUse(world, use(world, `${id}-${name}`, id)))
      expect(await countersOf(id)).toEqual({ '': [0, 0], [day]: [2, 0], [hour]: [2, 0] })
      expect(await batch({ place }, world => taken(world, id, day))).toBe(2)
      expect(await batch({ place: { ...place, location: 'other' } }, world => taken(world, id, hour))).toBe(2)
      expect(await batch({ place: { ...place, at: at + 86_400_000 } }, world => taken(world, id, hour))).toBeUndefined()
    })

    it('go down with the use, whatever the time is by then, and move with it to another channel', async () => {
      const id = await newOffer({ limits: { uses: 10, per: { uses: 5, period: 'month', by: 'channel' } } })
      const held = { state: 'held', heldUntil: at + 900_000 } as const
      await batch({ place, orders: [id] }, world => {
        addUse(world, use(world, id, id, held))
        saveOrder(world, order(world, id, { state: 'open', heldUntil: held.heldUntil }))
      })
      expect(await countersOf(id)).toEqual({ '': [0, 1], 'channel=store month=2026-03': [0, 1] })
      await batch({ place: { ...place, channel: 'web', at: at + 40 * 86_400_000 }, orders: [id] }, world =>
        changeUse(world, usesOfOrder(world, id)[0]!, 'redeemed', { channel: 'web' }),
      )
      const moved = { 'channel=store month=2026-03': [0, 0], 'channel=web month=2026-03': [1, 0] }
      expect(await countersOf(id)).toEqual({ '': [1, 0], ...moved })
      await batch({ orders: [id] }, world => changeUse(world, usesOfOrder(world, id)[0]!, 'cancelled'))
      expect(await countersOf(id)).toEqual({ '': [0, 0], ...moved, 'channel=web month=2026-03': [0, 0] })
    })

    it('are free again when a hold is over, also where nothing but a bucket is limited', async () => {
      const id = await newOffer({ limits: { per: { uses: 1, period: 'day' } } })
      const heldUntil = services.time.now + 60_000
      await batch({ place, orders: [id] }, world => {
        addUse(world, use(world, id, id, { state: 'held', heldUntil }))
        saveOrder(world, order(world, id, { state: 'open', heldUntil }))
      })
      services.time.now = heldUntil + 1
      expect(await batch({ place }, world => taken(world, id, 'day=2026-03-01'))).toBe(0)
      expect(await countersOf(id)).toEqual({ '': [0, 0], 'day=2026-03-01': [0, 0] })
    })

    it('count gifts that are limited in number, and no others', async () => {
      const benefit = { kind: 'freeItem', items: [{ sku: 'CUP', stock: 10 }, { sku: 'TEA' }] }
      const id = await newOffer({ benefit })
      const given = [
        { what: 'gift', sku: 'CUP', quantity: 2 },
        { what: 'gift', sku: 'TEA', quantity: 1 },
      ] as const
      await batch({ place, orders: [id] }, world => {
        addUse(world, use(world, id, id, { given }))
        saveOrder(world, order(world, id))
      })
      expect(await countersOf(id)).toEqual({ '': [0, 0], 'gift=CUP': [2, 0] })
      await batch({ orders: [id] }, world => {
        const [it] = usesOfOrder(world, id)
        expect(it!.given).toEqual(given)
        changeUse(world, it!, 'returned', { returned: 100 })
      })
      expect(await countersOf(id)).toEqual({ '': [0, 0], 'gift=CUP': [0, 0] })
    })

    it('are exact when two processes make the same one at once', async () => {
      const id = await newOffer({ limits: { per: { uses: 7, period: 'day' } } })
      // The embedded store has one process.
      const writers = store === 'postgres' ? [newWriter(), newWriter(), newWriter()] : [writer]
      const asked = Array.from({ length: 30 }, (_, index) => index)
      const took = await Promise.all(
        asked.map(index =>
          batch(
            { place, orders: [`${id}-${index}`] },
            world => {
              if (taken(world, id, 'day=2026-03-01')! >= 7) return false
              addUse(world, use(world, `${id}-${index}`, id))
              return true
            },
            writers[index % writers.length],
          ),
        ),
      )
      expect(took.filter(Boolean)).toHaveLength(7)
      expect(await countersOf(id)).toEqual({ '': [0, 0], 'day=2026-03-01': [7, 0] })
    })
  })

  it('keeps what came back of an order, and what it was decided with', async () => {
    const id = `kept-${store}`
    const returned = { units: { '1': [[1, 2]] }, gifts: ['CUP'], shipping: false, refunded: 250 } as const
    const asThen = { person: { known: true }, location: null, offers: [['off_1', 3, null, null]] } as const
    const stored: StoredReturn = {
      orderId: id,
      id: 'ret-1',
      seq: 1,
      refund: 250,
      requestHash: 'h',
      at,
      answer: '{"a":1}',
    }
    await batch({ orders: [id] }, world => saveOrder(world, order(world, id, { asThen })))
    await batch({ orders: [id], returns: [{ orderId: id, id: 'ret-1' }] }, world => {
      expect(world.returns.size).toBe(0)
      saveOrder(world, { ...world.orders.get(id)!, state: 'returned', returned, touched: 1 })
      addReturn(world, stored)
    })
    await batch({ orders: [id], returns: [{ orderId: id, id: 'ret-1' }] }, world => {
      expect(world.orders.get(id)).toMatchObject({ returned, asThen })
      expect(world.returns.get(pairKey(id, 'ret-1'))).toEqual(stored)
    })
  })

  it('gives, finds again and takes back the grants that a use made', async () => {
    const id = await newOffer({ trigger: { on: 'grant' } })
    const grant = (world: World, holderId: string): Grant => ({
      id: world.newId('gra'),
      offerId: id,
      holderId,
      code: null,
      issuedAt: at,
      expiresAt: null,
      title: 'A tour of the roastery',
      fulfilment: 'pending',
      state: 'issued',
      orderId: null,
    })
    const made = await batch({ identifiers: [ana], orders: [id] }, world => {
      const holder = holderOf(world, ana)
      const it = grant(world, holder.id)
      addGrant(world, it)
      addUse(
        world,
        use(world, id, id, {
          holderId: holder.id,
          given: [{ what: 'offer', offer: id, quantity: 1, grants: [it.id] }],
        }),
      )
      saveOrder(world, order(world, id, { holderId: holder.id }))
      return it
    })
    expect(await batch({ identifiers: [ana], place }, world => world.grants.get(made.id))).toEqual(made)
    // Nobody is named: the order leads to the grants and whose they are.
    await batch({ orders: [id] }, world =>
      changeGrant(world, world.grants.get(made.id)!, { state: 'revoked', fulfilment: 'fulfilled' }),
    )
    const { rows } = await services.database.query('select state, fulfilment, title from grants where id = $1', [
      made.id,
    ])
    expect(rows).toEqual([{ state: 'revoked', fulfilment: 'fulfilled', title: 'A tour of the roastery' }])
  })

  it('remembers in which arm a person met a campaign, and the workspace', async () => {
    const id = await newOffer({}, { holdout: 10 })
    await ask(services, updateWorkspace, workspacesHandlers(services).updateWorkspace, {
      params: { id: 'default' },
      body: { holdout: 5 },
    })
    const met = await batch({ identifiers: [ana], place }, world => {
      const holderId = holderOf(world, ana).id
      const campaignId = world.catalogue.offers.get(id)!.campaign.id
      const all: Exposure[] = [
        { holderId, campaignId, arm: 'holdout', at },
        { holderId, campaignId: '', arm: 'treatment', at },
      ]
      expect(world.exposures.size).toBe(0)
      for (const it of all) addExposure(world, it)
      return all
    })
    const found = await batch({ identifiers: [ana], place }, world =>
      [...world.exposures.values()].flatMap(it => [...it.values()]),
    )
    expect(found).toHaveLength(2)
    expect(found).toEqual(expect.arrayContaining(met))
    expect(await batch({ identifiers: [ana] }, world => world.exposures.size)).toBe(0)
  })

  it('draws a surprise once a person and period, with dice that only this workspace has', async () => {
    const id = await newOffer({
      chance: { wins: 1, outOf: 20, period: 'month' },
      validity: { timeZone: 'Europe/Rome' },
    })
    const drawn = await batch({ identifiers: [ana], place }, world => {
      const it: Draw = {
        offerId: id,
        offerVersion: 1,
        holderId: holderOf(world, ana).id,
        period: 'month=2026-03',
        draw: 12,
        wins: 1,
        outOf: 20,
        cause: 'web-1',
        at,
      }
      addDraw(world, it)
      return it
    })
    expect(await batch({ identifiers: [ana], place }, world => world.draws.get(drawKey(drawn)))).toEqual(drawn)
    expect(
      await batch({ identifiers: [ana], place: { ...place, at: at + 40 * 86_400_000 } }, world => world.draws.size),
    ).toBe(0)
    // Also where she turns out to be somebody who was known longer, whose number would be another.
    const older = { type: 'userId', value: 'older', given: 'older' }
    const newer = { type: 'loyaltyCard', value: 'newer', given: 'newer' }
    await batch({ identifiers: [older] }, world => holderOf(world, older))
    services.time.now += 1000
    const hers = await batch({ identifiers: [newer], place }, world => {
      const it = { ...drawn, holderId: holderOf(world, newer).id }
      addDraw(world, it)
      return it
    })
    await batch({ identifiers: [older, newer], links: [['userId:older', 'loyaltyCard:newer']] }, world =>
      addLink(world, {
        a: holderOf(world, older).id,
        b: holderOf(world, newer).id,
        verified: true,
        source: 'event',
        cause: 'login',
        firstSeenAt: 0,
      }),
    )
    expect(await batch({ identifiers: [older], place }, world => [...world.draws.values()])).toEqual([hers])
    const [first, again, other] = await batch({}, world =>
      ['a', 'a', 'b'].map(text => Buffer.from(world.dice(text)).toString('hex')),
    )
    expect(first).toHaveLength(64)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it('loads the whole person of an event that an offer waits for, and nobody of any other', async () => {
    const id = await newOffer({
      trigger: { on: 'event', event: `Reviewed ${store}` },
      benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A tour' },
      limits: { uses: 10, perPerson: 1 },
    })
    const subject = { type: 'email', value: `eva-${store}@example.com`, given: 'Eva' }
    const event = { messageId: `msg-${store}`, ...subject, channel: 'web', location: null }
    const needs = (name: string): Needs => ({
      subjects: [subject],
      messages: [event.messageId],
      events: [{ ...event, name }],
    })
    const holderId = await batch({ identifiers: [subject] }, world => holderOf(world, subject).id)
    await batch(needs('Viewed'), world => {
      expect([...world.onlookers]).toEqual([holderId])
      expect(world.counters.size).toBe(0)
    })
    await batch(needs(`Reviewed ${store}`), world => {
      expect(world.onlookers.size).toBe(0)
      expect(taken(world, id)).toBe(0)
      addUse(world, use(world, eventUse(event.messageId), id, { holderId, channel: 'web', location: null }))
      world.changes.newDecisions.push({
        id: world.newId('dec'),
        holderId,
        kind: 'event',
        cause: event.messageId,
        channel: 'web',
        location: null,
        shown: false,
        at,
        answer: '{}',
      })
    })
    await batch(needs(`Reviewed ${store}`), world => {
      expect(taken(world, id)).toBe(1)
      expect(usesOfOrder(world, eventUse(event.messageId))).toHaveLength(1)
      expect(world.redemptions.byHolder.get(pairKey(id, holderId))).toHaveLength(1)
    })
    const { rows } = await services.database.query(
      'select kind, cause, shown, answer from decisions where holder_id = $1',
      [holderId],
    )
    expect(rows).toEqual([{ kind: 'event', cause: event.messageId, shown: false, answer: '{}' }])
  })

  it('finds for a moment without a basket what is triggered by it, and its counters', async () => {
    const id = await newOffer({
      trigger: { on: 'request', moments: ['app home'] },
      benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A tour' },
      limits: { perPerson: 1, per: { uses: 3, period: 'day', by: 'channel' } },
    })
    const request = { channel: 'app', location: null }
    const bucket = 'channel=app day=2026-03-01'
    expect(await batch({ identifiers: [ana], request }, world => taken(world, id, bucket))).toBe(0)
    expect(await batch({ identifiers: [ana], place }, world => taken(world, id, bucket))).toBeUndefined()
  })

  it('knows the collections of what is ordered, as soon as any offer asks for them', async () => {
    const { createCollection } = collectionsHandlers(services)
    const put = (id: string, skus: string[]) =>
      ask(services, collections.createCollection, createCollection, { params: { id }, body: { skus } })
    await put('coffee', ['LATTE', 'OLD'])
    await put('coffee', ['LATTE', 'ESPRESSO'])
    await put('hot', ['LATTE'])
    const look = () =>
      batch({ place, skus: ['LATTE', 'OLD', 'BREAD'] }, world =>
        Object.fromEntries([...world.collections].map(([sku, ids]) => [sku, [...ids].sort()])),
      )
    expect(await look()).toEqual({})
    await newOffer({ benefit: { kind: 'percentOff', percent: 5, lines: "inCollection(line.sku, 'coffee')" } })
    expect(await look()).toEqual({ LATTE: ['coffee', 'hot'] })
  })
})
