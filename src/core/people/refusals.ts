import { defineRefusals } from '../kernel/refusal.ts'

export const peopleRefusals = defineRefusals({
  identifier_invalid: {
    status: 400,
    title: 'Identifier not usable',
    // The value itself stays out of sentence and details: refusals are logged, personal values are not.
    sentence: 'The {type} is not usable: {reason}.',
  },
  person_not_found: { status: 404, title: 'Person not found', sentence: 'Nobody is known by this {type}.' },
  link_not_found: {
    status: 404,
    title: 'Link not found',
    sentence: 'No evidence links these two identifiers directly; the links there are stand with the person.',
  },
  identifier_of_another: {
    status: 409,
    title: 'Identifier of somebody else',
    sentence: 'What stands at {pointer} is no identifier of this person, or stands there twice.',
  },
  split_too_large: {
    status: 422,
    title: 'Split too large',
    sentence:
      'The split would keep {pairs} pairs of identifiers apart, and {most} is the most; split off fewer, or take links away first.',
  },
  split_not_found: { status: 404, title: 'Split not found', sentence: 'There is no split {id}, or it is undone.' },
  erasure_request_taken: {
    status: 409,
    title: 'Request of another erasure',
    sentence: 'The requestId {requestId} is that of the erasure of somebody else. Give this one its own.',
  },
  trait_not_found: {
    status: 404,
    title: 'Computed trait not found',
    sentence: 'There is no computed trait {name}.',
  },
  trait_cycle: {
    status: 409,
    title: 'Computed traits in a circle',
    sentence: 'The computed trait would read itself: {circle}.',
  },
  trait_in_use: {
    status: 409,
    title: 'Computed trait in use',
    sentence: 'The computed trait {name} is asked for by {by}. Change that first.',
  },
})
