import type { BlockedFor } from './gift-card-schema.ts'

/** Money on a code. Its id owns the accounts in the ledger; whoever holds the code may spend it. */
export type GiftCard = {
  readonly id: string
  /** As it is matched. */
  readonly code: string
  readonly currency: string
  /** Minor units that are on it once it is activated. */
  readonly initial: number
  readonly issuedAt: number
  readonly offerId: string | null
  /** That issued it among many. */
  readonly jobId: string | null
  /** Days it lasts from its activation; null: until `expiresAt`, or for ever. */
  readonly days: number | null
  state: 'issued' | 'active' | 'blocked'
  /** Whoever put it into her wallet. */
  holderId: string | null
  activatedAt: number | null
  expiresAt: number | null
  blockedAt: number | null
  blockedFor: BlockedFor | null
  revision: number
}
