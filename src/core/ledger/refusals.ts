import { defineRefusals } from '../kernel/refusal.ts'

export const ledgerRefusals = defineRefusals({
  account_not_found: { status: 404, title: 'Account not found', sentence: 'There is no account {id}.' },
  transaction_not_found: { status: 404, title: 'Transaction not found', sentence: 'There is no transaction {id}.' },
})
