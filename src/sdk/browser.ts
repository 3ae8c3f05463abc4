/**
 * What a page or a till loads: the client, and the decision itself, to preview a basket or to decide it while offline.
 *
 *     import { createTessera, decide } from 'tessera/browser'
 */
export { liveCampaign, liveOffer } from '../core/offers/live-offer.ts'
export { type Candidate, type Decision, type DecisionInput, decide } from '../core/orders/decide.ts'
export * from './index.ts'
