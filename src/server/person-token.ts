import { createHmac, timingSafeEqual } from 'node:crypto'
import { holderIdOf } from '../core/people/union.ts'

/**
 * A person token says, signed with the workspace's secret: who shows me may speak for this person until then. It holds ids and no
 * personal value, because it lies in browsers.
 */
export type Speaker = {
  readonly person: string
  /** The identifier that it was minted for: what she sent before is linked to that one. */
  readonly holder: string
}

const shape = /^tpt_([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/

const signatureOf = (secret: Buffer, payload: string): Buffer =>
  createHmac('sha256', secret).update(`person-token\n${payload}`).digest()

/** `mintPersonToken(secret, { person: 'per_01kjm…', holder: 'hol_01kjm…' }, 1772352000000)` → 'tpt_….…' */
export const mintPersonToken = (secret: Buffer, { person, holder }: Speaker, expiresAt: number): string => {
  const payload = Buffer.from(JSON.stringify([person, expiresAt, holder])).toString('base64url')
  return `tpt_${payload}.${signatureOf(secret, payload).toString('base64url')}`
}

/**
 * Whom a token speaks for at `now`, undefined when it was not signed with this secret or has ended.
 *
 *     readPersonToken(secret, token, now)   // { person: 'per_01kjm…', holder: 'hol_01kjm…' }
 */
export const readPersonToken = (secret: Buffer, token: string, now: number): Speaker | undefined => {
  const [, payload, signature] = shape.exec(token) ?? []
  if (payload === undefined || signature === undefined) return undefined
  if (!timingSafeEqual(signatureOf(secret, payload), Buffer.from(signature, 'base64url'))) return undefined
  // Signed by us, so it is what we wrote.
  const read: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  // Those of the version before named no identifier; they live for a day at most.
  const [person, expiresAt, holder = holderIdOf(person)] = read as [string, number, string?]
  return now < expiresAt ? { person, holder } : undefined
}
