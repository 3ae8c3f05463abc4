import { consentRefusals } from '../core/consent/refusals.ts'
import { eventRefusals } from '../core/events/refusals.ts'
import type { RefusalKind } from '../core/kernel/refusal.ts'
import { ledgerRefusals } from '../core/ledger/refusals.ts'
import { momentRefusals } from '../core/loop/refusals.ts'
import { adjustmentRefusals, closingRefusals } from '../core/loyalty/finance-refusals.ts'
import { householdRefusals } from '../core/loyalty/household.ts'
import { moneyRefusals } from '../core/loyalty/money-refusals.ts'
import { payRefusals } from '../core/loyalty/pay-refusals.ts'
import { programmeRefusals } from '../core/loyalty/refusals.ts'
import { transferRefusals } from '../core/loyalty/transfer.ts'
import { catalogueRefusals, offerRefusals } from '../core/offers/refusals.ts'
import { orderRefusals, returnRefusals } from '../core/orders/refusals.ts'
import { journalRefusals, packRefusals, walletTokenRefusals } from '../core/packs/refusals.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { walletRefusals } from '../core/people/wallet-refusals.ts'
import { ruleRefusals } from '../core/rules/refusals.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { teamRefusals } from '../core/team/refusals.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import { commonRefusals } from './common-refusals.ts'
import { jobRefusals } from './job-refusals.ts'

/** One list of every domain's refusals, in the order of the folders; within a domain in the order they are checked. */
const all: readonly RefusalKind[] = [
  commonRefusals,
  workspaceRefusals,
  teamRefusals,
  ruleRefusals,
  eventRefusals,
  peopleRefusals,
  walletRefusals,
  consentRefusals,
  segmentRefusals,
  ledgerRefusals,
  programmeRefusals,
  transferRefusals,
  householdRefusals,
  catalogueRefusals,
  offerRefusals,
  orderRefusals,
  payRefusals,
  moneyRefusals,
  returnRefusals,
  packRefusals,
  walletTokenRefusals,
  journalRefusals,
  momentRefusals,
  adjustmentRefusals,
  closingRefusals,
  jobRefusals,
].flatMap(domain => Object.values<RefusalKind>(domain))

/** The one catalogue: code → kind. Codes are unique over all domains, or loading this module fails. */
export const refusals: ReadonlyMap<string, RefusalKind> = new Map(all.map(kind => [kind.code, kind]))

if (refusals.size !== all.length) {
  const twice = all.filter((kind, index) => all.findIndex(other => other.code === kind.code) !== index)
  throw new Error(`Two domains share a refusal code: ${twice.map(kind => kind.code).join(', ')}`)
}
