import type { RefusalKind } from '../core/kernel/refusal.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { ruleRefusals } from '../core/rules/refusals.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import { commonRefusals } from './common-refusals.ts'
import { jobRefusals } from './job-refusals.ts'

/** One list of every domain's refusals, in the order of the folders; within a domain in the order they are checked. */
const all: readonly RefusalKind[] = [
  commonRefusals,
  workspaceRefusals,
  ruleRefusals,
  peopleRefusals,
  catalogueRefusals,
  jobRefusals,
].flatMap(domain => Object.values<RefusalKind>(domain))

/** The one catalogue: code → kind. Codes are unique over all domains, or loading this module fails. */
export const refusals: ReadonlyMap<string, RefusalKind> = new Map(all.map(kind => [kind.code, kind]))

if (refusals.size !== all.length) {
  const twice = all.filter((kind, index) => all.findIndex(other => other.code === kind.code) !== index)
  throw new Error(`Two domains share a refusal code: ${twice.map(kind => kind.code).join(', ')}`)
}

/** The HTTP status a refusal is answered with, when it is the answer to a request. */
export const statusOf = (code: string): number => refusals.get(code)?.status ?? 500
