import { useDebouncedValue } from '@mantine/hooks'
import { useRef } from 'react'
import { useCall } from '../../../faces/queries.ts'
import { useMay } from '../../../faces/session.ts'
import { useWords } from '../../../faces/words.ts'
import { type Mistake, type OfferConflict, TesseraRefusal, type Trial, type TrialBasket } from '../../../sdk/index.ts'
import { mistakeWords } from '../../parts/mistake-words.ts'
import type { Words } from '../../parts/reason-words.ts'
import { type Draft, meetsBaskets } from './offer-draft.ts'

/** What was there last stays on the screen until what is asked for is there. */
const useLast = <T>(value: T | undefined, isGone: boolean): T | undefined => {
  const last = useRef<T>(undefined)
  if (value !== undefined) last.current = value
  else if (isGone) last.current = undefined
  return last.current
}

const within = (error: unknown, part: 'draft' | 'basket', words: Words): Mistake[] =>
  error instanceof TesseraRefusal
    ? error.errors.flatMap(it =>
        it.pointer.startsWith(`/${part}/`)
          ? [{ pointer: it.pointer.slice(part.length + 1), message: mistakeWords(it, words) }]
          : [],
      )
    : []

export type DraftCheck = {
  /** What the server would refuse, by pointers within the draft. */
  readonly mistakes: readonly Mistake[]
  readonly conflicts: readonly OfferConflict[] | undefined
  readonly trial: Trial | undefined
  readonly basketMistakes: readonly Mistake[]
  /** Any other failure of the trial. */
  readonly failure: unknown
  readonly isChecking: boolean
}

/** Asks the server about a draft as it is typed: what is wrong with it, whom it conflicts with, what it does to a basket. */
export const useDraftCheck = (draft: Draft, basket: TrialBasket, replaces: string | undefined): DraftCheck => {
  const may = useMay()
  const words = useWords()
  const [settled] = useDebouncedValue({ draft, basket }, 350)
  const asked = { draft: settled.draft, ...(replaces !== undefined && { replaces }) }
  const checked = useCall('findOfferConflicts', [asked], { enabled: may('findOfferConflicts'), staleMs: 5_000 })
  const isFit = checked.data !== undefined && meetsBaskets(settled.draft) && settled.basket.lines.length > 0
  const tried = useCall('tryOffer', [{ ...asked, basket: settled.basket }], {
    enabled: isFit && may('tryOffer'),
    staleMs: 5_000,
  })
  return {
    mistakes: within(checked.error ?? tried.error, 'draft', words),
    conflicts: useLast(checked.data?.data, checked.error !== null),
    trial: useLast(tried.data, tried.error !== null || !meetsBaskets(settled.draft)),
    basketMistakes: within(tried.error, 'basket', words),
    failure: tried.error instanceof TesseraRefusal && tried.error.errors.length > 0 ? undefined : tried.error,
    isChecking: settled.draft !== draft || settled.basket !== basket || checked.isFetching || tried.isFetching,
  }
}
