export type ConsentState = 'requested' | 'given' | 'withdrawn'

/** How permission was given or taken away. */
export const consentWays = [
  'form',
  'doubleOptIn',
  'clerk',
  'call',
  'reply',
  'oneClick',
  'preferencePage',
  'import',
  'api',
] as const
export type ConsentWay = (typeof consentWays)[number]

/** `email/marketing` → what holds for this address, and since when. */
export type ConsentStates = Readonly<Record<string, readonly [state: ConsentState, at: number]>>

/** An entry of the ledger; nothing changes or deletes one. */
export type NewConsent = {
  readonly id: string
  /** The address: an identifier, and an identifier is a holder. */
  readonly holderId: string
  readonly channel: string
  /** marketing, service, research, profiling, or a topic of the workspace. */
  readonly purpose: string
  readonly state: ConsentState
  readonly at: number
  readonly how: ConsentWay
  readonly textVersion: string | null
  readonly language: string | null
  /** Key id, or `person`. */
  readonly by: string
  /** Evidence that names somebody: address of the browser, a note. */
  readonly personal: Readonly<Record<string, unknown>>
}

/** What a person asked for on this address; what is left out means: no wish. */
export type Preferences = {
  /** Channels she does not want to be contacted on. */
  readonly channelsOff?: readonly string[]
  readonly topicsOff?: readonly string[]
  /** BCP 47 */
  readonly language?: string
  /** Local times between which nothing is sent, as `21:00` to `08:00`. */
  readonly quietHours?: { readonly from: string; readonly to: string; readonly timeZone?: string }
  /** At most so many messages in so many days. */
  readonly atMost?: { readonly messages: number; readonly days: number }
  /** Nothing is sent before. */
  readonly pausedUntil?: number
}
