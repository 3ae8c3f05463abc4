import { groupBy } from '../kernel/group-by.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { excludes } from './field.ts'

/** `exclusive`: both fit the same, and only one can apply. `duplicate`: both give the same for the same, one on top of the other. */
export type OfferConflict = {
  readonly kind: 'exclusive' | 'duplicate'
  readonly offers: readonly [LiveOffer, LiveOffer]
}

const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')
const isWithin = (channels: readonly string[] | undefined, others: readonly string[] | undefined): boolean =>
  channels === undefined || others === undefined || channels.some(channel => others.includes(channel))
const mayMeet = (a: LiveOffer, b: LiveOffer): boolean =>
  (a.from ?? -Infinity) < (b.to ?? Infinity) &&
  (b.from ?? -Infinity) < (a.to ?? Infinity) &&
  isWithin(a.terms.channels.redeem, b.terms.channels.redeem) &&
  (a.currency === undefined || b.currency === undefined || a.currency === b.currency)

/** Alike are offers that nobody has to claim, of one trigger, with the same condition and the same filters, as far as they are written alike. */
const signatureOf = ({ terms: { trigger, when }, filters }: LiveOffer): string | undefined =>
  trigger.on === 'code' || trigger.on === 'grant'
    ? undefined
    : JSON.stringify([trigger, plain(when ?? ''), [...filters].map(([field, { source }]) => [field, plain(source)])])

/** Of a hundred that are alike not every pair has to be told. */
const mostAlike = 50

/**
 * Live offers that stand in each other's way, told from their terms alone: what it finds is one, and conditions that mean the same in other words
 * are not found. Cheap: only offers that are alike are compared.
 *
 *     conflictsOf([fifthOffCoffee, quarterOffCoffee])   // [{ kind: 'exclusive', offers: [fifthOffCoffee, quarterOffCoffee] }]
 */
export const conflictsOf = (offers: readonly LiveOffer[]): readonly OfferConflict[] => {
  const going = offers.filter(({ state, campaign }) => state === 'live' && campaign.state === 'live')
  const alike = groupBy(going, signatureOf)
  alike.delete(undefined)
  return [...alike.values()].flatMap(group =>
    group.slice(0, mostAlike).flatMap((a, index) =>
      group.slice(index + 1, mostAlike).flatMap((b): OfferConflict[] => {
        if (!mayMeet(a, b)) return []
        if (excludes(a, b) || excludes(b, a)) return [{ kind: 'exclusive', offers: [a, b] }]
        const isSame = JSON.stringify(a.terms.benefit) === JSON.stringify(b.terms.benefit)
        return isSame ? [{ kind: 'duplicate', offers: [a, b] }] : []
      }),
    ),
  )
}
