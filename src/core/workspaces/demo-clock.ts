import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, laterBy, parseInstant } from '../kernel/time.ts'
import { workspaceRefusals } from './refusals.ts'
import type { ClockMove, Workspace } from './schema.ts'

/** So far from the real time a demo's clock may be, either way: 20 years. */
export const mostAheadMs = 20 * 366 * 86_400_000

/**
 * Where a demo's clock stands after a move, as milliseconds ahead of the real time `real`.
 *
 *     movedClock({ forward: 'P7D' }, { workspace, real, aheadMs: 0 })   // { ok: true, value: 604800000 }
 */
export const movedClock = (
  move: ClockMove,
  { workspace, real, aheadMs }: { readonly workspace: Workspace; readonly real: number; readonly aheadMs: number },
): Result<number> => {
  const now = real + aheadMs
  const to = 'to' in move ? parseInstant(move.to)! : laterBy(now, move.forward, workspace.timeZone)
  return to === undefined || to <= now || to - real > mostAheadMs
    ? no(refuse(workspaceRefusals.clock_not_forward, { workspace: workspace.id, now: formatInstant(now) }))
    : ok(to - real)
}
