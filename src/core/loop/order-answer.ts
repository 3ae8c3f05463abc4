import type { Applied, Decision, Refused } from '../orders/decide.ts'
import type { OrderAnswer } from '../orders/schema.ts'
import type { Payment } from './pay-order.ts'
import { type GivenRecord, instantOrNull } from './world.ts'

/** What of an order stands in its answer as it was said, or worked out beside the decision. */
export type Answered = Pick<OrderAnswer, 'id' | 'state' | 'revision' | 'channel' | 'currency' | 'earned' | 'cashback'>

export const refusedAnswer = ({ given, offer, reason }: Refused): OrderAnswer['refused'][number] => ({
  ...(given === undefined ? {} : { code: given }),
  ...(offer ? { offer: offer.id } : {}),
  reason: { code: reason.code, message: reason.message, details: { ...reason.details } },
})

type GivenAnswer = NonNullable<OrderAnswer['applied'][number]['gives']>[number]
export const givenAnswer = ({ grants, ...given }: GivenRecord): GivenAnswer =>
  (grants ? { ...given, grants: [...grants] } : given) as GivenAnswer

/** What is left out stands there as undefined, which JSON drops: properties after a spread cost a microsecond each. */
export const answerFor = (
  order: Answered,
  decision: Decision,
  payment: Payment | undefined,
  redemptions: readonly { readonly id: string; readonly given: readonly GivenRecord[] | null }[],
  decisionId: string | null,
  personId: string | null,
  heldUntil: number | null,
): OrderAnswer => ({
  id: order.id,
  state: order.state,
  revision: order.revision,
  decision: decisionId,
  person: personId,
  channel: order.channel,
  currency: order.currency,
  heldUntil: instantOrNull(heldUntil),
  totals: { ...decision.totals },
  lines: decision.lines.map(({ id, subtotal, discount, total, discounts, units }) => ({
    id,
    subtotal,
    discount,
    total,
    discounts: [...discounts],
    units: units.length > 1 ? units.map(it => ({ ...it, discounts: [...it.discounts] })) : undefined,
  })),
  applied: decision.applied.map((it, index) =>
    appliedAnswer(it, redemptions[index]?.given ?? it.gives, redemptions[index]?.id),
  ),
  available: decision.available.map(({ offer, missing }) => ({
    offer: offer.id,
    name: offer.terms.name,
    missing: { ...missing },
  })),
  refused: decision.refused.map(refusedAnswer),
  earned: order.earned,
  cashback: order.cashback,
  paid: payment && [...payment.paid],
  due: payment?.due,
  withheld: decision.withheld.length > 0 ? decision.withheld.map(it => appliedAnswer(it, it.gives)) : undefined,
  combination: decision.search.isExact
    ? undefined
    : { exact: false, value: decision.search.value, bound: decision.search.bound },
})

const appliedAnswer = (
  { offer, given, grantId, amount, shipping }: Applied,
  gives: readonly GivenRecord[],
  redemption?: string,
): OrderAnswer['applied'][number] => ({
  offer: offer.id,
  name: offer.terms.name,
  code: given,
  grant: grantId,
  amount,
  shipping: shipping > 0 ? shipping : undefined,
  gives: gives.length > 0 ? gives.map(givenAnswer) : undefined,
  redemption,
})
