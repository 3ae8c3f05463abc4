/**
 * What somebody did, in days of the workspace's clock, so that windows end by themselves: nothing has to happen for
 * the last 30 days to be other days tomorrow. One of each holder; a person's is the sum of her holders'.
 */
export type Tally = {
  readonly orders?: number
  readonly units?: number
  /** Minor units by currency. */
  readonly spend?: Readonly<Record<string, number>>
}

/** What happened on a day. */
export type DayHistory = {
  readonly all?: Tally
  readonly channels?: Readonly<Record<string, Tally>>
  readonly categories?: Readonly<Record<string, Tally>>
  /** Returns, and what they gave back by currency. */
  readonly returns?: number
  readonly refunded?: Readonly<Record<string, number>>
  /** Offers: grants that were issued, uses. */
  readonly received?: number
  readonly used?: number
  /** Events that conditions count, by name. */
  readonly events?: Readonly<Record<string, number>>
  /** Counts and sums of computed traits, by their key. */
  readonly sums?: Readonly<Record<string, number>>
}

export type Statistics = {
  /** By number of the day since 1970-01-01; those of the last 366 days. */
  readonly days?: Readonly<Record<string, DayHistory>>
  /** Everything of earlier days. */
  readonly before?: DayHistory
  /** Orders by hour of the day, 24 of them. */
  readonly hours?: readonly number[]
  /** Grants that were not used by the end of a day, by its number: those of days gone were ignored. */
  readonly expiring?: Readonly<Record<string, number>>
  /** Of computed traits: the last value with its time, and how often each value came. */
  readonly last?: Readonly<Record<string, readonly [at: number, value: unknown]>>
  readonly values?: Readonly<Record<string, Readonly<Record<string, number>>>>
}
