import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of a condition or an amount when it is saved. One that fails at run time is the offer's `condition_error`. */
export const ruleRefusals = defineRefusals({
  condition_invalid: {
    status: 422,
    title: 'Invalid expression',
    sentence: 'The expression has a mistake in line {line}, column {column}: {mistake}',
  },
})
