import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Setting, type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { counterKey, noCount, type UseState } from './world.ts'

// Few people, offers and codes, so that they get into each other's way; whatever they do, the books must agree.

const people = [['email:ana@example.com', 'loyaltyCard:1'], ['email:ben@example.com']]
const gift = { offer: 'gift', of: 'loyaltyCard:1' }
const setting: Setting = {
  people,
  offers: {
    coffee: {
      trigger: { on: 'code' },
      benefit: { kind: 'percentOff', percent: 20, lines: "line.sku == 'LATTE'" },
      limits: { perCode: 1, budget: { amount: 900, currency: 'EUR' } },
      validity: { to: '2026-06-01T00:00:00Z' },
    },
    tea: {
      trigger: { on: 'code' },
      benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
      limits: { uses: 3, perPerson: 1 },
    },
    euro: {
      trigger: { on: 'basket' },
      benefit: { kind: 'amountOff', amount: 50, currency: 'EUR' },
      stacking: { priority: 5 },
      limits: { uses: 2 },
    },
    gift: { trigger: { on: 'grant' }, benefit: { kind: 'percentOff', percent: 50 } },
  },
  codes: { A: ['coffee', 'tea'], B: ['coffee'], C: ['tea'] },
  grants: { gra_1: gift, gra_2: gift, gra_3: { ...gift, of: 'email:ben@example.com', code: 'GIFT' } },
}

/** What an outsider knows of each order: enough to say which asks are refused. */
type Model = { readonly states: Map<string, 'open' | 'placed' | 'cancelled'>; readonly bodies: Map<string, Body> }
type Real = { readonly shop: SmallWorld; readonly seen: Map<string, UseState>; readonly tally: Tally }
type Tally = Record<'held' | 'bookedAsHeld' | 'cancelled' | 'expired' | 'takenOver' | 'limited', number>

const sum = (amounts: readonly number[]): number => amounts.reduce((left, right) => left + right, 0)

const booksAgree = ({ shop, seen }: Real): void => {
  const world = shop.world()
  const uses = shop.uses()
  const taken = uses.filter(it => it.state === 'held' || it.state === 'redeemed')

  // Limits are exact, and counters are the sum over the uses (promise 2).
  for (const [id, { terms }] of world.catalogue.offers) {
    const ofOffer = taken.filter(it => it.offerId === id)
    const { uses: most, perPerson, perCode, budget } = terms.limits
    expect(ofOffer.length).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY)
    expect(sum(ofOffer.map(it => it.amount))).toBeLessThanOrEqual(budget?.amount ?? Number.POSITIVE_INFINITY)
    for (const use of ofOffer) {
      const person = (it: typeof use) => it.holderId && world.holders.get(it.holderId)!.personId
      const hers = ofOffer.filter(it => person(it) === person(use))
      expect(hers.length).toBeLessThanOrEqual(perPerson ?? Number.POSITIVE_INFINITY)
      const ofCode = ofOffer.filter(it => it.code === use.code)
      expect(ofCode.length).toBeLessThanOrEqual(perCode ?? Number.POSITIVE_INFINITY)
    }
    const inState = (state: UseState) => ofOffer.filter(it => it.state === state)
    if (most !== undefined || budget !== undefined)
      expect(world.counters.get(counterKey(id))).toEqual({
        ...noCount,
        used: inState('redeemed').length,
        held: inState('held').length,
        budgetUsed: sum(inState('redeemed').map(it => it.amount)),
        budgetHeld: sum(inState('held').map(it => it.amount)),
      })
  }

  // A hold ends once (promise 4): from held to one end, and of the ends only a redeemed use is cancelled.
  for (const use of uses) {
    const before = seen.get(use.id)
    const allowed: readonly (UseState | undefined)[] =
      before === undefined || before === 'held'
        ? ['held', 'redeemed', 'released', 'expired']
        : [before, ...(before === 'redeemed' ? (['cancelled'] as const) : [])]
    expect(allowed).toContain(use.state)
    seen.set(use.id, use.state)
    expect(use.heldUntil !== null).toBe(use.state === 'held')
  }
  for (const order of world.orders.values()) {
    const ofOrder = uses.filter(it => it.orderId === order.id)
    const isHeld = order.state === 'open' && order.heldUntil !== null
    expect(ofOrder.some(it => it.state === 'held')).toBe(isHeld)
    expect(ofOrder.filter(it => it.state === 'held').every(it => it.heldUntil === order.heldUntil)).toBe(true)
    if (isHeld) expect(order.heldUntil).toBeGreaterThan(world.now)
    const redeemed = sum(ofOrder.filter(it => it.state === 'redeemed').map(it => it.amount))
    expect(redeemed).toBe(order.state === 'placed' ? order.discount : 0)
    expect(new Set(ofOrder.map(it => it.seq)).size).toBe(ofOrder.length)
  }
  const numbered = uses.filter(it => it.useNo !== null).map(it => `${it.code} ${it.offerId} ${it.useNo}`)
  expect(new Set(numbered).size).toBe(numbered.length)

  // A grant is where its use is.
  for (const grant of world.grants.values()) {
    const ofGrant = taken.filter(it => it.grantId === grant.id)
    expect(ofGrant.length).toBeLessThanOrEqual(1)
    expect([grant.state, grant.orderId]).toEqual([ofGrant[0]?.state ?? 'issued', ofGrant[0]?.orderId ?? null])
  }

  // What is known of people is the sum over their placed orders.
  for (const holder of world.holders.values()) {
    const orders = [...world.orders.values()].filter(it => it.holderId === holder.id && it.state === 'placed')
    expect(holder.orders).toBe(orders.length)
    expect(holder.spend.EUR ?? 0).toBe(sum(orders.map(it => it.total)))
  }
}

type Body = {
  readonly state: 'open' | 'placed'
  readonly person?: string
  readonly codes: readonly string[]
  readonly lines: readonly object[]
  readonly hold?: { readonly seconds: number }
}

const put = (id: string, body: Body): fc.Command<Model, Real> => ({
  check: () => true,
  run: (model, real) => {
    const { shop, tally } = real
    const before = model.states.get(id)
    const last = model.bodies.get(id)
    shop.nextBatch()
    const held = shop.world().orders.get(id)
    const heldByOthers = () => shop.uses().filter(it => it.orderId !== id && it.state === 'held').length
    const others = heldByOthers()
    const outcome = shop.put(id, body)
    if (before === 'placed' && body.state === 'placed' && JSON.stringify(last) === JSON.stringify(body))
      expect(outcome.text).toBe(shop.world().orders.get(id)?.answer)
    else if (before === 'placed' || before === 'cancelled') expect(outcome.refusal).toBe('order_state_conflict')
    else {
      expect(outcome.answer?.state).toBe(body.state)
      model.states.set(id, body.state)
      model.bodies.set(id, body)
      const basket = (it: Body | undefined) => JSON.stringify([it?.codes, it?.lines])
      if (held?.heldUntil && body.state === 'placed' && last?.person === body.person && basket(last) === basket(body)) {
        // What was held is booked as it was shown, whatever became of the offers.
        expect(outcome.answer?.totals.total).toBe(held.total)
        tally.bookedAsHeld += 1
      }
      if (outcome.answer?.heldUntil) tally.held += 1
      if (heldByOthers() < others) tally.takenOver += 1
      if (outcome.answer?.refused.some(it => it.reason.code === 'limit_reached')) tally.limited += 1
    }
    booksAgree(real)
  },
  toString: () => `put ${id} ${JSON.stringify(body)}`,
})

/** Places what is open, as a shop does when the customer has paid. */
const placeAsOpened = (id: string): fc.Command<Model, Real> => ({
  check: model => model.states.get(id) === 'open',
  run: (model, real) => {
    const { hold: _hold, ...opened } = model.bodies.get(id)!
    put(id, { ...opened, state: 'placed' }).run(model, real)
  },
  toString: () => `place ${id} as opened`,
})

const cancel = (id: string): fc.Command<Model, Real> => ({
  check: model => model.states.has(id),
  run: (model, real) => {
    expect(real.shop.put(id, { state: 'cancelled' }).answer?.state).toBe('cancelled')
    model.states.set(id, 'cancelled')
    real.tally.cancelled += 1
    booksAgree(real)
  },
  toString: () => `cancel ${id}`,
})

const wait = (seconds: number): fc.Command<Model, Real> => ({
  check: () => true,
  run: (_model, real) => {
    const held = () => real.shop.uses().filter(it => it.state === 'held').length
    const before = held()
    real.shop.later(seconds)
    real.shop.nextBatch()
    if (held() < before) real.tally.expired += 1
    booksAgree(real)
  },
  toString: () => `wait ${seconds} s`,
})

const changeOffers = (states: readonly string[]): fc.Command<Model, Real> => ({
  check: () => true,
  run: (_model, real) => {
    const offers = Object.entries(setting.offers!).map(([name, it], index) => [name, { ...it, state: states[index] }])
    real.shop.offer({ offers: Object.fromEntries(offers) })
    booksAgree(real)
  },
  toString: () => `offers ${states.join(' ')}`,
})

const orderId = fc.constantFrom('o1', 'o2', 'o3', 'o4', 'o5', 'o6')
const body: fc.Arbitrary<Body> = fc.record(
  {
    state: fc.constantFrom('open' as const, 'placed' as const),
    person: fc.constantFrom(...people.flat(), 'email:new@example.com'),
    codes: fc.subarray(['A', 'B', 'C', 'GIFT']),
    hold: fc.record({ seconds: fc.constantFrom(60, 600) }),
    lines: fc.constantFrom(
      [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: 1000 }],
      [{ id: '1', sku: 'BREAD', quantity: 2, unitPrice: 333 }],
      [
        { id: '1', sku: 'LATTE', quantity: 3, unitPrice: 700 },
        { id: '2', sku: 'BREAD', quantity: 1, unitPrice: 99 },
      ],
    ),
  },
  { requiredKeys: ['state', 'codes', 'lines'] },
)

describe('whatever people order, hold, cancel and let run out', () => {
  it('limits hold, books agree, and every hold ends once', () => {
    const tally: Tally = { held: 0, bookedAsHeld: 0, cancelled: 0, expired: 0, takenOver: 0, limited: 0 }
    fc.assert(
      fc.property(
        fc.commands(
          [
            fc.tuple(orderId, body).map(([id, body]) => put(id, body)),
            fc.tuple(orderId, body).map(([id, body]) => put(id, body)),
            fc.tuple(orderId, body).map(([id, body]) => put(id, { ...body, state: 'open', hold: { seconds: 600 } })),
            orderId.map(cancel),
            orderId.map(placeAsOpened),
            fc.constantFrom(30, 60, 600).map(wait),
            fc
              .array(fc.constantFrom('live', 'live', 'paused', 'ended'), { minLength: 4, maxLength: 4 })
              .map(changeOffers),
          ],
          { maxCommands: 40, size: 'max' },
        ),
        commands => {
          const setup = () => ({
            model: { states: new Map(), bodies: new Map() } as Model,
            real: { shop: smallWorld(setting), seen: new Map(), tally } as Real,
          })
          fc.modelRun(setup, commands)
        },
      ),
      { numRuns: 100 },
    )
    // Each of these must have been met, or nothing was proven about it.
    for (const [what, times] of Object.entries(tally)) expect([what, times > 0]).toEqual([what, true])
  })
})
