import type { Logger } from 'pino'
import { auditStore } from '../audit/audit-store.ts'
import { closeMonth } from '../closing/close-month.ts'
import { previewProgramme, rankMembers } from '../loyalty/rank-members.ts'
import { buildSegments } from '../segments/build-segments.ts'
import { clearSegment } from '../segments/clear-members.ts'
import { addSegmentMembers, grantSegment } from '../segments/give-to-segment.ts'
import { previewSegment } from '../segments/preview-segment.ts'
import type { Services } from '../services.ts'
import { simulateOrders } from '../simulations/simulate-orders.ts'
import { pruneWallets } from '../wallet/codes.ts'
import { countEvents } from './count-events.ts'
import { deleteWorkspace } from './delete-workspace.ts'
import { erasePerson } from './erase-person.ts'
import { generateCodes } from './generate-codes.ts'
import { issueGiftCards } from './issue-gift-cards.ts'
import { createJobRunner } from './job-runner.ts'
import { pruneEvents } from './prune-events.ts'
import { pruneIdempotency } from './prune-idempotency.ts'
import { resolveIdentities } from './resolve-identities.ts'
import { createTimers, type Timers } from './timers.ts'

/**
 * What a process does besides answering: jobs, and cleaning up. More work by the clock is added with `every`.
 *
 *     const worker = startWorker(services, logger)
 *     worker.every(1000, 'expired holds', sweep)
 *     await worker.stop()
 */
export const startWorker = (
  {
    database,
    clock,
    random,
    workspaces,
    catalogues,
    writer,
  }: Pick<Services, 'database' | 'clock' | 'random' | 'workspaces' | 'catalogues' | 'writer'>,
  logger: Logger,
): Timers => {
  const timers = createTimers(logger)
  const runner = createJobRunner({
    database,
    clock,
    logger,
    kinds: {
      generateCodes: generateCodes({ random, clock }),
      countEvents: countEvents({ workspaces, catalogues, clock, random }),
      clearSegment,
      deleteWorkspace,
      grantSegment: grantSegment({ workspaces, random, clock }),
      addSegmentMembers: addSegmentMembers({ clock }),
      simulateOrders: simulateOrders({ workspaces }),
    },
    apart: {
      issueGiftCards: issueGiftCards({ writer, workspaces, random }),
      audit: auditStore({ database, workspaces, clock }),
      closeMonth: closeMonth({ database, workspaces, clock }),
      erasePerson: erasePerson({ database, writer, random, clock }),
      resolveIdentities: resolveIdentities({ database, workspaces, writer }),
      buildSegments: buildSegments({ database, writer, clock, workspaces }),
      previewSegment: previewSegment({ database, writer, workspaces }),
      rankMembers: rankMembers({ database, writer, workspaces }),
      previewProgramme: previewProgramme({ database, writer, workspaces }),
    },
    inMemory: ['simulateOrders'],
    prepare: workspaces.get,
  })
  timers.every(500, 'jobs', runner.run)
  timers.every(86_400_000, 'retention of events', signal => pruneEvents(database, clock(), signal))
  timers.every(60_000, 'idempotency', signal => pruneIdempotency(database, clock(), signal))
  timers.every(600_000, 'codes, messages and sessions of wallets', signal => pruneWallets(database, clock(), signal))
  return timers
}
