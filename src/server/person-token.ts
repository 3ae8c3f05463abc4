import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * A person token says, signed with the workspace's secret: who shows me may speak for this person until then. It holds the
 * person's id and no personal value, because it lies in browsers.
 */
const shape = /^tpt_([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/

const signatureOf = (secret: Buffer, payload: string): Buffer =>
  createHmac('sha256', secret).update(`person-token\n${payload}`).digest()

/** `mintPersonToken(secret, 'per_01kjm6jm000000000000000000', 1772352000000)` → 'tpt_….…' */
export const mintPersonToken = (secret: Buffer, person: string, expiresAt: number): string => {
  const payload = Buffer.from(JSON.stringify([person, expiresAt])).toString('base64url')
  return `tpt_${payload}.${signatureOf(secret, payload).toString('base64url')}`
}

/**
 * The person a token speaks for at `now`, undefined when it was not signed with this secret or has ended.
 *
 *     readPersonToken(secret, token, now)   // 'per_01kjm6jm000000000000000000'
 */
export const readPersonToken = (secret: Buffer, token: string, now: number): string | undefined => {
  const match = shape.exec(token)
  if (!match) return undefined
  const [, payload, signature] = match as unknown as [string, string, string]
  if (!timingSafeEqual(signatureOf(secret, payload), Buffer.from(signature, 'base64url'))) return undefined
  // Signed by us, so it is what we wrote.
  const [person, expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, number]
  return now < expiresAt ? person : undefined
}
