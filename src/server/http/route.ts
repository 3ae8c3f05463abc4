import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { type AnyEndpoint, isForKey, isIdempotent, isStreamed, isWrite, refusalsOf } from '../../contract/endpoint.ts'
import { mayCall, whoMayCall } from '../../contract/permissions.ts'
import { type Place, validate } from '../../contract/validate.ts'
import { type InputError, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import type { Answer, Auth, Authenticate, Call, Credentials } from './call.ts'
import { crossSite, originOf, sessionOf, walletOf } from './cookies.ts'
import { invalidInput, Refused } from './problem.ts'

type Headers = FastifyRequest['headers']

/** Everything about an endpoint that can be known before its first request. */
export type Route = {
  readonly endpoint: AnyEndpoint
  readonly handle: (call: Call) => Answer | Promise<Answer>
  readonly query: z.ZodType | undefined
  /** Undefined: the handler gets what came. */
  readonly body: z.ZodType | undefined
  readonly idempotent: boolean
  readonly declared: ReadonlySet<string>
}

/** Without a query of its own a call takes none, so that `?dryRun=true` where it means nothing does not store. */
const noQuery = z.strictObject({})

export const prepareRoute = (endpoint: AnyEndpoint, handle: Route['handle']): Route => ({
  endpoint,
  handle,
  // Event senders we do not know add parameters of their own.
  query: endpoint.query ?? (endpoint.ingest ? undefined : noQuery),
  body: endpoint.ingest ? undefined : endpoint.body,
  idempotent: isIdempotent(endpoint),
  declared: new Set(refusalsOf(endpoint).map(kind => kind.code)),
})

const text = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

/** The key of an Authorization header. Basic counts where events come in: Segment's SDKs send the write key as user name. */
const keyOf = (authorization: string, basic: boolean): string => {
  const space = authorization.indexOf(' ')
  const scheme = authorization.slice(0, space).toLowerCase()
  const rest = authorization.slice(space + 1).trim()
  if (scheme === 'bearer') return rest
  return scheme === 'basic' && basic ? Buffer.from(rest, 'base64').toString().split(':')[0]! : ''
}

const noKey = refuse(commonRefusals.unauthorized, { reason: 'No key was sent.' })

/** Whether a key came with the headers; a beacon's comes as `writeKey` in the body, which has to be read first. */
export const hasKeyInHeaders = ({ headers }: FastifyRequest): boolean => headers.authorization !== undefined

const credentialsOf = (route: Route, request: FastifyRequest): Credentials | undefined => {
  const { headers, body, ip } = request
  const { authorization } = headers
  const written = (body as { writeKey?: unknown } | undefined)?.writeKey
  const key =
    authorization !== undefined
      ? keyOf(authorization, route.endpoint.ingest === true)
      : route.endpoint.ingest && typeof written === 'string'
        ? written
        : ''
  const workspace = text(headers['tessera-workspace'])
  if (key === '' && authorization === undefined) {
    // One browser may hold both cookies: of a team member who tries her own wallet. The wallet says that it is the one that calls.
    const { scopes } = route.endpoint
    if (scopes === 'wallet' || (scopes !== 'session' && headers['tessera-face'] === 'wallet')) {
      const wallet = walletOf(request)
      return wallet === undefined ? undefined : { wallet, workspace, remoteAddress: ip }
    }
    const session = sessionOf(request)
    return session === undefined ? undefined : { session, workspace, remoteAddress: ip }
  }
  if (key === '') return undefined
  // An event that happened is not lost for a token that has ended: whoever takes events reads it.
  const personToken = route.endpoint.ingest ? undefined : text(headers['tessera-person-token'])
  return { key, workspace, personToken, remoteAddress: ip }
}

/** Whether this caller may call this endpoint: a key by its scope, who is signed in by her role. */
const permit = ({ endpoint }: Route, { scope, member, wallet }: Auth): Refusal | undefined => {
  const { scopes } = endpoint
  if (scopes === 'public' || (scopes === 'wallet' && wallet)) return undefined
  if (member)
    return mayCall(member, endpoint)
      ? undefined
      : refuse(commonRefusals.role_forbidden, { role: member.role, allowed: whoMayCall(endpoint) })
  if (isForKey(endpoint, scope)) return undefined
  const allowed = typeof scopes === 'string' ? 'none: it is for who is signed in' : scopes.join(' or ')
  return refuse(commonRefusals.forbidden, { scope, allowed })
}

/** Who is calling, and whether she may call this endpoint. Answers at once where `authenticate` does. */
export const admit = (
  route: Route,
  authenticate: Authenticate,
  request: FastifyRequest,
): Result<Auth> | Promise<Result<Auth>> => {
  const credentials = credentialsOf(route, request)
  if (!credentials) return { ok: false, refusal: noKey }
  // A browser sends its cookie with every call, whoever's page made it: what changes something has to be a page of ours.
  const foreign = !('key' in credentials) && isWrite(route.endpoint) ? crossSite(request) : undefined
  if (foreign) return { ok: false, refusal: foreign }
  const check = (known: Result<Auth>): Result<Auth> => {
    const refusal = known.ok ? permit(route, known.value) : undefined
    // For the log: whose call it was, also where she may not make it.
    if (known.ok) request.caller = known.value
    return refusal ? { ok: false, refusal } : known
  }
  const known = authenticate(credentials)
  return known instanceof Promise ? known.then(check) : check(known)
}

const idempotencyKeyShape = /^[\x21-\x7e]{1,255}$/

const readIdempotencyKey = (headers: Headers, errors: InputError[]): string | undefined => {
  const key = text(headers['idempotency-key'])
  if (key !== undefined && !idempotencyKeyShape.test(key)) {
    errors.push({ pointer: 'Idempotency-Key', message: 'must be 1–255 printable ASCII characters without spaces' })
  }
  return key
}

const read = (schema: z.ZodType | undefined, value: unknown, place: Place, errors: InputError[]): unknown => {
  if (!schema) return undefined
  const result = validate(schema, value, place)
  if (!result.ok) errors.push(...result.errors)
  // NUL is no text to PostgreSQL. Bodies are looked at as they are read.
  const poisoned = Object.entries(value ?? {}).filter(([, text]) => typeof text === 'string' && text.includes('\0'))
  for (const [name] of poisoned)
    errors.push({ pointer: place === 'query' ? `?${name}` : `{${name}}`, message: 'must not contain U+0000' })
  return result.ok ? result.value : undefined
}

/** The call a handler gets, its parts read by the endpoint's schemas. Throws `Refused` with every mistake at once. */
export const readCall = (route: Route, request: FastifyRequest, now: number): Call => {
  const { endpoint } = route
  const errors: InputError[] = []
  const stream = endpoint.streamBody && isStream(request.body) ? request.body : undefined
  const call: Call = {
    params: read(endpoint.params, request.params, 'params', errors),
    query: read(route.query, request.query, 'query', errors),
    body: stream ? undefined : route.body ? read(route.body, request.body ?? undefined, 'body', errors) : request.body,
    bodyText: request.bodyText,
    stream,
    auth: request.auth as Auth,
    idempotencyKey: route.idempotent ? readIdempotencyKey(request.headers, errors) : undefined,
    remoteAddress: request.ip,
    ...(endpoint.setsCookie
      ? { session: sessionOf(request), wallet: walletOf(request), userAgent: text(request.headers['user-agent']) }
      : {}),
    ...(endpoint.ingest ? { personToken: text(request.headers['tessera-person-token']) } : {}),
    origin: () => originOf(request),
    isGone: () => request.raw.socket.destroyed,
    again: (method, url, body) => callAgain(request, method, url, body),
    requestId: request.id,
    now,
  }
  if (endpoint.streamBody && !endpoint.body && !stream) errors.push({ pointer: '', message: 'is required' })
  if (errors.length > 0) throw new Refused(invalidInput(errors))
  return call
}

/** What says who calls, and from where; never the Idempotency-Key, which stands for the one call only. */
const callersOwn = [
  'authorization',
  'cookie',
  'host',
  'origin',
  'sec-fetch-site',
  'tessera-workspace',
  'x-forwarded-for',
  'x-forwarded-proto',
] as const

const callAgain = async (request: FastifyRequest, method: string, url: string, body: string) => {
  const headers = Object.fromEntries(
    callersOwn.flatMap(name => {
      const value = request.headers[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const { statusCode: status, body: text } = await request.server.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
    ...(body === '' ? {} : { payload: body }),
    remoteAddress: request.socket.remoteAddress ?? request.ip,
  })
  return { status, text }
}

const isStream = (body: unknown): body is Readable => typeof (body as Readable | undefined)?.pipe === 'function'

/** Why an answer is not one that the contract declares; undefined when it is. Only for tests: it reads the whole answer again. */
export const breachOf = (route: Route, answer: Answer): string | undefined => {
  if ('refusal' in answer) return undeclared(route, answer.refusal)
  const status = 'status' in answer ? (answer.status ?? 200) : 200
  const schema = Object.entries(route.endpoint.answer).find(([declared]) => declared === String(status))?.[1]
  if (!schema) return `answers ${status}, which it does not declare`
  if ('stream' in answer) {
    const same = isStreamed(schema) && [schema.contentType, schema.or].some(type => type === answer.contentType)
    return same ? undefined : `streams ${answer.contentType}, which it does not declare`
  }
  if (isStreamed(schema)) return `answers JSON where it declares ${schema.contentType}`
  const sent: unknown = JSON.parse('text' in answer ? answer.text : JSON.stringify(answer.json))
  const checked = validate(schema, sent, 'body')
  return checked.ok ? undefined : `answers what its schema does not allow: ${JSON.stringify(checked.errors)}`
}

export const undeclared = (route: Route, refusal: Refusal): string | undefined =>
  route.declared.has(refusal.code) ? undefined : `refuses with ${refusal.code}, which it does not declare`
