import { z } from 'zod'
import { defineRefusals } from '../kernel/refusal.ts'
import { instant, name } from '../kernel/schema.ts'
import { personId, personRef } from '../people/schema.ts'
import { programmeId } from './schema.ts'

/** Refusals of households, in the order they are checked. */
export const householdRefusals = defineRefusals({
  household_not_found: { status: 404, title: 'Household not found', sentence: 'There is no household {id}.' },
  households_not_offered: {
    status: 409,
    title: 'No households',
    sentence: 'In the programme {programme} nobody shares points with others.',
  },
  household_full: {
    status: 409,
    title: 'Household full',
    sentence: 'A household of the programme {programme} has at most {maximum} members; these are {members}.',
  },
  household_needs_member: {
    status: 409,
    title: 'Not a member',
    sentence: 'Whoever shares points must be in the programme {programme}; {person} is not.',
  },
  household_elsewhere: {
    status: 409,
    title: 'In another household',
    sentence: '{person} is in the household {household}; she leaves it first.',
  },
})

export const householdId = z.string().regex(/^hsh_[0-9a-z]{26}$/, 'must be the id of a household, such as "hsh_01k…"')

const memberInput = z.strictObject({
  person: personRef,
  mayBurn: z.boolean().default(true).meta({ description: 'Whether she may spend what the others have' }),
})
const members = z.array(memberInput).max(20)

export const householdInput = z
  .strictObject({ programme: programmeId, name, members: members.min(1) })
  .meta({ id: 'HouseholdInput' })

export const householdPatch = z
  .strictObject({
    name: name.optional(),
    members: members
      .optional()
      .meta({ description: 'Who is in it from now on; whoever is left out leaves and keeps what is hers' }),
  })
  .meta({ id: 'HouseholdPatch' })

export const household = z
  .strictObject({
    id: householdId,
    programme: programmeId,
    name: z.string(),
    members: z.array(
      z.strictObject({
        person: personId,
        mayBurn: z.boolean(),
        since: instant,
        balance: z.int().meta({ description: 'Points of hers that can be spent' }),
      }),
    ),
    balance: z.int().meta({ description: 'What all have together' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Household', description: 'People who share one pool of a programme’s points. Nothing moves into it.' })

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
