import type { FastifyRequest } from 'fastify'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { type Refusal, refuse } from '../../core/kernel/refusal.ts'

/** What of a request is looked at here. */
type Asked = Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>

/**
 * A proxy in front of us ends TLS, and most do not say so in a way that we were told to believe. It only matters to the caller itself, so
 * here the header is believed.
 */
export const originOf = ({ headers, protocol, host }: Asked): string =>
  `${headers['x-forwarded-proto'] === 'https' ? 'https' : protocol}://${host}`

const isSecure = (origin: string): boolean => origin.startsWith('https:')

/**
 * `__Host-` makes browsers refuse the cookie from anywhere but this very host: a page of a neighbour's subdomain could otherwise
 * put its own session in place of hers. Browsers take that prefix over HTTPS only.
 */
const nameOf = (name: string, origin: string): string => (isSecure(origin) ? `__Host-${name}` : name)

/**
 * A cookie that pages cannot read and other sites' pages do not send. Over HTTPS it never goes over HTTP.
 *
 *     cookieOf('tessera_session', 'tss_…', { origin: 'https://tessera.example', seconds: 60 })
 *     // '__Host-tessera_session=tss_…; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure'
 */
export const cookieOf = (
  name: string,
  value: string,
  { origin, seconds }: { readonly origin: string; readonly seconds: number },
): string =>
  `${nameOf(name, origin)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure(origin) ? '; Secure' : ''}`

/** The value of a cookie that `cookieOf` set; undefined where none or more than one came. */
export const cookieIn = (request: Asked, name: string): string | undefined => {
  const { cookie } = request.headers
  if (cookie === undefined) return undefined
  const wanted = `${nameOf(name, originOf(request))}=`
  const found = cookie.split(';').flatMap(pair => {
    const trimmed = pair.trim()
    return trimmed.startsWith(wanted) ? [trimmed.slice(wanted.length)] : []
  })
  return found.length === 1 ? found[0] : undefined
}

export const sessionCookie = 'tessera_session'
const tokenShape = /^tss_[A-Za-z0-9_-]{43}$/

export const walletCookie = 'tessera_wallet'
const walletTokenShape = /^tws_[A-Za-z0-9_-]{43}$/

/** The token of a customer's wallet, where it looks like one. */
export const walletOf = (request: Asked): string | undefined => {
  const token = cookieIn(request, walletCookie)
  return token !== undefined && walletTokenShape.test(token) ? token : undefined
}

/** The token of the session that a browser shows, where it looks like one. */
export const sessionOf = (request: Asked): string | undefined => {
  const token = cookieIn(request, sessionCookie)
  return token !== undefined && tokenShape.test(token) ? token : undefined
}

/**
 * Why a request may not be one that a page of this server made; undefined when it is. Browsers say where a request comes from and let no
 * page say it: `Sec-Fetch-Site` where they have it, `Origin` with every write. A program sends neither and rides on nobody's
 * cookie, so what is no browser may be let through where no cookie is read (`byPrograms`).
 */
export const crossSite = (request: Asked, { byPrograms = false } = {}): Refusal | undefined => {
  const { origin, 'sec-fetch-site': site } = request.headers
  const foreign = (reason: string) => refuse(commonRefusals.cross_site, { reason })
  if (site !== undefined)
    return site === 'same-origin' ? undefined : foreign('Its Sec-Fetch-Site is not "same-origin".')
  if (origin === undefined) return byPrograms ? undefined : foreign('It names no Origin.')
  return origin === originOf(request) ? undefined : foreign('Its Origin is another.')
}
