import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallWorld } from '../../../test/small-world.ts'
import { resolve } from '../people/resolve.ts'
import { ingest } from './ingest.ts'

const completed = (properties: object) => ({ event: 'Order Completed', properties })

describe('a message', () => {
  it('that comes twice counts once, in one batch and in two', () => {
    const shop = smallWorld()
    const bought = { messageId: 'm1', userId: 'u1', ...completed({ order_id: 'A', total: 5 }) }
    expect(shop.send('track', bought)).toEqual({ stored: 1, duplicates: 0 })
    const event = shop.world().changes.newEvents
    expect(event).toMatchObject([{ messageId: 'm1', name: 'Order Completed', channel: 'web', orderId: 'A' }])
    expect(shop.send('track', bought)).toEqual({ stored: 0, duplicates: 1 })
    expect(shop.world().changes.newEvents).toEqual([])
    expect(shop.holder('userId:u1').orders).toBe(1)
  })

  it('belongs to the holder of its subject and makes one for every identifier', () => {
    const shop = smallWorld()
    shop.send('identify', { userId: 'u1', anonymousId: 'a1', traits: { email: 'Ana@Example.com' } })
    const { world } = { world: shop.world() }
    expect([...world.identifiers.keys()]).toEqual(['userId:u1', 'email:ana@example.com', 'anonymousId:a1'])
    expect(world.changes.newEvents[0]?.holderId).toBe(shop.holder('userId:u1').id)
    expect([...world.changes.newHolders.values()].find(it => it.type === 'email')?.given).toBe('Ana@Example.com')
  })
})

describe('what an event says of two identifiers', () => {
  it('unites their persons where it is proven', () => {
    const shop = smallWorld()
    shop.send('track', { anonymousId: 'a1', event: 'Product Viewed' })
    shop.send('identify', { userId: 'u1', anonymousId: 'a1' })
    expect(shop.holder('userId:u1').personId).toBe(shop.holder('anonymousId:a1').personId)
    // Whoever is known names the person.
    expect(shop.holder('anonymousId:a1').personId.slice(4)).toBe(shop.holder('userId:u1').id.slice(4))
    expect([...shop.world().links.values()]).toMatchObject([{ verified: true, source: 'event', suppressed: null }])
  })

  it.each([
    ['where it says so itself', { context: { verified: false } }, true],
    ["where a browser's key says it", {}, false],
  ])('is kept and unites nobody %s', (_name, fields, verified) => {
    const shop = smallWorld()
    shop.send('identify', { userId: 'u1', anonymousId: 'a1', ...fields }, { verified })
    expect(shop.holder('userId:u1').personId).not.toBe(shop.holder('anonymousId:a1').personId)
    expect([...shop.world().links.values()]).toMatchObject([{ verified: false, suppressed: 'unverified' }])
  })

  it('gives the persons of all links together, whatever came first or twice (promise 9)', () => {
    const name = fc.constantFrom('1', '2', '3', '4', '5', '6')
    const link = fc.record({ userId: name, anonymousId: name, isVerified: fc.boolean() })
    let united = 0
    fc.assert(
      fc.property(fc.array(link, { minLength: 1, maxLength: 12 }), fc.boolean(), (links, inOneBatch) => {
        const shop = smallWorld()
        for (const [index, { userId, anonymousId, isVerified }] of links.entries()) {
          // Some come in time, so that the age of holders differs by more than their ids.
          if (!inOneBatch) shop.later(1)
          shop.send('identify', {
            messageId: `m${index}`,
            userId,
            anonymousId,
            ...(isVerified ? {} : { context: { verified: false } }),
          })
        }
        const { holders, persons, links: stored, catalogue } = shop.world()
        const known = { holders: holders.values(), links: stored.values(), neverMerge: [] }
        const expected = resolve(known, catalogue.identity).personOf
        expect(new Map([...holders.values()].map(it => [it.id, it.personId]))).toEqual(expected)
        const members = [...persons].flatMap(([personId, ids]) => ids.map(id => [id, personId] as const))
        expect(new Map(members)).toEqual(expected)
        expect(members).toHaveLength(holders.size)
        if (persons.size < holders.size) united += 1
      }),
    )
    expect(united).toBeGreaterThan(50)
  })
})

describe('traits', () => {
  it('of identify are learnt, the newest word counts, and nothing is forgotten', () => {
    const shop = smallWorld()
    shop.send('identify', { userId: 'u1', traits: { plan: 'silver', city: 'Rome' } })
    shop.send('identify', { userId: 'u1', traits: { plan: 'gold' } })
    shop.send('identify', { userId: 'u1' })
    expect(shop.holder('userId:u1').traits).toEqual({ plan: 'gold', city: 'Rome' })
  })

  it('are at most a hundred a person: those known first', () => {
    const shop = smallWorld()
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`t${index}`, index]))
    shop.send('identify', { userId: 'u1', traits: many })
    shop.send('identify', { userId: 'u1', traits: { t0: 'new', late: true } })
    const { traits } = shop.holder('userId:u1')
    expect(Object.keys(traits)).toHaveLength(100)
    expect([traits.t0, traits.t99, traits.late]).toEqual(['new', 99, undefined])
  })

  it('decide for every identifier of the person', () => {
    const shop = smallWorld({
      offers: {
        gold: {
          trigger: { on: 'basket' },
          when: "has(person.traits.plan) && person.traits.plan == 'gold'",
          benefit: { kind: 'percentOff', percent: 10 },
        },
      },
    })
    shop.send('identify', { userId: 'u1', traits: { email: 'ana@example.com', plan: 'gold' } })
    const order = { state: 'open', person: 'email:ana@example.com', lines: [{ id: '1', sku: 'TEA', amount: 500 }] }
    expect(shop.put('A', order).answer?.totals.total).toBe(450)
  })
})

describe('an Order Completed', () => {
  it('is the order, and counts in the statistics of its holder', () => {
    const shop = smallWorld()
    const products = [{ sku: 'LATTE', quantity: 2, price: 4.5 }]
    const properties = { order_id: 'A', currency: 'EUR', total: 12, shipping: 3, products }
    shop.send('track', { userId: 'u1', ...completed(properties) })
    expect(shop.world().orders.get('A')).toMatchObject({
      state: 'placed',
      source: 'event',
      revision: 1,
      channel: 'web',
      subtotal: 900,
      shipping: 300,
      total: 1200,
    })
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 1, spend: { EUR: 1200 } })
    expect(JSON.parse(shop.world().orders.get('A')!.answer)).toMatchObject({ id: 'A', totals: { total: 1200 } })
  })

  it('told twice under two message ids is one order', () => {
    const shop = smallWorld()
    for (const messageId of ['m1', 'm2'])
      shop.send('track', { messageId, userId: 'u1', ...completed({ order_id: 'A', total: 5 }) })
    expect(shop.holder('userId:u1')).toMatchObject({ orders: 1, spend: { EUR: 500 } })
  })

  it('keeps spend by currency, and the first and the last whatever came first', () => {
    const shop = smallWorld()
    const order = (order_id: string, currency: string, timestamp: string) =>
      shop.send('track', { userId: 'u1', timestamp, ...completed({ order_id, currency, total: 10 }) })
    order('A', 'EUR', '2026-02-10T10:00:00Z')
    order('B', 'JPY', '2026-01-10T10:00:00Z')
    expect(shop.holder('userId:u1')).toMatchObject({
      orders: 2,
      spend: { EUR: 1000, JPY: 10 },
      firstOrderAt: Date.parse('2026-01-10T10:00:00Z'),
      lastOrderAt: Date.parse('2026-02-10T10:00:00Z'),
    })
  })
})

it('an empty batch is nothing', () => {
  const shop = smallWorld()
  expect(ingest(shop.nextBatch(), [], { channel: undefined, location: undefined })).toEqual({
    stored: 0,
    duplicates: 0,
  })
})
