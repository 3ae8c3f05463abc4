import { describe, expect, it, test } from 'vitest'
import type { Combination } from '../workspaces/schema.ts'
import { bestForCustomer, boundedSteps, byPriority, type Conflicts, type Player, tryBeside } from './combine.ts'
import type { Prices } from './prices.ts'

// Offers here are functions of the total: what each takes off, or undefined where it does nothing.
type Offer = Partial<Player> & { readonly takes: (total: number) => number | undefined }

const start: Prices = { lines: [2000], runs: [undefined], shipping: 0, total: 2000 }

const playersOf = (offers: Readonly<Record<string, Offer>>): Player[] =>
  Object.entries(offers).map(([offerId, { takes, ...fields }], index) => ({
    index,
    offerId,
    group: undefined,
    priority: 0,
    tie: index,
    isGift: false,
    worth: 0,
    most: fields.isGift ? 0 : start.total,
    isFree: false,
    isOfTotal: false,
    steps: 1,
    try: ({ total, shipping, runs }) => {
      const off = takes(total)
      if (off === undefined) return { failed: 'no_effect', details: {} }
      const prices = { lines: [total - off], runs, shipping, total: total - off }
      return { prices, amount: off, shipping: 0, gives: [], offLines: [] }
    },
    ...fields,
  }))

const amount = (off: number): Offer => ({ takes: total => (total === 0 ? undefined : Math.min(off, total)) })
const percent = (part: number): Offer => ({ takes: total => Math.round((total * part) / 100) || undefined })
const gift = (worth: number): Offer => ({ takes: () => 0, isGift: true, worth })

const none: Conflicts = () => false
const between =
  (...pairs: string[]): Conflicts =>
  (a, b) =>
    pairs.includes(`${a.offerId} ${b.offerId}`) || pairs.includes(`${b.offerId} ${a.offerId}`)
const rules = (limits: Partial<Combination> = {}): Combination => ({
  policy: 'bestForCustomer',
  perGroup: {},
  ...limits,
})

const best = (offers: Readonly<Record<string, Offer>>, conflicts = none, limits: Partial<Combination> = {}) => {
  const { turns, value, bound, isExact } = bestForCustomer(playersOf(offers), start, conflicts, rules(limits))
  return { applied: turns.map(it => it.player.offerId).join(' '), value, isBound: bound === value && isExact }
}
const ranked = (offers: Readonly<Record<string, Offer>>, conflicts = none, limits: Partial<Combination> = {}) => {
  const { turns, value } = byPriority(playersOf(offers), start, conflicts, rules({ policy: 'priority', ...limits }))
  return { applied: turns.map(it => it.player.offerId).join(' '), value }
}

describe('the best for the customer', () => {
  const tied = { tie: 0 }
  test.each<[string, ReturnType<typeof best>, string, number]>([
    ['nothing there is', best({}), '', 0],
    ['all that do not mind each other', best({ a: amount(100), b: percent(10) }), 'a b', 290],
    ['of a tie the better order', best({ a: { ...amount(100), ...tied }, b: { ...percent(10), ...tied } }), 'b a', 300],
    [
      'of a tie the better order, with what comes after',
      best({ a: { ...amount(100), ...tied }, b: { ...percent(10), ...tied }, c: percent(50) }),
      'b a c',
      1150,
    ],
    ['one of two that exclude each other', best({ a: amount(100), b: amount(150) }, between('a b')), 'b', 150],
    ['the older of two that save the same', best({ a: amount(100), b: amount(100) }, between('a b')), 'a', 100],
    [
      'two that exclude a third, which alone saves more than either',
      best({ a: amount(100), b: amount(150), c: amount(120) }, between('b a', 'b c')),
      'a c',
      220,
    ],
    ['so many an order', best({ a: amount(1), b: amount(3), c: amount(2) }, none, { perOrder: 2 }), 'b c', 5],
    [
      'so many of a group',
      best({ a: { ...amount(1), group: 'g' }, b: { ...amount(3), group: 'g' }, c: amount(2) }, none, {
        perGroup: { g: 1 },
      }),
      'b c',
      5,
    ],
    ['a gift that counts for nothing, too', best({ a: amount(100), b: gift(0) }), 'a b', 100],
    ['money or a gift, by its worth', best({ a: amount(100), b: gift(101) }, between('a b')), 'b', 101],
    [
      'rather two gifts for nothing than one',
      best({ a: gift(0), b: gift(0), c: gift(0) }, between('a b', 'a c')),
      'b c',
      0,
    ],
    [
      'not what keeps a better one from applying',
      best({ a: amount(100), b: { takes: total => (total >= 2000 ? 500 : undefined) } }),
      'b',
      500,
    ],
    [
      // 105.00: with 10 % first only that applies.
      '20 % from 20.00 on before 10 %',
      best({ a: { ...percent(10), ...tied }, b: { takes: total => (total >= 2000 ? 400 : undefined), ...tied } }),
      'b a',
      560,
    ],
  ])('is %s', (_, found, applied, value) => {
    expect(found).toEqual({ applied, value, isBound: true })
  })

  it('is searched for within a budget, and the bound tells what may have been missed', () => {
    let tries = 0
    const many = Object.fromEntries(
      Array.from({ length: 24 }, (_, index): [string, Offer] => [
        `o${index}`,
        {
          // Nothing goes together: what was taken before decides, so that no bound is tight.
          takes: total => {
            tries += 1
            return (total * 7919 + index * 104_729) % 97 || undefined
          },
          most: 97,
        },
      ]),
    )
    const found = bestForCustomer(playersOf(many), start, none, rules())
    expect(found.isExact).toBe(false)
    expect(found.bound).toBeGreaterThan(found.value)
    expect(found.bound).toBeLessThanOrEqual(24 * 97)
    expect(tries).toBeLessThan(boundedSteps)
    const again = bestForCustomer(playersOf(many), start, none, rules())
    expect(again.turns.map(it => it.player.index)).toEqual(found.turns.map(it => it.player.index))
  })

  it('does not try without what all the rest can only gain from', () => {
    let tries = 0
    const counted = (isFree: boolean) => {
      tries = 0
      const offers = Array.from({ length: 10 }, (_, index): [string, Offer] => [
        `o${index}`,
        {
          isFree,
          takes: () => {
            tries += 1
            return 1
          },
        },
      ])
      expect(best(Object.fromEntries(offers)).value).toBe(10)
      return tries
    }
    expect(counted(true)).toBe(10)
    expect(counted(false)).toBeGreaterThan(10)
  })

  it('does not look again at what the same offers led to in another order', () => {
    let tries = 0
    const offers = Array.from({ length: 5 }, (_, index): [string, Offer] => [
      `o${index}`,
      {
        tie: 0,
        // A most that is too high to cut anything.
        takes: () => {
          tries += 1
          return 10 + index
        },
      },
    ])
    expect(best(Object.fromEntries(offers)).value).toBe(60)
    // Each of the 32 sets once, with what is not in it: 5 × 16 tries instead of the 325 of all orders.
    expect(tries).toBe(80)
  })
})

describe('by priority', () => {
  const high = (offer: Offer): Offer => ({ ...offer, priority: 5 })
  test.each<[string, ReturnType<typeof ranked>, string, number]>([
    ['nothing there is', ranked({}), '', 0],
    ['the higher one, though it saves less', ranked({ a: amount(500), b: high(amount(1)) }, between('a b')), 'b', 1],
    ['the older of equals', ranked({ a: amount(1), b: amount(500) }, between('a b')), 'a', 1],
    ['in the order in which they apply', ranked({ a: amount(100), b: high(percent(10)) }), 'a b', 290],
    [
      'the next where the higher one does nothing',
      ranked({ a: amount(5), b: high({ takes: () => undefined }) }, between('a b')),
      'a',
      5,
    ],
    [
      'no lower one that spoils a higher one',
      ranked({ a: amount(100), b: high({ takes: total => (total >= 2000 ? 50 : undefined) }) }),
      'b',
      50,
    ],
    ['so many an order', ranked({ a: amount(500), b: high(amount(1)) }, none, { perOrder: 1 }), 'b', 1],
    [
      'so many of a group',
      ranked({ a: { ...amount(500), group: 'g' }, b: high({ ...amount(1), group: 'g' }) }, none, {
        perGroup: { g: 1 },
      }),
      'b',
      1,
    ],
  ])('there is %s', (_, found, applied, value) => {
    expect(found).toEqual({ applied, value })
  })
})

it('a loser is tried beside the winners at its place among them', () => {
  const [first, loser, last] = playersOf({ a: amount(100), b: percent(10), c: amount(7) })
  const { turns } = bestForCustomer([first!, { ...last!, index: 1 }], start, none, rules())
  const placed = turns.map((turn, index) => ({ ...turn, player: { ...turn.player, index: index * 2 } }))
  expect(tryBeside(loser!, start, placed)).toMatchObject({ amount: 190 })
})
