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
    sentence:
      'The order is {state}; it cannot become {asked}. What was placed is changed by returning or cancelling it, or by another order.',
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

/** Refusals of a return, in the order they are checked; `order_not_found`, `occurredAt` and the order's state come before them. */
export const returnRefusals = defineRefusals({
  return_id_reused: {
    status: 422,
    title: 'Return id reused',
    sentence: 'The return {id} of this order was asked with another body before. Give a new return a new id.',
  },
  order_not_itemized: {
    status: 409,
    title: 'Order without lines',
    sentence: 'The order {id} is known from an event only, so nobody knows what its units cost. PUT it first.',
  },
  return_line_unknown: {
    status: 422,
    title: 'No such line',
    sentence: 'The order has no line {line}. Lines go by the ids that they have in the order.',
  },
  return_exceeds_line: {
    status: 409,
    title: 'More than is left',
    sentence: 'Line {line} has {left} units left to return, not {asked}.',
  },
  return_unit_not_left: {
    status: 409,
    title: 'Unit not left',
    sentence: 'Unit {unit} of line {line} is back already, or was never there: the line has {quantity}.',
  },
  return_shipping_not_left: {
    status: 409,
    title: 'Shipping already refunded',
    sentence: 'The shipping of this order is refunded already.',
  },
  return_gift_not_left: {
    status: 409,
    title: 'No such gift',
    sentence: 'The offer {offer} gave no gift with this order, or it is back already.',
  },
})
