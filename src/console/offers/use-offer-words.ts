import { formatPoints } from '../../faces/points.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Words } from './offer-words.ts'

/** The reader's words, in which an offer gives points as their programme calls them: '1 bean for every €1.00'. */
export const useOfferWords = (): Words => {
  const words = useWords()
  const { data } = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  return {
    ...words,
    pointsOf: (programme, amount) => {
      const unit = data?.data.find(({ id }) => id === programme)?.unit
      return unit && formatPoints(amount, unit, words)
    },
  }
}
