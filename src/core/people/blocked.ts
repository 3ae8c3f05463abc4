import type { IdentityRules } from './identity-rules.ts'

type Value = { readonly type: string; readonly value: string }
type IsBlocked = (of: Value) => boolean

/**
 * Zeros of any length, and six or more of one character, as `xxxxxx`: what a program or a clerk writes where it knows nothing. Shorter
 * ones, as `7777`, are somebody's number.
 */
const repeated = /^(?:0+|(.)\1{5,})$/u
const typed = /^([a-z][A-Za-z0-9]{1,31}):(.+)$/s

/**
 * Whether a text has these pieces in their order, the first at its start and the last at its end: what a pattern with `*` means. Not a
 * regular expression: `*a*a*a*…` would keep one busy for years, and the server with it.
 */
const hasPieces = (pieces: readonly string[], text: string): boolean => {
  const last = pieces.at(-1)!
  let from = pieces[0]!.length
  if (!text.startsWith(pieces[0]!) || !text.endsWith(last)) return false
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from)
    if (at < 0) return false
    from = at + piece.length
  }
  return from <= text.length - last.length
}

const compile = ({ blocked }: IdentityRules): IsBlocked => {
  const exact = new Set<string>()
  const patterns = new Map<string, (readonly string[])[]>()
  for (const entry of blocked) {
    const [, type, rest] = typed.exec(entry) ?? [undefined, undefined, entry]
    const text = rest!.toLowerCase()
    if (text.includes('*')) patterns.set(type ?? '', [...(patterns.get(type ?? '') ?? []), text.split('*')])
    else exact.add(type === undefined ? text : `${type}:${text}`)
  }
  return ({ type, value }) => {
    const text = value.trim().toLowerCase()
    return (
      repeated.test(text) ||
      exact.has(text) ||
      exact.has(`${type}:${text}`) ||
      [patterns.get(''), patterns.get(type)].some(all => all?.some(pieces => hasPieces(pieces, text)))
    )
  }
}

/** Rules are plain data that stay while their catalogue does; what is made of them is made once. */
const compiled = new WeakMap<IdentityRules, IsBlocked>()

/**
 * Whether an identifier is nobody's under these rules, in any capitals.
 *
 *     isBlocked({ type: 'userId', value: 'NULL' }, defaultIdentityRules)              // true
 *     isBlocked({ type: 'email', value: 'info@shop.example' }, defaultIdentityRules)  // true
 *     isBlocked({ type: 'userId', value: '4711' }, defaultIdentityRules)              // false
 */
export const isBlocked = (of: Value, rules: IdentityRules): boolean => {
  const known = compiled.get(rules)
  if (known) return known(of)
  const made = compile(rules)
  compiled.set(rules, made)
  return made(of)
}
