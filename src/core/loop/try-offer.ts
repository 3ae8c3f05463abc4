import { ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { normalizeCode } from '../offers/code.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import type { OrderAnswer, OrderInput } from '../orders/schema.ts'
import { putOrder } from './put-order.ts'
import { type Catalogue, makeCatalogue, type World } from './world.ts'

/** What becomes of an offer that is tried: as in the answer of an order, and a reason where it gives nothing. */
export type Tried =
  | { readonly outcome: 'applied' | 'withheld'; readonly applied: OrderAnswer['applied'][number] }
  | { readonly outcome: 'available'; readonly missing: Readonly<Record<string, unknown>> }
  | { readonly outcome: 'refused'; readonly reason: Pick<Refusal, 'code' | 'message' | 'details'> }

/** A workspace's offers with one more, or with another version of one. */
export const withOffer = (catalogue: Catalogue, offer: LiveOffer): Catalogue =>
  makeCatalogue(catalogue.version, new Map([...catalogue.offers, [offer.id, offer]]), catalogue)

/** Stands for the claim of an offer that is tried; a code of this text would only be hidden while it is tried. */
const claim = 'TRIED OFFER'

/** An order that is only asked about, at any time. */
const ask = (world: World, put: OrderInput, at: number): Result<OrderAnswer> => {
  const call = {
    id: 'trial',
    put,
    scope: 'secret',
    channel: undefined,
    location: undefined,
    person: undefined,
  } as const
  const answer = putOrder({ ...world, now: at }, { ...call, dryRun: true, requestHash: '' })
  return answer.ok ? ok(JSON.parse(answer.value) as OrderAnswer) : answer
}

/** A basket as it is decided without a trial. */
export const askBasket = ask

/**
 * A basket with an offer that is among the offers of the world (`withOffer`), and what becomes of the offer. One that a code or a grant
 * claims counts as claimed. One of any basket stands in line as all do; where nothing is said of it, because nobody asked for it,
 * it is asked for, so that its reason is told.
 */
export const tryOffer = (
  world: World,
  { offer, put, at }: { readonly offer: LiveOffer; readonly put: OrderInput; readonly at: number },
): Result<{ readonly order: OrderAnswer; readonly tried: Tried }> => {
  world.codes.set(normalizeCode(claim), [{ offerId: offer.id, shared: true, grantId: null, isBlocked: false }])
  const claimed = { ...put, codes: [...put.codes, claim] }
  const isOpen = offer.terms.trigger.on === 'basket'
  const asked = ask(world, isOpen ? put : claimed, at)
  if (!asked.ok) return asked
  const told = outcomeIn(asked.value, offer.id)
  if (told) return ok({ order: withoutClaim(asked.value), tried: told })
  const again = ask(world, claimed, at)
  if (!again.ok) return again
  const reason = outcomeIn(again.value, offer.id)
  const unsaid = refuse(offerRefusals.no_effect)
  return ok({
    order: asked.value,
    tried: reason?.outcome === 'refused' ? reason : { outcome: 'refused', reason: unsaid },
  })
}

const outcomeIn = ({ applied, available, refused, withheld }: OrderAnswer, id: string): Tried | undefined => {
  const isIt = ({ offer }: { readonly offer?: string | undefined }): boolean => offer === id
  const [gives, keeps, lacks, lost] = [
    applied.find(isIt),
    withheld?.find(isIt),
    available.find(isIt),
    refused.find(isIt),
  ]
  if (gives) return { outcome: 'applied', applied: gives }
  if (keeps) return { outcome: 'withheld', applied: keeps }
  if (lacks) return { outcome: 'available', missing: lacks.missing }
  return lost && { outcome: 'refused', reason: lost.reason }
}

/** Nobody gave the code that stands for the trial. */
const withoutClaim = (order: OrderAnswer): OrderAnswer => {
  const unclaimed = <T extends { readonly code?: string | undefined }>(it: T): T => {
    if (it.code !== claim) return it
    const { code: _code, ...rest } = it
    return rest as T
  }
  return {
    ...order,
    applied: order.applied.map(unclaimed),
    refused: order.refused.map(unclaimed),
    ...(order.withheld && { withheld: order.withheld.map(unclaimed) }),
  }
}
