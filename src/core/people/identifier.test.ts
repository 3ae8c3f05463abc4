import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizeIdentifier } from './identifier.ts'

const read = (type: string, given: string, country?: string): string => {
  const result = normalizeIdentifier(type, given, { country })
  return result.ok ? result.value.value : `refused: ${result.refusal.details.reason}`
}

describe('an identifier is matched by', () => {
  test.each([
    ['email', ' Ana@Example.COM ', undefined, 'ana@example.com'],
    ['email', 'a.n.a+shop@gmail.com', undefined, 'a.n.a+shop@gmail.com'],
    ['email', 'jose\u0301@example.com', undefined, 'jos\u00e9@example.com'],
    ['email', 'ana', undefined, 'refused: it is not an e-mail address'],
    ['email', 'ana@home@example.com', undefined, 'refused: it is not an e-mail address'],
    ['phone', '+39 333 123 4567', undefined, '+393331234567'],
    ['phone', '333 123 4567', 'IT', '+393331234567'],
    ['phone', '0039 333 1234567', 'IT', '+393331234567'],
    ['phone', '(415) 555-2671', 'US', '+14155552671'],
    ['phone', '0812-3456-7890', 'ID', '+6281234567890'],
    ['phone', '+44 20 7946 0958', 'IT', '+442079460958'],
    ['phone', '333 123 4567', undefined, 'refused: it needs its country code, such as +39'],
    ['phone', '333 123 4567', 'XX', 'refused: it needs its country code, such as +39'],
    ['phone', '+39 12', undefined, 'refused: it is too short for a phone number'],
    ['phone', '+39 333 123 4567 8901 2345', undefined, 'refused: it is too long for a phone number'],
    ['phone', 'call me', 'IT', 'refused: it is not a phone number'],
    ['phone', '+1 415 555 2671 ext. 12', undefined, 'refused: it has an extension'],
    ['whatsapp', '393331234567', undefined, '+393331234567'],
    ['whatsapp', '34612345678', 'IT', '+34612345678'],
    ['whatsapp', '333 123 4567', 'IT', '+393331234567'],
    ['loyaltyCard', ' 00-42 ', undefined, '00-42'],
    ['userId', 'Ana', undefined, 'Ana'],
    ['seatNumber', '12B', undefined, '12B'],
    ['constructor', 'x', undefined, 'x'],
    ['userId', '  ', undefined, 'refused: it is empty'],
    ['userId', 'x'.repeat(257), undefined, 'refused: it is longer than 256 characters'],
    ['userId', 'a\u0000b', undefined, 'refused: it contains a control character'],
    ['userId', 'a\ud800', undefined, 'refused: it contains a control character'],
    ['Card', '1', undefined, 'refused: it must be 2 to 32 letters or digits and begin with a small letter'],
  ])('%s %j in %s is %s', (type, given, country, value) => {
    expect(read(type, given, country)).toBe(value)
  })
})

test('what was given is kept as it was', () => {
  expect(normalizeIdentifier('email', ' Ana@Example.com ')).toMatchObject({ value: { given: ' Ana@Example.com ' } })
})

test('a refusal names the type and never the value', () => {
  const result = normalizeIdentifier('email', 'ana at example')
  expect(result).toEqual({
    ok: false,
    refusal: {
      code: 'identifier_invalid',
      message: 'The email is not usable: it is not an e-mail address.',
      details: { type: 'email', because: 'email', reason: 'it is not an e-mail address' },
    },
  })
})

test('normalizing twice changes nothing', () => {
  const mail = fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.domain())
    .map(([local, domain]) => `${local}@${domain}`)
  const phone = fc.integer({ min: 3_200_000_000, max: 3_499_999_999 }).map(number => `+39${number}`)
  const given = fc.oneof(
    fc.tuple(fc.constant('email'), mail),
    fc.tuple(fc.constantFrom('phone', 'whatsapp'), phone),
    fc.tuple(fc.constantFrom('userId', 'loyaltyCard'), fc.string({ minLength: 1 })),
  )
  let accepted = 0
  fc.assert(
    fc.property(given, ([type, text]) => {
      const once = normalizeIdentifier(type, text)
      if (!once.ok) return
      accepted += 1
      expect(normalizeIdentifier(type, once.value.value)).toMatchObject({ value: { value: once.value.value } })
    }),
    { numRuns: 500 },
  )
  expect(accepted).toBeGreaterThan(100)
})
