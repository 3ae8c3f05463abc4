import { describe, expect, it } from 'vitest'
import { getLiability } from '../../contract/finance.ts'
import type { LiabilityRow } from '../../sdk/index.ts'
import { amountOf, journalOf, owedOf } from './liability-lines.ts'

const { data } = getLiability.example.answer as { readonly data: readonly [LiabilityRow] }
const [club] = data
const revalued: LiabilityRow = {
  ...club,
  money: { ...club.money!, opening: 1000, revalued: -300, closing: 1350 },
}
const cards: LiabilityRow = { ...club, asset: 'giftCard:USD', money: { ...club.money!, currency: 'USD', closing: 700 } }
const worthless: LiabilityRow = { ...club, asset: 'points:stamps', rate: null, money: null }

describe('what is owed', () => {
  it('is told by currency and never added across', () => {
    expect(owedOf([cards, club, { ...club, asset: 'credit:EUR' }, worthless])).toEqual([
      ['EUR', 1300],
      ['USD', 700],
    ])
  })

  it('is revalued in money only', () => {
    expect([amountOf(revalued, 'revalued', 'money'), amountOf(revalued, 'revalued', 'own')]).toEqual([-300, 0])
  })
})

describe('the journal', () => {
  it('has a debt grow on the credit side and lessen on the debit side', () => {
    const entry = { period: '2026-10', asset: 'points:club', currency: 'EUR' }
    expect(journalOf([club])).toEqual([
      { ...entry, movement: 'earned', debit: 0, credit: 1200 },
      { ...entry, movement: 'takenBack', debit: 100, credit: 0 },
      { ...entry, movement: 'burned', debit: 500, credit: 0 },
      { ...entry, movement: 'adjusted', debit: 0, credit: 50 },
    ])
  })

  it('leads from the opening to the closing', () => {
    const moved = journalOf([revalued]).reduce((sum, { debit, credit }) => sum + credit - debit, 0)
    expect(revalued.money!.opening + moved).toBe(revalued.money!.closing)
  })

  it('says nothing of what is worth nothing', () => {
    expect(journalOf([worthless])).toEqual([])
  })
})
