import { createGunzip } from 'node:zlib'
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { readJson, tooLarge } from './json-body.ts'
import { invalidInput, Refused } from './problem.ts'
import type { Route } from './route.ts'

/** Bytes, decompressed: a batch of events may have 500 KB. */
export const defaultBodyLimit = 512 * 1024

const streamTypes = ['text/csv', 'application/x-ndjson'] as const

const limitOf = ({ route }: FastifyRequest): number => route?.endpoint.bodyLimit ?? defaultBodyLimit

/** What Fastify itself could not read, in the catalogue's words; undefined for anything that is not about reading. */
export const readingRefusal = (error: unknown, request: FastifyRequest): Refusal | undefined => {
  if (error instanceof Refused) return error.refusal
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) return tooLarge(limitOf(request)).refusal
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE) {
    const endpoint = request.route?.endpoint
    const types = [...(endpoint?.body ? ['application/json'] : []), ...(endpoint?.streamBody ?? [])]
    const received = request.headers['content-type'] ?? 'no Content-Type'
    return refuse(commonRefusals.unsupported_media_type, { received, expected: types.join(' or ') || 'no body' })
  }
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH || error === request.raw.errored) {
    return invalidInput([{ pointer: '', message: 'did not arrive whole' }])
  }
  return undefined
}

const parseJson = (
  request: FastifyRequest,
  bytes: Buffer,
  done: (error: Error | null, body?: unknown) => void,
): void => {
  try {
    const { text, value } = readJson(bytes, request.headers['content-encoding'], limitOf(request))
    request.bodyText = text
    done(null, value)
  } catch (error) {
    done(error as Error)
  }
}

/** Lets the body through as it comes, decompressed: it is as large as it likes, the handler reads it piece by piece. */
const addStreamParsers = (scope: FastifyInstance): void => {
  scope.addContentTypeParser([...streamTypes], (request, payload, done) => {
    const { streamBody = [] } = request.route?.endpoint ?? {}
    const type = request.headers['content-type'] ?? ''
    if (!streamBody.some(known => type.startsWith(known)))
      return done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type))
    if (request.headers['content-encoding'] !== 'gzip') return done(null, payload)
    const plain = createGunzip()
    payload.on('error', error => plain.destroy(error))
    done(null, payload.pipe(plain))
  })
}

/**
 * Serves the routes, each with the kinds of body it takes. Three scopes, because Fastify binds what a body may be to a scope:
 * events may come as text, imports as streams, everything else is JSON.
 */
export const readBodies = (
  fastify: FastifyInstance,
  routes: readonly Route[],
  serve: (scope: FastifyInstance, route: Route) => void,
): void => {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJson)
  fastify.register(async scope => {
    // Beacons label their JSON text/plain; RudderStack's SDK labels gzipped JSON as a form.
    scope.addContentTypeParser(['text/plain', 'application/x-www-form-urlencoded'], { parseAs: 'buffer' }, parseJson)
    for (const route of routes) if (route.endpoint.ingest) serve(scope, route)
  })
  fastify.register(async scope => {
    addStreamParsers(scope)
    for (const route of routes) if (route.endpoint.streamBody) serve(scope, route)
  })
  for (const route of routes) if (!route.endpoint.ingest && !route.endpoint.streamBody) serve(fastify, route)
}
