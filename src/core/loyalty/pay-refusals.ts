import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of stored tenders of an order, in the order they are checked; a refused tender changes nothing. */
export const payRefusals = defineRefusals({
  tender_not_payable: {
    status: 409,
    title: 'Tender cannot pay',
    sentence: 'The tender “{type}” cannot pay this order: {reason}.',
  },
  gift_card_unknown: {
    status: 409,
    title: 'Gift card unknown',
    sentence: 'There is no gift card with this code. Check the code.',
  },
  gift_card_inactive: {
    status: 409,
    title: 'Gift card not active',
    sentence: 'The gift card {card} was never activated, so there is no money on it.',
  },
  gift_card_blocked: {
    status: 409,
    title: 'Gift card blocked',
    sentence: 'The gift card {card} is blocked.',
  },
  gift_card_expired: {
    status: 409,
    title: 'Gift card expired',
    sentence: 'The gift card {card} ended at {endedAt}.',
  },
  gift_card_not_usable: {
    status: 409,
    title: 'Gift card not usable',
    sentence: 'The gift card cannot be used. Check the code.',
  },
  balance_insufficient: {
    status: 409,
    title: 'Not enough left',
    sentence: 'The tender “{type}” was to pay {asked} {unit}; {available} can be spent.',
  },
  points_below_minimum: {
    status: 409,
    title: 'Too few points',
    sentence: 'At least {minimum} points are spent at once; {asked} were asked for.',
  },
  tender_too_much: {
    status: 409,
    title: 'More than it may pay',
    sentence: 'The tender “{type}” may pay {most} {unit} of this order; {asked} were asked for.',
  },
})
