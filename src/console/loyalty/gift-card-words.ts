import type { GiftCard } from '../../sdk/index.ts'

/** The end of a code, enough to know a card by and too little to spend it: `endOfCode('7KQ2-9XWM-3FTH-AV')` is '…3FTH-AV'. */
export const endOfCode = (code: string): string =>
  `…${code.slice(code.length - Math.min(7, Math.floor(code.length / 2)))}`

/** Whether it pays now, and why it does not. */
export type CardState = 'issued' | 'active' | 'spent' | 'expired' | 'blocked'

export const cardStateOf = (card: GiftCard, nowMs: number): CardState => {
  if (card.state !== 'active') return card.state
  if (card.expiresAt !== null && Date.parse(card.expiresAt) <= nowMs) return 'expired'
  return card.balance === 0 && card.held === 0 ? 'spent' : 'active'
}

export const cardTones = { issued: 'quiet', active: 'good', spent: 'quiet', expired: 'warn', blocked: 'bad' } as const

export const blockReasons = ['lost', 'stolen', 'fraud', 'mistake', 'other'] as const
export type BlockReason = (typeof blockReasons)[number]
