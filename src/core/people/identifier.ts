import { isSupportedCountry, parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js'
import type { Identifier } from '../events/schema.ts'
import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { isErasedValue } from './erased.ts'
import { peopleRefusals } from './refusals.ts'
import { identifierType } from './schema.ts'

export type { Identifier } from '../events/schema.ts'

const maxLength = 256

/** Why a value is none; the name is what other languages go by. */
const flaws = {
  typeName: 'it must be 2 to 32 letters or digits and begin with a small letter',
  empty: 'it is empty',
  erased: 'it stands for somebody who was erased',
  tooLongText: `it is longer than ${maxLength} characters`,
  controlCharacter: 'it contains a control character',
  email: 'it is not an e-mail address',
  phone: 'it is not a phone number',
  phoneCountry: 'it needs its country code, such as +39',
  phoneTooShort: 'it is too short for a phone number',
  phoneTooLong: 'it is too long for a phone number',
  phoneExtension: 'it has an extension',
} as const
type IdentifierFlaw = keyof typeof flaws

/** A matched value, or why there is none. */
type Matched = { readonly value: string } | { readonly flaw: IdentifierFlaw }

/**
 * Finds the value by which an identifier is matched; what was given is kept beside it. Normalizing twice changes nothing.
 * `country` (ISO 3166) is where phone numbers without a country code are from.
 *
 *     normalizeIdentifier('email', ' Ana@Example.com')                          // value 'ana@example.com'
 *     normalizeIdentifier('phone', '333 123 4567', { country: 'IT' })           // value '+393331234567'
 *     normalizeIdentifier('phone', '12')                                        // refused: identifier_invalid
 */
export const normalizeIdentifier = (
  type: string,
  given: string,
  { country }: { readonly country?: string } = {},
): Result<Identifier> => {
  if (!identifierType.safeParse(type).success) {
    return invalid('identifier type', 'typeName')
  }
  const text = given.trim()
  if (text === '') return invalid(type, 'empty')
  if (isErasedValue(text)) return invalid(type, 'erased')
  if (given.length > maxLength) return invalid(type, 'tooLongText')
  // Half a surrogate pair cannot be stored as UTF-8, and a control character is never something a person typed.
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return invalid(type, 'controlCharacter')
  const matched = matchValue(type, text, country)
  return 'flaw' in matched ? invalid(type, matched.flaw) : ok({ type, value: matched.value, given })
}

const invalid = (type: string, because: IdentifierFlaw): Result<never> => {
  const most = because === 'tooLongText' ? { most: maxLength } : {}
  return no(refuse(peopleRefusals.identifier_invalid, { type, because, reason: flaws[because], ...most }))
}

const matchValue = (type: string, text: string, country: string | undefined): Matched => {
  switch (type) {
    case 'email':
      return matchEmail(text)
    case 'phone':
      return matchPhone(text, country)
    case 'whatsapp': {
      // WhatsApp itself names people by the international number without its plus, so that reading comes first.
      const international = /^[1-9]\d{6,14}$/.test(text) ? matchPhone(`+${text}`, undefined) : undefined
      return international && 'value' in international ? international : matchPhone(text, country)
    }
    default:
      return { value: text }
  }
}

/**
 * No tricks with dots and `+tags`: what they mean is the mail provider's business, and two people must not become one
 * because we guessed. Local parts are case-sensitive by RFC 5321 section 2.4, but no one relies on it and customers
 * write their address in any case.
 */
const matchEmail = (text: string): Matched =>
  /^[^\s@]+@[^\s@]+$/.test(text) ? { value: text.toLowerCase().normalize('NFC') } : { flaw: 'email' }

const lengthFlaws: Readonly<Record<string, IdentifierFlaw>> = {
  INVALID_COUNTRY: 'phoneCountry',
  TOO_SHORT: 'phoneTooShort',
  TOO_LONG: 'phoneTooLong',
}

const matchPhone = (text: string, country: string | undefined): Matched => {
  const defaultCountry = country !== undefined && isSupportedCountry(country) ? country : undefined
  const phone = parsePhoneNumberFromString(text, { defaultCountry, extract: false })
  // An extension is another desk behind the same number; E.164 has no room for it and would unite colleagues.
  if (phone?.ext) return { flaw: 'phoneExtension' }
  if (phone?.isValid()) return { value: phone.number }
  const length = validatePhoneNumberLength(text, { defaultCountry })
  return { flaw: (length && lengthFlaws[length]) ?? 'phone' }
}
