import { expect, it } from 'vitest'
import { getGiftCard } from '../../contract/stored-money.ts'
import type { GiftCard } from '../../sdk/index.ts'
import { type CardState, cardStateOf, endOfCode } from './gift-card-words.ts'

const card = getGiftCard.example.answer as GiftCard
const nowMs = Date.parse('2026-06-01T00:00:00Z')

it('shows of a code too little to spend it, also of a short one', () => {
  expect(['7KQ2-9XWM-3FTH-AV', 'MARK', 'A'].map(endOfCode)).toEqual(['…3FTH-AV', '…RK', '…'])
})

it.each<[CardState, Partial<GiftCard>]>([
  ['active', {}],
  ['active', { balance: 0, held: 3250 }],
  ['spent', { balance: 0 }],
  ['expired', { balance: 0, expiresAt: '2026-06-01T00:00:00Z' }],
  ['issued', { state: 'issued', balance: 0 }],
  ['blocked', { state: 'blocked', expiresAt: '2026-01-01T00:00:00Z' }],
])('%s is a card with %j', (state, more) => {
  expect(cardStateOf({ ...card, ...more }, nowMs)).toBe(state)
})
