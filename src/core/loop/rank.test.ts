import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smallWorld, start } from '../../../test/small-world.ts'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { pointsOf, qualifyingOf } from '../ledger/account.ts'
import { earn } from '../ledger/lots.ts'
import { qualifyingTermsOf } from '../loyalty/lot-terms.ts'
import { type Programme, programmeInput } from '../loyalty/schema.ts'
import { savedSince } from '../rules/history.ts'
import { addLink, split } from './link.ts'
import { newMember } from './members.ts'
import { tierOf } from './standing.ts'
import { addProgrammeMember, changeProgrammeMember, ledgerOf } from './world.ts'

const day = 86_400
const levels = [
  { id: 'bronze', name: 'Bronze', threshold: 0 },
  { id: 'silver', name: 'Silver', threshold: 5_000 },
  { id: 'gold', name: 'Gold', threshold: 20_000 },
]
const bySpend = { by: 'spend', period: { calendar: 'month' }, levels }
const byPoints = { ...bySpend, by: 'points' }

const club = (tiers: object = bySpend, setting: Parameters<typeof smallWorld>[0] = {}) => {
  const shop = smallWorld({ programmes: { club: { tiers } }, ...setting })
  const join = (ref: string): void => {
    const named = { holderId: shop.holder(ref).id, programmeId: 'club' }
    addProgrammeMember(shop.world(), newMember({ ...named, joinedAt: shop.world().now, source: 'web', terms: null }))
    shop.settleNow()
  }
  let orders = 0
  const buy = (ref: string, amount: number, more: object = {}) => {
    orders += 1
    return shop.put(`o-${orders}`, {
      person: ref,
      currency: 'EUR',
      state: 'placed',
      lines: [{ id: '1', sku: 'CHAIR', quantity: 1, unitPrice: amount }],
      ...more,
    })
  }
  /** Qualifying points that end with the month, as the earning of an order would book them. */
  const qualify = (
    ref: string,
    amount: number,
    terms: { expiresAt: string; activeAt?: string },
    asset = qualifyingOf('club'),
  ): void => {
    shop.nextBatch()
    const world = shop.world()
    earn(ledgerOf(world), {
      ownerId: shop.holder(ref).id,
      asset,
      amount,
      from: 'earned',
      kind: 'earn',
      terms: {
        earnedAt: world.now,
        activeAt: terms.activeAt === undefined ? null : parseInstant(terms.activeAt)!,
        awaits: null,
        expiresAt: parseInstant(terms.expiresAt)!,
      },
    })
    shop.settleNow()
  }
  const tier = (ref: string): string | null => {
    const world = shop.world()
    const holders = world.persons.get(shop.holder(ref).personId)!
    return tierOf(world, holders, world.catalogue.programmes.get('club')!)
  }
  const row = (ref: string) => shop.world().programmeMembers.get(shop.holder(ref).id)!.get('club')!
  /** The clock looks by at a time. */
  const at = (time: string): void => {
    shop.later((parseInstant(time)! - shop.world().now) / 1000)
    shop.nextBatch()
    shop.settleNow()
  }
  const told = (name: string) => shop.world().changes.newEvents.flatMap(it => (it.name === name ? [it.properties] : []))
  return { ...shop, join, buy, qualify, tier, row, at, told }
}

const ana = 'email:ana@example.com'
const ben = 'email:ben@example.com'

describe('after an edit', () => {
  const change = (shop: ReturnType<typeof club>, tiers: object): void => {
    const programmes = shop.world().catalogue.programmes as Map<string, Programme>
    const before = programmes.get('club')!
    programmes.set('club', { ...before, terms: programmeInput.parse({ ...before.terms, tiers }) })
  }
  const off = (id: string, percent: number) => ({
    [id]: {
      trigger: { on: 'basket' as const },
      when: `person.tier == '${id}'`,
      benefit: { kind: 'percentOff' as const, percent },
    },
  })

  it('whoever had a tier that is no more is decided for with the one below at once', () => {
    const shop = club(bySpend, { offers: { ...off('silver', 10), ...off('bronze', 5) } })
    shop.join(ana)
    shop.buy(ana, 6_000)
    expect(shop.buy(ana, 1_000).answer?.totals.discount).toBe(100)
    change(shop, { ...bySpend, levels: levels.filter(it => it.id !== 'silver') })
    expect(shop.buy(ana, 1_000).answer?.totals.discount).toBe(50)
  })

  it('whoever has enough for a new tier is decided for with it at once', () => {
    const shop = club(bySpend, { offers: off('copper', 20) })
    shop.join(ana)
    shop.buy(ana, 3_000)
    change(shop, { ...bySpend, levels: [...levels.slice(0, 1), { id: 'copper', name: 'Copper', threshold: 2_000 }] })
    expect(shop.buy(ana, 1_000).answer?.totals.discount).toBe(200)
  })
})

describe('up at once', () => {
  it('the order that is enough is told of in its own commit, and the next one is decided with the tier', () => {
    const shop = club(bySpend, {
      offers: {
        vip: {
          trigger: { on: 'basket' },
          when: "person.tier == 'silver'",
          benefit: { kind: 'percentOff', percent: 10 },
        },
      },
    })
    shop.join(ana)
    expect(shop.tier(ana)).toBe('bronze')
    const first = shop.buy(ana, 5_000)
    expect(first.answer?.totals.discount).toBe(0)
    expect(shop.tier(ana)).toBe('silver')
    expect(shop.told('Tier Changed')).toEqual([
      { programme: 'club', from: 'bronze', to: 'silver', name: 'Silver', direction: 'up' },
    ])
    expect(shop.buy(ana, 1_000).answer?.totals.discount).toBe(100)
  })

  it('an offer that waits for a tier greets her', () => {
    const shop = club(bySpend, {
      offers: {
        welcome: {
          trigger: { on: 'event', event: 'Tier Changed' },
          when: "event.properties.to == 'gold'",
          benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A coffee' },
        },
      },
    })
    shop.join(ana)
    shop.buy(ana, 6_000)
    expect(shop.uses()).toHaveLength(0)
    shop.buy(ana, 14_000)
    expect(shop.uses().map(it => it.state)).toEqual(['redeemed'])
  })

  it('a segment that asks for the tier has her in the same commit', () => {
    const shop = club(bySpend, { segments: { best: "person.tiers.club == 'gold'", some: 'person.points.club > 0' } })
    shop.join(ana)
    shop.buy(ana, 20_000)
    expect([...shop.world().changes.newMemberships.values()].map(it => it.segmentId)).toEqual(['best'])
  })

  it('a segment that asks for points has whoever earns some, and loses whoever spends them or lets them end', () => {
    const shop = club(bySpend, { segments: { rich: 'person.points.club > 0' } })
    shop.join(ana)
    const isRich = () => (shop.world().memberships.get(shop.holder(ana).id)?.size ?? 0) > 0
    shop.qualify(ana, 10, { expiresAt: '2026-03-31T22:00:00.000Z' }, pointsOf('club'))
    const before = isRich()
    shop.at('2026-03-31T22:00:00.000Z')
    expect([before, isRich()]).toEqual([true, false])
  })

  it('whoever leaves has no tier, and whoever comes back has the one that what she did is enough for', () => {
    const shop = club(bySpend, { segments: { best: "person.tier == 'gold'" } })
    shop.join(ana)
    shop.buy(ana, 20_000)
    const isBest = () => (shop.world().memberships.get(shop.holder(ana).id)?.size ?? 0) > 0
    const seen = [shop.tier(ana), isBest()]
    for (const leftAt of [shop.world().now, null]) {
      changeProgrammeMember(shop.nextBatch(), shop.row(ana), { leftAt })
      shop.settleNow()
      seen.push(shop.tier(ana), isBest())
    }
    expect(seen).toEqual(['gold', true, null, false, 'gold', true])
  })

  it('what points paid is what they saved her, less what goods that came back have given back', () => {
    const rate = { points: 100, worth: { amount: 50, currency: 'EUR' } }
    const shop = club(bySpend, { programmes: { club: { rate, tiers: bySpend } } })
    shop.join(ana)
    shop.qualify(ana, 800, { expiresAt: '2026-12-31T23:00:00.000Z' }, pointsOf('club'))
    const saved = () => savedSince([shop.world().holders.get(shop.holder(ana).id)!.statistics])
    const paid = shop.buy(ana, 1_000, { tenders: [{ type: 'points', points: 800 }] })
    expect([paid.refusal, saved()]).toEqual([undefined, { EUR: 400 }])
    shop.giveBack('o-1', { id: 'r-1', lines: [{ id: '1', quantity: 1 }] })
    expect(saved()).toEqual({})
  })

  it('visits count orders, and who is not a member has no tier', () => {
    const shop = club({ ...bySpend, by: 'visits', levels: [{ id: 'regular', name: 'Regular', threshold: 2 }] })
    shop.join(ana)
    for (const ref of [ana, ben, ana, ben]) shop.buy(ref, 100)
    expect([shop.tier(ana), shop.tier(ben)]).toEqual(['regular', null])
  })

  it('what came back does not count towards the next', () => {
    const shop = club()
    shop.join(ana)
    shop.buy(ana, 4_000)
    shop.giveBack('o-1', { id: 'r-1', lines: [{ id: '1', quantity: 1 }] })
    shop.buy(ana, 4_000)
    expect(shop.tier(ana)).toBe('bronze')
    shop.buy(ana, 1_000)
    expect(shop.tier(ana)).toBe('silver')
  })
})

describe('by the clock', () => {
  it('a month that was not enough takes the tier at its end, on the clock of the programme', () => {
    const shop = club({ ...bySpend })
    shop.join(ana)
    shop.buy(ana, 20_000)
    shop.at('2026-04-30T21:59:59.999Z')
    // March was enough; April was not, and ends in Rome.
    expect(shop.tier(ana)).toBe('gold')
    shop.at('2026-04-30T22:00:00.000Z')
    expect(shop.tier(ana)).toBe('bronze')
    expect(shop.told('Tier Changed')).toEqual([
      { programme: 'club', from: 'gold', to: 'bronze', name: 'Bronze', direction: 'down' },
    ])
  })

  it('she has been bronze since the period ended, however late the clock comes by', () => {
    const shop = club({ ...bySpend, down: 'one' })
    shop.join(ana)
    shop.buy(ana, 20_000)
    shop.at('2026-09-15T10:00:00.000Z')
    expect(shop.tier(ana)).toBe('bronze')
    expect(formatInstant(shop.row(ana).tierSince!)).toBe('2026-05-31T22:00:00.000Z')
  })

  it.each(['2026-04-30T22:00:00.000Z', '2026-08-03T10:00:00.000Z'])(
    'points that end with the month still count for it: what is pending counts first, at %s',
    time => {
      const shop = club(byPoints)
      shop.join(ana)
      shop.qualify(ana, 20_000, { expiresAt: '2026-03-31T22:00:00.000Z' })
      expect(shop.tier(ana)).toBe('gold')
      shop.at('2026-04-10T10:00:00.000Z')
      expect(shop.row(ana).tierUntil).toBe(parseInstant('2026-04-30T22:00:00.000Z'))
      shop.qualify(ana, 4_000, { expiresAt: '2026-04-30T22:00:00.000Z' })
      shop.qualify(ana, 1_000, { expiresAt: '2026-04-30T22:00:00.000Z', activeAt: '2026-04-30T21:00:00.000Z' })
      shop.at('2026-04-30T21:59:00.000Z')
      const before = shop.tier(ana)
      shop.at(time)
      // April was enough for silver, and no month after it for anything.
      expect([before, shop.tier(ana)]).toEqual(['gold', time.startsWith('2026-04') ? 'silver' : 'bronze'])
    },
  )

  it('days of grace let her keep it', () => {
    const shop = club({ ...bySpend, graceDays: 10 })
    shop.join(ana)
    shop.buy(ana, 20_000)
    shop.at('2026-05-05T10:00:00.000Z')
    expect([shop.tier(ana), shop.row(ana).fallsTo]).toEqual(['gold', 'bronze'])
    shop.buy(ana, 20_000)
    expect([shop.tier(ana), shop.row(ana).fallsTo]).toEqual(['gold', null])
    shop.at('2026-06-05T10:00:00.000Z')
    expect(shop.tier(ana)).toBe('gold')
  })

  it('the day on which a tier was reached is told of every year', () => {
    const shop = club({ ...bySpend, down: 'none' })
    shop.join(ana)
    shop.buy(ana, 20_000)
    shop.at('2027-03-01T22:00:00.000Z')
    const dayBefore = shop.told('Tier Anniversary')
    shop.at('2027-03-02T00:00:00.000Z')
    expect([dayBefore, shop.told('Tier Anniversary')]).toEqual([[], [{ programme: 'club', tier: 'gold', years: 1 }]])
    shop.at('2027-03-02T10:00:00.000Z')
    expect(shop.told('Tier Anniversary')).toEqual([])
    shop.at('2029-06-01T10:00:00.000Z')
    expect(shop.told('Tier Anniversary')).toEqual([{ programme: 'club', tier: 'gold', years: 3 }])
  })

  it('a period that ends is no anniversary', () => {
    const shop = club()
    shop.join(ana)
    for (const time of ['2026-03-02T10:00:00.000Z', '2026-04-02T10:00:00.000Z']) {
      shop.at(time)
      shop.buy(ana, 20_000)
    }
    shop.at('2026-04-30T22:00:00.000Z')
    expect([shop.tier(ana), shop.told('Tier Anniversary')]).toEqual(['gold', []])
  })

  it('whoever joined by two of her identifiers is congratulated once', () => {
    const shop = club({ ...bySpend, down: 'none' })
    shop.join(ana)
    shop.join(ben)
    shop.buy(ana, 20_000)
    shop.buy(ben, 20_000)
    const [a, b] = [shop.holder(ana).id, shop.holder(ben).id]
    const world = shop.nextBatch()
    addLink(world, { a, b, verified: true, source: 'event', cause: 'msg-1', firstSeenAt: world.now })
    shop.settleNow()
    shop.at('2027-03-05T10:00:00.000Z')
    expect(shop.told('Tier Anniversary')).toHaveLength(1)
  })

  it('again it finds nothing to do', () => {
    const shop = club()
    shop.join(ana)
    shop.buy(ana, 20_000)
    shop.at('2026-04-30T22:00:00.000Z')
    shop.at('2026-04-30T22:00:00.000Z')
    expect([shop.told('Tier Changed'), [...shop.world().changes.programmeMembers]]).toEqual([[], []])
  })
})

it('of two who become one the highest tier counts, and when they part each keeps her own', () => {
  const shop = club({ ...bySpend, down: 'none' })
  shop.join(ana)
  shop.later(day)
  shop.join(ben)
  shop.buy(ben, 20_000)
  shop.buy(ana, 6_000)
  expect([shop.tier(ana), shop.tier(ben)]).toEqual(['silver', 'gold'])
  const [a, b] = [shop.holder(ana).id, shop.holder(ben).id]
  const world = shop.nextBatch()
  addLink(world, { a, b, verified: true, source: 'event', cause: 'msg-1', firstSeenAt: world.now })
  shop.settleNow()
  expect([shop.tier(ana), shop.tier(ben)]).toEqual(['gold', 'gold'])
  split(shop.nextBatch(), [[a], [b]], 'spl_1')
  shop.settleNow()
  expect([shop.tier(ana), shop.tier(ben)]).toEqual(['silver', 'gold'])
  expect(formatInstant(shop.world().now)).toBe(formatInstant(parseInstant(start)! + day * 1000))
})

describe('when the clock looks by', () => {
  const terms = fc.record({
    by: fc.constantFrom('points', 'spend'),
    period: fc.oneof(
      fc.constantFrom({ calendar: 'month' } as const, { calendar: 'quarter' } as const),
      fc.integer({ min: 1, max: 45 }).map(days => ({ rolling: { days } })),
    ),
    down: fc.constantFrom('none', 'one', 'all'),
    graceDays: fc.constantFrom(0, 1, 20, 40),
  })
  /** Days after the start, and what was bought then. */
  const bought = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.constantFrom(1_000, 5_000, 9_000, 20_000)), {
    minLength: 1,
    maxLength: 8,
  })
  const looks = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 })

  it('changes nothing about where anybody stands', () => {
    fc.assert(
      fc.property(terms, bought, looks, (tiers, orders, days) => {
        const standing = (looked: readonly number[]) => {
          const shop = club({ ...bySpend, ...tiers })
          shop.join(ana)
          const time = (after: number) => formatInstant(parseInstant(start)! + after * day * 1000)
          const happens = [
            ...orders.map(([after, amount]) => ({ after, amount })),
            ...looked.map(after => ({ after, amount: 0 })),
          ].sort((a, b) => a.after - b.after || b.amount - a.amount)
          for (const { after, amount } of happens) {
            shop.at(time(after))
            if (amount === 0) continue
            if (tiers.by === 'spend') shop.buy(ana, amount)
            else {
              const { expiresAt } = qualifyingTermsOf({ period: tiers.period }, shop.world().now, 'Europe/Rome')
              shop.qualify(ana, amount, { expiresAt: formatInstant(expiresAt!) })
            }
          }
          shop.at(time(301))
          const { tier, tierSince, tierUntil, fallsTo } = shop.row(ana)
          return { tier, tierSince, tierUntil, fallsTo }
        }
        expect(standing(days)).toEqual(standing([]))
      }),
      { numRuns: 60 },
    )
  })
})
