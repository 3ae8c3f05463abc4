import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of what is claimed at a moment without a basket; then those of the offer itself follow. */
export const momentRefusals = defineRefusals({
  not_at_this_moment: {
    status: 409,
    title: 'Not at this moment',
    sentence:
      'The offer cannot be claimed at the moment “{moment}”: only offers that a request triggers, at their moments.',
  },
})
