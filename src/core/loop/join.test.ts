import { describe, expect, it, test } from 'vitest'
import { type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { formatInstant } from '../kernel/time.ts'
import { balanceOf } from '../ledger/book.ts'
import { earn } from '../ledger/lots.ts'
import { join, leave, membershipOf } from './join.ts'
import { ledgerOf } from './world.ts'

const [ana, card] = ['email:ana@example.com', 'loyaltyCard:4711']
const day = 86_400
const welcome = {
  trigger: { on: 'event', event: 'Programme Joined' },
  when: "event.properties.source == 'till'",
  benefit: { kind: 'points', programme: 'club', fixed: 100 },
}
const clubOf = (terms: object = {}) =>
  smallWorld({ programmes: { club: terms }, offers: { welcome }, people: [[ana, card]] })
const programmeOf = (shop: SmallWorld) => shop.world().catalogue.programmes.get('club')!
const joinAs = (shop: SmallWorld, ref = ana, how: object = {}) =>
  join(shop.nextBatch(), shop.holder(ref), programmeOf(shop), { source: 'till', ...how })
const leaveAs = (shop: SmallWorld, ref = ana) => leave(shop.nextBatch(), shop.holder(ref), programmeOf(shop), 'clerk')
const told = (shop: SmallWorld) => shop.world().changes.newEvents.map(it => it.name)
const balance = (shop: SmallWorld, kind: 'main' | 'pending' = 'main') =>
  balanceOf(shop.world().book, shop.holder(ana).id, 'points:club', kind)

describe('joining', () => {
  it('is told once, greets, and keeps the terms that she agreed to', () => {
    const shop = clubOf({ join: { terms: '2026-03' } })
    expect(joinAs(shop)).toMatchObject({ source: 'till', terms: '2026-03', leftAt: null })
    expect([told(shop), balance(shop)]).toEqual([['Programme Joined'], 100])
    expect(joinAs(shop, ana, { source: 'web', terms: '2026-04' })).toMatchObject({ source: 'till', terms: '2026-04' })
    expect([told(shop), balance(shop)]).toEqual([[], 100])
  })

  it('by another of her identifiers changes nothing: she is in it', () => {
    const shop = clubOf()
    const first = joinAs(shop)
    expect(joinAs(shop, card)).toBe(first)
    expect(told(shop)).toEqual([])
  })

  it('again after she left is another event, so that it does not greet again', () => {
    const shop = clubOf()
    joinAs(shop)
    expect(leaveAs(shop)).toMatchObject({ leftAt: shop.world().now })
    expect(told(shop)).toEqual(['Programme Left'])
    leaveAs(shop)
    expect(told(shop)).toEqual([])
    joinAs(shop, card)
    expect(told(shop)).toEqual(['Programme Rejoined'])
    expect(balance(shop)).toBe(100)
    expect(membershipOf(shop.world(), shop.holder(ana), 'club')).toMatchObject({ holderId: shop.holder(card).id })
  })
})

describe('the points of whoever leaves', () => {
  test.each<[string, object, (number | string)[]]>([
    ['stay until they end', {}, [100, 100]],
    ['end at once', { leaving: { points: 'forfeit' } }, [0, 0]],
    ['end after the days of notice', { leaving: { points: 'forfeit', days: 30 } }, [100, 0]],
  ])('%s, as the programme says', (_name, terms, [atOnce, later]: (number | string)[]) => {
    const shop = clubOf(terms)
    joinAs(shop)
    leaveAs(shop)
    expect(balance(shop)).toBe(atOnce)
    shop.later(29 * day)
    shop.nextBatch()
    expect(balance(shop)).toBe(atOnce)
    shop.later(2 * day)
    shop.nextBatch()
    expect(balance(shop)).toBe(later)
  })

  it('take the pending ones with them, unless those can be used before', () => {
    const shop = clubOf({ leaving: { points: 'forfeit', days: 30 } })
    joinAs(shop)
    const { now } = shop.nextBatch()
    const pend = (days: number) =>
      earn(ledgerOf(shop.world()), {
        ownerId: shop.holder(ana).id,
        asset: 'points:club',
        amount: days,
        from: 'earned',
        kind: 'earn',
        terms: { earnedAt: now, activeAt: now + days * day * 1000, awaits: null, expiresAt: null },
      })
    pend(10)
    pend(50)
    leaveAs(shop)
    expect([balance(shop), balance(shop, 'pending')]).toEqual([100, 60])
    shop.later(11 * day)
    shop.nextBatch()
    expect([balance(shop), balance(shop, 'pending')]).toEqual([110, 50])
    shop.later(20 * day)
    shop.nextBatch()
    expect([balance(shop), balance(shop, 'pending')]).toEqual([0, 0])
    // What would have become active too late never does.
    const kinds = [...shop.world().book.transactions.values()].map(it => it.kind)
    expect(kinds.filter(kind => kind === 'activate')).toHaveLength(1)
    const ended = [...shop.world().book.transactions.values()].filter(it => it.kind === 'expire')
    expect(ended.map(it => formatInstant(it.effectiveAt))).toEqual(['2026-04-01T22:00:00.000Z'])
  })
})
