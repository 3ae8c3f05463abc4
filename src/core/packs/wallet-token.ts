import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import type { Verify } from './pack.ts'
import { walletTokenRefusals } from './refusals.ts'

/**
 * What a wallet's QR code holds: a certificate, by which the workspace says whose a device is, and a time, which the device signs anew every
 * half minute. So a photograph of somebody's screen is worth nothing a moment later, and a till without a network can tell.
 */
export type Certificate = {
  readonly workspace: string
  readonly person: string
  /** Her loyalty card, as printed. */
  readonly card?: string
  /** The device's public key, Ed25519, base64url. */
  readonly device: string
  readonly expiresAt: number
}

const version = 'tw1'
/** A clock may be off by so much, and a queue slow. */
export const walletTokenSeconds = 90
const aheadMs = 60_000

// Neither dots nor tildes are left in a field: they part fields and the token's parts.
const field = (text: string): string => encodeURIComponent(text).replaceAll('.', '%2E').replaceAll('~', '%7E')

/** The text of a certificate, which the workspace signs: 'default~per_01kjm…~4711~<device>~mm1z2k40'. */
export const certificateText = ({ workspace, person, card = '', device, expiresAt }: Certificate): string =>
  [workspace, person, card, device, expiresAt.toString(36)].map(field).join('~')

/** A certificate with its signature, as the device keeps it. */
export const certificateOf = (certificate: Certificate, signature: string): string =>
  `${certificateText(certificate)}.${signature}`

/** The text that a device signs to show who it is at a time; with the signature behind another dot it is the token. */
export const walletTokenText = (certificate: string, at: number): string =>
  `${version}.${certificate}.${at.toString(36)}`

const shape = /^tw1\.([^.]{1,600})\.([A-Za-z0-9_-]{86})\.([0-9a-z]{1,11})\.([A-Za-z0-9_-]{86})$/

type Parts = {
  readonly certificate: Certificate
  readonly at: number
  /** Both signatures, for whoever has to wait for the checks: the workspace's, then the device's. */
  readonly signed: readonly [Signed, Signed]
}
type Signed = { readonly by: 'workspace' | 'device'; readonly text: string; readonly signature: string }

/** The parts of a token, undefined when it is none. Nothing of it is true before its signatures are checked. */
export const walletTokenParts = (token: string): Parts | undefined => {
  const [, text, certified, time, signature] = shape.exec(token) ?? []
  if (text === undefined || certified === undefined || time === undefined || signature === undefined) return undefined
  const fields = text.split('~')
  if (fields.length !== 5) return undefined
  let decoded: string[]
  try {
    decoded = fields.map(decodeURIComponent)
  } catch {
    return undefined
  }
  const [workspace, person, card, device, expires] = decoded as [string, string, string, string, string]
  const expiresAt = Number.parseInt(expires, 36)
  if (!Number.isSafeInteger(expiresAt)) return undefined
  return {
    certificate: { workspace, person, ...(card !== '' && { card }), device, expiresAt },
    at: Number.parseInt(time, 36),
    signed: [
      { by: 'workspace', text, signature: certified },
      { by: 'device', text: walletTokenText(`${text}.${certified}`, Number.parseInt(time, 36)), signature },
    ],
  }
}

/**
 * Whose wallet shows a token at `now`. `wasSeen` answers whether this till has read it before: a token is good once at a till.
 *
 *     readWalletToken(token, { workspace: 'default', publicKey, now, verify, wasSeen })   // { ok: true, value: { person: 'per_…', … } }
 */
export const readWalletToken = (
  token: string,
  {
    workspace,
    publicKey,
    now,
    verify,
    wasSeen,
  }: {
    readonly workspace: string
    readonly publicKey: string
    readonly now: number
    readonly verify: Verify
    readonly wasSeen: (token: string) => boolean
  },
): Result<Certificate> => {
  const parts = walletTokenParts(token)
  if (!parts || parts.certificate.workspace !== workspace) return no(refuse(walletTokenRefusals.wallet_token_invalid))
  const { certificate, at, signed } = parts
  const isSigned = signed.every(({ by, text, signature }) =>
    verify(by === 'workspace' ? publicKey : certificate.device, text, signature),
  )
  if (!isSigned || now >= certificate.expiresAt || at > now + aheadMs)
    return no(refuse(walletTokenRefusals.wallet_token_invalid))
  const seconds = Math.floor((now - at) / 1000)
  if (seconds > walletTokenSeconds)
    return no(refuse(walletTokenRefusals.wallet_token_expired, { seconds, goodFor: walletTokenSeconds }))
  return wasSeen(token) ? no(refuse(walletTokenRefusals.wallet_token_used)) : ok(certificate)
}
