/** Why a link does not unite what it links. */
export const suppressions = [
  'unverified',
  'removed',
  'blocked',
  'shared',
  'uniqueType',
  'tooMany',
  'differentPeople',
  'neverMerge',
  'quarantined',
] as const
export type Suppression = (typeof suppressions)[number]

/** Of an identifier: a value that is nobody's, one that is too many people's, one in a component that has grown beyond its cap. */
export type Standing = 'blocked' | 'shared' | 'quarantined'

export type LinkSource = 'event' | 'order' | 'clerk' | 'import' | 'split'

/** Evidence that two holders are one human: who said so and when. There is one a pair, verified and not; the earliest evidence counts. */
export type NewLink = {
  readonly a: string
  readonly b: string
  readonly verified: boolean
  readonly source: LinkSource
  /** Message id, order id, request or split. */
  readonly cause: string
  /** Corrected event time of the earliest evidence. */
  readonly firstSeenAt: number
}

/** As it is stored: `a` < `b`. */
export type StoredLink = NewLink & {
  readonly suppressed: Suppression | null
  readonly removedAt: number | null
}

export const linkKey = ({ a, b, verified }: Pick<NewLink, 'a' | 'b' | 'verified'>): string => `${a}\n${b}\n${verified}`
