import fc from 'fast-check'
import { expect, test } from 'vitest'
import { smallWorld } from '../../../test/small-world.ts'
import { makeTill, type Till } from '../../../test/till.ts'
import { leasable } from '../packs/journal.ts'
import type { JournalEntry } from '../packs/schema.ts'
import { leasesOf, leftOfLease } from './leases.ts'
import { closePack } from './settle-entry.ts'
import { counterKey } from './world.ts'

/**
 * Tills that sell with and without a network, whose answers get lost, whose journals arrive in any order, in parts and again, that close, are
 * written off and turn up later. Whatever happens: limits hold, nothing is booked twice, and only a write-off makes an overrun.
 */

const people = ['email:ana@example.com', 'email:ben@example.com', undefined] as const
const offers = {
  uses: {
    trigger: { on: 'basket' },
    benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
    limits: { uses: 6, per: { uses: 4, period: 'day', by: 'location' } },
  },
  budget: {
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 10 },
    limits: { budget: { amount: 900, currency: 'EUR' } },
  },
  gift: { trigger: { on: 'basket' }, benefit: { kind: 'freeItem', items: [{ sku: 'CUP', stock: 4 }] } },
  hers: {
    trigger: { on: 'basket' },
    benefit: { kind: 'amountOff', amount: 50, currency: 'EUR' },
    limits: { perPerson: 2 },
  },
}

type Step =
  | { readonly do: 'renew'; readonly till: number; readonly lost: boolean; readonly lease: number }
  | {
      readonly do: 'sell'
      readonly till: number
      readonly person: number
      readonly price: number
      readonly online: boolean
    }
  | { readonly do: 'send'; readonly till: number; readonly order: readonly number[] }
  | { readonly do: 'close' | 'writeOff' | 'cancel'; readonly till: number }
  | { readonly do: 'later'; readonly hours: number }

const till = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('renew' as const), till, lost: fc.boolean(), lease: fc.nat(2) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('sell' as const),
      till,
      person: fc.nat({ max: 2 }),
      price: fc.integer({ min: 100, max: 3000 }),
      online: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      till,
      order: fc.array(fc.nat({ max: 9 }), { maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('close' as const, 'writeOff' as const, 'cancel' as const), till }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('later' as const), hours: fc.integer({ min: 1, max: 20 }) }) },
)

/** A till sells without a network and is given up for lost; others use up what was its, and then it turns up with its journal. */
const lostTill: Step[] = [
  { do: 'renew', till: 0, lost: false, lease: 0 },
  { do: 'sell', till: 0, person: 2, price: 1000, online: false },
  { do: 'writeOff', till: 0 },
  ...Array.from({ length: 8 }, (): Step => ({ do: 'sell', till: 1, person: 2, price: 1000, online: true })),
]

/** A till with what it keeps on disk: its journals, also of packs that have ended or were written off. */
type Kept = { readonly till: Till; readonly sent: Set<string> }

const play = (steps: readonly Step[]) => {
  const shop = smallWorld({ offers, people: people.flatMap(it => (it ? [[it]] : [])) })
  const devices: Kept[] = [0, 1, 2].map(index => ({
    till: makeTill(shop, `till-${index}`, { keyId: `key_${index}` }),
    sent: new Set(),
  }))
  const told = new Map<string, number>()
  const tally = { writtenOff: false, overruns: 0, settled: 0, sold: 0 }
  let orders = 0

  const settleThem = (kept: Kept, entries: readonly JournalEntry[], packId = kept.till.pack().id) => {
    for (const [index, { state, differences }] of kept.till.send(entries, packId).entries()) {
      const { id } = entries[index]!
      expect(state).toBe(kept.sent.has(id) ? 'known' : 'settled')
      kept.sent.add(id)
      tally.settled += 1
      tally.overruns += differences.filter(it => it.what === 'overrun').length
    }
    shop.inBatch(world => closePack(world, packId))
  }

  const holds = () => {
    const world = shop.world()
    expect(tally.overruns > 0 && !tally.writtenOff).toBe(false)
    for (const [id, offer] of world.catalogue.offers) {
      const place = { channel: 'store', location: 'store-12', timeZone: 'Europe/Rome' }
      for (const [bucket, allowed] of leasable(offer.terms, place, Date.UTC(2026, 2, 1), world.now)) {
        const counter = world.counters.get(counterKey(id, bucket))
        if (!counter) continue
        const { used, held, leased, overrun, budgetUsed, budgetHeld, budgetLeased, budgetOverrun } = counter
        if (allowed.uses > 0) expect(used + held + leased).toBeLessThanOrEqual(allowed.uses + overrun)
        if (allowed.budget > 0)
          expect(budgetUsed + budgetHeld + budgetLeased).toBeLessThanOrEqual(allowed.budget + budgetOverrun)
        const left = [...world.packs.keys()]
          .flatMap(pack => leasesOf(world, pack))
          .filter(it => it.offerId === id && it.bucket === bucket)
          .map(leftOfLease)
        expect(left.reduce((sum, it) => sum + it.uses, 0)).toBe(leased)
        expect(left.reduce((sum, it) => sum + it.budget, 0)).toBe(budgetLeased)
      }
    }
    // Of one offer one use an order, and of an offer that counts people so many each, beside what was noted.
    const uses = shop.uses().filter(it => it.state === 'redeemed')
    expect(new Set(uses.map(it => `${it.orderId} ${it.offerId}`)).size).toBe(uses.length)
    const noted = [...world.leases.values()].reduce((sum, it) => sum + (it.bucket === '!perPerson' ? it.overrun : 0), 0)
    for (const ref of people) {
      if (!ref) continue
      const hers = uses.filter(it => it.offerId === shop.offerId('hers') && it.holderId === shop.holder(ref).id)
      expect(hers.length).toBeLessThanOrEqual(2 + noted)
    }
  }

  for (const it of steps) {
    const kept = 'till' in it ? devices[it.till]! : devices[0]!
    const { till } = kept
    if (it.do === 'later') shop.later(it.hours * 3600)
    if (it.do === 'renew') {
      const refs = people.slice(0, it.lease).flatMap(ref => ref ?? [])
      till.renew({ people: refs }, { lost: it.lost })
    }
    if (it.do === 'sell') {
      orders += 1
      const person = people[it.person]
      const id = `order-${orders}`
      const order = {
        lines: [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: it.price }],
        ...(person && { person }),
      }
      const isOffline = !it.online && till.hasPack() && shop.world().now < till.pack().expiresAt
      if (isOffline) {
        tally.sold += 1
        told.set(id, till.sell({ id, ...order }).totals.total)
      } else shop.put(id, { ...order, state: 'placed', location: 'store-12' })
    }
    if (it.do === 'send' && till.hasPack()) {
      const journal = till.journal()
      settleThem(kept, journal.length === 0 ? [] : it.order.map(place => journal[place % journal.length]!))
    }
    if (it.do === 'close' && till.hasPack()) till.close()
    if (it.do === 'writeOff' && till.hasPack() && till.writeOff().ok) tally.writtenOff = true
    if (it.do === 'cancel' && orders > 0) shop.put(`order-${1 + (orders % (it.till + 1))}`, { state: 'cancelled' })
    holds()
  }
  // Every till turns up in the end, and whatever was handed over is booked as it was told.
  for (const kept of devices) {
    for (const { packId, journal } of kept.till.past()) settleThem(kept, journal, packId)
    if (kept.till.hasPack()) settleThem(kept, [...kept.till.journal()].reverse())
  }
  holds()
  for (const [order, total] of told) expect(shop.world().orders.get(order)!.total).toBe(total)
  return tally
}

test('whatever tills do and whatever gets lost, limits hold, nothing is booked twice, and only a write-off makes an overrun', () => {
  const seen = { sold: 0, settled: 0, overruns: 0 }
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), steps => {
      const tally = play(steps)
      seen.sold += tally.sold
      seen.settled += tally.settled
      seen.overruns += tally.overruns
    }),
    // By chance only one run in twenty has an overrun: 30 of them may well have none, so the plainest one is always among them.
    { numRuns: 30, examples: [[lostTill]] },
  )
  // The property meets what it is about.
  expect(Math.min(seen.sold, seen.settled, seen.overruns)).toBeGreaterThan(0)
})
