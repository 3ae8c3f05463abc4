import { describe, expect, it } from 'vitest'
import { makeThrottle } from './throttle.ts'

const withClock = (maxNames = 100) => {
  const time = { now: 0 }
  return { time, throttle: makeThrottle({ capacity: 3, refillPerSecond: 0.5, maxNames, clock: () => time.now }) }
}

describe('a throttle', () => {
  it('lets as many through at once as it holds, then says when to come again', () => {
    const { throttle } = withClock()
    expect([1, 2, 3].map(() => throttle.take('a').ok)).toEqual([true, true, true])
    expect(throttle.take('a')).toEqual({ ok: false, retryAfterSeconds: 2 })
    expect(throttle.take('b').ok).toBe(true)
  })

  it('refills with time, never above what it holds', () => {
    const { time, throttle } = withClock()
    throttle.take('a', 3)
    time.now = 1999
    expect(throttle.take('a').ok).toBe(false)
    time.now = 2000
    expect(throttle.take('a').ok).toBe(true)
    time.now = 1_000_000
    expect(throttle.take('a', 4)).toEqual({ ok: false, retryAfterSeconds: 2 })
    expect(throttle.take('a', 3).ok).toBe(true)
  })

  it('takes nothing when it refuses or is only looked at', () => {
    const { throttle } = withClock()
    expect(throttle.peek('a', 3).ok).toBe(true)
    expect(throttle.take('a', 4).ok).toBe(false)
    expect(throttle.take('a', 3).ok).toBe(true)
  })

  it('survives a clock that is set back', () => {
    const { time, throttle } = withClock()
    time.now = 10_000
    throttle.take('a', 2)
    time.now = 0
    expect(throttle.take('a').ok).toBe(true)
  })

  it('forgets the name used longest ago when it knows too many', () => {
    const { throttle } = withClock(2)
    for (const name of ['a', 'b']) throttle.take(name, 3)
    throttle.peek('a')
    throttle.take('c', 3)
    expect(throttle.peek('a').ok).toBe(false)
    expect(throttle.peek('b').ok).toBe(true)
  })

  it('charges for what has happened already, into debt that takes its time', () => {
    const { time, throttle } = withClock()
    throttle.charge('a', 5)
    expect(throttle.peek('a')).toEqual({ ok: false, retryAfterSeconds: 6 })
    time.now += 6000
    expect(throttle.take('a').ok).toBe(true)
  })
})
