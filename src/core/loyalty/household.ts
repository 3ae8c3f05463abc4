/** Somebody in a household, by the holder she was named by. */
export type HouseholdMember = {
  readonly holderId: string
  /** Whether she may spend what the others have. */
  readonly mayBurn: boolean
  /** Epoch milliseconds. */
  readonly since: number
}

/** People who share one pool of a programme's points. Nothing moves: the pool is what their holders have together. */
export type Household = {
  readonly id: string
  readonly programmeId: string
  readonly createdAt: number
  name: string
  members: readonly HouseholdMember[]
  revision: number
  updatedAt: number
}
