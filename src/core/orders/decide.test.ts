import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type DecisionCase, inputOf, told } from '../../../spec/decision-case.ts'
import { compileCondition } from '../rules/condition.ts'
import { type Decision, type DecisionInput, decide } from './decide.ts'

// Anything a shop may come up with, in the words of the decision cases.

const currency = fc.constantFrom('EUR', 'JPY', 'KWD')

const line = fc.oneof(
  fc.record({
    sku: fc.constantFrom('LATTE', 'BREAD', 'TEA'),
    category: fc.constantFrom('coffee', 'bakery'),
    quantity: fc.integer({ min: 1, max: 9 }),
    unitPrice: fc.oneof(fc.nat(12), fc.nat(5000), fc.constant(0), fc.nat(2 ** 40)),
  }),
  fc.record({ sku: fc.constantFrom('APPLES', 'TEA'), amount: fc.nat(3000), measure: fc.constant('0.5 kg') }),
)

const chosen = fc.constantFrom(
  undefined,
  "line.category == 'coffee'",
  "line.sku == 'TEA' || line.subtotal > 100",
  "line.attributes.color == 'red'",
  undefined,
)

const offer = fc.record({
  trigger: fc.constantFrom({ on: 'basket' }, { on: 'code' }),
  when: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    undefined,
    'order.subtotal >= 2000',
    'order.quantity > 3 && order.subtotal >= 100',
    "person.traits.plan == 'gold'",
    'local.hour >= 12',
  ),
  benefit: fc.oneof(
    fc.record({
      kind: fc.constant('percentOff'),
      percent: fc.constantFrom(0.0001, 1, 7.5, 12.5, 33.3333, 50, 99.9999, 100),
      lines: chosen,
    }),
    fc.record({
      kind: fc.constant('amountOff'),
      amount: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5000 })),
      // Mostly the order's, as in a real shop.
      currency: fc.constantFrom('own', 'own', 'own', 'EUR'),
      lines: chosen,
    }),
  ),
  stacking: fc.record({ priority: fc.integer({ min: -2, max: 2 }) }),
  limits: fc.record({
    uses: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined, freq: 1 }),
    perPerson: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined, freq: 1 }),
  }),
  validity: fc.record({ timeZone: fc.constantFrom(undefined, 'Asia/Tokyo', 'America/New_York') }),
})

const inCurrency = <O extends { benefit: object }>(offer: O, currency: string): O =>
  'currency' in offer.benefit && offer.benefit.currency === 'own'
    ? { ...offer, benefit: { ...offer.benefit, currency } }
    : offer

const aCase: fc.Arbitrary<DecisionCase> = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    offers: fc.array(offer, { minLength: 1, maxLength: 7 }),
    currency,
    shipping: fc.nat(500),
    isNamed: fc.boolean(),
    used: fc.nat(2),
    at: fc.constantFrom(
      '2026-03-29T00:59:59.999Z',
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:30:00Z',
      '2026-07-01T03:00:00Z',
    ),
    codes: fc.subarray(['A', 'B', 'C']),
  })
  .map(({ lines, offers, currency, shipping, isNamed, used, at, codes }) => ({
    name: 'any',
    at,
    timeZone: 'Europe/Rome',
    offers: Object.fromEntries(offers.map((it, index) => [`o${index}`, inCurrency(it, currency)])),
    // Every code claims every other offer that needs one, so that several fit.
    codes: Object.fromEntries(
      ['A', 'B', 'C'].map((code, start) => [
        code,
        offers.flatMap((it, index) => (it.trigger.on === 'code' && (index + start) % 2 === 0 ? [`o${index}`] : [])),
      ]),
    ),
    ...(isNamed && { person: { traits: { plan: 'gold' } } }),
    used: { o0: { uses: used, perPerson: used } },
    order: {
      currency,
      channel: 'store',
      codes,
      shipping,
      lines: lines.map((it, index) => ({ id: `${index}`, ...it })),
    },
    expect: { total: 0 },
  }))

const decided = (given: DecisionCase): { input: DecisionInput; decision: Decision; text: string } => {
  const { input, names } = inputOf(given)
  const decision = decide(input)
  const text = JSON.stringify([decision.totals, decision.lines, told(decision, names, given.expect)])
  return { input, decision, text }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((left, right) => left + right, 0)

describe('a decision', () => {
  it('adds up to the minor unit, never below nothing (promise 7)', () => {
    let applied = 0
    fc.assert(
      fc.property(aCase, given => {
        const { input, decision } = decided(given)
        const { totals, lines } = decision
        applied += decision.applied.length
        for (const [index, line] of lines.entries()) {
          const asked = input.order.lines[index]!
          expect(line.subtotal).toBe('amount' in asked ? asked.amount : asked.quantity * asked.unitPrice)
          expect(line.total).toBeGreaterThanOrEqual(0)
          expect(line.total).toBe(line.subtotal - line.discount)
          expect(sum(line.discounts.map(it => it.amount))).toBe(line.discount)
          expect(line.discounts.every(it => it.amount > 0)).toBe(true)
        }
        expect(totals.subtotal).toBe(sum(lines.map(it => it.subtotal)))
        expect(totals.discount).toBe(sum(lines.map(it => it.discount)))
        expect(totals.total).toBe(totals.subtotal - totals.discount + totals.shipping)
        for (const id of new Set(decision.applied.map(it => it.offer.id)))
          expect(sum(decision.applied.filter(it => it.offer.id === id).map(it => it.amount))).toBe(
            sum(lines.flatMap(line => line.discounts.filter(it => it.offer === id).map(it => it.amount))),
          )
      }),
    )
    // Or else it would be easy to add up.
    expect(applied).toBeGreaterThan(50)
  })

  it('says of every code whether it applied or why not, and never both', () => {
    fc.assert(
      fc.property(aCase, given => {
        const { input, decision } = decided(given)
        const answered = [...decision.applied, ...decision.refused].flatMap(it => it.given ?? [])
        expect(answered.sort()).toEqual(input.codes.map(it => it.given).sort())
      }),
    )
  })

  it('never passes a limit with the uses of one order', () => {
    fc.assert(
      fc.property(aCase, given => {
        const { decision } = decided(given)
        for (const { offer } of decision.applied) {
          const before = offer.terms.name === 'o0' ? (given.used!.o0!.uses ?? 0) : 0
          const uses = before + decision.applied.filter(it => it.offer.id === offer.id).length
          expect(uses).toBeLessThanOrEqual(offer.terms.limits.uses ?? Number.POSITIVE_INFINITY)
          expect(uses).toBeLessThanOrEqual(offer.terms.limits.perPerson ?? Number.POSITIVE_INFINITY)
        }
      }),
    )
  })

  it('is not dearer for one more offer that comes last', () => {
    fc.assert(
      fc.property(aCase, offer, (given, more) => {
        const last = {
          ...inCurrency(more, String(given.order.currency)),
          trigger: { on: 'basket' },
          stacking: { priority: -3 },
        }
        const after = decided({ ...given, offers: { ...given.offers, last } }).decision
        expect(after.totals.total).toBeLessThanOrEqual(decided(given).decision.totals.total)
      }),
    )
  })

  it('does not depend on the order in which offers are handed in', () => {
    fc.assert(
      fc.property(aCase, given => {
        const { input } = inputOf(given)
        const turned: DecisionInput = {
          ...input,
          unclaimed: [...input.unclaimed].reverse(),
          codes: input.codes.map(claim => ({ ...claim, candidates: [...claim.candidates].reverse() })),
        }
        const [one, other] = [decide(input), decide(turned)]
        expect(other.totals).toEqual(one.totals)
        expect(other.lines).toEqual(one.lines)
        expect(other.applied).toEqual(one.applied)
      }),
    )
  })
})

describe('the same facts', () => {
  const before = process.env.TZ
  afterEach(() => {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  })

  it('give the same bytes, whatever the time zone of the process (promise 8)', () => {
    const cases = fc.sample(aCase, { seed: 20260329, numRuns: 200 })
    const answers = ['UTC', 'America/New_York', 'Asia/Kolkata'].map((timeZone, index) => {
      process.env.TZ = timeZone
      // Proves that the zone really changed: minutes behind UTC on 1970-01-01.
      expect(new Date(0).getTimezoneOffset()).toBe([0, 300, -330][index])
      return cases.map(given => decided(given).text).join('\n')
    })
    expect(answers[0]!.split('\n')).toHaveLength(200)
    expect(answers[1]).toBe(answers[0])
    expect(answers[2]).toBe(answers[0])
  })
})

describe('an offer stored by an older version', () => {
  it('whose condition is no longer accepted never applies, and the order goes on', () => {
    const { input, names } = inputOf({
      name: 'broken',
      at: '2026-03-02T10:00:00Z',
      offers: {
        old: { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 50 } },
        good: { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 10 } },
      },
      order: { lines: [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: 1000 }] },
      expect: { total: 900 },
    })
    expect(compileCondition('order.subtotl > 0', 'order').ok).toBe(false)
    const broken = input.unclaimed.map(it =>
      names.get(it.offer.id) === 'old' ? { ...it, offer: { ...it.offer, broken: true } } : it,
    )
    expect(told(decide({ ...input, unclaimed: broken }), names, { total: 0 })).toEqual({
      total: 900,
      applied: [{ offer: 'good', amount: 100 }],
      available: [],
      refused: [{ offer: 'old', reason: 'condition_error' }],
    })
  })
})

describe('the example of the README', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const given = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!) as DecisionCase

  it('is decided as it says', () => {
    const { input, names } = inputOf(given)
    expect(told(decide(input), names, given.expect)).toEqual({
      applied: [],
      available: [],
      refused: [],
      ...given.expect,
    })
  })
})

describe('the best combination is not overlooked', () => {
  const eur = { currency: 'EUR' }
  const basket = (benefit: object, more: object = {}) => ({ trigger: { on: 'basket' }, benefit, ...more })
  const amountOff = (amount: number, more: object = {}) => basket({ kind: 'amountOff', amount, ...eur }, more)
  const percentOff = (percent: number, more: object = {}) => basket({ kind: 'percentOff', percent }, more)
  const each = (amount: number, lines: string) => ({ kind: 'amountOff', amount, ...eur, each: 'unit', lines })

  it.each<
    [string, DecisionCase['offers'], lines: readonly [sku: string, quantity: number, unitPrice: number][], number]
  >([
    [
      'though an earlier offer, taken, leaves too little for a later one',
      {
        first: percentOff(10, { stacking: { priority: 1 } }),
        better: percentOff(20, { when: 'order.total >= 10000' }),
      },
      [['A', 1, 10_500]],
      8400,
    ],
    [
      'though a bundle takes units of any line, not only of those it names',
      {
        bundle: basket({
          kind: 'bundle',
          items: [{ lines: "line.sku == 'A'", quantity: 1 }, { quantity: 1 }],
          price: 90,
          ...eur,
        }),
        better: basket(
          { kind: 'buyXGetY', buy: { quantity: 1, lines: "line.sku == 'B'" }, get: { quantity: 1 } },
          { stacking: { priority: -1 } },
        ),
      },
      [
        ['A', 1, 10],
        ['B', 2, 100],
      ],
      110,
    ],
    [
      'though a filter matches nothing until another offer has made something cheap enough',
      {
        alone: basket(each(50, "line.sku == 'A'"), { stacking: { exclusive: true } }),
        cheap: basket({ kind: 'fixedPrice', price: 90, ...eur }),
        cheaper: basket(each(60, 'line.total < 100')),
      },
      [['A', 1, 100]],
      30,
    ],
    [
      'though an offer that does not ask for the running price is older than one of two that do',
      {
        half: percentOff(50, { when: 'order.total >= 1', stacking: { base: 'initial' } }),
        cent: amountOff(1, { stacking: { base: 'initial' } }),
        euro: amountOff(100, { when: 'order.total >= 900', stacking: { base: 'initial' } }),
      },
      [['A', 1, 1000]],
      399,
    ],
  ])('%s', (name, offers, lines, total) => {
    const { input } = inputOf({
      name,
      at: '2026-03-02T10:00:00Z',
      offers,
      order: {
        lines: lines.map(([sku, quantity, unitPrice], index) => ({ id: `${index}`, sku, quantity, unitPrice })),
      },
      expect: { total },
    })
    expect(decide(input).totals.total).toBe(total)
  })
})

describe('units of more offers than are combined', () => {
  it('know whose discount they carry', () => {
    // Each takes a little off every unit: 250 fit, and 200 of them play.
    const { input } = inputOf({
      name: 'many',
      at: '2026-03-02T10:00:00Z',
      offers: Object.fromEntries(
        Array.from({ length: 250 }, (_, index) => [
          `offer ${index}`,
          {
            trigger: { on: 'basket' },
            benefit: { kind: 'amountOff', amount: 1 + (index % 2), currency: 'EUR', each: 'unit' },
          },
        ]),
      ),
      order: { lines: [{ id: '1', sku: 'LATTE', quantity: 2, unitPrice: 1000 }] },
      expect: { total: 0 },
    })
    const { lines, applied } = decide(input)
    const amounts = applied.map(it => [it.offer.id, it.amount / 2])
    expect(applied.length).toBeGreaterThan(100)
    expect(lines[0]!.units.map(({ discounts }) => discounts.map(it => [it.offer, it.each]))).toEqual([amounts])
  })
})

describe('a basket that many offers fit and one makes free', () => {
  /** How often a line's price is read for the decision. */
  const readsWith = (offers: number): number => {
    const { input } = inputOf({
      name: 'many',
      at: '2026-03-02T10:00:00Z',
      offers: Object.fromEntries(
        Array.from({ length: offers }, (_, index) => [
          `offer ${index}`,
          { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 100 } },
        ]),
      ),
      order: { lines: [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: 1000 }] },
      expect: { total: 0 },
    })
    let reads = 0
    const line = {
      ...input.order.lines[0]!,
      get unitPrice() {
        reads += 1
        return 1000
      },
    }
    const decision = decide({ ...input, order: { ...input.order, lines: [line as never] } })
    expect(decision.refused).toHaveLength(offers - 1)
    return reads
  }

  it('is priced once, not again for every offer that is left with nothing', () => {
    expect(readsWith(1)).toBeGreaterThan(0)
    expect(readsWith(40)).toBe(readsWith(1))
  })
})
