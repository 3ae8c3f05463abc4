import { useSyncExternalStore } from 'react'
import type { Pack } from '../sdk/offline.ts'
import { emptySale, type Sale } from './basket.ts'
import type { Clerk, Tries } from './pin.ts'
import type { Article } from './price-list.ts'
import type { Pairing, Receipt } from './till-db.ts'

/** What keeps a pack from being used or renewed, as the server or the engine says it. */
export type PackProblem = { readonly code: string; readonly message: string }

/** What the till shows; the browser's own "back" leads to the one before. */
export type View =
  | { readonly name: 'sale' }
  | { readonly name: 'customer' }
  | { readonly name: 'pay' }
  | { readonly name: 'override'; readonly line?: string }
  | { readonly name: 'returns'; readonly number?: string }
  | { readonly name: 'till' }

/** Everything that screens show of the till. */
export type TillState = {
  /** `elsewhere`: it is open in another tab, and two would write one journal. */
  readonly stage: 'loading' | 'unpaired' | 'elsewhere' | 'ready'
  readonly pairing: Pairing | undefined
  /** What the business is called; undefined until it was heard once. */
  readonly business: string | undefined
  readonly pack: Pack | undefined
  readonly packProblem: PackProblem | undefined
  /** Epoch milliseconds since when nobody answers; undefined: online. */
  readonly offlineSince: number | undefined
  /** Entries of the journal that have not arrived. */
  readonly waiting: number
  /** The pack's last entry is written: nothing is sold until the till is opened again. */
  readonly isClosed: boolean
  readonly clerks: readonly Clerk[]
  readonly clerk: Clerk | undefined
  readonly tries: Readonly<Record<string, Tries>>
  readonly articles: readonly Article[]
  readonly leased: { readonly codes: readonly string[]; readonly people: readonly string[] }
  readonly hasSounds: boolean
  readonly sale: Sale
  /** Baskets that wait for customers who are not ready. */
  readonly aside: readonly Sale[]
  /** What was sold last, while it is shown. */
  readonly receipt: Receipt | undefined
  readonly view: View
}

let state: TillState = {
  stage: 'loading',
  pairing: undefined,
  business: undefined,
  pack: undefined,
  packProblem: undefined,
  offlineSince: undefined,
  waiting: 0,
  isClosed: false,
  clerks: [],
  clerk: undefined,
  tries: {},
  articles: [],
  leased: { codes: [], people: [] },
  hasSounds: false,
  sale: emptySale(''),
  aside: [],
  receipt: undefined,
  view: { name: 'sale' },
}

const listeners = new Set<() => void>()

export const till = (): TillState => state

export const setTill = (change: Partial<TillState>): void => {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useTill = (): TillState => useSyncExternalStore(subscribe, till)
