import type { ParsedRef } from '../core/people/ref.ts'
import type { Auth } from './http/call.ts'
import { makeThrottle, type Throttle } from './throttle.ts'

/**
 * Guesses at codes are slowed by who makes them: a person, a browser's address, and the key as a whole. A server's key stands for
 * all customers of a shop, so it gets a wide bucket of its own and its address says nothing.
 */
export const makeGuessThrottle = (clock: () => number) => {
  const narrow = makeThrottle({ capacity: 20, refillPerSecond: 1 / 6, maxNames: 100_000, clock })
  const wide = makeThrottle({ capacity: 1000, refillPerSecond: 10, maxNames: 10_000, clock })
  return (auth: Auth, who: ParsedRef | undefined, remoteAddress: string): readonly (readonly [Throttle, string])[] => [
    [wide, `key ${auth.workspaceId} ${auth.keyId}`],
    ...(auth.scope === 'publishable' ? [[narrow, `address ${auth.keyId} ${remoteAddress}`] as const] : []),
    // As it is matched, not as it was written: other capitals are not another person.
    ...(who ? [[narrow, `person ${auth.workspaceId} ${nameOf(who)}`] as const] : []),
  ]
}

const nameOf = (who: ParsedRef): string => ('personId' in who ? who.personId : `${who.type}:${who.value}`)

/** How long somebody has to wait before the next guess; undefined: she need not. */
export const waitOf = (throttles: readonly (readonly [Throttle, string])[]): number | undefined => {
  for (const [throttle, name] of throttles) {
    const free = throttle.peek(name)
    if (!free.ok) return free.retryAfterSeconds
  }
  return undefined
}
