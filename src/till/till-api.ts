import { createCaller } from '../sdk/caller.ts'
import { TesseraUnreachable } from '../sdk/errors.ts'
import { tillCalls } from './till-calls.ts'
import { setTill, till } from './till-state.ts'

/** A queue does not wait: what has no answer by then is decided on the till. */
const timeoutMs = 5000

const create = (key: string) => createCaller(tillCalls, { url: '', key, retries: 0, timeoutMs })
type Api = ReturnType<typeof create>

const made = new Map<string, Api>()

/** The API with a till's key, at the address that the page came from. */
export const apiOf = (key: string): Api => {
  const known = made.get(key) ?? create(key)
  made.set(key, known)
  return known
}

const api = (): Api => {
  const { pairing } = till()
  if (!pairing) throw new Error('the till is not paired')
  return apiOf(pairing.key)
}

export const isOnline = (): boolean => till().offlineSince === undefined

/** Notes that nobody answers. */
export const wentOffline = (): void => {
  if (isOnline()) setTill({ offlineSince: Date.now() })
}

export const isUnreachable = (error: unknown): boolean => error instanceof TesseraUnreachable

/** Makes a call; where nobody answers, the till is offline from then on. */
export const reach = async <T>(call: (api: Api) => Promise<T>): Promise<T> => {
  try {
    return await call(api())
  } catch (error) {
    if (isUnreachable(error)) wentOffline()
    throw error
  }
}

/** Whether the server answers at all. */
export const isReachable = async (): Promise<boolean> => {
  try {
    return (await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) })).ok
  } catch {
    return false
  }
}
