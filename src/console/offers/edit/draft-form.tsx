import { createContext, type ReactNode, useContext } from 'react'
import type { Mistake } from '../../../sdk/index.ts'
import type { Draft } from './offer-draft.ts'
import { isWithin, valueAt } from './pointer.ts'

export type DraftForm = {
  readonly draft: Draft
  /** Puts a value at a JSON pointer of the draft; undefined takes it away. */
  readonly set: (pointer: string, value: unknown) => void
  /** What the server said of the draft, by pointers within it. */
  readonly mistakes: readonly Mistake[]
  readonly currency: string
  readonly timeZone: string
  /** There is no such offer yet. */
  readonly isNew: boolean
}

const DraftContext = createContext<DraftForm | undefined>(undefined)

export const DraftProvider = ({ value, children }: { readonly value: DraftForm; readonly children: ReactNode }) => (
  <DraftContext value={value}>{children}</DraftContext>
)

/** The draft that a form is about. */
export const useDraft = (): DraftForm => {
  const form = useContext(DraftContext)
  if (!form) throw new Error('a field of a draft stands outside of its form')
  return form
}

/** A part of the draft: what stands there, how it is changed, and what is wrong with it. */
export const usePart = (pointer: string) => {
  const { draft, set, mistakes } = useDraft()
  return {
    value: valueAt(draft, pointer),
    set: (value: unknown) => set(pointer, value),
    error: mistakes.find(it => isWithin(it.pointer, pointer))?.message,
  }
}

export const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
export const asList = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
