import { isUtf8 } from 'node:buffer'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { invalidInput, Refused } from './problem.ts'

export const deepest = 32
export const mostValues = 100_000

const decompressors = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
])

const fail = (pointer: string, message: string): never => {
  throw new Refused(invalidInput([{ pointer, message }]))
}

export const tooLarge = (limitBytes: number): Refused =>
  new Refused(refuse(commonRefusals.payload_too_large, { limitBytes }))

/**
 * Undoes `Content-Encoding`. Synchronous on purpose: the output is bounded by the limit (so a bomb costs no more than an honest
 * body of that size), and for the usual few kilobytes a trip to the thread pool takes longer than the work.
 */
const decompress = (bytes: Buffer, encoding: string, limitBytes: number): Buffer => {
  const run = decompressors.get(encoding)
  if (!run) {
    const details = { received: `Content-Encoding ${encoding}`, expected: [...decompressors.keys()].join(', ') }
    throw new Refused(refuse(commonRefusals.unsupported_media_type, details))
  }
  try {
    return run(bytes, { maxOutputLength: limitBytes })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes)
    return fail('', `does not decompress as ${encoding}`)
  }
}

/** One pass over the text, because what is too deep or too many must be known before anything recurses over it. */
const measure = (text: string): { depth: number; values: number } => {
  let depth = 0
  let most = 0
  let values = 1
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 92) i++
      else if (char === 34) inString = false
    } else if (char === 34) inString = true
    else if (char === 123 || char === 91) {
      if (++depth > most) most = depth
    } else if (char === 125 || char === 93) depth--
    else if (char === 44) values++
  }
  return { depth: most, values }
}

type Poison = { readonly place: string; readonly message: string }

/** U+0000 and half a surrogate pair cannot be stored as text. */
const isText = (text: string): boolean => !/[\0\p{Cs}]/u.test(text)

/** The place of a field named `__proto__`, which would poison whatever copies the object field by field, or of text that is none. */
const findPoison = (value: unknown, place: string): Poison | undefined => {
  if (typeof value === 'string') {
    return isText(value) ? undefined : { place, message: 'must not contain U+0000 or half a surrogate pair' }
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, held] of Object.entries(value)) {
    const inner = `${place}/${key}`
    if (key === '__proto__' || !isText(key)) return { place: inner, message: 'is not allowed as a field name' }
    const found = findPoison(held, inner)
    if (found) return found
  }
  return undefined
}

/**
 * Reads a JSON body within its limits: bytes after decompression, depth, number of values, UTF-8, no `__proto__`, nothing that
 * cannot be stored: one such text would fail the commit of all that travel with it.
 * Throws `Refused`.
 *
 *     readJson(Buffer.from('{"a":1}'), undefined, 1000)   // { text: '{"a":1}', value: { a: 1 } }
 */
export const readJson = (
  bytes: Buffer,
  encoding: string | undefined,
  limitBytes: number,
): { text: string; value: unknown } => {
  const plain =
    encoding === undefined || encoding === 'identity' ? bytes : decompress(bytes, encoding.toLowerCase(), limitBytes)
  if (!isUtf8(plain)) fail('', 'is not valid UTF-8')
  const text = plain.toString('utf8')
  if (text === '') return { text, value: undefined }
  const { depth, values } = measure(text)
  if (depth > deepest) fail('', `is nested deeper than ${deepest} levels`)
  if (values > mostValues) fail('', `holds more than ${mostValues} values`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    fail('', `is not valid JSON: ${(error as Error).message}`)
  }
  // An escape can spell the name too; either way a look at the text is far cheaper than at every field of every body.
  if (text.includes('__proto__') || /\\u(00|d[89a-f])/i.test(text)) {
    const poison = findPoison(value, '')
    if (poison) fail(poison.place, poison.message)
  }
  return { text, value }
}
