import { describe, expect, it } from 'vitest'
import { smallWorld } from '../../../test/small-world.ts'
import { formatInstant } from '../kernel/time.ts'

const coupon = { trigger: { on: 'grant' }, benefit: { kind: 'percentOff', percent: 10 }, validity: { grantDays: 30 } }
const thanks = { trigger: { on: 'event', event: 'Product Reviewed' }, benefit: { kind: 'giveOffer', offer: 'coupon' } }
const shopWith = (offer: object = {}, setting: object = {}) =>
  smallWorld({ ...setting, offers: { coupon, thanks: { ...thanks, ...offer } } })
type Shop = ReturnType<typeof shopWith>

const review = (shop: Shop, messageId: string, more: object = {}, by = 'u1') =>
  shop.send('track', { messageId, userId: by, event: 'Product Reviewed', properties: { rating: 5 }, ...more })
const grants = (shop: Shop) => [...shop.world().grants.values()]
const decisions = (shop: Shop) =>
  shop.world().changes.newDecisions.map(it => ({ ...it, answer: JSON.parse(it.answer) }))
/** The one decision of the last batch: what applied, or the reason why not. */
const outcome = (shop: Shop): string => {
  const [{ answer } = { answer: undefined }, ...others] = decisions(shop)
  expect(others).toEqual([])
  return answer.applied.length > 0 ? 'given' : answer.withheld ? 'withheld' : answer.refused[0].reason.code
}

describe('a review for which a coupon is promised', () => {
  it('gives the coupon to whoever wrote it, and the decision says of which version and how it came', () => {
    const shop = shopWith({ worth: { amount: 300, currency: 'EUR' } })
    review(shop, 'm1')
    const holderId = shop.holder('userId:u1').id
    expect(grants(shop)).toMatchObject([{ offerId: shop.offerId('coupon'), holderId, state: 'issued', code: null }])
    // Thirty local days from now, and the end of the last.
    expect(formatInstant(grants(shop)[0]!.expiresAt!)).toBe('2026-04-01T22:00:00.000Z')
    const use = shop.uses()[0]!
    expect(shop.uses()).toEqual([use])
    expect(use).toMatchObject({ orderId: 'event/m1', state: 'redeemed', amount: 0, holderId, channel: 'web' })
    expect(decisions(shop)).toMatchObject([
      {
        kind: 'event',
        cause: 'm1',
        holderId,
        shown: false,
        answer: {
          event: 'Product Reviewed',
          applied: [
            {
              offer: shop.offerId('thanks'),
              version: 1,
              redemption: use.id,
              gives: [{ what: 'offer', quantity: 1, grants: [grants(shop)[0]!.id] }],
              worth: { amount: 300, currency: 'EUR' },
            },
          ],
          refused: [],
        },
      },
    ])
  })

  it('gives nothing where nobody is promised anything for it, and no decision is made', () => {
    const shop = shopWith()
    shop.send('track', { userId: 'u1', event: 'Product Viewed' })
    expect([shop.uses(), decisions(shop), grants(shop)]).toEqual([[], [], []])
  })

  it('gives nothing when it comes again, even after the event itself is forgotten', () => {
    const shop = shopWith()
    review(shop, 'm1')
    expect(review(shop, 'm1')).toEqual({ stored: 0, duplicates: 1 })
    shop.world().messages.delete('m1')
    expect(review(shop, 'm1')).toEqual({ stored: 1, duplicates: 0 })
    expect(grants(shop)).toHaveLength(1)
    expect(decisions(shop)).toEqual([])
  })

  it('gives nothing where a browser says so: anybody could write any number of them', () => {
    const shop = shopWith()
    shop.send('track', { userId: 'u1', event: 'Product Reviewed' }, { verified: false })
    expect([grants(shop), decisions(shop)]).toEqual([[], []])
  })

  it('gives an entitlement that waits to be handed over', () => {
    const shop = shopWith({ benefit: { kind: 'entitlement', entitlement: 'upgrade', title: 'Suite', days: 7 } })
    review(shop, 'm1')
    const given = { offerId: shop.offerId('thanks'), title: 'Suite', fulfilment: 'pending', state: 'issued' }
    expect(grants(shop)).toMatchObject([given])
  })

  it.each([
    ['that holds', 'event.properties.rating >= 4', 'given'],
    ['that does not', 'event.properties.rating >= 6', 'condition_false'],
    ['that asks what the event does not say', 'event.properties.stars >= 4', 'condition_error'],
    ['about the person as she is now', "'userId' in person.identifiers && person.known", 'given'],
    ['about where it comes from', "channel == 'web' && location == ''", 'given'],
    ['about the event itself', "event.id == 'm1' && event.name == 'Product Reviewed'", 'given'],
    ['about the clock in the zone of the offer', "local.date == '2026-03-02' && local.hour == 11", 'given'],
  ])('is asked a condition %s', (_name, when, became) => {
    const shop = shopWith({ when })
    review(shop, 'm1')
    expect(outcome(shop)).toBe(became)
  })

  it.each([
    ['is paused', { state: 'paused' }, 'offer_paused'],
    ['begins tomorrow', { validity: { from: '2026-03-03T00:00:00Z' } }, 'offer_not_started'],
    ['is for the store', { channels: { redeem: ['store'] } }, 'channel_not_allowed'],
    ['is for members', { campaign: 'club' }, 'not_in_audience'],
  ])('gives nothing while the offer %s, and the reason is kept', (_name, offer, reason) => {
    const shop = shopWith(offer, { campaigns: { club: { audience: 'members' } } })
    review(shop, 'm1')
    expect(outcome(shop)).toBe(reason)
    expect(grants(shop)).toEqual([])
  })

  it('uses nothing up where the coupon is no longer there to give', () => {
    const shop = smallWorld({ offers: { coupon: { ...coupon, state: 'ended' }, thanks } })
    review(shop, 'm1')
    expect(outcome(shop)).toBe('no_effect')
    expect(shop.uses()).toEqual([])
  })

  it('counts at the time it happened: an offer of yesterday gives for a review of yesterday', () => {
    const shop = shopWith({ validity: { to: '2026-03-02T00:00:00Z' } })
    review(shop, 'm1', { timestamp: '2026-03-01T20:00:00Z' })
    expect(outcome(shop)).toBe('given')
    review(shop, 'm2')
    expect(outcome(shop)).toBe('offer_expired')
  })
})

describe('pacing', () => {
  it('of one a day and person gives the first review of each local day', () => {
    const shop = shopWith({ limits: { per: { uses: 1, period: 'day', by: 'person' } } })
    const given: string[] = []
    for (const hours of [0, 1, 12, 24]) {
      review(shop, `m${hours}`)
      given.push(outcome(shop))
      shop.later(hours === 0 ? 3600 : hours === 1 ? 11 * 3600 : 12 * 3600)
    }
    // 11:00 and 12:00 in Rome, 23:00 the same evening, 11:00 the next day.
    expect(given).toEqual(['given', 'limit_reached', 'limit_reached', 'given'])
    review(shop, 'other', {}, 'u2')
    expect(outcome(shop)).toBe('given')
  })

  it('holds for all the identifiers of one person', () => {
    const shop = shopWith({ limits: { perPerson: 1 } }, { people: [['userId:u1', 'anonymousId:a1']] })
    review(shop, 'm1')
    review(shop, 'm2', { userId: null, anonymousId: 'a1' })
    expect(outcome(shop)).toBe('limit_reached')
    expect(grants(shop)).toHaveLength(1)
  })

  it('of five in all stops at five, whoever comes', () => {
    const shop = shopWith({ limits: { uses: 5 } })
    for (let index = 0; index < 8; index += 1) review(shop, `m${index}`, {}, `u${index}`)
    expect(grants(shop)).toHaveLength(5)
    expect(shop.counter('thanks')).toMatchObject({ used: 5 })
  })
})

describe('who is held out', () => {
  it('gets nothing for a review, and what she would have got is kept with her arm', () => {
    const shop = shopWith({ campaign: 'spring' }, { campaigns: { spring: { holdout: 50 } } })
    const became = new Map<string, string>()
    for (let index = 0; index < 20; index += 1) {
      review(shop, `m${index}`, {}, `u${index}`)
      became.set(`u${index}`, outcome(shop))
      const arm = became.get(`u${index}`) === 'withheld' ? 'holdout' : 'treatment'
      const holderId = shop.holder(`userId:u${index}`).id
      expect(shop.world().changes.newExposures).toMatchObject([{ holderId, arm }])
      expect(shop.uses().at(-1)).toMatchObject({ holderId, arm, given: [{ what: 'offer' }] })
    }
    const out = [...became.values()].filter(it => it === 'withheld').length
    expect(out).toBeGreaterThan(3)
    expect(out).toBeLessThan(17)
    expect(grants(shop)).toHaveLength(20 - out)
  })
})

describe('a surprise of one in two', () => {
  const surprise = { chance: { wins: 1, outOf: 2 } }

  it('is drawn at the event, once a person: her next reviews are the same draw', () => {
    const shop = shopWith(surprise)
    const first: string[] = []
    for (let index = 0; index < 20; index += 1) {
      review(shop, `first-${index}`, {}, `u${index}`)
      first.push(outcome(shop))
      review(shop, `second-${index}`, {}, `u${index}`)
      expect(outcome(shop)).toBe(first.at(-1) === 'given' ? 'limit_reached' : 'draw_lost')
    }
    expect(new Set(first)).toEqual(new Set(['given', 'draw_lost']))
    expect(shop.world().draws.size).toBe(20)
  })

  it('is not drawn again for who turns out to be somebody that was known longer', () => {
    const shop = shopWith(surprise)
    const names = Array.from({ length: 20 }, (_, index) => `u${index}`)
    for (const name of names) shop.send('identify', { userId: `old-${name}` })
    shop.later(60)
    const unnamed = (name: string) => ({ userId: null, anonymousId: name })
    const lost = names.filter(name => {
      review(shop, `first-${name}`, unnamed(name))
      return outcome(shop) === 'draw_lost'
    })
    expect(lost.length).toBeGreaterThan(3)
    for (const name of lost) {
      shop.send('alias', { previousId: name, userId: `old-${name}` })
      expect(shop.holder(`anonymousId:${name}`).personId).toBe(shop.holder(`userId:old-${name}`).personId)
      review(shop, `second-${name}`, unnamed(name))
      expect(outcome(shop)).toBe('draw_lost')
    }
    expect(shop.world().draws.size).toBe(20)
  })

  it('with three to win is won by three at most, however many come and ask again under new ids', () => {
    const shop = shopWith({ ...surprise, limits: { uses: 3 } })
    for (let round = 0; round < 3; round += 1)
      for (let index = 0; index < 20; index += 1) review(shop, `m-${round}-${index}`, {}, `u${index}`)
    const won = [...shop.world().draws.values()].filter(draw => draw.draw < draw.wins)
    // Everybody's one draw is kept, also of those who won when nothing was left.
    expect(shop.world().draws.size).toBe(20)
    expect(won.length).toBeGreaterThan(3)
    expect(grants(shop)).toHaveLength(3)
  })

  it('at orders is no other: new order ids do not roll again, and three win at most', () => {
    const offers = { gift: { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 50 }, ...surprise } }
    const shop = smallWorld({ offers: { gift: { ...offers.gift, limits: { uses: 3 } } } })
    const lines = [{ id: '1', sku: 'A', quantity: 1, unitPrice: 1000 }]
    for (let round = 0; round < 3; round += 1)
      for (let index = 0; index < 20; index += 1)
        shop.put(`order-${round}-${index}`, { state: 'placed', person: `userId:u${index}`, lines })
    expect(shop.uses()).toHaveLength(3)
    expect(new Set(shop.uses().map(use => use.holderId)).size).toBe(3)
    expect(shop.world().draws.size).toBe(20)
  })
})

describe('an order that an event tells of', () => {
  const welcome = { ...thanks, trigger: { on: 'event', event: 'Order Completed' }, when: 'person.orders.count == 0' }
  const bought = (shop: Shop, id: string) =>
    shop.send('track', { userId: 'u1', event: 'Order Completed', properties: { order_id: id, total: 10 } })

  it('is not counted among those before it', () => {
    const shop = smallWorld({ offers: { coupon, welcome } })
    bought(shop, 'A')
    expect(outcome(shop)).toBe('given')
    bought(shop, 'B')
    expect(outcome(shop)).toBe('condition_false')
  })

  it('nor where the PUT came before the event', () => {
    const shop = smallWorld({ offers: { coupon, welcome } })
    shop.put('A', { state: 'placed', person: 'userId:u1', lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 10 }] })
    bought(shop, 'A')
    expect(outcome(shop)).toBe('given')
  })
})
