import type { InputError } from '../kernel/refusal.ts'
import { kindOf } from '../offers/kinds/index.ts'
import { type LiveCampaign, type LiveOffer, liveOffer } from '../offers/live-offer.ts'
import type { OfferInput } from '../offers/schema.ts'
import { termsCollections, termsMistakes, termsOf } from '../offers/terms.ts'
import type { Draft } from './schema.ts'

/** Drafts have ids that no stored offer has, and are younger than any: `draftId(0)` is off_draft000000000000000000001. */
export const draftId = (index: number): string => `off_draft${String(index + 1).padStart(21, '0')}`

const noCampaign = `cmp_draft${'0'.repeat(21)}`
/** Whose a draft is that names no campaign. */
export const draftCampaign: LiveCampaign = {
  id: noCampaign,
  name: 'Draft',
  state: 'live',
  from: undefined,
  to: undefined,
  audience: 'everyone',
  holdout: 0,
}

const termsOfDraft = ({ campaign = noCampaign, ...draft }: Draft) => termsOf({ ...draft, campaign } as OfferInput)

/**
 * Whatever keeps drafts from being simulated, all of it at once; pointers lie in the body `{ offers: […] }`.
 *
 *     draftMistakes([{ …, when: 'order.totl > 5' }])   // [{ pointer: '/offers/0/when', message: '…did you mean order.total?' }]
 */
export const draftMistakes = (drafts: readonly Draft[]): readonly InputError[] =>
  drafts.flatMap((draft, index) => {
    const terms = termsOfDraft(draft)
    const { on } = terms.trigger
    const conditions = termsCollections(terms)
    const mistakes: InputError[] = [
      ...(on === 'event' || on === 'request'
        ? [
            {
              pointer: '/trigger/on',
              message: `is "${on}"; past orders only meet offers on "basket", "code" or "grant"`,
            },
          ]
        : []),
      ...termsMistakes(terms),
      ...(conditions.ok ? [] : (conditions.refusal.errors ?? [])),
    ]
    return mistakes.map(({ pointer, message }) => ({ pointer: `/offers/${index}${pointer}`, message }))
  })

/** The offers that drafts give besides, by id, each with its place: `{ pointer: '/offers/0/benefit/offer', id: 'off_…' }`. */
export const offersGiven = (drafts: readonly Draft[]): readonly { readonly pointer: string; readonly id: string }[] =>
  drafts.flatMap(({ benefit }, index) =>
    (kindOf(benefit).issues?.(benefit) ?? []).map(id => ({ pointer: `/offers/${index}/benefit/offer`, id })),
  )

/**
 * Drafts as offers that are live over all past orders: their state and the dates of their validity say when they will be on, not
 * when they would have been.
 */
export const liveDrafts = (drafts: readonly Draft[]): readonly LiveOffer[] =>
  drafts.map((draft, index) => {
    const { validity, ...terms } = termsOfDraft(draft)
    const { from: _from, to: _to, ...kept } = validity
    const body = { ...terms, validity: kept }
    return liveOffer(
      { id: draftId(index), version: 1, state: 'live', body },
      {
        ...draftCampaign,
        id: draft.campaign ?? noCampaign,
      },
    )
  })
