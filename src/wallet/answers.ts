import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { TesseraRefusal } from '../sdk/errors.ts'
import { forgetAll, keep, readKept } from './store.ts'

/** What a call answered, and when. */
type Kept = { readonly value: unknown; readonly at: number }
type Entry = { readonly kept?: Kept; readonly error?: unknown; readonly isLoading: boolean }

export type Answer<T> = {
  /** Undefined while nothing is known, also from before. */
  readonly data: T | undefined
  /** When it was answered, epoch milliseconds. */
  readonly at: number | undefined
  /** Why it could not be asked just now; `data` is then as it was at `at`. */
  readonly error: unknown
  readonly isLoading: boolean
  readonly reload: () => Promise<void>
}

const nothing: Entry = { isLoading: true }
const entries = new Map<string, Entry>()
const loaders = new Map<string, () => Promise<unknown>>()
const listeners = new Set<() => void>()
/** Raised when the customer changes: what was asked for the one before is not shown to the next. */
let era = 0
/** Younger than this it is not asked again, because several parts of a page want the same. */
const freshMs = 3000

const set = (name: string, entry: Entry): void => {
  entries.set(name, entry)
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let onSignedOut: () => void = () => undefined
/** Who is told when a call finds that nobody is signed in any more. */
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut = listener
}

const load = async (name: string): Promise<void> => {
  const asked = name.startsWith(publicly) ? undefined : era
  const isOld = (): boolean => asked !== undefined && asked !== era
  const loader = loaders.get(name)
  if (!loader) return
  const known = entries.get(name)
  set(name, { ...known, isLoading: true })
  if (!known?.kept) {
    const kept = await readKept<Kept>(name)
    if (isOld()) return
    if (kept) set(name, { kept, isLoading: true })
  }
  try {
    const value = await loader()
    if (isOld()) return
    const kept = { value, at: Date.now() }
    set(name, { kept, isLoading: false })
    await keep(name, kept)
  } catch (error) {
    if (isOld()) return
    set(name, { ...entries.get(name), error, isLoading: false })
    if (error instanceof TesseraRefusal && error.status === 401) onSignedOut()
  }
}

const isStale = (name: string): boolean => {
  const entry = entries.get(name)
  if (entry === undefined) return true
  return !entry.isLoading && (entry.error !== undefined || Date.now() - (entry.kept?.at ?? 0) > freshMs)
}

/**
 * What a call answers: what it answered the last time at once, also without a network, and what it answers now as soon as it does.
 *
 *     const wallet = useAnswer('wallet', () => api.getWallet(person))   // { data, at, error, isLoading, reload }
 */
export const useAnswer = <T>(name: string, loader: () => Promise<T>): Answer<T> => {
  const entry = useSyncExternalStore(subscribe, () => entries.get(name) ?? nothing)
  const reload = useCallback(() => load(name), [name])
  loaders.set(name, loader)
  useEffect(() => {
    if (isStale(name)) void load(name)
    const again = (): void => {
      if (document.visibilityState === 'visible' && isStale(name)) void load(name)
    }
    addEventListener('online', again)
    document.addEventListener('visibilitychange', again)
    return () => {
      removeEventListener('online', again)
      document.removeEventListener('visibilitychange', again)
    }
  }, [name])
  return {
    data: entry.kept?.value as T | undefined,
    at: entry.kept?.at,
    error: entry.error,
    isLoading: entry.isLoading,
    reload,
  }
}

/** Asks again what something that was done has changed, as far as a page has asked for it before. */
export const askAgain = async (...names: readonly string[]): Promise<void> => {
  await Promise.all(names.filter(name => loaders.has(name)).map(load))
}

/** What is told to everybody, signed in or not, begins so. */
export const publicly = 'of the business: '

/** Forgets all that is known of a customer. */
export const forget = async (): Promise<void> => {
  era++
  for (const name of [...entries.keys()]) if (!name.startsWith(publicly)) entries.delete(name)
  for (const listener of listeners) listener()
  await forgetAll()
  for (const [name, { kept }] of entries) if (kept) await keep(name, kept)
}
