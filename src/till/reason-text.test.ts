import { describe, expect, it } from 'vitest'
import { answeredBy, neverOfFaces, strangePlaces, wordsOf } from '../../test/words.ts'
import { offerRefusals } from '../core/offers/refusals.ts'
import { waitsFor } from '../core/orders/check.ts'
import { journalRefusals, packRefusals, walletTokenRefusals } from '../core/packs/refusals.ts'
import { type Language, languageCodes } from '../faces/languages.ts'
import { reasonText } from './reason-text.ts'
import { tillCalls } from './till-calls.ts'

const { areas, words } = await wordsOf('till')
const reader = (language: Language) => ({ ...words(language), currency: 'EUR' })

/**
 * What its calls may answer and a till never asks for: it sends well-formed bodies by the key of a till, makes every id once, names the
 * lines of the receipt it shows, and neither says when a sale was nor demands that codes apply.
 */
const never: readonly string[] = [
  ...neverOfFaces,
  'occurred_at_not_allowed',
  'occurred_at_in_future',
  'dry_run_only',
  'revision_outdated',
  'codes_refused',
  'return_id_reused',
  'return_line_unknown',
]

const answered = answeredBy(Object.keys(tillCalls))

/** Beside them: why an offer of a basket did not apply, and what the till finds by itself without a network. */
const ofTheTill = [offerRefusals, packRefusals, walletTokenRefusals, journalRefusals].flatMap(it => Object.keys(it))

const met = [...new Set([...answered, ...ofTheTill])].filter(code => !never.includes(code))

describe.each(languageCodes)('in %s', language => {
  it('every refusal that a till meets has words', () => {
    expect(met.length).toBeGreaterThan(60)
    const message = 'as the server says it'
    const codes = [...met, 'internal_error']
    expect(codes.filter(code => reasonText({ code, message }, reader(language)) === message)).toEqual([])
  })

  it('the words ask for nothing that the refusal does not say', () => {
    expect(strangePlaces(met, areas(language).reason, ['because'])).toEqual([])
  })
})

it.each(['person', 'holdout', 'chance', 'benefit', 'code'] as const)(
  'why an offer waits for the network (%s) is told in the reader’s language',
  it => {
    const said = reasonText({ code: 'online_only', message: '', details: waitsFor(it) }, reader('it'))
    expect(said).toMatch(/^Vale di nuovo quando la cassa è in rete: .{10,}\.$/)
    expect(said).not.toContain(String(waitsFor(it).why))
  },
)

it('what a server that is older says in English alone is told so', () => {
  const details = { type: 'points', reason: 'points of this programme pay nothing' }
  expect(reasonText({ code: 'tender_not_payable', message: '', details }, reader('it'))).toBe(
    'Qui non può pagare: points of this programme pay nothing.',
  )
})

it.each([
  ['en', { retryAfterSeconds: 1 }, 'Too many attempts. Try again in 1 second.'],
  ['ar', { retryAfterSeconds: 30 }, 'محاولات كثيرة. أعد المحاولة بعد 30 ثانية.'],
] as const)('a wait is told in %s with its unit: %j', (language, details, said) => {
  expect(reasonText({ code: 'too_many_attempts', message: '', details }, reader(language))).toBe(said)
})
