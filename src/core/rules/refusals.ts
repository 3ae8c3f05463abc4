import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of a condition when it is saved. One that fails at run time is the offer's `condition_error`. */
export const ruleRefusals = defineRefusals({
  condition_invalid: {
    status: 422,
    title: 'Invalid condition',
    sentence: 'The condition has a mistake in line {line}, column {column}: {mistake}',
  },
})
