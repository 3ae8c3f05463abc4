import type { Logger } from 'pino'
import type { Services } from '../services.ts'
import { simulateOrders } from '../simulations/simulate-orders.ts'
import { generateCodes } from './generate-codes.ts'
import { createJobRunner } from './job-runner.ts'
import { pruneIdempotency } from './prune-idempotency.ts'
import { createTimers, type Timers } from './timers.ts'

/**
 * What a process does besides answering: jobs, and cleaning up. More work by the clock is added with `every`.
 *
 *     const worker = startWorker(services, logger)
 *     worker.every(1000, 'expired holds', sweep)
 *     await worker.stop()
 */
export const startWorker = (
  { database, clock, random, workspaces }: Pick<Services, 'database' | 'clock' | 'random' | 'workspaces'>,
  logger: Logger,
): Timers => {
  const timers = createTimers(logger)
  const runner = createJobRunner({
    database,
    clock,
    logger,
    kinds: { generateCodes: generateCodes({ random, clock }), simulateOrders: simulateOrders({ workspaces }) },
    inMemory: ['simulateOrders'],
  })
  timers.every(500, 'jobs', runner.run)
  timers.every(60_000, 'idempotency', signal => pruneIdempotency(database, clock(), signal))
  return timers
}
