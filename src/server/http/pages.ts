import type { FastifyInstance, HTTPMethods } from 'fastify'
import type { Registry } from 'prom-client'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { type AnyEndpoint, isForBrowsers } from '../../contract/endpoint.ts'
import { openApi } from '../../contract/openapi.ts'
import { refusals } from '../../contract/refusals.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { docsPage, docsPolicy } from './docs.ts'
import { jsonType, preflightHeaders, sendRefusal } from './reply.ts'

export const pagePaths = ['/metrics', '/openapi.json', '/docs'] as const
const allMethods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** `/v1/orders/{id}` as Fastify writes it: `/v1/orders/:id`. */
export const patternOf = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Made when it is asked for first: most processes never show their docs. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

/** What the frame serves by itself: the pages about the API. */
export const servePages = (fastify: FastifyInstance, endpoints: readonly AnyEndpoint[], registry: Registry): void => {
  const shown = endpoints.filter(endpoint => !endpoint.hidden)
  const openApiText = once(() => JSON.stringify(openApi(shown)))
  const docs = once(() => docsPage(shown, [...refusals.values()]))
  const pages = {
    '/metrics': { type: registry.contentType, policy: undefined, body: () => registry.metrics() },
    '/openapi.json': { type: jsonType, policy: undefined, body: openApiText },
    '/docs': { type: 'text/html; charset=utf-8', policy: docsPolicy, body: docs },
  }
  for (const path of pagePaths) {
    const { type, policy, body } = pages[path]
    fastify.get(path, async (_request, reply) => {
      if (policy !== undefined) reply.header('content-security-policy', policy)
      return reply.type(type).send(await body())
    })
  }
}

/** Every path answers the methods it does not take: 405 with Allow, and OPTIONS for browsers that ask first. */
export const refuseOtherMethods = (
  fastify: FastifyInstance,
  endpoints: readonly AnyEndpoint[],
  forms: readonly { readonly path: string }[],
): void => {
  const paths = [...pagePaths, ...endpoints.map(endpoint => endpoint.path), ...forms.map(form => form.path)]
  for (const path of new Set(paths)) {
    const served = endpoints.filter(endpoint => endpoint.path === path)
    const isForm = forms.some(form => form.path === path)
    const taken: string[] = isForm ? ['GET', 'POST'] : served.length === 0 ? ['GET'] : served.map(it => it.method)
    const allowed = [...taken, ...(taken.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
    const allow = allowed.join(', ')
    const forBrowsers = served.filter(isForBrowsers).map(endpoint => endpoint.method)
    const preflight = { ...preflightHeaders, 'access-control-allow-methods': forBrowsers.join(', ') }
    fastify.route({
      method: allMethods.filter(method => method === 'OPTIONS' || !allowed.includes(method)),
      url: patternOf(path),
      onRequest: (request, reply) => {
        reply.header('allow', allow)
        if (request.method === 'OPTIONS') {
          if (forBrowsers.length > 0) reply.headers(preflight)
          reply.code(204).send()
        } else {
          const { method } = request
          sendRefusal(request, reply, refuse(commonRefusals.method_not_allowed, { method, path, allowed: allow }))
        }
      },
      handler: () => undefined,
    })
  }
}
