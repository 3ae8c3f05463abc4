import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stages } from '../offers/kinds/benefit-kind.ts'
import { benefitKinds, kindOf } from '../offers/kinds/index.ts'
import { type LiveOffer, liveCampaign, liveOffer } from '../offers/live-offer.ts'
import { offerInput } from '../offers/schema.ts'
import { termsCollections, termsMistakes, termsOf } from '../offers/terms.ts'
import { nobody } from '../rules/facts.ts'
import type { Combination } from '../workspaces/schema.ts'
import { type Candidate, type Decision, type DecisionInput, decide } from './decide.ts'
import { noUsage } from './limits.ts'
import { applyEffect, basketAt, type Prices, pricesOf } from './prices.ts'

// Anything a shop may come up with: small baskets, and offers of every kind that get in each other's way. What CEL says stands beside what it means, so that the model below does not ask CEL.

const eur = (amount: number) => ({ amount, currency: 'EUR' })

const filters: Readonly<Record<string, (sku: string, total: number) => boolean>> = {
  "line.sku == 'A'": sku => sku === 'A',
  "line.sku == 'B'": sku => sku === 'B',
  "line.sku in ['A', 'C']": sku => sku === 'A' || sku === 'C',
  'line.total >= 100': (_, total) => total >= 100,
}
const conditions: Readonly<Record<string, (total: number, subtotal: number) => boolean>> = {
  'order.subtotal >= 300': (_, subtotal) => subtotal >= 300,
  'order.total >= 300': total => total >= 300,
  'order.total < 400': total => total < 400,
  // An error, which is false.
  'order.total / (order.total - order.total) > 0': () => false,
}
const amounts: Readonly<Record<string, (total: number, subtotal: number) => number>> = {
  'order.subtotal / 10': (_, subtotal) => Math.trunc(subtotal / 10),
  'order.total / 5': total => Math.trunc(total / 5),
  '100 - order.total': total => Math.max(0, 100 - total),
}

const lines = fc.constantFrom(undefined, undefined, ...Object.keys(filters))
const price = fc.oneof(fc.nat(12), fc.nat(250), fc.constant(0))
const few = fc.integer({ min: 1, max: 3 })
const some = fc.option(few, { nil: undefined })
const percent = fc.constantFrom(1, 7.5, 20, 33.3333, 50, 100)
const cap = fc.option(
  fc.integer({ min: 0, max: 60 }).map(amount => eur(amount)),
  { nil: undefined, freq: 2 },
)
const amount = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 300 }))
const kind = <K extends string>(kind: K, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ kind: fc.constant(kind), ...fields })
const currency = fc.constant('EUR')

const benefit = fc.oneof(
  kind('percentOff', { percent, lines, max: cap }),
  kind('amountOff', { amount: fc.oneof(amount, fc.constantFrom(...Object.keys(amounts))), currency, lines }),
  kind('amountOff', { amount, currency, lines, each: fc.constant('unit'), maxUnits: some }),
  kind('fixedPrice', { price, currency, lines, maxUnits: some }),
  kind('fixedPrice', { price, currency, lines, each: fc.constant('line') }),
  fc.tuple(few, fc.boolean(), lines).map(([steps, isPercent, lines]) => ({
    kind: 'tieredSpend',
    currency: 'EUR',
    lines,
    tiers: Array.from({ length: steps }, (_, step) => ({
      spend: 40 + step * 90,
      ...(isPercent ? { percent: 5 + step * 12 } : { amount: 7 + step * 40 }),
    })),
  })),
  kind('buyXGetY', {
    buy: fc.record({ quantity: few, lines }),
    get: fc.record({
      quantity: few,
      lines,
      percent: fc.option(percent, { nil: undefined }),
      pick: fc.constantFrom(undefined, 'cheapest', 'dearest'),
    }),
    times: some,
  }),
  kind('bundle', {
    items: fc.array(fc.record({ lines, quantity: few }), { minLength: 2, maxLength: 3 }),
    price,
    currency,
    times: some,
  }),
  kind('freeItem', {
    items: fc.constantFrom([{ sku: 'MUG', stock: 1 }], [{ sku: 'MUG', stock: 0 }, { sku: 'TOTE' }]),
  }),
  kind('freeShipping', { upTo: cap }),
  fc.constantFrom(
    { kind: 'shippingOff', percent: 50 },
    { kind: 'shippingOff', amount: 20, currency: 'EUR' },
    { kind: 'giveOffer', offer: `off_${'0'.repeat(26)}` },
    { kind: 'entitlement', entitlement: 'upgrade', title: 'Suite' },
    { kind: 'cashback', percent: 5 },
  ),
)

const rarely = <T>(value: fc.Arbitrary<T>, freq = 1) => fc.option(value, { nil: undefined, freq })
const group = rarely(fc.constantFrom('g', 'h'), 2)

const offer = fc
  .record({
    isGranted: fc.constantFrom(0, 0, 0, 0, 1, 2),
    when: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(conditions)) },
    ),
    benefit,
    worth: rarely(fc.nat(80).map(eur), 2),
    stacking: fc.record({
      priority: fc.constantFrom(0, 0, 0, 1, -1),
      group,
      isExclusive: fc.constantFrom(undefined, undefined, undefined, undefined, 'group', 'order', true),
      base: fc.constantFrom(undefined, undefined, 'running', 'initial'),
      combinesWith: rarely(fc.subarray(['g', 'h'])),
    }),
    limits: fc.record({
      uses: rarely(few),
      budget: rarely(fc.integer({ min: 0, max: 150 }).map(amount => eur(amount))),
    }),
  })
  .map(
    ({ stacking: { isExclusive, ...stacking }, ...fields }): AnyOffer => ({
      ...fields,
      stacking: {
        ...stacking,
        exclusive: isExclusive === 'group' && stacking.group === undefined ? undefined : isExclusive,
      },
    }),
  )
type AnyOffer = { readonly isGranted: number; readonly stacking: object; readonly limits: object } & Readonly<
  Record<'when' | 'benefit' | 'worth', unknown>
>

const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      sku: fc.constantFrom('A', 'B', 'C'),
      quantity: fc.integer({ min: 1, max: 4 }),
      unitPrice: price,
    }),
  },
  { weight: 1, arbitrary: fc.record({ sku: fc.constantFrom('A', 'B'), amount: fc.nat(300) }) },
)

const combination: fc.Arbitrary<Combination> = fc.record({
  policy: fc.constant('bestForCustomer' as const),
  perOrder: rarely(few),
  perGroup: fc.constantFrom<Combination['perGroup'][]>({}, {}, {}, { g: 1 }, { g: 2, h: 1 }),
})

const facts = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  shipping: fc.constantFrom(0, 5, 49, 90),
  combination,
  used: fc.nat(2),
})
type AnyFacts = typeof facts extends fc.Arbitrary<infer T> ? T : never

const campaign = liveCampaign({ id: 'cmp_1', name: 'Spring', state: 'live', body: { audience: 'everyone' } })

/** Accepted as the API accepts it. Ids sort as offers were made. */
const made = ({ isGranted, ...body }: AnyOffer, index: number): LiveOffer => {
  const trigger = { on: isGranted > 0 ? 'grant' : 'basket' }
  const input = offerInput.parse({ ...body, trigger, name: `o${index}`, campaign: `cmp_${'0'.repeat(26)}` })
  const terms = termsOf(input)
  expect([termsMistakes(terms), termsCollections(terms)]).toEqual([[], { ok: true, value: [] }])
  return liveOffer({ id: `off_${String(index).padStart(26, '0')}`, version: 1, state: 'live', body: terms }, campaign)
}

const inputOf = ({ lines, shipping, combination, used }: AnyFacts, offers: readonly AnyOffer[]): DecisionInput => ({
  at: Date.UTC(2026, 2, 2, 10),
  timeZone: 'Europe/Rome',
  combination,
  order: {
    id: 'order-1',
    lines: lines.map((it, index) => ({ id: `${index}`, ...it })),
    shipping,
    currency: 'EUR',
    channel: 'store',
    location: undefined,
  },
  person: { ...nobody, known: true },
  codes: [],
  unclaimed: offers.flatMap((it, index): Candidate[] => {
    const offer = made(it, index)
    const candidate = {
      offer,
      isMember: false,
      usage: index === 0 ? { ...noUsage, uses: used, budget: used * 10 } : noUsage,
    }
    const grants = Array.from({ length: it.isGranted }, (_, number) => `grant ${index}.${number}`)
    return it.isGranted === 0
      ? [candidate]
      : grants.map(id => ({ ...candidate, grant: { id, state: 'issued', expiresAt: null, isOwn: true } }))
  }),
  inCollection: () => false,
})

const offers = fc.array(offer, { minLength: 1, maxLength: 6 })

// The model: every legal set in every legal order, each applied from the start. Nothing is cut off, nothing is clever.

const baseOf = (offer: LiveOffer) => offer.terms.stacking.base ?? 'running'

const refuses = (a: LiveOffer, b: LiveOffer): boolean => {
  const { exclusive, group, combinesWith } = a.terms.stacking
  if (exclusive === 'order' || (exclusive === true && group === undefined)) return true
  if ((exclusive === 'group' || exclusive === true) && group === b.terms.stacking.group) return true
  return combinesWith !== undefined && ![b.id, b.terms.stacking.group].some(it => combinesWith.includes(it ?? ''))
}

const isLegal = (
  set: readonly { readonly offer: LiveOffer }[],
  { perOrder, perGroup }: DecisionInput['combination'],
): boolean =>
  set.length <= (perOrder ?? set.length) &&
  Object.entries(perGroup).every(
    ([group, most]) => set.filter(({ offer }) => offer.terms.stacking.group === group).length <= most,
  ) &&
  set.every((a, index) => set.every((b, other) => index === other || !refuses(a.offer, b.offer)))

const subsets = <T>([first, ...rest]: readonly T[]): T[][] =>
  first === undefined ? [[]] : subsets(rest).flatMap(set => [set, [first, ...set]])

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((it, index) => permutations(all.filter((_, other) => other !== index)).map(rest => [it, ...rest]))

const classOf = ({ offer }: { readonly offer: LiveOffer }): string =>
  [
    stages.indexOf(offer.stage),
    baseOf(offer) === 'initial' ? 0 : 1,
    2000 - offer.terms.stacking.priority,
    offer.readsRunning ? 1 : 0,
  ].join('.')

const comesBefore = (a: LiveOffer, b: LiveOffer): boolean => {
  const [left, right] = [classOf({ offer: a }), classOf({ offer: b })]
  return left === right ? a.id < b.id : left < right
}

/** Equal ones are of one class; of a class those that read the running price come last, in any order if they are not more than 5. */
const sequences = (set: readonly Candidate[], inPlay: readonly Candidate[]): Candidate[][] => {
  const names = [...new Set(inPlay.map(classOf))].sort()
  return names.reduce<Candidate[][]>(
    (before, name) => {
      const tied = inPlay.filter(it => classOf(it) === name)
      const own = set.filter(it => classOf(it) === name).sort((a, b) => (a.offer.id < b.offer.id ? -1 : 1))
      const orders = tied.length <= 5 && tied.every(it => it.offer.readsRunning) ? permutations(own) : [own]
      return before.flatMap(sequence => orders.map(order => [...sequence, ...order]))
    },
    [[]],
  )
}

type Model = { readonly value: number; readonly prices: Prices }

/** What a sequence comes to; undefined where one of it cannot apply at its turn. */
const modelled = (sequence: readonly Candidate[], { order }: DecisionInput): Model | undefined => {
  const start = pricesOf(order)
  let prices = start
  let worth = 0
  const uses = new Map<string, { uses: number; budget: number; gifts: number }>()
  for (const [by, { offer, usage }] of sequence.entries()) {
    const { benefit, limits } = offer.terms
    const at = prices
    if (offer.when && !conditions[offer.when.source]!(at.total, start.total)) return undefined
    const own = uses.get(offer.id) ?? { uses: usage.uses, budget: usage.budget, gifts: 0 }
    const effect = kindOf(benefit).apply(
      benefit,
      basketAt(order, at, baseOf(offer), {
        matching: field => {
          const filter = offer.filters.get(field)
          const all = [...order.lines.keys()]
          return filter ? all.filter(it => filters[filter.source]!(order.lines[it]!.sku, at.lines[it]!)) : all
        },
        amount: field => amounts[offer.amounts.get(field)!.source]!(at.total, start.total),
        choice: undefined,
        stock: sku =>
          benefit.kind === 'freeItem' ? (benefit.items.find(it => it.sku === sku)?.stock ?? 99) - own.gifts : 0,
      }),
    )
    if (!effect) return undefined
    const change = applyEffect(order, at, effect, by)
    if (change.amount === 0 && change.gives.length === 0) return undefined
    const after = { uses: own.uses + 1, budget: own.budget + change.amount, gifts: own.gifts + change.gives.length }
    const { uses: most = after.uses, budget } = limits
    if (after.uses > most) return undefined
    if (budget && (own.budget >= budget.amount || after.budget > budget.amount)) return undefined
    uses.set(offer.id, after)
    prices = change.prices
    if (offer.stage === 'extra') worth += offer.terms.worth?.amount ?? 0
  }
  return { prices, value: start.total + start.shipping - prices.total - prices.shipping + worth }
}

const bestOf = (input: DecisionInput, inPlay: readonly Candidate[]): number =>
  subsets(inPlay)
    .filter(set => isLegal(set, input.combination))
    .flatMap(set => sequences(set, inPlay))
    .reduce((best, sequence) => Math.max(best, modelled(sequence, input)?.value ?? 0), 0)

const sum = (amounts: readonly number[]): number => amounts.reduce((left, right) => left + right, 0)

const worthOf = ({ applied }: Decision): number =>
  applied.reduce((sum, { offer }) => sum + (offer.stage === 'extra' ? (offer.terms.worth?.amount ?? 0) : 0), 0)

describe('the best combination', () => {
  it('is the best of all legal sets in all legal orders', () => {
    const seen = { several: 0, beaten: 0 }
    fc.assert(
      fc.property(facts, offers, (facts, offers) => {
        const input = inputOf(facts, offers)
        const decision = decide(input)
        const { search, totals } = decision
        expect(search.isExact).toBe(true)
        expect(search.bound).toBe(search.value)
        expect(search.value).toBe(totals.discount + totals.shippingDiscount + worthOf(decision))
        expect(search.value).toBe(bestOf(input, decision.fitted))
        if (decision.applied.length > 1) seen.several += 1
        if (decision.fitted.length > decision.applied.length) seen.beaten += 1
      }),
      { numRuns: 200 },
    )
    // Otherwise the property says little.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20)
  })

  it('is never worse for one more offer, as long as that makes no tie too large to be permuted', () => {
    let better = 0
    fc.assert(
      // With 5 no tie is: at most 5 of equal priority are permuted, and all that was legal stays legal.
      fc.property(facts, fc.array(offer, { minLength: 1, maxLength: 4 }), offer, (facts, offers, more) => {
        const granted = [...offers, more].map(it => ({ ...it, isGranted: Math.min(it.isGranted, 1) }))
        const [before, after] = [granted.slice(0, -1), granted].map(all => decide(inputOf(facts, all)).search.value)
        expect(after).toBeGreaterThanOrEqual(before!)
        if (after! > before!) better += 1
      }),
    )
    expect(better).toBeGreaterThan(3)
  })

  it('of more offers than can be tried is found within a budget, and says how much it may have missed', () => {
    const seen = { exact: 0, bounded: 0 }
    const many = fc.array(
      offer.map(it => ({ ...it, when: undefined, isGranted: 0 })),
      { minLength: 20, maxLength: 30 },
    )
    fc.assert(
      fc.property(facts, many, (facts, offers) => {
        const input = inputOf(facts, offers)
        const { search, applied } = decide(input)
        expect(search.bound).toBeGreaterThanOrEqual(search.value)
        expect(search.isExact).toBe(search.bound === search.value)
        expect(search).toEqual(decide(input).search)
        expect(isLegal(applied, input.combination)).toBe(true)
        // What even the worst search finds: the best of all offers by itself.
        for (const { offer } of applied) {
          const alone = decide({ ...input, unclaimed: input.unclaimed.filter(it => it.offer.id === offer.id) })
          expect(search.value).toBeGreaterThanOrEqual(alone.search.value)
        }
        seen[search.isExact ? 'exact' : 'bounded'] += 1
      }),
      { numRuns: 30 },
    )
    expect(seen.exact).toBeGreaterThan(0)
  })
})

describe('by priority', () => {
  const byPriority = (facts: AnyFacts, offers: readonly AnyOffer[]): DecisionInput => {
    const input = inputOf(facts, offers)
    return { ...input, combination: { ...input.combination, policy: 'priority' } }
  }

  it('each offer applies that goes together with all of a higher priority that do', () => {
    const seen = { applied: 0, left: 0 }
    fc.assert(
      fc.property(facts, offers, (facts, offers) => {
        const input = byPriority(facts, offers)
        const { applied, fitted, search } = decide(input)
        expect([search.isExact, search.bound]).toEqual([true, search.value])
        const isApplied = (it: Candidate) =>
          applied.some(({ offer, grantId }) => offer.id === it.offer.id && grantId === it.grant?.id)
        const place = (it: Candidate) => fitted.filter(other => comesBefore(other.offer, it.offer)).length
        const ranked = [...fitted].sort(
          (a, b) => b.offer.terms.stacking.priority - a.offer.terms.stacking.priority || place(a) - place(b),
        )
        const higher: Candidate[] = []
        for (const candidate of ranked) {
          const together = [...higher, candidate].sort((a, b) => place(a) - place(b))
          const doesFit = isLegal(together, input.combination) && modelled(together, input) !== undefined
          expect(isApplied(candidate)).toBe(doesFit)
          if (doesFit) higher.push(candidate)
          seen[doesFit ? 'applied' : 'left'] += 1
        }
      }),
      { numRuns: 200 },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50)
  })
})

describe('any decision', () => {
  const decided = (facts: AnyFacts, offers: readonly AnyOffer[]) => {
    const input = inputOf(facts, offers)
    return { input, decision: decide(input) }
  }

  it('adds up to the minor unit, from the order down to each unit, and never below nothing (promise 7)', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(facts, offers, (facts, offers) => {
        const { input, decision } = decided(facts, offers)
        const { totals, lines, applied } = decision
        for (const [index, line] of lines.entries()) {
          const asked = input.order.lines[index]!
          expect(line.subtotal).toBe('amount' in asked ? asked.amount : asked.quantity * asked.unitPrice)
          expect(line.total).toBeGreaterThanOrEqual(0)
          expect(line.total).toBe(line.subtotal - line.discount)
          expect(sum(line.discounts.map(it => it.amount))).toBe(line.discount)
          // Its units: all of them, each at its price before discounts less its shares.
          expect(sum(line.units.map(it => it.quantity))).toBe('amount' in asked ? 1 : asked.quantity)
          expect(sum(line.units.map(it => it.quantity * it.each))).toBe(line.total)
          for (const { each, discounts } of line.units) {
            expect(each).toBeGreaterThanOrEqual(0)
            expect(each + sum(discounts.map(it => it.each))).toBe('amount' in asked ? asked.amount : asked.unitPrice)
          }
          for (const { offer, amount } of line.discounts) {
            const shares = line.units.flatMap(({ quantity, discounts }) =>
              discounts.map(it => (it.offer === offer ? it.each * quantity : 0)),
            )
            const ofOffer = line.discounts.filter(it => it.offer === offer).map(it => it.amount)
            expect(sum(shares)).toBe(sum(ofOffer))
            expect(amount).toBeGreaterThan(0)
          }
        }
        expect(totals.subtotal).toBe(sum(lines.map(it => it.subtotal)))
        expect(totals.discount).toBe(sum(lines.map(it => it.discount)))
        expect(totals.shippingDiscount).toBeLessThanOrEqual(totals.shipping)
        expect(totals.total).toBe(totals.subtotal - totals.discount + totals.shipping - totals.shippingDiscount)
        expect(sum(applied.map(it => it.amount))).toBe(totals.discount + totals.shippingDiscount)
        expect(sum(applied.map(it => it.shipping))).toBe(totals.shippingDiscount)
        for (const { offer, amount, gives } of applied) {
          expect(amount + gives.length).toBeGreaterThan(0)
          seen.add(offer.terms.benefit.kind)
        }
      }),
      { numRuns: 300 },
    )
    // Every kind has applied, or nothing was said about it; points take nothing off and stand beside the others.
    const others = Object.keys(benefitKinds).filter(kind => kind !== 'points')
    expect([...seen].sort()).toEqual(others.sort())
  })

  it('is the same a second time, and in whatever order offers are handed in (promise 8)', () => {
    fc.assert(
      fc.property(facts, offers, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (facts, offers, keys) => {
        const { input, decision } = decided(facts, offers)
        const shuffled = input.unclaimed
          .map((candidate, index) => ({ candidate, key: keys[index]! }))
          .sort((a, b) => a.key - b.key)
          .map(it => it.candidate)
        const other = decide({ ...input, unclaimed: shuffled })
        const told = ({ totals, lines, applied, search }: Decision) =>
          JSON.stringify({ totals, lines, applied: applied.map(it => ({ ...it, offer: it.offer.id })), search })
        expect(told(decide(input))).toBe(told(decision))
        const withoutGrants = (text: string) => text.replaceAll(/"grantId":"[^"]*"/g, '')
        expect(withoutGrants(told(other))).toBe(withoutGrants(told(decision)))
      }),
    )
  })

  it('says of every offer that lost which one it lost to, and that one applied', () => {
    const seen = { excluded_by: 0, beaten_by: 0 }
    fc.assert(
      fc.property(facts, offers, (facts, offers) => {
        const { decision } = decided(facts, offers)
        for (const { reason } of decision.refused) {
          if (reason.code !== 'excluded_by' && reason.code !== 'beaten_by') continue
          expect(decision.applied.some(it => it.offer.id === reason.details.offer)).toBe(true)
          seen[reason.code] += 1
        }
      }),
      { numRuns: 200 },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10)
  })
})
