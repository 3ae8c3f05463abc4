import type { TFunction } from 'i18next'
import { expect, it } from 'vitest'
import { offerGives } from './benefit-words.ts'

const words = { t: ((key: string) => `it: ${key}`) as TFunction, language: 'it' as const }

it.each([
  ['what it gives, in the reader’s words', { kind: 'freeShipping' as const }, 'It: gives.says.freeShipping'],
  ['the sentence of an answer that a wallet kept before answers held the benefit', undefined, 'Free shipping'],
])('tells %s', (_, benefit, told) => {
  expect(offerGives({ benefit, sentence: 'free shipping' }, words)).toBe(told)
})

it('tells points as their programme calls them, in whole ones where they are kept in hundredths', () => {
  const pointsOf = (programme: string, amount: number) => `${amount / 100} ${programme} stars`
  const benefit = { kind: 'points' as const, programme: 'club', fixed: 250 }
  expect(offerGives({ benefit, sentence: '' }, { ...words, pointsOf })).toBe('2.5 club stars')
})
