import { escapePointer } from './personal.ts'

/** Segment's own limits, in bytes of JSON as UTF-8. */
export const maxEventBytes = 32 * 1024
export const maxBatchBytes = 500 * 1024
/** Deep nesting costs stack everywhere it passes; no sane event needs it. */
export const maxDepth = 32

export type Flaw = { readonly pointer: string; readonly message: string }

/**
 * The first place in a JSON value that could not be stored as it is: nested too deep, or text with a U+0000 or half a
 * surrogate pair, which PostgreSQL's jsonb refuses.
 *
 *     findFlaw({ a: ['\u0000'] })   // { pointer: '/a/0', message: 'must not contain the character U+0000' }
 */
export const findFlaw = (value: unknown, depth = 0): Flaw | undefined => {
  if (typeof value === 'string') {
    if (value.includes('\0')) return { pointer: '', message: 'must not contain the character U+0000' }
    return /\p{Cs}/u.test(value) ? { pointer: '', message: 'must not contain half a surrogate pair' } : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === maxDepth) return { pointer: '', message: `must not be nested deeper than ${maxDepth}` }
  for (const [key, inner] of Object.entries(value)) {
    const flaw = findFlaw(inner, depth + 1) ?? (Array.isArray(value) ? undefined : findFlaw(key, depth))
    if (flaw) return { pointer: `/${escapePointer(key)}${flaw.pointer}`, message: flaw.message }
  }
  return undefined
}

/** `jsonBytes({ a: 'é' })` is 10: the length of the value as JSON in UTF-8. */
export const jsonBytes = (value: unknown): number => {
  const text = JSON.stringify(value) ?? ''
  // Nearly all of JSON is ASCII, and asking so first is ten times faster than counting.
  if (!/[\u0080-\uffff]/.test(text)) return text.length
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    // Half a pair counts two, so a whole pair counts four.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
