import { defineRefusals } from '../kernel/refusal.ts'

/** Refusals of calls about gift cards and store credit, in the order they are checked. */
export const moneyRefusals = defineRefusals({
  gift_card_code_mistyped: {
    status: 422,
    title: 'Code mistyped',
    sentence: 'This is no code of a gift card: its characters do not fit each other. Check them one by one.',
  },
  gift_card_not_found: { status: 404, title: 'Gift card not found', sentence: 'There is no such gift card.' },
  gift_card_code_taken: {
    status: 409,
    title: 'Code taken',
    sentence: 'There is a gift card with the code at {place} already; none was issued.',
  },
  ends_in_the_past: {
    status: 422,
    title: 'Ends in the past',
    sentence: 'It would have ended at {expiresAt} already.',
  },
  gift_card_state_conflict: {
    status: 409,
    title: 'Not in this state',
    sentence: 'The gift card is {state}; it cannot become {asked}.',
  },
  gift_card_of_another: {
    status: 409,
    title: 'In another wallet',
    sentence: 'The gift card is in the wallet of somebody else.',
  },
  credit_too_large: {
    status: 409,
    title: 'A second person is needed',
    sentence:
      'One key alone gives {most} {currency} at the most. Propose it as an adjustment, which a second one confirms.',
  },
  given_too_much_today: {
    status: 409,
    title: 'Enough for one person and day',
    sentence:
      'One person alone gives {most} of {asset} a day, and {given} are given today. Propose it as an adjustment, which a second one confirms, or ask whoever has the admin key for more.',
  },
})
