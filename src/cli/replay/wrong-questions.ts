/**
 * Four wrong questions about each redemption. An engine that refuses nothing would replay the year as well as a right one;
 * these it would answer with a discount.
 */
import type { Journey, JourneyCoupon, JourneyRedemption } from './journey.ts'
import { dayAfter, type Purchase } from './plan.ts'

/**
 * - `notSent`: the next household, in numeric order and round again, that was sent no campaign with this code.
 * - `dayAfter`: the day after the end of the last campaign with this code that was sent to the household.
 * - `otherBasket`: instead of the product the next one, in numeric order and round again, that is on another code's list and
 *   on none of this code's.
 * - `pastLimit`: the redemption's own question, once every use it could have had is taken.
 */
export const wrongKinds = ['notSent', 'dayAfter', 'otherBasket', 'pastLimit'] as const
export type WrongKind = (typeof wrongKinds)[number]

const numerically = (a: string, b: string): number => Number(a) - Number(b)

/** The first after `start` that passes, going round; undefined when none does. */
const nextAfter = (sorted: readonly string[], start: string, passes: (item: string) => boolean): string | undefined => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numerically(sorted[middle]!, start) > 0) high = middle
    else low = middle + 1
  }
  for (let step = 0; step < sorted.length; step++) {
    const item = sorted[(low + step) % sorted.length]!
    if (passes(item)) return item
  }
  return undefined
}

/** What happened: at noon UTC, the numerically first product of the list of the coupon × campaign in the data. */
export const purchaseOf =
  (journey: Journey) =>
  ({ household, code, campaign, date }: JourneyRedemption): Purchase => {
    const coupon = journey.coupons.find(item => item.code === code && item.campaign === campaign)!
    return { household, code, product: coupon.products[0]!, at: `${date}T12:00:00Z` }
  }

/**
 * Finds what to ask; a question that the data cannot pose (everybody was sent the coupon) is left out.
 *
 *     wrongQuestions(journey)(purchase)   // [['notSent', { household: '8', … }], ['dayAfter', …], …]
 */
export const wrongQuestions = (journey: Journey): ((right: Purchase) => [WrongKind, Purchase][]) => {
  const sent = new Set(journey.sends.map(({ campaign, household }) => `${campaign} ${household}`))
  const households = [...new Set(journey.sends.map(send => send.household))].sort(numerically)
  const products = [...new Set(journey.coupons.flatMap(coupon => coupon.products))].sort(numerically)
  const ends = new Map(journey.campaigns.map(({ id, endDate }) => [id, endDate]))
  const byCode = new Map<string, { coupon: JourneyCoupon; products: ReadonlySet<string> }[]>()
  for (const coupon of journey.coupons) {
    const entry = { coupon, products: new Set(coupon.products) }
    byCode.set(coupon.code, [...(byCode.get(coupon.code) ?? []), entry])
  }

  return right => {
    const ofCode = byCode.get(right.code)!
    const isSent = (household: string) => ofCode.some(({ coupon }) => sent.has(`${coupon.campaign} ${household}`))
    const household = nextAfter(households, right.household, other => !isSent(other))
    const product = nextAfter(products, right.product, other => !ofCode.some(list => list.products.has(other)))
    const lastEnd = ofCode
      .filter(({ coupon }) => sent.has(`${coupon.campaign} ${right.household}`))
      .map(({ coupon }) => ends.get(coupon.campaign)!)
      .sort()
      .at(-1)
    const questions: [WrongKind, Partial<Purchase>][] = [
      ['notSent', { household }],
      ['dayAfter', { at: lastEnd === undefined ? undefined : `${dayAfter(lastEnd)}T12:00:00Z` }],
      ['otherBasket', { product }],
      ['pastLimit', {}],
    ]
    return questions.flatMap(([kind, change]) =>
      Object.values(change).some(value => value === undefined) ? [] : [[kind, { ...right, ...change }]],
    )
  }
}
