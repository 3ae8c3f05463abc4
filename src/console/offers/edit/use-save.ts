import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi, useChange } from '../../../faces/queries.ts'
import { useWords } from '../../../faces/words.ts'
import type { Offer } from '../../../sdk/index.ts'
import { useNotices } from '../../parts/notices.tsx'
import { type Draft, patchOf } from './offer-draft.ts'

export type Extras = {
  /** One code for everybody, made with the offer. */
  readonly code: string
  /** The name of a campaign that is made with it; empty: the draft names one. */
  readonly newCampaign: string
  /** Percent of the people whom the new campaign keeps out. */
  readonly holdout: number | undefined
}

type Save = {
  readonly isSaving: boolean
  readonly error: unknown
  /** True where it is stored. */
  readonly make: (draft: Draft, state: 'live' | 'paused', extras: Extras) => Promise<Offer | undefined>
  readonly change: (offer: Offer, before: Draft, after: Draft) => Promise<Offer | undefined>
}

/** Stores a draft: its campaign first, where that is new; then the offer; then its code. */
export const useSave = (): Save => {
  const { t } = useWords()
  const api = useApi()
  const notices = useNotices()
  const navigate = useNavigate()
  const [error, setError] = useState<unknown>()
  const reads = ['listOffers', 'getOffer', 'listOfferVersions', 'listCampaigns'] as const
  const create = useChange('createOffer', reads)
  const update = useChange('updateOffer', reads)
  const campaigns = useChange('createCampaign', ['listCampaigns'])
  const attempt = async (store: () => Promise<Offer>, done: string): Promise<Offer | undefined> => {
    setError(undefined)
    try {
      const offer = await store()
      notices.done(t(done, { name: offer.name }))
      return offer
    } catch (refused) {
      setError(refused)
      return undefined
    }
  }
  const makeCode = async ({ id }: Offer, code: string): Promise<void> => {
    try {
      await api.createCodes(id, { codes: [code], shared: true })
    } catch (refused) {
      // The offer is there; its page makes codes too.
      notices.failed(refused)
    }
  }
  return {
    isSaving: create.isPending || update.isPending || campaigns.isPending,
    error,
    make: async (draft, state, { code, newCampaign, holdout }) => {
      const offer = await attempt(
        async () => {
          const campaign =
            newCampaign === ''
              ? draft.campaign
              : (await campaigns.mutateAsync([{ name: newCampaign, ...(holdout !== undefined && { holdout }) }])).id
          return create.mutateAsync([{ ...draft, campaign: campaign ?? '', state }])
        },
        state === 'live' ? 'offerForm.madeLive' : 'offerForm.madeDraft',
      )
      if (!offer) return undefined
      if (code !== '' && draft.trigger.on === 'code') await makeCode(offer, code)
      await navigate({ to: `/offers/${offer.id}` })
      return offer
    },
    change: async (offer, before, after) => {
      const changed = await attempt(() => update.mutateAsync([offer.id, patchOf(before, after)]), 'offerForm.changed')
      if (changed) await navigate({ to: `/offers/${offer.id}`, search: { tab: 'versions' } })
      return changed
    },
  }
}
