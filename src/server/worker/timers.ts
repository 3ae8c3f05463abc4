import type { Logger } from 'pino'
import { loggable } from '../http/problem.ts'

export type Timers = {
  /**
   * Runs now and then again so long after each end: never two at a time. What throws is logged and tried again next time. Long
   * work watches the signal.
   */
  every(ms: number, name: string, run: (signal: AbortSignal) => Promise<void>): void
  /** Waits for what runs right now; nothing starts afterwards. */
  stop(): Promise<void>
}

/**
 * Work by the clock, of this process.
 *
 *     const timers = createTimers(logger)
 *     timers.every(60_000, 'prune idempotency', signal => pruneIdempotency(database, now(), signal))
 *     await timers.stop()
 */
export const createTimers = (logger: Logger): Timers => {
  const stopping = new AbortController()
  const waiting = new Map<string, NodeJS.Timeout>()
  const running = new Map<string, Promise<void>>()

  const runOnce = async (name: string, run: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    try {
      await run(stopping.signal)
    } catch (error) {
      logger.error({ timer: name, error: loggable(error) }, 'timer failed')
    }
  }

  return {
    every: (ms, name, run) => {
      const start = (): void => {
        const turn = runOnce(name, run).then(() => {
          running.delete(name)
          if (!stopping.signal.aborted) waiting.set(name, setTimeout(start, ms))
        })
        running.set(name, turn)
      }
      waiting.set(name, setTimeout(start, 0))
    },
    stop: async () => {
      stopping.abort()
      for (const timer of waiting.values()) clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}
