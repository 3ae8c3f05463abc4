import { defineRefusals } from '../kernel/refusal.ts'

export const peopleRefusals = defineRefusals({
  identifier_invalid: {
    status: 400,
    title: 'Identifier not usable',
    // The value itself stays out of sentence and details: refusals are logged, personal values are not.
    sentence: 'The {type} is not usable: {reason}.',
  },
  person_not_found: { status: 404, title: 'Person not found', sentence: 'Nobody is known by this {type}.' },
})
