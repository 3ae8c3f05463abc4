import { defineRefusals } from '../kernel/refusal.ts'

export const adjustmentRefusals = defineRefusals({
  adjustment_not_found: { status: 404, title: 'Adjustment not found', sentence: 'There is no adjustment {id}.' },
  adjustment_state_conflict: {
    status: 409,
    title: 'Adjustment is decided',
    sentence: 'The adjustment {id} is {state} already.',
  },
  second_person_needed: {
    status: 403,
    title: 'A second person is needed',
    sentence: 'Whoever proposed the adjustment {id} cannot approve it. Ask somebody with a key of their own.',
  },
  adjustment_too_much: {
    status: 409,
    title: 'Not so much there',
    sentence: 'The adjustment would take {asked} of {asset}, and {available} can be taken.',
  },
  adjustment_reversed: {
    status: 409,
    title: 'Adjustment is taken back',
    sentence: 'The adjustment {id} is taken back by {by} already.',
  },
})

/** In the order in which closing a month looks. */
export const closingRefusals = defineRefusals({
  period_not_over: {
    status: 409,
    title: 'Month not over',
    sentence: 'The month {period} lasts until {end} in the time zone of the workspace.',
  },
  period_closed: {
    status: 409,
    title: 'Month closed',
    sentence: 'The books are closed through {through}: {period} takes nothing more.',
  },
  earlier_period_open: {
    status: 409,
    title: 'An earlier month is open',
    sentence: 'The month {earlier} has postings and is not closed. Close it first.',
  },
  clock_behind: {
    status: 409,
    title: 'The clock is behind',
    sentence:
      '{accounts} accounts have value that became active or ended in {period} and is not booked yet. Try again in a minute.',
  },
  adjustments_open: {
    status: 409,
    title: 'Adjustments wait for a second person',
    sentence: 'Of {period} or before, {count} adjustments wait to be approved or rejected: {ids}.',
  },
  audit_failed: {
    status: 409,
    title: 'The auditor found something',
    sentence: 'The ledger does not add up: {findings}. Nothing is closed before it does.',
  },
})
