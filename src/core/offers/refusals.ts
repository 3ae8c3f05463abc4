import { defineRefusals } from '../kernel/refusal.ts'

/**
 * Why an offer does not apply, in the order it is checked: the same request always gets the same first reason. Where a code
 * belongs to several offers and none fits, the offer that came furthest down this list is the nearest, and gives the reason.
 */
export const offerRefusals = defineRefusals({
  code_unknown: { status: 409, title: 'Unknown code', sentence: 'The code is not known. Check its spelling.' },
  code_not_valid: { status: 409, title: 'Code not valid', sentence: 'The code cannot be used.' },
  code_blocked: { status: 409, title: 'Code blocked', sentence: 'The code has been blocked.' },
  offer_paused: { status: 409, title: 'Offer paused', sentence: 'The offer is paused at the moment.' },
  offer_not_started: { status: 409, title: 'Offer not started', sentence: 'The offer starts at {startsAt}.' },
  offer_expired: { status: 409, title: 'Offer expired', sentence: 'The offer ended at {endedAt}.' },
  channel_not_allowed: {
    status: 409,
    title: 'Channel not allowed',
    sentence: 'The offer cannot be used on the channel {channel}, only on {channels}.',
  },
  online_only: {
    status: 409,
    title: 'Only with a network',
    sentence: 'The offer applies again when the till has a network: {why}.',
  },
  person_required: { status: 409, title: 'Person required', sentence: 'The offer is personal: say who is buying.' },
  not_in_audience: {
    status: 409,
    title: 'Not in the audience',
    sentence: 'The offer is for invited people; this person is not among them.',
  },
  grant_of_another: {
    status: 409,
    title: 'Issued to somebody else',
    sentence: 'The offer was issued to another person.',
  },
  grant_revoked: {
    status: 409,
    title: 'Taken back',
    sentence: 'The offer that was issued has been taken back.',
  },
  grant_used: { status: 409, title: 'Already used', sentence: 'The offer that was issued has been used.' },
  grant_expired: { status: 409, title: 'Grant expired', sentence: 'The offer that was issued ended at {endedAt}.' },
  currency_mismatch: {
    status: 409,
    title: 'Other currency',
    sentence: 'The offer is in {offerCurrency}, the order in {orderCurrency}.',
  },
  lines_not_matching: {
    status: 409,
    title: 'No fitting item',
    sentence: 'No item in the basket is one that the offer is for.',
  },
  condition_error: {
    status: 409,
    title: 'Condition could not be evaluated',
    sentence: 'The offer’s condition could not be evaluated for this order.',
  },
  condition_false: { status: 409, title: 'Condition not met', sentence: 'The offer’s condition is not met: {part}.' },
  drawn_later: {
    status: 409,
    title: 'Drawn later',
    sentence: 'The offer is a surprise, {wins} in {outOf}: it is drawn when the order is placed.',
  },
  draw_lost: {
    status: 409,
    title: 'Not won',
    sentence: 'The offer is a surprise, {wins} in {outOf}, and was not won.',
  },
  limit_reached: {
    status: 409,
    title: 'Limit reached',
    sentence: 'The offer has been used as often as its limit {limit} allows ({allowed}).',
  },
  slice_used_up: {
    status: 409,
    title: 'Used up at this till',
    sentence:
      'What this till may give of the offer without a network is used up ({limit}). With a network there may be more.',
  },
  no_effect: {
    status: 409,
    title: 'No effect',
    sentence: 'The offer would change nothing on this order, so it was not used.',
  },
  programme_not_live: {
    status: 409,
    title: 'Programme not live',
    sentence: 'The programme “{name}” is {state}; it gives no points now.',
  },
  programme_not_joined: {
    status: 409,
    title: 'Programme not joined',
    sentence: 'The offer gives points of “{name}” to its members; whoever joins gets them, too.',
  },
  excluded_by: {
    status: 409,
    title: 'Excluded by another offer',
    sentence: '“{name}” applies, and does not go together with this offer.',
  },
  beaten_by: {
    status: 409,
    title: 'Another offer is better',
    sentence: '“{name}” applies instead: both together are not allowed, and it is worth more or goes first.',
  },
  held_out: {
    status: 409,
    title: 'Held out',
    sentence: 'The person belongs to the part of the audience that gets nothing, so that the effect can be measured.',
  },
})

/** Refusals of requests about campaigns, offers, codes, grants, collections. */
export const catalogueRefusals = defineRefusals({
  campaign_not_found: { status: 404, title: 'Campaign not found', sentence: 'There is no campaign {id}.' },
  offer_not_found: { status: 404, title: 'Offer not found', sentence: 'There is no offer {id}.' },
  collection_not_found: {
    status: 404,
    title: 'Collection not found',
    sentence: 'There is no collection {id}. Create it with PUT /v1/collections/{id}.',
  },
  code_not_found: { status: 404, title: 'Code not found', sentence: 'There is no such code.' },
  offer_ended: {
    status: 409,
    title: 'Offer ended',
    sentence: 'The offer {id} has ended and cannot be changed. Make a new one.',
  },
  trigger_mismatch: {
    status: 409,
    title: 'Other trigger',
    sentence: 'The offer {id} is triggered by {trigger}; this needs an offer triggered by {needed}.',
  },
  code_taken: {
    status: 409,
    title: 'Code taken',
    sentence: 'The code {code} exists for this offer already. Nothing was imported.',
  },
  pattern_too_small: {
    status: 422,
    title: 'Pattern too small',
    sentence:
      'The pattern {pattern} allows {possible} codes; {count} need at least {needed}, so that guessing stays hopeless. Add more #.',
  },
  grant_not_found: { status: 404, title: 'Grant not found', sentence: 'There is no grant {id}.' },
  fulfilment_conflict: {
    status: 409,
    title: 'Nothing to hand over',
    sentence: 'The grant is {state}; only an entitlement that is issued and has not ended can be handed over.',
  },
  grant_state_conflict: {
    status: 409,
    title: 'Grant state conflict',
    sentence: 'The grant is {state}; only one that was issued and not used can be revoked.',
  },
})
