import { makeRecent } from './recent.ts'

export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number }

export type Throttle = {
  /** Takes `cost` attempts from the name's bucket, or nothing and says when there will be enough. */
  take(name: string, cost?: number): Taken
  /** What `take` would answer, without taking. */
  peek(name: string, cost?: number): Taken
  /** Takes `cost` for what has happened already, into debt where there is not enough: who overdraws waits longer. */
  charge(name: string, cost: number): void
}

/**
 * Token buckets by name: `capacity` attempts at once, then as many as are refilled. In memory and for one process, because
 * it slows guessing down and never decides value; it forgets the names used longest ago beyond `maxNames`.
 *
 *     const wrongKeys = makeThrottle({ capacity: 20, refillPerSecond: 0.5, maxNames: 10_000, clock })
 *     wrongKeys.take('203.0.113.7')   // { ok: true }, and after 20 at once { ok: false, retryAfterSeconds: 2 }
 */
export const makeThrottle = ({
  capacity,
  refillPerSecond,
  maxNames,
  clock,
}: {
  readonly capacity: number
  readonly refillPerSecond: number
  readonly maxNames: number
  /** Epoch milliseconds. */
  readonly clock: () => number
}): Throttle => {
  const buckets = makeRecent<string, { readonly left: number; readonly at: number }>(maxNames)

  const leftNow = (name: string, now: number): number => {
    const bucket = buckets.get(name)
    if (!bucket) return capacity
    // A clock that was set back must not empty the bucket.
    const elapsed = Math.max(0, now - bucket.at) / 1000
    return Math.min(capacity, bucket.left + elapsed * refillPerSecond)
  }
  const judge = (left: number, cost: number): Taken =>
    left >= cost
      ? { ok: true }
      : { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((cost - left) / refillPerSecond)) }

  return {
    take: (name, cost = 1) => {
      const now = clock()
      const left = leftNow(name, now)
      const taken = judge(left, cost)
      if (taken.ok) buckets.set(name, { left: left - cost, at: now })
      return taken
    },
    peek: (name, cost = 1) => judge(leftNow(name, clock()), cost),
    charge: (name, cost) => {
      const now = clock()
      buckets.set(name, { left: leftNow(name, now) - cost, at: now })
    },
  }
}
