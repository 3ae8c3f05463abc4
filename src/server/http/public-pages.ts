import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { patternOf } from './pages.ts'
import { send } from './reply.ts'

/** What a person's browser asks of a page that takes no key: the token in its address says who she is. */
export type PageCall = {
  readonly token: string
  /** Fields of the form; none of a GET. */
  readonly form: URLSearchParams
  readonly remoteAddress: string
  readonly userAgent: string
  readonly acceptLanguage: string
  /** Epoch milliseconds. */
  readonly now: number
}

export type PageAnswer = {
  readonly status: 200 | 400 | 404 | 429 | 503
  readonly html: string
  readonly retryAfterSeconds?: number
}

export type PublicPage = {
  /** `/p/{token}` */
  readonly path: string
  /** Its Content-Security-Policy. */
  readonly policy: string
  /** Changes nothing (promise 11): mail scanners and previews open links. */
  readonly get: (call: PageCall) => Promise<PageAnswer>
  readonly post: (call: PageCall) => Promise<PageAnswer>
}

const maxFormBytes = 64 * 1024
/** One field; looking for parts in much text could take long. */
const maxMultipartBytes = 4 * 1024
const maxUserAgent = 400

const partShape = /name="([^"\r\n]{1,100})"\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n--/g

/** The text fields of a multipart body (RFC 7578): mail providers may post their one click as one. */
const readMultipart = (text: string): URLSearchParams => {
  const form = new URLSearchParams()
  for (const [, name, value] of text.matchAll(partShape)) form.append(name!, value!)
  return form
}

/** Serves pages for people, beside the API: HTML, a form, no script. HEAD is Fastify's, by the same handler as GET. */
export const servePublicPages = (fastify: FastifyInstance, pages: readonly PublicPage[], now: () => number): void => {
  const callOf = ({ params, body, ip, headers }: FastifyRequest): PageCall => ({
    token: (params as { readonly token: string }).token,
    form: body instanceof URLSearchParams ? body : new URLSearchParams(),
    remoteAddress: ip,
    userAgent: (headers['user-agent'] ?? '').slice(0, maxUserAgent),
    acceptLanguage: headers['accept-language'] ?? '',
    now: now(),
  })
  const answer = (
    reply: FastifyReply,
    policy: string,
    { status, html, retryAfterSeconds }: PageAnswer,
  ): FastifyReply => {
    reply.header('content-security-policy', policy)
    // What is asked for with a token is nothing to be found by a search.
    reply.header('x-robots-tag', 'noindex')
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
    return send(reply, status, 'text/html; charset=utf-8', html)
  }
  fastify.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: maxFormBytes },
      (_request, body, done) => done(null, new URLSearchParams(body as string)),
    )
    scope.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'string', bodyLimit: maxMultipartBytes },
      (_request, body, done) => done(null, readMultipart(body as string)),
    )
    for (const page of pages) {
      const url = patternOf(page.path)
      scope.get(url, async (request, reply) => answer(reply, page.policy, await page.get(callOf(request))))
      scope.post(url, async (request, reply) => answer(reply, page.policy, await page.post(callOf(request))))
    }
  })
}
