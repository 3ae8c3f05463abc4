import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { refusalsOf } from '../../contract/endpoint.ts'
import { endpoints } from '../../contract/index.ts'
import { refusals } from '../../contract/refusals.ts'
import { type Language, languageCodes } from '../../faces/languages.ts'
import { walletCalls } from '../api.ts'
import { problemText } from './problem-text.ts'

const wordsIn = (language: Language): Record<string, string> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../words', language, 'problem.json'), 'utf8'))

beforeAll(async () => {
  const resources = Object.fromEntries(languageCodes.map(code => [code, { words: { problem: wordsIn(code) } }]))
  await i18next.init({ resources, defaultNS: 'words', fallbackLng: false, interpolation: { escapeValue: false } })
})
const words = (language: Language) => ({ t: i18next.getFixedT(language, 'words'), language })

/** What its calls may answer and a wallet never asks for: it sends well-formed bodies by a cookie, says no times, and has a channel. */
const never = [
  'role_forbidden',
  'workspace_mismatch',
  'unsupported_media_type',
  'payload_too_large',
  'idempotency_key_reused',
  'consent_in_future',
  'channel_missing',
]

const answered = endpoints
  .filter(({ name }) => Object.keys(walletCalls).includes(name))
  .flatMap(endpoint => refusalsOf(endpoint).map(({ code }) => code))

/** Why what was to be claimed is not given: these stand in the answer of the decision. */
const ofClaims = [
  'offer_paused',
  'offer_not_started',
  'offer_expired',
  'channel_not_allowed',
  'person_required',
  'not_in_audience',
  'condition_error',
  'condition_false',
  'draw_lost',
  'limit_reached',
  'no_effect',
  'programme_not_live',
  'programme_not_joined',
  'held_out',
  'balance_insufficient',
]

const met = [...new Set([...answered, ...ofClaims])].filter(code => !never.includes(code))

describe.each(languageCodes)('in %s', language => {
  it('every refusal of the wallet’s calls has words', () => {
    expect(met.length).toBeGreaterThan(30)
    const message = 'as the server says it'
    const said = (code: string) => problemText({ code, message, details: {} }, words(language))
    expect([...met, 'internal_error'].filter(code => said(code) === message)).toEqual([])
  })

  it('the words ask for nothing that the refusal does not say', () => {
    const placesOf = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const all = wordsIn(language)
    const wrong = met.filter(code => {
      const known = placesOf(refusals.get(code)!.sentence)
      return placesOf(all[code]).some(place => !known.includes(place))
    })
    expect(wrong).toEqual([])
  })
})

it('points of a programme with decimals are told as people count them', () => {
  const refusal = { code: 'transfer_below_minimum', message: '', details: { minimum: 1250, points: 5, decimals: 2 } }
  expect(problemText(refusal, words('it'))).toBe('Bisogna regalarne almeno 12,5 alla volta.')
})
