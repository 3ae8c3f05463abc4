import { expect, it } from 'vitest'
import { z } from 'zod'
import { wordsOf } from '../../../test/words.ts'
import { validate } from '../../contract/validate.ts'
import { programmeMistakes } from '../../core/loyalty/check-programme.ts'
import { programmeInput } from '../../core/loyalty/schema.ts'
import type { OfferTerms } from '../../core/offers/schema.ts'
import { termsMistakes } from '../../core/offers/terms.ts'
import { mistakeWords } from './mistake-words.ts'

const { words } = await wordsOf('console')

const form = z.strictObject({
  name: z.string().min(1).max(5),
  percent: z.number().gt(0).max(100).optional(),
  uses: z.int().min(1).optional(),
  items: z.array(z.string()).min(1).max(2).optional(),
  wins: z
    .number()
    .refine(it => it < 10, { message: 'is for nobody', params: { code: 'wins_below' } })
    .optional(),
  colour: z.string().regex(/^#/, 'must be a colour').optional(),
})

it.each([
  [{}, 'è necessario'],
  [{ name: '' }, 'è necessario'],
  [{ name: 'far too long' }, 'è troppo lungo: caratteri al massimo: 5'],
  [{ name: 'Ana', percent: 0 }, 'deve essere più di 0'],
  [{ name: 'Ana', percent: 100.5 }, 'è più di 100'],
  [{ name: 'Ana', uses: 0 }, 'è meno di 1'],
  [{ name: 'Ana', uses: 1.5 }, 'non è un numero intero'],
  [{ name: 'Ana', items: [] }, 'ha troppo poche voci; necessarie: 1'],
  [{ name: 'Ana', items: ['a', 'b', 'c'] }, 'ha troppe voci; al massimo: 2'],
  [{ name: 'Ana', wins: 11 }, 'devono vincere in meno di quanti sono'],
  // What nobody types into a form is said as the server says it.
  [{ name: 'Ana', colour: 'red' }, 'must be a colour'],
])('what is wrong with %j is told: %s', (value, said) => {
  const checked = validate(form, value, 'body')
  expect(checked.ok ? [] : checked.errors.map(it => mistakeWords(it, words('it')))).toEqual([said])
})

const programme = programmeInput.parse({
  name: 'Club',
  timeZone: 'Rome',
  rate: { points: 100, worth: { amount: 0, currency: 'XYZ' } },
  pending: { days: 90 },
  expiry: { kind: 'after', days: 30 },
  burning: { minimum: 5, maximum: 2 },
  returns: { earned: 'withinBalance', maxDebt: 5 },
  leaving: { days: 5, points: 'keep' },
  transfers: { between: 'household' },
})

const offer: OfferTerms = {
  name: 'Tea time',
  trigger: { on: 'code' },
  benefit: { kind: 'percentOff', percent: 20 },
  channels: {},
  stacking: { priority: 0 },
  limits: {},
  validity: {},
}
const offers: readonly OfferTerms[] = [
  { ...offer, limits: { budget: { amount: 1, currency: 'XYQ' } } },
  {
    ...offer,
    benefit: { kind: 'amountOff', amount: 100, currency: 'USD' },
    limits: { budget: { amount: 1, currency: 'EUR' } },
  },
  { ...offer, trigger: { on: 'request' }, chance: { wins: 1, outOf: 2 } },
  { ...offer, price: { programme: 'club', points: 5 }, validity: { timeZone: 'Rome', to: '2026-06-30T23:59:60Z' } },
  { ...offer, benefit: { kind: 'cashback', max: 100 } },
  { ...offer, benefit: { kind: 'points', programme: 'club' } },
]

it.each([
  ['a programme', programmeMistakes(programme), 8],
  ['offers', offers.flatMap(termsMistakes), 8],
] as const)('what is wrong with %s is told in words', (_, mistakes, least) => {
  expect(mistakes.length).toBeGreaterThanOrEqual(least)
  expect(mistakes.filter(it => mistakeWords(it, words('ar')) === it.message)).toEqual([])
})
