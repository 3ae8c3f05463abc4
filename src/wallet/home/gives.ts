import { offerGives } from '../../faces/benefit-words.ts'
import { formatPoints, type Unit } from '../../faces/points.ts'
import { useWords } from '../../faces/words.ts'

export type UnitOf = (programme: string) => Unit | undefined

/**
 * Tells what an offer gives, its points as the business calls them.
 *
 *     const gives = useGives(unitOf)
 *     gives(offer)   // '1 bean for every €1.00'
 */
export const useGives = (unitOf: UnitOf) => {
  const words = useWords()
  const pointsOf = (programme: string, amount: number): string | undefined => {
    const unit = unitOf(programme)
    return unit && formatPoints(amount, unit, words)
  }
  return (offer: Parameters<typeof offerGives>[0]): string => offerGives(offer, { ...words, pointsOf })
}
