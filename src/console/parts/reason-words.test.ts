import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { refusals } from '../../contract/refusals.ts'
import { momentRefusals } from '../../core/loop/refusals.ts'
import { offerRefusals } from '../../core/offers/refusals.ts'
import { type Language, languageCodes } from '../../faces/languages.ts'
import { limitName, reasonWords } from './reason-words.ts'

const read = (language: Language, area: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../words', language, `${area}.json`), 'utf8'))

beforeAll(async () => {
  const resources = Object.fromEntries(
    languageCodes.map(code => [code, { words: { reason: read(code, 'reason'), offers: read(code, 'offers') } }]),
  )
  await i18next.init({ resources, defaultNS: 'words', fallbackLng: false, interpolation: { escapeValue: false } })
})
const words = (language: Language) => ({ t: i18next.getFixedT(language, 'words'), language })

const codes = Object.keys(read('en', 'reason')).filter(code => code !== 'limit')

describe.each(languageCodes)('in %s', language => {
  it('every reason for which the engine leaves an offer out has words', () => {
    const reasons = [...Object.keys(offerRefusals), momentRefusals.not_at_this_moment.code]
    const message = 'as the server says it'
    expect(reasons.filter(code => reasonWords({ code, message }, words(language)) === message)).toEqual([])
  })
})

it('what it has words for are codes of the catalogue, and the words ask for no detail that the sentence lacks', () => {
  const placesOf = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const wrong = codes.filter(code => {
    const known = placesOf(refusals.get(code)?.sentence)
    return !refusals.has(code) || placesOf(read('en', 'reason')[code]).some(place => !known.includes(place))
  })
  expect(codes.length).toBeGreaterThan(0)
  expect(wrong).toEqual([])
})

it('what it has no words for is said as the server says it', () => {
  expect(reasonWords({ code: 'of_tomorrow', message: 'Not yet.' }, words('it'))).toBe('Not yet.')
})

it.each([
  [
    'en',
    { limit: 'per location', allowed: 5, used: 5, period: 'day' },
    'Its limit is reached: 5 uses a location, a day.',
  ],
  ['it', { limit: 'budget', allowed: 250_00, used: 0 }, 'Il suo limite è raggiunto: Budget di 250,00 €.'],
  ['en', { limit: 'of tomorrow', allowed: 1, used: 1 }, 'Its limit is reached: of tomorrow.'],
] as const)('a limit that is reached is told in %s as %j', (language, details, said) => {
  const told = reasonWords({ code: 'limit_reached', message: '', details }, words(language), { currency: 'EUR' })
  expect(told.replaceAll('\u00a0', ' ')).toBe(said)
})

it('a budget without a currency is told without its amount', () => {
  expect(limitName({ limit: 'budget', allowed: 100 }, undefined, words('en'))).toBe('its budget')
})

it('a condition is told in words where there are some, else as CEL that stays from left to right', () => {
  const reason = { code: 'condition_false', message: '', details: { part: "channel == 'web'" } }
  expect(reasonWords(reason, words('en'))).toBe("The offer’s condition is not met: \u2066channel == 'web'\u2069")
  const here = { sayCondition: () => 'il canale è web' }
  expect(reasonWords(reason, words('it'), here)).toBe('La condizione dell’offerta non è soddisfatta: il canale è web')
})
