import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What the public pages are opened with: ids, signed with the workspace's secret. A link may stand in a mailbox for years and in logs of
 * proxies, so it holds no personal value; each kind is signed for itself, so none does what another is for.
 */
export type Links = {
  /** Confirms one request for permission. */
  readonly confirm: {
    readonly holder: string
    readonly channel: string
    readonly purpose: string
    readonly request: string
    readonly requestedAt: number
    readonly expiresAt: number
  }
  /** Opens the preference page of the person who has this address then. */
  readonly preferences: { readonly holder: string; readonly expiresAt: number }
  /** Withdraws marketing on one address and channel. It does not end: a wish to be left alone must be possible from an old message too. */
  readonly unsubscribe: { readonly holder: string; readonly channel: string }
  /** Makes the person who has this address then a member of a programme. */
  readonly join: {
    readonly holder: string
    readonly programme: string
    readonly source: string
    readonly expiresAt: number
  }
}
export type LinkKind = keyof Links

const shape = /^([a-z][a-z0-9-]{0,39})\.([A-Za-z0-9_-]{1,400})\.([A-Za-z0-9_-]{43})$/

const signatureOf = (secret: Buffer, kind: LinkKind, workspaceId: string, payload: string): Buffer =>
  createHmac('sha256', secret).update(`consent-link ${kind}\n${workspaceId}\n${payload}`).digest()

/** `mintLink(secret, 'preferences', 'default', { holder, expiresAt })` → 'default.….…' */
export const mintLink = <K extends LinkKind>(secret: Buffer, kind: K, workspaceId: string, link: Links[K]): string => {
  const payload = Buffer.from(JSON.stringify(link)).toString('base64url')
  return `${workspaceId}.${payload}.${signatureOf(secret, kind, workspaceId, payload).toString('base64url')}`
}

/** The workspace a token names, which nothing has proven yet; undefined: it is no token at all. */
export const workspaceOfLink = (token: string): string | undefined => shape.exec(token)?.[1]

/**
 * What a token of this kind holds; undefined when it was not signed with this secret, for another kind or workspace, or has ended.
 *
 *     readLink(secret, 'preferences', token, now)   // { holder: 'hol_…', expiresAt: 1772352000000 }
 */
export const readLink = <K extends LinkKind>(
  secret: Buffer,
  kind: K,
  token: string,
  now: number,
): Links[K] | undefined => {
  const [, workspaceId, payload, signature] = shape.exec(token) ?? []
  if (workspaceId === undefined || payload === undefined || signature === undefined) return undefined
  const given = Buffer.from(signature, 'base64url')
  // The last character holds bits that do not count: another spelling of the same signature is another token.
  if (given.toString('base64url') !== signature) return undefined
  if (!timingSafeEqual(signatureOf(secret, kind, workspaceId, payload), given)) return undefined
  // Signed by us, so it is what we wrote.
  const link = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Links[K] & { readonly expiresAt?: number }
  return link.expiresAt === undefined || now < link.expiresAt ? link : undefined
}
