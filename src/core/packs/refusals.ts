import { defineRefusals } from '../kernel/refusal.ts'

/** Why a till does not use a pack, in the order it is checked (`openPack`): it then sells without offers, or fetches another. */
export const packRefusals = defineRefusals({
  pack_tampered: {
    status: 422,
    title: 'Pack not genuine',
    sentence: 'The pack is not signed by the workspace that this till knows. Fetch a new one.',
  },
  pack_of_another_engine: {
    status: 409,
    title: 'Pack of another version',
    sentence: 'The pack is made for the decision {needed}; this till has {has}. Load the till’s program again.',
  },
  pack_foreign: {
    status: 409,
    title: 'Pack of another till',
    sentence: 'The pack belongs to another {what}; this till is {own}.',
  },
  pack_expired: {
    status: 409,
    title: 'Pack expired',
    sentence: 'The pack could be used until {expiredAt}. Fetch a new one when there is a network.',
  },
})

/** Refusals of what a wallet's code shows, in the order they are checked (`readWalletToken`). */
export const walletTokenRefusals = defineRefusals({
  wallet_token_invalid: {
    status: 422,
    title: 'Code not genuine',
    sentence: 'What was scanned is no valid code of a wallet of this business. Scan again, or ask for the card.',
  },
  wallet_token_expired: {
    status: 409,
    title: 'Code too old',
    sentence: 'The code was shown {seconds} seconds ago; a code is good for {goodFor}. Scan the one on the screen now.',
  },
  wallet_token_used: {
    status: 409,
    title: 'Code used',
    sentence: 'This code was scanned here a moment ago. The wallet shows another one soon.',
  },
})

/** Refusals of calls about packs and of entries of their journals, in the order they are checked. */
export const journalRefusals = defineRefusals({
  pack_not_found: { status: 404, title: 'Pack not found', sentence: 'There is no pack {id}.' },
  pack_location_missing: {
    status: 422,
    title: 'Till without a place',
    sentence: 'A pack is for one till at one place: the key needs a location and a channel.',
  },
  pack_journal_behind: {
    status: 409,
    title: 'Journal behind',
    sentence:
      'Entry {settled} of the pack {id} is settled and the till knows {known}: it has lost its journal. Write the pack off, then fetch another.',
  },
  pack_state_conflict: {
    status: 409,
    title: 'Pack state conflict',
    sentence: 'The pack {id} is {state}; this is only possible while it is open.',
  },
  journal_signature_invalid: {
    status: 422,
    title: 'Signature not valid',
    sentence: 'The entry {id} is not signed by the device that the pack was given to.',
  },
  journal_entry_reused: {
    status: 409,
    title: 'Entry id reused',
    sentence: 'The entry {id} of this pack is another one. Every entry has an id of its own.',
  },
})
