import { describe, expect, it } from 'vitest'
import { answeredBy, neverOfFaces, strangePlaces, wordsOf } from '../../../test/words.ts'
import { languageCodes } from '../../faces/languages.ts'
import { walletCalls } from '../api.ts'
import { problemText } from './problem-text.ts'

const { areas, words } = await wordsOf('wallet')

/** What its calls may answer and a wallet never asks for: it sends well-formed bodies by a cookie, says no times, and has a channel. */
const never: readonly string[] = [...neverOfFaces, 'channel_missing']

const answered = answeredBy(Object.keys(walletCalls))

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
    expect(strangePlaces(met, areas(language).problem)).toEqual([])
  })
})

it('points of a programme with decimals are told as people count them', () => {
  const refusal = { code: 'transfer_below_minimum', message: '', details: { minimum: 1250, points: 5, decimals: 2 } }
  expect(problemText(refusal, words('it'))).toBe('Bisogna regalarne almeno 12,5 alla volta.')
})
