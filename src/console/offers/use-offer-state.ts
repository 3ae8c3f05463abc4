import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Offer } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { useNotices } from '../parts/notices.tsx'

type OfferState = Offer['state']

/** Pauses and resumes at once, with a way back; asks before it ends what cannot begin again. */
export const useOfferState = (): {
  readonly isPending: boolean
  readonly pause: (offer: Offer) => Promise<void>
  readonly resume: (offer: Offer) => Promise<void>
  readonly end: (offer: Offer) => Promise<void>
} => {
  const { t } = useWords()
  const notices = useNotices()
  const confirm = useConfirm()
  const update = useChange('updateOffer', ['getOffer', 'listOffers', 'listOfferVersions'])
  const set = async ({ id }: Offer, state: OfferState, done: () => void): Promise<void> => {
    try {
      await update.mutateAsync([id, { state }])
      done()
    } catch (error) {
      notices.failed(error)
    }
  }
  const back = (offer: Offer) => () => set(offer, offer.state, () => notices.done(t('offers.undone')))
  return {
    isPending: update.isPending,
    pause: offer =>
      set(offer, 'paused', () => notices.doneWithUndo(t('offers.pausedNow', { name: offer.name }), back(offer))),
    resume: offer =>
      set(offer, 'live', () => notices.doneWithUndo(t('offers.liveNow', { name: offer.name }), back(offer))),
    end: async offer => {
      const yes = await confirm({
        title: t('offers.end.title', { name: offer.name }),
        text: t('offers.end.text'),
        action: t('offers.end.action'),
        isFinal: true,
      })
      if (yes) await set(offer, 'ended', () => notices.done(t('offers.endedNow', { name: offer.name })))
    },
  }
}
