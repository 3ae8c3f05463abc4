import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of requests about programmes and their members. */
export const programmeRefusals = defineRefusals({
  programme_not_found: { status: 404, title: 'Programme not found', sentence: 'There is no programme {id}.' },
  programme_ended: {
    status: 409,
    title: 'Programme ended',
    sentence: 'The programme “{name}” has ended; it takes no members and cannot be changed.',
  },
  programme_unit_fixed: {
    status: 409,
    title: 'Unit cannot change',
    sentence:
      'People have points of {id} with {decimals} decimals: what they have would be worth something else. Make a new programme.',
  },
  member_not_found: {
    status: 404,
    title: 'Not a member',
    sentence: 'This person is not in the programme {id}, and never was.',
  },
})
