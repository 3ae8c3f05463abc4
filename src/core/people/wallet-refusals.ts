import { defineRefusals } from '../kernel/refusal.ts'

/** Of customers who sign in to their wallet. */
export const walletRefusals = defineRefusals({
  wallet_code_wrong: {
    status: 401,
    title: 'Code not valid',
    // One answer for all: whoever guesses learns nothing of how far she is.
    sentence: 'This code is wrong, was used or has ended; ask for a new one.',
  },
  wallet_session_not_found: { status: 404, title: 'Session not found', sentence: 'You have no session {id}.' },
})
