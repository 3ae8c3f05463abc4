import { describe, expect, it } from 'vitest'
import { shareOf, startCampaign, type UseFact } from './campaign-report.ts'

const ana: UseFact = {
  orderId: 'web-1',
  personId: 'per_ana',
  channel: 'store',
  currency: 'EUR',
  amount: 180,
  revenue: 720,
  state: 'redeemed',
  issued: null,
}
const ben: UseFact = { ...ana, orderId: 'web-2', personId: 'per_ben', channel: 'web', amount: 200, revenue: 1000 }

const nobody = new Set<string>()

describe('a campaign with two offers', () => {
  const campaign = startCampaign({ members: new Set(['per_ana', 'per_ben', 'per_cai', 'per_dan']) })
  const coffee = campaign.startOffer({ issued: 0 })
  coffee.add(ana)
  coffee.add(ben)
  const bread = campaign.startOffer({ issued: 0 })
  bread.add({ ...ana, amount: 50 })

  it('counts an order that used two of its offers once in revenue', () => {
    expect(campaign.figures()).toEqual({
      members: 4,
      issued: 0,
      redemptionRate: 0.5,
      held: 0,
      redeemed: 3,
      returned: 0,
      people: 2,
      orders: 2,
      amounts: [{ currency: 'EUR', discount: 430, revenue: 1720 }],
      channels: [
        {
          channel: 'store',
          held: 0,
          redeemed: 2,
          returned: 0,
          people: 1,
          orders: 1,
          amounts: [{ currency: 'EUR', discount: 230, revenue: 720 }],
        },
        {
          channel: 'web',
          held: 0,
          redeemed: 1,
          returned: 0,
          people: 1,
          orders: 1,
          amounts: [{ currency: 'EUR', discount: 200, revenue: 1000 }],
        },
      ],
    })
  })

  it('counts it for each offer', () => {
    expect(bread.figures()).toMatchObject({
      redeemed: 1,
      redemptionRate: 0.25,
      amounts: [{ currency: 'EUR', discount: 50, revenue: 720 }],
    })
    expect(coffee.figures().amounts).toEqual([{ currency: 'EUR', discount: 380, revenue: 1720 }])
  })
})

describe('an offer', () => {
  it('counts one person with two orders once, and who is unknown in no person', () => {
    const offer = startCampaign({ members: nobody }).startOffer({ issued: 8 })
    for (const use of [ana, { ...ana, orderId: 'web-3' }, { ...ana, orderId: 'web-4', personId: null }]) offer.add(use)
    expect(offer.figures()).toMatchObject({ redeemed: 3, people: 1, orders: 3, redemptionRate: 0 })
  })

  it('keeps currencies apart', () => {
    const offer = startCampaign({ members: nobody }).startOffer({ issued: 0 })
    for (const use of [ben, { ...ana, currency: 'CHF', amount: 30 }]) offer.add(use)
    expect(offer.figures()).toMatchObject({
      redemptionRate: null,
      amounts: [
        { currency: 'CHF', discount: 30, revenue: 720 },
        { currency: 'EUR', discount: 200, revenue: 1000 },
      ],
    })
  })

  it('counts returned uses apart, and what is given without an order in no order', () => {
    const offer = startCampaign({ members: nobody }).startOffer({ issued: 4 })
    for (const use of [
      { ...ana, amount: 0, state: 'returned' as const },
      { ...ben, amount: 120 },
      { ...ana, orderId: null, amount: 0, revenue: 0 },
    ])
      offer.add(use)
    expect(offer.figures()).toMatchObject({
      redeemed: 2,
      returned: 1,
      people: 2,
      orders: 1,
      amounts: [{ currency: 'EUR', discount: 120, revenue: 1000 }],
    })
  })

  it('lists held uses, which earn and cost nothing yet', () => {
    const offer = startCampaign({ members: nobody }).startOffer({ issued: 2 })
    offer.add({ ...ana, state: 'held' })
    expect(offer.figures()).toMatchObject({
      held: 1,
      redeemed: 0,
      returned: 0,
      people: 0,
      orders: 0,
      amounts: [],
      redemptionRate: 0,
    })
  })
})

describe('the redemption rate', () => {
  it('is of what was issued the share that was used: a grant used twice once, and what needs no grant not at all', () => {
    const campaign = startCampaign({ members: nobody })
    const welcome = campaign.startOffer({ issued: 4 })
    for (const issued of ['gra_1', 'gra_1', 'WELCOME-7']) welcome.add({ ...ana, issued })
    const everyday = campaign.startOffer({ issued: 0 })
    for (let use = 0; use < 30; use++) everyday.add({ ...ben, orderId: `web-${use}` })
    expect(welcome.figures().redemptionRate).toBe(0.5)
    expect(everyday.figures().redemptionRate).toBeNull()
    expect(campaign.figures()).toMatchObject({ redeemed: 33, redemptionRate: 0.5 })
  })

  it('is of the members the share who redeemed, whoever else did', () => {
    const offer = startCampaign({ members: new Set(['per_ana', 'per_cai']) }).startOffer({ issued: 1 })
    for (const use of [ana, { ...ana, orderId: 'web-3' }, ben]) offer.add(use)
    expect(offer.figures()).toMatchObject({ people: 2, redemptionRate: 0.5 })
  })

  it('is rounded half up to four decimals', () => {
    expect([shareOf(410, 1559), shareOf(2, 3), shareOf(1, 20_000), shareOf(1, 0)]).toEqual([
      0.263,
      0.6667,
      0.0001,
      null,
    ])
  })
})
