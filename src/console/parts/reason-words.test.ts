import { describe, expect, it } from 'vitest'
import { strangePlaces, wordsOf } from '../../../test/words.ts'
import { refusals } from '../../contract/refusals.ts'
import type { Refusal } from '../../core/kernel/refusal.ts'
import { waitsFor } from '../../core/orders/check.ts'
import { normalizeIdentifier } from '../../core/people/identifier.ts'
import { parseRef } from '../../core/people/ref.ts'
import { checkPassword } from '../../core/team/password.ts'
import { languageCodes } from '../../faces/languages.ts'
import { limitName, reasonWords } from './reason-words.ts'

const { areas, words } = await wordsOf('console')

/** What only programs meet, by why nobody at a console does; whatever else the catalogue has is told in words. */
const ofPrograms = Object.entries({
  'pages call what there is, as it is called, in the workspace that they show': [
    'not_found',
    'method_not_allowed',
    'workspace_mismatch',
    'unsupported_media_type',
    'idempotency_key_reused',
    'return_id_reused',
    'return_line_unknown',
  ],
  'pages say neither when something happened nor at which revision, and send no events': [
    'occurred_at_not_allowed',
    'occurred_at_in_future',
    'consent_in_future',
    'revision_outdated',
    'events_invalid',
  ],
  'pages sell nothing: shops and tills do': [
    'dry_run_only',
    'total_changed',
    'tender_not_payable',
    'gift_card_unknown',
    'gift_card_inactive',
    'gift_card_blocked',
    'gift_card_expired',
    'gift_card_not_usable',
    'points_below_minimum',
    'tender_too_much',
    'claim_not_found',
    'claim_used',
  ],
  'of calls that no page makes': [
    'workspace_taken',
    'transfer_not_found',
    'gift_card_of_another',
    'credit_too_large',
    'erasure_request_taken',
    'trait_cycle',
    'trait_in_use',
  ],
  'of tills, their packs and what is scanned there': [
    'pack_tampered',
    'pack_of_another_engine',
    'pack_foreign',
    'pack_expired',
    'pack_not_found',
    'pack_location_missing',
    'pack_journal_behind',
    'pack_state_conflict',
    'journal_signature_invalid',
    'journal_entry_reused',
    'wallet_token_invalid',
    'wallet_token_expired',
    'wallet_token_used',
  ],
  'of customers in their wallets': ['wallet_code_wrong', 'wallet_session_not_found'],
}).flatMap(([, codes]) => codes)

/** Beside the codes: words within them. `internal_error` is the answer to a bug, which is in no catalogue. */
const within = ['limit', 'because', 'internal_error']
const told = Object.keys(areas('en').reason!).filter(code => !within.includes(code))

it('every refusal has words, or is met by programs alone', () => {
  expect(told.concat(ofPrograms).toSorted()).toEqual([...refusals.keys()].toSorted())
})

describe.each(languageCodes)('in %s', language => {
  it('no refusal is said as the server says it', () => {
    const message = 'as the server says it'
    const codes = told.concat('internal_error')
    expect(codes.filter(code => reasonWords({ code, message }, words(language)) === message)).toEqual([])
  })

  it('the words ask for nothing that the refusal does not say', () => {
    expect(strangePlaces(told, areas(language).reason, ['because'])).toEqual([])
  })
})

const because: Readonly<Record<string, readonly unknown[]>> = {
  password: ['', 'x'.repeat(201), 'password1234', 'ana@example.com'].map(password =>
    checkPassword(password, { email: 'ana@example.com', name: 'Ana' }),
  ),
  identifier: [
    ['', 'x'],
    ['email', ''],
    ['email', 'x'.repeat(257)],
    ['email', 'a\u0000b'],
    ['email', 'ana'],
    ['phone', 'ana'],
    ['phone', '333 123 4567'],
    ['phone', '+39 3'],
    ['phone', '+39 333 123 4567 890 123 456'],
    ['phone', '+1 213 373 4253 ext. 9'],
  ].map(([type, value]) => normalizeIdentifier(type!, value!)),
  reference: [parseRef('ana@example.com')],
}

it.each(Object.entries(because))(
  '%s: what exactly is wrong is told in words, with all that they need',
  (_, refused) => {
    const said = refused.map(it => {
      const { refusal } = it as { readonly refusal: Refusal }
      expect(refusal.details.because).toBeTypeOf('string')
      return reasonWords(refusal, words('ar'))
    })
    expect(said.length).toBeGreaterThan(0)
    expect(said.filter(it => it.includes('{{') || /\b(it|is|has)\b/.test(it))).toEqual([])
  },
)

it.each(['person', 'holdout', 'chance', 'benefit', 'code'] as const)(
  'why an offer waits for the network (%s) is told in words',
  it => {
    const details = waitsFor(it)
    const said = reasonWords({ code: 'online_only', message: '', details }, words('it'))
    expect(said).not.toContain(details.why)
    expect(said).toMatch(/^L’offerta aspetta che la cassa sia di nuovo in rete: .{10,}\.$/)
  },
)

it.each([
  [
    'en',
    { code: 'too_many_attempts', details: { retryAfterSeconds: 5 } },
    'Too many attempts. Try again in 5 seconds.',
  ],
  ['ar', { code: 'too_many_attempts', details: { retryAfterSeconds: 5 } }, 'محاولات كثيرة. أعد المحاولة بعد 5 ثوان.'],
  [
    'en',
    { code: 'adjustment_too_much', details: { asked: 500, asset: 'credit:EUR', available: 120 } },
    'The adjustment would take €5.00, and €1.20 can be taken.',
  ],
  [
    'it',
    { code: 'given_too_much_today', details: { most: 1000, asset: 'points:club', given: 1 } },
    'Una persona da sola dà al massimo 1000 punti al giorno, e oggi già 1 punto. Proponi una rettifica, che conferma qualcun altro, o chiedi a chi gestisce l’installazione.',
  ],
  [
    'en',
    { code: 'balance_insufficient', details: { unit: 'points', asked: 1250, available: 50, decimals: 2 } },
    '12.5 points are needed, and 0.5 points are there.',
  ],
  [
    'it',
    { code: 'earlier_period_open', details: { earlier: '2026-01' } },
    'gennaio 2026 ha registrazioni e non è chiuso. Chiudilo prima.',
  ],
  [
    'it',
    { code: 'job_state_conflict', details: { state: 'done' } },
    'Il lavoro è nello stato “Fatto”, in cui questo non si può fare.',
  ],
  [
    'id',
    { code: 'role_forbidden', details: { role: 'clerk' } },
    'Peran “Petugas” tidak boleh melakukan ini. Hubungi administrator ruang kerja.',
  ],
  [
    'en',
    { code: 'segment_in_use', details: { id: 'vip', askedBy: ['gold', 'off_1'] } },
    'The segment vip is asked for by gold and off_1. Change or end these first.',
  ],
] as const)('in %s %j', (language, reason, said) => {
  const told = reasonWords({ message: '', ...reason }, words(language))
  expect(told.replaceAll('\u00a0', ' ')).toBe(said)
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
