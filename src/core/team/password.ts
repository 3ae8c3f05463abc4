import { type Details, no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { teamRefusals } from './refusals.ts'

export const shortestPassword = 12
/** What is hashed has to end somewhere: a megabyte of password would be work for nothing. */
export const longestPassword = 200

/** Passwords of twelve characters and more that stand high on every list of what leaked. */
const common = [
  'password1234',
  'password12345',
  'password123456',
  'passwordpassword',
  'administrator',
  'changemeplease',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwertyuiopas',
  'qwertyuiopasdfgh',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'zaq12wsxcde3',
  'iloveyou1234',
  'letmein12345',
  'welcome12345',
  'correct horse battery staple',
  'correcthorsebatterystaple',
]

const characters = (text: string): string[] => [...text]

/** `aaaaaaaaaaaa`, `123123123123`: a few characters, said again and again. */
const isRepeated = (text: string): boolean => new Set(characters(text)).size <= 4

/** `123456789012`, `abcdefghijkl`: each character is the next one's neighbour; at 9 the digits begin again. */
const isSequence = (text: string): boolean => {
  const points = characters(text).map(character => character.codePointAt(0)!)
  return points.slice(1).every((point, index) => [1, 9].includes(Math.abs(point - points[index]!)))
}

/** The form that is hashed: the same password typed on another keyboard may come in another normal form (NIST 800-63B §5.1.1.2). */
export const passwordText = (password: string): string => password.normalize('NFKC')

/**
 * Whether a password may be set: its length counts, and that nobody would try it first. No rules about kinds of characters, which
 * make passwords worse (NIST 800-63B, appendix A).
 *
 *     checkPassword('till at the corner', { email: 'ana@example.com', name: 'Ana' })   // { ok: true, … }
 *     checkPassword('ana@example.com', { email: 'ana@example.com', name: 'Ana' })      // password_too_weak
 */
export const checkPassword = (
  password: string,
  owner: { readonly email: string; readonly name: string },
): Result<string> => {
  const text = passwordText(password)
  const length = characters(text).length
  const plain = text.toLowerCase()
  const weak = (because: string, why: string, details: Details = {}) =>
    no(refuse(teamRefusals.password_too_weak, { because, why, ...details }))
  if (length < shortestPassword)
    return weak('tooShort', `has less than ${shortestPassword} characters`, { least: shortestPassword })
  if (length > longestPassword)
    return weak('tooLong', `has more than ${longestPassword} characters`, { most: longestPassword })
  if (common.includes(plain) || isRepeated(plain) || isSequence(plain))
    return weak('common', 'is among the first that anybody tries')
  const own = [owner.email, owner.email.split('@')[0]!, owner.name].map(it => it.toLowerCase().replaceAll(/\s/g, ''))
  const rest = own.reduce((left, it) => (it.length < 3 ? left : left.replaceAll(it, '')), plain.replaceAll(/\s/g, ''))
  if (characters(rest).length < shortestPassword / 2) return weak('own', 'is little more than your name or address')
  return ok(text)
}
