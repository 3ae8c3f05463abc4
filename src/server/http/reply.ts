import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../../core/kernel/refusal.ts'
import type { Auth } from './call.ts'
import { internalProblem, problemOf } from './problem.ts'
import type { Route } from './route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    auth: Auth | undefined
    /** Who called, also where the call was not for her. */
    caller: Auth | undefined
    /** The body as it came, decompressed. */
    bodyText: string
    /** Undefined for what is no endpoint: pages, unknown addresses. */
    route: Route | undefined
    /** What the request was refused with, for the log. */
    refusal: Refusal | undefined
  }
}

export const jsonType = 'application/json; charset=utf-8'
const problemType = 'application/problem+json'

/** On every answer: nothing the API says may be cached, framed, or read as another type than it says. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** For pages of any origin, without credentials: there a key says who may do what, and no browser shows them what a cookie got. */
export const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'X-Request-Id, Retry-After',
}

export const preflightHeaders = {
  ...corsHeaders,
  'access-control-allow-headers':
    'Authorization, Content-Encoding, Content-Type, Idempotency-Key, Tessera-Person-Token, X-Request-Id, X-Retry-Count',
  'access-control-max-age': '86400',
}

export const send = (reply: FastifyReply, status: number, contentType: string, body: string | Readable): FastifyReply =>
  reply.code(status).header('content-type', contentType).send(body)

export const sendRefusal = (
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  retryAfterSeconds = refusal.details.retryAfterSeconds ?? 1,
): FastifyReply => {
  const { status, text } = problemOf(refusal, request.id)
  request.refusal = refusal
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="tessera"')
  if (status === 429 || status === 503) reply.header('retry-after', String(retryAfterSeconds))
  return send(reply, status, problemType, text)
}

export const sendInternalProblem = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  send(reply, 500, problemType, internalProblem(request.id))
