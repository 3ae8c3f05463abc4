/** How what pays from the ledger is called. */
export const paidWords = {
  points: 'pay.paidPoints',
  giftCard: 'pay.paidCard',
  credit: 'pay.paidCredit',
  cashback: 'pay.paidCashback',
} as const
