import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of a PUT of an order, in the order they are checked. */
export const orderRefusals = defineRefusals({
  order_not_found: { status: 404, title: 'Order not found', sentence: 'There is no order {id}.' },
  occurred_at_not_allowed: {
    status: 403,
    title: 'occurredAt not allowed',
    sentence: 'Only secret and admin keys may say when an order happened.',
  },
  occurred_at_in_future: {
    status: 422,
    title: 'Time in the future',
    sentence: 'occurredAt lies {seconds} seconds in the future; at most 300 are taken. Check the sender’s clock.',
  },
  dry_run_only: {
    status: 403,
    title: 'Dry run only',
    sentence: 'A publishable key may try an order with ?dryRun=true, not store one.',
  },
  channel_missing: {
    status: 422,
    title: 'Channel missing',
    sentence: 'Say on which channel the order happens: the key has no channel of its own.',
  },
  revision_outdated: {
    status: 409,
    title: 'Older revision',
    sentence: 'The order is at revision {stored}; this is revision {given}.',
  },
  order_state_conflict: {
    status: 409,
    title: 'Order state conflict',
    sentence: 'The order is {state}; it cannot become {asked}.',
  },
  codes_refused: {
    status: 409,
    title: 'A code cannot apply',
    sentence: 'At least one required code cannot apply; nothing was stored.',
  },
  total_changed: {
    status: 409,
    title: 'Total changed',
    sentence:
      'The total is {total}, expected was {expected}; nothing was redeemed. Show the customer the new total and ask again.',
  },
})
