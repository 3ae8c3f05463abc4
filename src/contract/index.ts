import { accountEndpoints } from './accounts.ts'
import { activityEndpoints } from './activity.ts'
import { adjustmentEndpoints } from './adjustments.ts'
import { auditLogEndpoints } from './audit-log.ts'
import { auditEndpoints } from './audits.ts'
import { backupEndpoints } from './backup.ts'
import { campaignEndpoints } from './campaigns.ts'
import { clerkEndpoints } from './clerks.ts'
import { codeEndpoints } from './codes.ts'
import { collectionEndpoints } from './collections.ts'
import { consentEndpoints } from './consents.ts'
import { decisionEndpoints } from './decisions.ts'
import { drawEndpoints } from './draws.ts'
import { eventEndpoints } from './events.ts'
import { exportEndpoints } from './exports.ts'
import { financeEndpoints } from './finance.ts'
import { grantEndpoints } from './grants.ts'
import { homeEndpoints } from './home.ts'
import { householdEndpoints } from './households.ts'
import { identityEndpoints } from './identity.ts'
import { insightEndpoints } from './insights.ts'
import { jobEndpoints } from './jobs.ts'
import { keyEndpoints } from './keys.ts'
import { nounEndpoints } from './nouns.ts'
import { offerDraftEndpoints } from './offer-drafts.ts'
import { offerEndpoints } from './offers.ts'
import { operationEndpoints } from './operations.ts'
import { orderHistoryEndpoints } from './order-history.ts'
import { orderEndpoints } from './orders.ts'
import { outboxEndpoints } from './outbox.ts'
import { packEndpoints } from './packs.ts'
import { peopleEndpoints } from './people.ts'
import { programmeEndpoints } from './programmes.ts'
import { reportEndpoints } from './reports.ts'
import { requestEndpoints } from './requests.ts'
import { returnEndpoints } from './returns.ts'
import { rightsEndpoints } from './rights.ts'
import { segmentEndpoints } from './segments.ts'
import { sessionEndpoints } from './session.ts'
import { simulationEndpoints } from './simulations.ts'
import { sourceEndpoints } from './sources.ts'
import { storedMoneyEndpoints } from './stored-money.ts'
import { teamEndpoints } from './team.ts'
import { traitEndpoints } from './traits.ts'
import { transferEndpoints } from './transfers.ts'
import { walletSelfEndpoints } from './wallet-self.ts'
import { walletSessionEndpoints } from './wallet-session.ts'
import { walletTokenEndpoints } from './wallet-tokens.ts'
import { workspaceEndpoints } from './workspaces.ts'

/** Every call of the API, in the order the docs show them. */
export const endpoints = [
  ...workspaceEndpoints,
  ...sessionEndpoints,
  ...teamEndpoints,
  ...auditLogEndpoints,
  ...requestEndpoints,
  ...nounEndpoints,
  ...clerkEndpoints,
  ...keyEndpoints,
  ...sourceEndpoints,
  ...eventEndpoints,
  ...peopleEndpoints,
  ...rightsEndpoints,
  ...identityEndpoints,
  ...consentEndpoints,
  ...segmentEndpoints,
  ...traitEndpoints,
  ...campaignEndpoints,
  ...offerEndpoints,
  ...offerDraftEndpoints,
  ...drawEndpoints,
  ...programmeEndpoints,
  ...transferEndpoints,
  ...householdEndpoints,
  ...collectionEndpoints,
  ...codeEndpoints,
  ...grantEndpoints,
  ...orderEndpoints,
  ...orderHistoryEndpoints,
  ...returnEndpoints,
  ...packEndpoints,
  ...walletSessionEndpoints,
  ...walletSelfEndpoints,
  ...walletTokenEndpoints,
  ...outboxEndpoints,
  ...storedMoneyEndpoints,
  ...decisionEndpoints,
  ...reportEndpoints,
  ...activityEndpoints,
  ...homeEndpoints,
  ...insightEndpoints,
  ...adjustmentEndpoints,
  ...financeEndpoints,
  ...accountEndpoints,
  ...auditEndpoints,
  ...exportEndpoints,
  ...simulationEndpoints,
  ...jobEndpoints,
  ...backupEndpoints,
  ...operationEndpoints,
] as const
