export const consentStates = ['requested', 'given', 'withdrawn'] as const
export type ConsentState = (typeof consentStates)[number]

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

/** What was said last about a channel and a purpose on an address, and when. */
export type Standing = readonly [state: ConsentState, at: number]

/** By `stateKey`: what holds for this address, and since when. */
export type ConsentStates = Readonly<Record<string, Standing>>

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

/** `stateKey('email', 'marketing')` is 'email/marketing'. */
export const stateKey = (channel: string, purpose: string): string => `${channel}/${purpose}`

/** Of two that were said at the same time the more restrictive counts. */
const restriction: Readonly<Record<ConsentState, number>> = { requested: 0, given: 1, withdrawn: 2 }

/**
 * Which of two entries about the same counts. A request is a question of ours and says nothing of what she wants, so it stands only
 * where she said nothing; else a request would lift an opt-out, or end a permission. Of two answers the newer counts.
 */
const counting = (left: Standing | undefined, right: Standing): Standing => {
  if (left === undefined) return right
  const [a, b] = [left, right].map(([state, at]) => [state === 'requested' ? 0 : 1, at, restriction[state]] as const)
  const differs = a!.findIndex((part, index) => part !== b![index])
  return differs < 0 || a![differs]! > b![differs]! ? left : right
}

/**
 * The states of an address with one entry more. In whatever order entries come, and however often, they end in the same
 * states: one that comes late never overrides a newer one.
 *
 *     withEntry({ 'email/marketing': ['withdrawn', 20] }, { channel: 'email', purpose: 'marketing', state: 'given', at: 10 })
 *     // { 'email/marketing': ['withdrawn', 20] }
 */
export const withEntry = (
  states: ConsentStates,
  { channel, purpose, state, at }: Pick<NewConsent, 'channel' | 'purpose' | 'state' | 'at'>,
): ConsentStates => {
  const key = stateKey(channel, purpose)
  return { ...states, [key]: counting(states[key], [state, at]) }
}

/** What an address of this type can be reached by: a phone number by text, call and WhatsApp; of a type without channels of its own anything. */
const channelsOfTypes: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  phone: ['sms', 'call', 'whatsapp'],
  whatsapp: ['whatsapp'],
  device: ['push'],
}

/** `channelsOf('phone')` is ['sms', 'call', 'whatsapp']; undefined: no channel is ruled out. */
export const channelsOf = (type: string): readonly string[] | undefined =>
  Object.hasOwn(channelsOfTypes, type) ? channelsOfTypes[type] : undefined
