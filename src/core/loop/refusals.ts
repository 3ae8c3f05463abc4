import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of what is claimed at a moment without a basket, after which those of the offer itself follow, and of giving it back. */
export const momentRefusals = defineRefusals({
  not_at_this_moment: {
    status: 409,
    title: 'Not at this moment',
    sentence:
      'The offer cannot be claimed at the moment “{moment}”: only offers that a request triggers, at their moments.',
  },
  decision_not_found: {
    status: 404,
    title: 'Decision not found',
    sentence: 'There is no decision {id} of a moment or an event.',
  },
  claim_not_found: {
    status: 404,
    title: 'Claim not found',
    sentence: 'In the decision {id} the offer {offer} was not claimed.',
  },
  claim_used: {
    status: 409,
    title: 'Claim used',
    sentence: 'What the claim gave is used already (grant {grant}), so it cannot be given back.',
  },
})
