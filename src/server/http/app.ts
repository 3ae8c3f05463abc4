import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { type AnyEndpoint, isForBrowsers, isWrite } from '../../contract/endpoint.ts'
import { getHealth } from '../../contract/operations.ts'
import { type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import type { Clock } from '../workspaces.ts'
import { defaultBodyLimit, readBodies, readingRefusal } from './bodies.ts'
import type { Answer, Auth, Authenticate, Handlers } from './call.ts'
import { crossSite } from './cookies.ts'
import { serveFaces } from './faces.ts'
import { createRequestMetric } from './metrics.ts'
import { pagePaths, patternOf, refuseOtherMethods, servePages } from './pages.ts'
import { loggable } from './problem.ts'
import { type PublicPage, servePublicPages } from './public-pages.ts'
import { corsHeaders, jsonType, securityHeaders, send, sendInternalProblem, sendRefusal } from './reply.ts'
import { admit, breachOf, hasKeyInHeaders, prepareRoute, type Route, readCall, undeclared } from './route.ts'

export type Health = {
  readonly ok: boolean
  readonly version: string
  readonly checks: Readonly<Record<string, string>>
}

/** A call of a known caller that was answered, as the log of requests looks at it. */
export type Answered = {
  readonly endpoint: AnyEndpoint
  readonly auth: Auth
  readonly params: unknown
  /** With the query. */
  readonly url: string
  readonly bodyText: string
  readonly status: number
  readonly ms: number
  readonly requestId: string
  readonly refusal: Refusal | undefined
}

export type AppOptions<T extends readonly AnyEndpoint[]> = {
  readonly endpoints: T
  readonly handlers: Handlers<T>
  /** Pages for people, beside the API. */
  readonly pages?: readonly PublicPage[]
  /** The folder of the built web faces; without it there are none. */
  readonly facesFolder?: string
  readonly authenticate: Authenticate
  /** A call by a known key that should have brought something in did not: its source is not well. */
  readonly onRefused?: (auth: Auth, call: string, refusal: Refusal | undefined, ms: number) => void
  /** Hears of every call of a known caller, once its answer has gone out. */
  readonly onAnswered?: (call: Answered) => void
  readonly logger: Logger
  readonly registry: Registry
  readonly health: () => Health | Promise<Health>
  /** Epoch milliseconds. */
  /** What time it is, for nobody or in a workspace. */
  readonly now: Clock
  /** Tests: an answer that the contract does not declare becomes a 500. Otherwise it is logged as an error and sent. */
  readonly strict?: boolean
  /** Behind a proxy that sets X-Forwarded-For: the proxies' addresses to believe, as Fastify's trustProxy takes them. */
  readonly trustProxy?: string
}

export type App = {
  /** Starts listening and tells the address: `http://127.0.0.1:8080`. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Takes no new connection, finishes what is in flight, and cuts what has not ended when the grace is over. */
  close(graceMs?: number): Promise<void>
}

/**
 * Whether an answer says that whoever sent something is not well: an event that is not taken is lost, whatever the reason. Other writes may
 * be refused in the way of business; not when they were no request at all.
 */
const isAnError = (endpoint: AnyEndpoint, status: number): boolean =>
  endpoint.ingest ? status >= 400 : isWrite(endpoint) && ([400, 413, 415].includes(status) || status >= 500)

const requestIdShape = /^[\w.:-]{8,64}$/

/** A caller's request id when it is a sane one, else our own: random for the process, counted within it. */
const requestIds = (): ((given: string | string[] | undefined) => string) => {
  const prefix = `req_${randomBytes(6).toString('hex')}`
  let count = 0
  return given =>
    typeof given === 'string' && requestIdShape.test(given) ? given : `${prefix}${(count++).toString(36)}`
}

/**
 * Makes the HTTP server of a list of endpoints: reading, keys, validation, errors, limits, logs and metrics are here, so that
 * a handler gets a typed call and gives an answer.
 *
 *     const app = createApp({ endpoints, handlers: { getOrder: async call => ({ json: … }), … }, authenticate, … })
 *     await app.listen({ host: '127.0.0.1', port: 8080 })   // 'http://127.0.0.1:8080'
 */
export const createApp = <const T extends readonly AnyEndpoint[]>(options: AppOptions<T>): App => {
  const { endpoints, authenticate, logger, registry, now, strict = false } = options
  const requestId = requestIds()
  const observe = createRequestMetric(registry)
  let closing = false

  const fastify = Fastify({
    genReqId: request => requestId(request.headers['x-request-id']),
    bodyLimit: defaultBodyLimit,
    // While it closes, requests on open connections are still answered: what was taken up is finished.
    return503OnClosing: false,
    requestTimeout: 300_000,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (_unreadableUrl, request, reply) => {
      reply.headers(securityHeaders).header('x-request-id', request.id)
      sendRefusal(
        request as FastifyRequest,
        reply as FastifyReply,
        refuse(commonRefusals.not_found, { path: 'this address' }),
      )
    },
  })

  const fail = (request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply => {
    const { id, method, route } = request
    logger.error({ requestId: id, method, route: route?.endpoint.path, error: loggable(error) }, 'request failed')
    return sendInternalProblem(request, reply)
  }

  const answerWith = (route: Route, request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply => {
    const breach = strict
      ? breachOf(route, answer)
      : 'refusal' in answer
        ? undeclared(route, answer.refusal)
        : undefined
    if (breach !== undefined) {
      const error = new Error(`${route.endpoint.name} ${breach}`)
      if (strict) return fail(request, reply, error)
      logger.error({ requestId: request.id, error: loggable(error) }, 'contract breach')
    }
    if (closing) reply.header('connection', 'close')
    if ('refusal' in answer) return sendRefusal(request, reply, answer.refusal, answer.retryAfterSeconds)
    if ('headers' in answer && answer.headers) reply.headers(answer.headers)
    if ('stream' in answer) {
      // The status has gone out already when a stream breaks: all that is left is to break the answer off, and to say so here.
      const { id: requestId } = request
      answer.stream.once('error', error => logger.error({ requestId, error: loggable(error) }, 'stream broke'))
      return send(reply, 200, answer.contentType, answer.stream)
    }
    return send(reply, answer.status ?? 200, jsonType, 'text' in answer ? answer.text : JSON.stringify(answer.json))
  }

  const run = (route: Route, request: FastifyRequest, reply: FastifyReply): void => {
    try {
      const answer = route.handle(readCall(route, request, now(request.auth?.workspaceId)))
      if (answer instanceof Promise) {
        answer.then(value => answerWith(route, request, reply, value)).catch(error => reply.send(error))
      } else answerWith(route, request, reply, answer)
    } catch (error) {
      reply.send(error)
    }
  }

  /** Runs `next` once the request's key is known and may do this. */
  const admitted = (route: Route, request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
    const take = (result: Result<Auth>): void => {
      if (result.ok) {
        request.auth = result.value
        next()
      } else sendRefusal(request, reply, result.refusal)
    }
    const result = admit(route, authenticate, request)
    if (result instanceof Promise) result.then(take).catch(error => reply.send(error))
    else take(result)
  }

  const serve = (scope: FastifyInstance, route: Route): void => {
    const { endpoint } = route
    const keyed = endpoint.scopes !== 'public'
    const forBrowsers = isForBrowsers(endpoint)
    scope.route({
      method: endpoint.method,
      url: patternOf(endpoint.path),
      bodyLimit: endpoint.bodyLimit ?? defaultBodyLimit,
      onRequest: (request, reply, done) => {
        request.route = route
        if (forBrowsers) reply.headers(corsHeaders)
        // The key comes before the body, so that a stranger's body is not even parsed; only a beacon's key lies in the body.
        const foreign = endpoint.setsCookie ? crossSite(request, { byPrograms: true }) : undefined
        if (foreign) sendRefusal(request, reply, foreign)
        else if (keyed && (!endpoint.ingest || hasKeyInHeaders(request))) admitted(route, request, reply, done)
        else done()
      },
      handler: (request, reply) => {
        if (keyed && request.auth === undefined) admitted(route, request, reply, () => run(route, request, reply))
        else run(route, request, reply)
      },
    })
  }

  fastify.decorateRequest('auth', undefined)
  fastify.decorateRequest('caller', undefined)
  fastify.decorateRequest('bodyText', '')
  fastify.decorateRequest('route', undefined)
  fastify.decorateRequest('refusal', undefined)

  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id)
    if (request.is404) {
      const [path] = request.url.split('?')
      sendRefusal(request, reply, refuse(commonRefusals.not_found, { path }))
    } else done()
  })

  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, auth, id, refusal } = request
    const route = request.route?.endpoint.path ?? 'other'
    const { statusCode: status, elapsedTime } = reply
    observe(method, route, status, elapsedTime / 1000)
    if (auth && request.route && isAnError(request.route.endpoint, status))
      options.onRefused?.(auth, request.route.endpoint.name, refusal, Math.round(elapsedTime))
    if (request.caller && request.route)
      options.onAnswered?.({
        endpoint: request.route.endpoint,
        auth: request.caller,
        params: request.params,
        url: request.url,
        bodyText: request.bodyText,
        status,
        ms: elapsedTime,
        requestId: id,
        refusal,
      })
    const level = status >= 500 ? 'warn' : status >= 400 ? 'info' : 'debug'
    // The route's pattern, never the address: paths and queries hold e-mail addresses and codes.
    if (logger.isLevelEnabled(level)) {
      const ms = Math.round(elapsedTime * 10) / 10
      const { workspaceId, keyId } = auth ?? {}
      logger[level]({ requestId: id, method, route, status, ms, workspaceId, keyId, refusal: refusal?.code }, 'request')
    }
    done()
  })

  fastify.setErrorHandler((error: unknown, request, reply) => {
    const refusal = readingRefusal(error, request)
    if (refusal) sendRefusal(request, reply, refusal)
    else fail(request, reply, error)
  })

  const handlers = options.handlers as unknown as Readonly<Record<string, Route['handle']>>
  const handleHealth = async (): Promise<Answer> => {
    const { ok, version, checks } = await options.health()
    const ready = ok && !closing
    return { status: ready ? 200 : 503, json: { status: ready ? 'ok' : 'unavailable', version, checks } }
  }
  const routes = endpoints.map(endpoint => {
    const handle = endpoint.name === getHealth.name ? handleHealth : handlers[endpoint.name]
    if (!handle) throw new Error(`The endpoint ${endpoint.name} has no handler`)
    return prepareRoute(endpoint, handle)
  })

  readBodies(fastify, routes, serve)
  servePages(fastify, endpoints, registry)
  const { pages = [] } = options
  servePublicPages(fastify, pages, now)
  refuseOtherMethods(fastify, endpoints, pages)
  if (options.facesFolder !== undefined)
    serveFaces(fastify, options.facesFolder, [
      ...pagePaths,
      ...endpoints.map(it => it.path),
      ...pages.map(it => it.path),
    ])

  return {
    listen: at => fastify.listen(at),
    close: async (graceMs = 10_000) => {
      closing = true
      const cut = setTimeout(() => fastify.server.closeAllConnections(), graceMs)
      await fastify.close()
      clearTimeout(cut)
    },
  }
}
