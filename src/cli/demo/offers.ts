import { dateOf, dayNumber, startOfLocalDate } from '../../core/kernel/time.ts'
import type { Offer, OfferInput, Tessera } from '../../sdk/index.ts'
import { currency, timeZone } from './chain.ts'

/** What the chain offers over the year: something of every kind of benefit, way to get it, and limit. */

const euro = (amount: number) => ({ amount, currency })
const instant = (ms: number): string => new Date(ms).toISOString()

export type Offers = {
  readonly newspaper: Offer
  readonly birthday: Offer
  readonly missed: Offer
}

type Terms = Omit<OfferInput, 'campaign'>

/** The first 1 June of the year that begins at `startsAt`. */
const summerOf = (startsAt: number): number => {
  const first = dayNumber(instant(startsAt).slice(0, 10))!
  const days = Array.from({ length: 366 }, (_, index) => dateOf(first + index))
  return startOfLocalDate(days.find(it => it.endsWith('-06-01'))!, timeZone)
}

const dayMs = 86_400_000

/** `people` sizes the limits and budgets, so that some run nearly out in every year, small or large. */
export const makeOffers = async (
  tessera: Tessera,
  { startsAt, endsAt, people }: { readonly startsAt: number; readonly endsAt: number; readonly people: number },
): Promise<Offers> => {
  const campaign = async (
    more: Parameters<Tessera['createCampaign']>[0],
    offers: readonly Terms[],
  ): Promise<readonly Offer[]> => {
    const { id } = await tessera.createCampaign(more)
    const made: Offer[] = []
    for (const terms of offers) made.push(await tessera.createOffer({ ...terms, campaign: id }))
    return made
  }
  const basket = { on: 'basket' } as const
  const summer = summerOf(startsAt)
  await campaign({ name: 'Coffee Club', goal: 'Points for every visit', tags: ['loyalty'] }, [
    {
      name: 'A bean per euro',
      trigger: basket,
      benefit: { kind: 'points', programme: 'club', per: { ...euro(100), points: 1 } },
    },
    {
      name: 'Double beans on Tuesdays',
      trigger: basket,
      when: 'local.weekday == 2',
      benefit: { kind: 'points', programme: 'club', multiply: 2 },
    },
    {
      name: 'Beans for a review',
      trigger: { on: 'event', event: 'Product Reviewed' },
      benefit: {
        kind: 'points',
        programme: 'club',
        fixed: 'event.properties.stars * 2',
        cap: { points: 30, period: 'month' },
      },
    },
    {
      name: 'A cappuccino for 90 beans',
      trigger: { on: 'request' },
      benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A cappuccino', days: 30 },
      price: { programme: 'club', points: 90 },
      channels: { show: ['app'], redeem: ['app'] },
    },
  ])
  await campaign({ name: 'Good morning', goal: 'Breakfast, not only a cup', tags: ['stores'], holdout: 5 }, [
    {
      name: 'Coffee and pastry for 4.20',
      trigger: basket,
      when: 'local.hour < 11',
      benefit: {
        kind: 'bundle',
        items: [
          { lines: "line.sku == 'CAPPUCCINO' || line.sku == 'LATTE'", quantity: 1 },
          { lines: "line.category == 'pastry'", quantity: 1 },
        ],
        price: 420,
        currency,
      },
      channels: { redeem: ['store', 'app'] },
    },
    {
      name: 'Flat white for 2.90 on Mondays',
      trigger: basket,
      when: 'local.weekday == 1',
      benefit: { kind: 'fixedPrice', price: 290, currency, lines: "line.sku == 'FLAT-WHITE'", maxUnits: 2 },
      channels: { redeem: ['store', 'app'] },
    },
    {
      name: '10 % off cake',
      trigger: basket,
      benefit: { kind: 'percentOff', percent: 10, lines: "line.category == 'pastry'" },
      channels: { redeem: ['store'] },
      limits: { budget: euro(people * 128) },
    },
  ])
  await campaign({ name: 'Cold drinks of summer', goal: 'Afternoons in the heat', tags: ['season'] }, [
    {
      name: 'Two cold drinks, the third is free',
      trigger: basket,
      benefit: { kind: 'buyXGetY', buy: { quantity: 2, lines: "line.category == 'iced'" }, get: { quantity: 1 } },
      limits: { perPerson: 20 },
      validity: { from: instant(summer), to: instant(summer + 92 * dayMs), timeZone },
    },
  ])
  const [, , coupon] = await campaign({ name: 'The web shop', goal: 'Fuller baskets', tags: ['web'] }, [
    {
      name: 'Free shipping from 50.00',
      trigger: basket,
      when: 'order.subtotal >= 5000',
      benefit: { kind: 'freeShipping' },
      channels: { redeem: ['web'] },
      stacking: { priority: 0, group: 'shipping', exclusive: 'group' },
    },
    {
      name: 'Half the shipping from 30.00',
      trigger: basket,
      when: 'order.subtotal >= 3000',
      benefit: { kind: 'shippingOff', percent: 50 },
      channels: { redeem: ['web'] },
      stacking: { priority: 0, group: 'shipping', exclusive: 'group' },
    },
    {
      name: '2.00 off your next beans',
      trigger: { on: 'grant' },
      benefit: { kind: 'amountOff', amount: 200, currency, lines: "line.category == 'beans'" },
      validity: { grantDays: 45 },
    },
    {
      name: 'Spend and save',
      trigger: basket,
      when: "channel == 'web'",
      benefit: {
        kind: 'tieredSpend',
        tiers: [
          { spend: 6000, amount: 400 },
          { spend: 9000, amount: 900 },
        ],
        currency,
      },
    },
    {
      name: 'A tote bag from 60.00',
      trigger: basket,
      when: "channel == 'web' && order.subtotal >= 6000",
      benefit: {
        kind: 'freeItem',
        items: [{ sku: 'TOTE', name: 'Tote bag', stock: Math.max(10, Math.round(people / 12)) }],
      },
    },
    {
      name: '4 % cashback on beans',
      trigger: basket,
      when: "channel == 'web' && person.known",
      benefit: {
        kind: 'cashback',
        percent: 4,
        lines: "line.category == 'beans'",
        pending: { days: 14 },
        expiry: { kind: 'after', months: 6 },
      },
    },
  ])
  await campaign({ name: 'The second bag', goal: 'Whoever buys a grinder comes back for beans' }, [
    {
      name: 'A coupon with every grinder',
      trigger: basket,
      when: "order.lines.exists(line, line.sku == 'GRINDER' || line.sku == 'MOKA')",
      benefit: { kind: 'giveOffer', offer: coupon!.id },
    },
  ])
  const [welcome, newspaper] = await campaign({ name: 'Welcome', goal: 'A second visit within a month' }, [
    {
      name: '10 % off the first time',
      trigger: { on: 'code' },
      when: 'person.known',
      benefit: { kind: 'percentOff', percent: 10, max: euro(500) },
      limits: { perPerson: 1 },
    },
    {
      name: '3.00 off from the newspaper',
      trigger: { on: 'code' },
      when: 'order.subtotal >= 900',
      benefit: { kind: 'amountOff', amount: 300, currency },
      limits: {
        uses: Math.max(5, Math.round(people / 10)),
        perCode: 1,
        per: { uses: 1, period: 'month', by: 'person' },
      },
      onReturn: 'reprice',
    },
  ])
  await tessera.createCodes(welcome!.id, { codes: ['WELCOME'], shared: true })
  const [missed, birthday] = await campaign({ name: 'We miss you', goal: 'Back within a month', holdout: 10 }, [
    {
      name: '2.50 off your next visit',
      trigger: { on: 'grant' },
      benefit: { kind: 'amountOff', amount: 250, currency },
      validity: { grantDays: 30 },
    },
    {
      name: 'A cake on your birthday',
      trigger: { on: 'grant' },
      benefit: { kind: 'percentOff', percent: 100, lines: "line.category == 'pastry'", max: euro(450) },
      validity: { grantDays: 14 },
    },
  ])
  await campaign({ name: 'A prize now and then', goal: 'Something to tell' }, [
    {
      name: '50 beans by surprise',
      trigger: basket,
      benefit: { kind: 'points', programme: 'club', fixed: 50 },
      chance: { wins: 1, outOf: 40, period: 'week' },
    },
  ])
  await campaign({ name: 'This season', goal: 'The shelf of the month', tags: ['season'] }, [
    {
      name: '15 % off chocolate and biscuits',
      trigger: basket,
      benefit: { kind: 'percentOff', percent: 15, lines: "line.sku == 'CHOCOLATE' || line.sku == 'BISCUITS'" },
      limits: { budget: euro(Math.max(500, people * 25)) },
      validity: { from: instant(endsAt - 45 * dayMs), to: instant(endsAt + 10 * dayMs), timeZone },
    },
  ])
  return { newspaper: newspaper!, birthday: birthday!, missed: missed! }
}
