import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecisionCase, inputOf } from '../../../spec/decision-case.ts'
import { canonicalJson } from '../kernel/canonical.ts'
import { type Decision, type DecisionInput, decide } from '../orders/decide.ts'
import { nobody } from '../rules/facts.ts'
import { makeOfferIndex, type OfferIndex, type Subject } from './offer-index.ts'

type Offers = DecisionCase['offers']

const basket = { currency: 'EUR', lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 1, unitPrice: 450 }] }
const tenPercent = { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 10 } }
const at = '2026-03-02T10:00:00Z'

const indexed = (offers: Offers, campaigns: DecisionCase['campaigns'] = {}): ((subject: Subject) => string[]) => {
  const whole = Object.fromEntries(Object.entries(offers).map(([name, offer]) => [name, { ...tenPercent, ...offer }]))
  const { input, names } = inputOf({ name: '', at, offers: whole, campaigns, order: basket, expect: { total: 0 } })
  const index = makeOfferIndex(input.unclaimed.map(it => it.offer))
  return subject => index.matching(subject).map(offer => names.get(offer.id)!)
}

const latteInStore: Subject = {
  skus: ['LATTE', 'MUG'],
  categories: ['coffee'],
  collections: ['breakfast'],
  channel: 'store',
  location: 'store-12',
  currency: 'EUR',
  at: Date.parse(at),
  person: { known: true, identifiers: ['email'], segments: ['regulars'] },
  memberOf: [],
}

describe('an index of offers', () => {
  const matching = indexed(
    {
      anything: {},
      latte: { when: "order.lines.exists(item, item.sku == 'LATTE')" },
      tea: { when: "order.lines.exists(item, item.sku == 'TEA')" },
      breakfast: { benefit: { ...tenPercent.benefit, lines: "inCollection(line.sku, 'breakfast')" } },
      dinner: { benefit: { ...tenPercent.benefit, lines: "inCollection(line.sku, 'dinner')" } },
      web: { channels: { redeem: ['web', 'app'] } },
      store: { channels: { redeem: ['web', 'store'] } },
      elsewhere: { when: "location == 'store-7'" },
      yen: { benefit: { kind: 'amountOff', amount: 100, currency: 'JPY' } },
      regulars: { when: "inSegment('regulars') && person.known" },
      vip: { when: "inSegment('vip')" },
      phone: { when: "'phone' in person.identifiers" },
      members: { campaign: 'club' },
      paused: { state: 'paused' },
      over: { validity: { to: '2026-03-02T10:00:00Z' } },
      soon: { validity: { from: '2026-03-02T10:00:00.001Z' } },
      now: { validity: { from: '2026-03-02T10:00:00Z', to: '2026-03-02T10:00:00.001Z' } },
      ended: { state: 'ended' },
      nearly: { when: "order.subtotal >= 100000 && channel == 'store'" },
      wednesday: { when: 'local.weekday == 3' },
      teaInStore: { when: "order.lines.exists(item, item.sku == 'TEA') && channel == 'store'" },
      mugOnWeb: { when: "order.lines.exists(item, item.sku == 'MUG') && channel == 'web'" },
      latteInStore: { when: "order.lines.exists(item, item.sku == 'LATTE') && location == 'store-12'" },
    },
    { club: { audience: 'members' } },
  )

  it('finds the offers that an order is about, by id, and those that lack an amount', () => {
    expect(matching(latteInStore)).toEqual([
      'anything',
      'latte',
      'breakfast',
      'store',
      'regulars',
      'now',
      'nearly',
      'wednesday',
      'latteInStore',
    ])
  })

  it('leaves nothing out because of what is not known yet', () => {
    const { at: _, person: __, memberOf: ___, ...order } = latteInStore
    expect(matching(order)).toEqual([
      'anything',
      'latte',
      'breakfast',
      'store',
      'regulars',
      'vip',
      'phone',
      'members',
      'paused',
      'over',
      'soon',
      'now',
      'nearly',
      'wednesday',
      'latteInStore',
    ])
  })

  it('finds offers for members by their campaign', () => {
    const members = (memberOf: readonly string[]) =>
      matching({ ...latteInStore, memberOf }).filter(name => name === 'members')
    expect(members([`cmp_${'1'.padStart(26, '0')}`])).toEqual(['members'])
    expect(members([`cmp_${'2'.padStart(26, '0')}`])).toEqual([])
  })
})

describe('an offer of an older version that the rules no longer accept', () => {
  const { input } = inputOf({
    name: '',
    at,
    offers: {
      here: { ...tenPercent, when: "order.lines.exists(item, item.sku == 'TEA')" },
      elsewhere: { ...tenPercent, channels: { redeem: ['web'] } },
    },
    order: basket,
    expect: { total: 0 },
  })
  it('is found wherever it may be redeemed, whatever is bought, because that is told', () => {
    const offers = input.unclaimed.map(it => it.offer)
    const broken = offers.map(offer => ({ ...offer, broken: true }))
    expect(makeOfferIndex(offers).matching(latteInStore)).toEqual([])
    expect(makeOfferIndex(broken).matching(latteInStore)).toEqual([broken[0]])
  })
})

// Anything that a shop may come up with, in the words of the decision cases.

const color = "has(line.attributes.color) && line.attributes.color == 'red'"
const filter = fc.constantFrom(
  undefined,
  "line.sku == 'LATTE'",
  "line.sku in ['TEA', 'BREAD']",
  "line.category == 'coffee' && line.unitPrice > 100",
  "inCollection(line.sku, 'breakfast')",
  "line.attributes.color == 'red'",
  `${color} || line.sku == 'TEA'`,
  "line.total > 100 && line.sku == 'TEA'",
  "channel == 'web' && line.category == 'bakery'",
)

const when = fc.constantFrom(
  undefined,
  undefined,
  "order.lines.exists(item, item.sku == 'TEA')",
  "channel in ['web', 'app']",
  "order.subtotal >= 4000 && location == 'store-1'",
  "order.subtotal >= 4000 || channel == 'web'",
  'order.quantity >= 12',
  "person.traits.plan == 'gold'",
  "person.traits.plan == 'gold' && channel == 'web'",
  "channel == 'web' && person.traits.plan == 'gold'",
  "order.total >= 1000 && channel == 'web'",
  "inSegment('vip') && person.known",
  "'phone' in person.identifiers || 'email' in person.identifiers",
  'local.weekday == 7 && order.subtotal > 5000',
  "order.currency == 'JPY'",
)

const benefit = fc.oneof(
  fc.record({ kind: fc.constant('percentOff'), percent: fc.constantFrom(5, 10, 50), lines: filter }),
  fc.record({
    kind: fc.constant('amountOff'),
    amount: fc.constantFrom(50, 700),
    currency: fc.constantFrom('EUR', 'JPY'),
  }),
  fc.record({
    kind: fc.constant('buyXGetY'),
    buy: fc.record({ quantity: fc.constant(1), lines: filter }),
    get: fc.record({ quantity: fc.constant(1), lines: filter }),
  }),
)

const offer = fc.record({
  trigger: fc.constant({ on: 'basket' }),
  campaign: fc.constantFrom('', '', 'club', 'over', 'paused'),
  when,
  benefit,
  channels: fc.constantFrom({}, {}, { redeem: ['web'] }, { redeem: ['store', 'app'] }),
  stacking: fc.constantFrom(
    {},
    {},
    {},
    { group: 'drinks', exclusive: 'group' },
    { exclusive: 'order', priority: 5 },
    { base: 'initial' },
  ),
  state: fc.constantFrom('live', 'live', 'live', 'live', 'live', 'paused', 'ended'),
  validity: fc.constantFrom({}, {}, {}, { from: '2026-06-01T00:00:00Z' }, { to: '2026-06-01T00:00:00Z' }),
})

const line = fc.record({
  sku: fc.constantFrom('LATTE', 'BREAD', 'JAM'),
  category: fc.constantFrom('coffee', 'bakery', undefined),
  quantity: fc.integer({ min: 1, max: 5 }),
  unitPrice: fc.integer({ min: 50, max: 900 }),
  attributes: fc.constantFrom(undefined, { color: 'red' }, { color: 'blue' }),
})

const aCase: fc.Arbitrary<DecisionCase> = fc.record({
  name: fc.constant('any'),
  at: fc.constantFrom('2026-05-31T23:59:59.999Z', '2026-06-01T00:00:00Z'),
  campaigns: fc.constant({
    club: { audience: 'members' },
    over: { to: '2026-06-01T00:00:00Z' },
    paused: { state: 'paused' },
  }),
  collections: fc.constant({ breakfast: ['BREAD', 'JAM'] }),
  offers: fc
    .array(offer, { minLength: 1, maxLength: 12 })
    .map(offers => Object.fromEntries(offers.map((it, index) => [`o${index}`, it]))),
  person: fc.constantFrom(
    undefined,
    { memberOf: ['club'], identifiers: ['email'], segments: ['vip'], traits: { plan: 'gold' } },
    { identifiers: ['anonymousId'], known: false },
  ),
  order: fc.record({
    currency: fc.constantFrom('EUR', 'EUR', 'JPY'),
    channel: fc.constantFrom('web', 'store'),
    location: fc.constantFrom(undefined, 'store-1', 'store-2'),
    lines: fc
      .array(line, { minLength: 1, maxLength: 4 })
      .map(lines => lines.map((it, index) => ({ id: `${index}`, ...it }))),
  }),
  expect: fc.constant({ total: 0 }),
})

const subjectOf = ({ at, order, person, unclaimed, inCollection }: DecisionInput): Subject => {
  const skus = order.lines.map(it => it.sku)
  return {
    skus,
    categories: order.lines.flatMap(it => it.category ?? []),
    collections: ['breakfast'].filter(collection => skus.some(sku => inCollection(sku, collection))),
    channel: order.channel,
    location: order.location,
    currency: order.currency,
    at,
    person: person ?? nobody,
    memberOf: unclaimed.filter(it => it.isMember).map(it => it.offer.campaign.id),
  }
}

const over = (input: DecisionInput, index: OfferIndex, subject: Subject): Decision => {
  const found = new Set(index.matching(subject))
  return decide({ ...input, unclaimed: input.unclaimed.filter(it => found.has(it.offer)) })
}

/** All of a decision; offers by their ids, because they hold compiled conditions. */
const told = (decision: Decision): string =>
  canonicalJson(
    JSON.parse(
      JSON.stringify(decision, (key, value: unknown) =>
        key === 'offer' && typeof value === 'object' ? (value as { id: string }).id : value,
      ),
    ),
  )

describe('a decision over what the index finds', () => {
  it('is the decision over all offers, to the letter', () => {
    const seen = { all: 0, found: 0, applied: 0, available: 0, reasons: new Set<string>() }
    fc.assert(
      fc.property(aCase, given => {
        const { input } = inputOf(given)
        const index = makeOfferIndex(input.unclaimed.map(it => it.offer))
        const { at: _, person: __, memberOf: ___, ...early } = subjectOf(input)
        const decision = decide(input)
        expect(told(over(input, index, subjectOf(input)))).toBe(told(decision))
        expect(told(over(input, index, early))).toBe(told(decision))
        seen.all += input.unclaimed.length
        seen.found += index.matching(subjectOf(input)).length
        seen.applied += decision.applied.length
        seen.available += decision.available.length
        for (const { reason } of decision.refused) seen.reasons.add(reason.code)
      }),
      { numRuns: 300 },
    )
    // Or else it would be easy to agree.
    expect(seen.found).toBeLessThan(seen.all / 2)
    expect(seen.applied).toBeGreaterThan(20)
    expect(seen.available).toBeGreaterThan(3)
    expect([...seen.reasons]).toEqual(
      expect.arrayContaining(['condition_error', 'no_effect', 'beaten_by', 'excluded_by']),
    )
  })
})
