import type { DraftOffer, Offer, OfferPatch, OfferVersion } from '../../../sdk/index.ts'

/** An offer as it is being written: the body of `POST /v1/offers`, which the form and the JSON both change. */
export type Draft = DraftOffer

/** The terms of an offer that is there already. */
export const draftOf = ({
  id: _id,
  version: _version,
  sentence: _sentence,
  state: _state,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  ...terms
}: Offer): Draft => terms

/** The terms of one of its versions; where it belongs is the same in all. */
export const draftOfVersion = ({
  version: _version,
  sentence: _sentence,
  changedBy: _changedBy,
  changedAt: _changedAt,
  ...terms
}: OfferVersion): Draft => terms

/** What stands for a part that was taken away. */
const taken = {
  when: null,
  chance: null,
  worth: null,
  price: null,
  channels: {},
  limits: {},
  validity: {},
  stacking: { priority: 0 },
  onReturn: 'proRata',
} as const

const parts = ['name', 'benefit', ...(Object.keys(taken) as (keyof typeof taken)[])] as const

const text = (value: unknown): string => JSON.stringify(value) ?? ''

/**
 * What has changed between two drafts, for `PATCH /v1/offers/{id}`; where and by what an offer begins cannot be changed.
 *
 *     patchOf({ …, when: 'order.subtotal > 5' }, { … })   // { when: null }
 */
export const patchOf = (before: Draft, after: Draft): OfferPatch =>
  Object.fromEntries(
    parts
      .filter(part => text(before[part]) !== text(after[part]))
      .map(part => [part, after[part] ?? taken[part as keyof typeof taken]]),
  )

/** Whether two drafts say the same. */
export const isSame = (left: Draft, right: Draft): boolean => text(left) === text(right)

/** Where a basket meets an offer: only there can it be tried. */
export const meetsBaskets = ({ trigger }: Pick<Draft, 'trigger'>): boolean =>
  trigger.on !== 'event' && trigger.on !== 'request'

/** Limits per period, one or several, as a list. */
export const periodLimitsOf = ({ limits }: Draft) => {
  const per = limits?.per
  return per === undefined ? [] : 'uses' in per ? [per] : per
}
