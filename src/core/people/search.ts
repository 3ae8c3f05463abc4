import { AsYouType, isSupportedCountry } from 'libphonenumber-js'
import { isErasedValue } from './erased.ts'
import { normalizeIdentifier } from './identifier.ts'
import { personId } from './schema.ts'

/** One place to look for what somebody typed: identifiers of a type whose value it is, or begins with it. */
export type Look = { readonly type: string; readonly value: string; readonly isPrefix: boolean }

export type Search =
  | { readonly personId: string }
  | {
      readonly looks: readonly Look[]
      /** The beginning of a name; undefined: it is none. */
      readonly name: string | undefined
    }

/** Made by machines and shown to nobody whole: who looks for one has it from a log, in full. */
const isWhole = (type: string): boolean => type === 'anonymousId' || type === 'device'

/** Digits that a number begins with in E.164, as far as they go; undefined: it is no phone number. */
const phoneStart = (text: string, country: string | undefined): string | undefined => {
  if (!/^\(?[+\d][\d\s()./-]*$/.test(text)) return undefined
  const typed = new AsYouType(country !== undefined && isSupportedCountry(country) ? country : undefined)
  typed.input(text)
  return typed.getNumberValue()
}

const lookOf = (type: string, given: string, country: string | undefined): Look | undefined => {
  // Of the ways to begin an international number this one is typed in every country.
  const text = type === 'phone' || type === 'whatsapp' ? given.replace(/^00/, '+') : given
  const whole = normalizeIdentifier(type, text, country === undefined ? {} : { country })
  if (isWhole(type)) return whole.ok ? { type, value: whole.value.value, isPrefix: false } : undefined
  if (type === 'phone' || type === 'whatsapp') {
    // WhatsApp's own spelling, the international number without its plus, is only read as such when it is whole.
    const start = whole.ok ? whole.value.value : phoneStart(text, country)
    return start === undefined || start === '+' ? undefined : { type, value: start, isPrefix: true }
  }
  if (type === 'email') return { type, value: text.toLowerCase().normalize('NFC'), isPrefix: true }
  return whole.ok ? { type, value: whole.value.value, isPrefix: true } : undefined
}

/**
 * What somebody means who looks for a person: a person id, `type:value`, or anything that an identifier or a name begins with. `types` are
 * those of the workspace, in the order in which finds are shown.
 *
 *     readSearch('ana@', { types: ['email', 'phone'] })
 *     // { looks: [{ type: 'email', value: 'ana@', isPrefix: true }], name: undefined }
 *     readSearch('0333 12', { types: ['phone'], country: 'IT' })
 *     // { looks: [{ type: 'phone', value: '+39033312', isPrefix: true }], name: undefined }
 *     readSearch('loyaltyCard:47', { types: ['email', 'loyaltyCard'] })
 *     // { looks: [{ type: 'loyaltyCard', value: '47', isPrefix: true }], name: undefined }
 */
export const readSearch = (
  given: string,
  { types, country }: { readonly types: readonly string[]; readonly country?: string | undefined },
): Search => {
  const text = given.trim()
  if (personId.safeParse(text).success) return { personId: text }
  const none = { looks: [], name: undefined }
  // Whoever was erased is found by nothing any more.
  if (text === '' || isErasedValue(text)) return none
  const colon = text.indexOf(':')
  const [named, rest] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1).trim()]
  if (types.includes(named)) {
    const look = rest === '' || isErasedValue(rest) ? undefined : lookOf(named, rest, country)
    return { looks: look ? [look] : [], name: undefined }
  }
  const looks = types.flatMap(type => lookOf(type, text, country) ?? [])
  return { looks, name: /\p{L}/u.test(text) && !text.includes('@') ? text : undefined }
}
