import type { Services } from '../services.ts'
import type { ApartKind } from '../worker/job-runner.ts'
import { keepClosing, openAnswer } from './closing-answer.ts'
import { type Closing, stepClosing } from './step-closing.ts'

/** What is left of a closing, or of a look at one, that took longer than a call should. Its result is the closing. */
export const closeMonth =
  (services: Pick<Services, 'database' | 'workspaces' | 'clock'>): ApartKind =>
  async ({ workspaceId, params }) => {
    const { next, rows, closed } = await stepClosing(services, workspaceId, params as Closing)
    if (!closed) return { done: rows, params: next }
    const { period } = next
    const result = closed.totals
      ? await services.database.transaction(tx => keepClosing(tx, workspaceId, period, closed.totals!))
      : openAnswer(next, closed)
    return { done: rows, params: next, result }
  }
