import type { OrderLine } from '../orders/schema.ts'

/** A line with what one unit of it cost the shop, in minor units, where that is known. */
export type PastLine = OrderLine & { readonly unitCost?: number }

/** What is known of who bought, beside what the orders themselves tell. */
export type PastPerson = {
  /** Types of identifiers. */
  readonly identifiers: readonly string[]
  readonly traits: Readonly<Record<string, unknown>>
  /** Campaigns that the person is invited to. */
  readonly memberOf: readonly string[]
}

/** An order as it was placed. */
export type PastOrder = {
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  /** The same text for the same human. */
  readonly person?: string
  readonly about?: PastPerson
  readonly channel: string
  readonly location?: string
  readonly currency: string
  readonly lines: readonly PastLine[]
  readonly shipping: number
  /** Types of payment. */
  readonly tenders?: readonly string[]
  readonly choices?: Readonly<Record<string, string>>
  /** Codes that came with it and the live offers they claim. */
  readonly claims?: readonly { readonly code: string; readonly offers: readonly string[] }[]
}
