import type { IdentityRules } from './identity-rules.ts'

type Value = { readonly type: string; readonly value: string }
type IsBlocked = (of: Value) => boolean

/**
 * Zeros of any length, and six or more of one character, as `xxxxxx`: what a program or a clerk writes where it knows nothing. Shorter
 * ones, as `7777`, are somebody's number.
 */
const repeated = /^(?:0+|(.)\1{5,})$/u
const typed = /^([a-z][A-Za-z0-9]{1,31}):(.+)$/s

const anyText = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map(it => it.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*')}$`,
    's',
  )

const compile = ({ blocked }: IdentityRules): IsBlocked => {
  const exact = new Set<string>()
  const patterns = new Map<string, RegExp[]>()
  for (const entry of blocked) {
    const [, type, rest] = typed.exec(entry) ?? [undefined, undefined, entry]
    const text = rest!.toLowerCase()
    if (text.includes('*')) patterns.set(type ?? '', [...(patterns.get(type ?? '') ?? []), anyText(text)])
    else exact.add(type === undefined ? text : `${type}:${text}`)
  }
  return ({ type, value }) => {
    const text = value.trim().toLowerCase()
    return (
      repeated.test(text) ||
      exact.has(text) ||
      exact.has(`${type}:${text}`) ||
      [patterns.get(''), patterns.get(type)].some(all => all?.some(it => it.test(text)))
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
