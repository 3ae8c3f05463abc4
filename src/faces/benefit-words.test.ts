import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TFunction } from 'i18next'
import { expect, it } from 'vitest'
import { offerGives } from './benefit-words.ts'
import small from './small-i18next.ts'

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

const gives = JSON.parse(readFileSync(join(import.meta.dirname, 'words/en/gives.json'), 'utf8'))
small.addResourceBundle('en', '', { gives })
const english = { t: small.getFixedT('en') as TFunction, language: 'en' as const }
const coffee = "line.category == 'coffee'"
const cake = "line.category == 'cake'"
const named = (lines: string | undefined) => (lines === undefined ? 'any item' : lines === cake ? 'cake' : 'coffee')

it.each([
  ['Buy 2, get 1 free', { quantity: 2 }, { quantity: 1 }],
  ['Buy 2, get 1 free: coffee', { quantity: 2, lines: coffee }, { quantity: 1 }],
  ['Buy 2, get 1 at 50% off: coffee', { quantity: 2, lines: coffee }, { quantity: 1, lines: coffee, percent: 50 }],
  ['Buy 1 × coffee, get 1 × cake free', { quantity: 1, lines: coffee }, { quantity: 1, lines: cake }],
  [
    'Buy 1 × coffee, get 2 × cake at 30% off',
    { quantity: 1, lines: coffee },
    { quantity: 2, lines: cake, percent: 30 },
  ],
])('says as shops do: %s', (told, buy, get) => {
  expect(offerGives({ benefit: { kind: 'buyXGetY', buy, get }, sentence: '' }, english, named)).toBe(told)
})

it.each([
  ['Coffee free', { percent: 100, lines: coffee }],
  ['20% off coffee', { percent: 20, lines: coffee }],
])('says what is off: %s', (told, terms) => {
  expect(offerGives({ benefit: { kind: 'percentOff', ...terms }, sentence: '' }, english, named)).toBe(told)
})

it('says once what it cannot tell apart, where filters are nobody’s business', () => {
  const benefit = { kind: 'buyXGetY' as const, buy: { quantity: 1, lines: coffee }, get: { quantity: 1, lines: cake } }
  expect(offerGives({ benefit, sentence: '' }, english)).toBe('Buy 1, get 1 free: chosen items')
})

it('runs from right to left in Arabic, also where it begins with a word of the business', () => {
  const arabic = { t: ((key: string) => key) as TFunction, language: 'ar' as const, pointsOf: () => '1 bean' }
  const benefit = { kind: 'points' as const, programme: 'club', fixed: 1 }
  expect(offerGives({ benefit, sentence: '' }, arabic)).toBe('\u200f1 bean')
})
