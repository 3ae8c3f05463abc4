import { expect, it, test } from 'vitest'
import { compileCondition } from './condition.ts'
import { allReads, type Reads, readsNothing, readsOf } from './reads.ts'

const reads = (source: string): Reads => {
  const compiled = compileCondition(source, 'segment')
  if (!compiled.ok) throw new Error(compiled.refusal.message)
  return readsOf(compiled.value)
}
const clock = (more: Partial<Reads['clock']>) => ({ clock: { ...readsNothing.clock, ...more } })

test.each<[string, Partial<Reads>]>([
  ['true', {}],
  ['person.known', {}],
  ["'email' in person.identifiers", { identifiers: true }],
  ["has(person.traits.plan) && person.birthday == ''", { traits: true }],
  ['person.orders.count > 1', { orders: true }],
  ["inSegment('vip') || !inSegment('new')", { segments: ['vip', 'new'] }],
  ["'vip' in person.segments", { segments: ['*'] }],
  ["person.computed.level > 3 && person.computed['rank'] == 1", { computed: ['level', 'rank'] }],
  ['has(person.computed.level)', { computed: ['level'] }],
  ['person.computed.size() > 3', { computed: ['*'] }],
  ['person.preferredHour == 9', { orders: true, history: true }],
  ['person.returns > 0 && person.offers.used > 0', { returns: true, offers: true, history: true }],
  ['person.offers.ignored > 0', { offers: true, history: true, ...clock({ ending: true }) }],
  ["orders(30) > 1 && ordersIn('web', 7) > 0", { orders: true, history: true, ...clock({ windows: [30, 7] }) }],
  ['spend() > 100 && returns(90) == 0', { orders: true, returns: true, history: true, ...clock({ windows: [90] }) }],
  ["events('Viewed', 7) > 1", { events: ['Viewed'], history: true, ...clock({ windows: [7] }) }],
  ['offersIgnored(30) > 1', { offers: true, history: true, ...clock({ windows: [30], ending: true }) }],
  ['daysSince(person.orders.lastAt) > 60', { orders: true, ...clock({ since: [{ of: 'lastAt', days: 61 }] }) }],
  ['60 >= daysSince(person.orders.lastAt)', { orders: true, ...clock({ since: [{ of: 'lastAt', days: 61 }] }) }],
  ['daysSince(person.orders.firstAt) < 7', { orders: true, ...clock({ since: [{ of: 'firstAt', days: 7 }] }) }],
  [
    'daysSince(person.orders.firstAt) == 7',
    {
      orders: true,
      ...clock({
        since: [
          { of: 'firstAt', days: 7 },
          { of: 'firstAt', days: 8 },
        ],
      }),
    },
  ],
  ['daysSince(person.orders.firstAt) > person.orders.count', { orders: true, ...clock({ daily: true }) }],
  ["daysSince('2026-03-01') > 3", clock({ daily: true })],
  ['birthdayWithin(1, 1)', { traits: true, ...clock({ daily: true }) }],
  ["local.date > '2026-03-01'", clock({ daily: true })],
  ['local.hour > 9', clock({ hourly: true })],
])('%s', (source, expected) => {
  expect(reads(source)).toEqual({ ...readsNothing, ...expected })
})

it('of the person as a whole is everything', () => {
  const { clock: whole, ...rest } = reads('[person].size() == 1 && [local].size() == 1')
  expect(rest).toEqual({
    ...Object.fromEntries(
      ['orders', 'returns', 'offers', 'traits', 'identifiers', 'consents', 'points', 'tiers', 'history'].map(it => [
        it,
        true,
      ]),
    ),
    segments: ['*'],
    events: [],
    computed: ['*'],
  })
  expect(whole).toMatchObject({ daily: true, hourly: true, ending: true })
})

it('of several is what any of them reads', () => {
  expect(allReads([reads('orders(7) > 1'), reads("events('A') > 1 && orders(7) > 0")])).toEqual({
    ...readsNothing,
    orders: true,
    history: true,
    events: ['A'],
    ...clock({ windows: [7] }),
  })
})

test.each([
  ['orders(0) == 1', 'from 1 to 365'],
  ['orders(366) == 1', 'from 1 to 365'],
  ['orders(person.orders.count) == 1', 'from 1 to 365'],
  ["ordersIn('web', 400) == 1", "`ordersIn('…', 30)`"],
  ['ordersIn(person.id) == 1', 'Write the channel out'],
  ['ordersOf() == 1', 'Write the category out'],
  ['events(7) == 1', 'Write the event out'],
  ["orders('web') == 1", 'from 1 to 365'],
  ['orders(7, 8) == 1', 'types do not fit'],
  ['ordres(7) == 1', 'did you mean `orders`'],
])('%s is refused: %s', (source, words) => {
  const compiled = compileCondition(source, 'segment')
  expect(compiled.ok ? '' : compiled.refusal.message).toContain(words)
})
