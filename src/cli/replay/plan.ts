/**
 * What a year of coupons becomes as calls of the API. Every id comes from the data, so that a second replay names the same
 * things. The data has neither the face values of coupons nor the prices of most products: both are made up here, always
 * alike, and every output says so.
 */
import { createHash } from 'node:crypto'
import { formatMoney } from '../../core/kernel/money.ts'
import { isOnline, loginOf } from './identities.ts'
import type { Journey, JourneyBasket, JourneyCampaign, JourneyCoupon, JourneyHousehold } from './journey.ts'

/** Which year it is: `key` begins every id, so that two different years can live in one workspace. */
export type JourneySource = { readonly key: string; readonly title: string }

export const currency = 'USD'
export const usesPerPerson = 2
const channel = 'store'

const dayMs = 86_400_000

/** `dayAfter('2017-12-31')` is '2018-01-01'. */
export const dayAfter = (date: string): string => new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10)

/** A basket of one unit of `product`, with `code`, bought by `household` at `at`. */
export type Purchase = {
  readonly household: string
  readonly code: string
  readonly product: string
  readonly at: string
}

const hashOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE()

/** The same coupon is worth the same in every campaign. */
const faceValueOf = (code: string): number => [50, 75, 100, 150, 200][hashOf(`coupon ${code}`) % 5]!

const madeUpPrice = (product: string): number => 99 + 10 * (hashOf(`product ${product}`) % 90)

/** More of one product in one line is fuel by the gallon or a slip: its sum over its quantity is no price. */
const mostUnits = 50

/** What the products were last sold for, where the sample of baskets has them. */
const seenPrices = (baskets: readonly JourneyBasket[]): ReadonlyMap<string, number> => {
  const prices = new Map<string, number>()
  for (const { product, quantity, salesMinor } of baskets.flatMap(basket => basket.lines)) {
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > mostUnits) continue
    const price = Math.round(salesMinor / quantity)
    if (price > 0) prices.set(product, price)
  }
  return prices
}

const decimal = (minor: number): string => formatMoney(minor, currency)

export type Plan = ReturnType<typeof planReplay>

/** Makes the requests for one year: `planReplay(journey, { key: 'cj', title: 'Complete Journey' }).campaign(…)`. */
export const planReplay = (journey: Journey, { key, title }: JourneySource, withIdentities = false) => {
  const prices = seenPrices(journey.baskets)
  const userId = (household: string): string => `${key}-household-${household}`
  const card = (household: string): string => `${key}-${household}`
  const person = (household: string): string => `loyaltyCard:${card(household)}`

  const externalIds = (household: string) => [
    { type: 'loyaltyCard', id: card(household), collection: 'users', encoding: 'none' },
  ]
  /** Where households have online identities, a card tells of its account only after the login. */
  const isCardOnly = (household: string, at?: string): boolean =>
    withIdentities && isOnline(household) && (at === undefined || at < loginOf(household))

  const identify = ({ id, traits }: { id: string; traits?: JourneyHousehold | undefined }) => ({
    type: 'identify' as const,
    messageId: `${key}-identify-${id}`,
    ...(isCardOnly(id) ? {} : { userId: userId(id) }),
    traits: traits ? { age: traits.age, income: traits.income, householdSize: traits.size, kids: traits.kids } : {},
    context: { channel, externalIds: externalIds(id) },
  })

  const orderCompleted = (basket: JourneyBasket) => ({
    type: 'track' as const,
    event: 'Order Completed',
    messageId: `${key}-basket-${basket.id}`,
    ...(isCardOnly(basket.household, basket.at)
      ? { context: { channel, externalIds: externalIds(basket.household) } }
      : { userId: userId(basket.household), context: { channel } }),
    timestamp: basket.at,
    properties: {
      order_id: `${key}-basket-${basket.id}`,
      currency,
      total: decimal(basket.lines.reduce((sum, line) => sum + line.salesMinor, 0)),
      location: basket.store,
      // The sum of a line is what was paid; what the till called its quantity is no multiplier, so it travels beside it.
      products: basket.lines.map(({ product, quantity, salesMinor }) => ({
        sku: product,
        category: journey.products.get(product)?.category,
        price: decimal(salesMinor),
        quantity: 1,
        tillQuantity: quantity,
      })),
    },
  })

  const campaignName = (id: string): string => `${title}: campaign ${id}`
  const campaign = ({ id, type, startDate, endDate }: JourneyCampaign) => ({
    name: campaignName(id),
    goal: 'Redeem the coupons that were sent',
    from: `${startDate}T00:00:00Z`,
    to: `${dayAfter(endDate)}T00:00:00Z`,
    audience: 'members' as const,
    tags: [type, key],
  })

  /** Named by its content: identical lists are one collection, and one that is there need not be sent again. */
  const collectionId = ({ products }: JourneyCoupon): string =>
    `${key}-${createHash('sha256').update(products.join('\n')).digest('hex').slice(0, 20)}`

  const offer = (coupon: JourneyCoupon, campaignId: string) => ({
    campaign: campaignId,
    name: `Coupon ${coupon.code}`,
    trigger: { on: 'code' as const },
    benefit: {
      kind: 'amountOff' as const,
      amount: faceValueOf(coupon.code),
      currency,
      lines: `inCollection(line.sku, '${collectionId(coupon)}')`,
    },
    channels: { show: ['mail'], redeem: [channel] },
    limits: { perPerson: usesPerPerson },
  })

  const order = ({ household, code, product, at }: Purchase) => ({
    state: 'placed' as const,
    person: person(household),
    channel,
    currency,
    occurredAt: at,
    codes: [code],
    lines: [
      {
        id: '1',
        sku: product,
        category: journey.products.get(product)?.category,
        quantity: 1,
        unitPrice: prices.get(product) ?? madeUpPrice(product),
      },
    ],
  })

  return {
    person,
    identify,
    orderCompleted,
    campaignName,
    campaign,
    collectionId,
    offer,
    order,
    orderId: (row: number): string => `${key}-redemption-${row}`,
    hasSeenPrice: (product: string): boolean => prices.has(product),
  }
}
