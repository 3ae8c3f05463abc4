import type { z } from 'zod'
import type { RefusalKind } from '../core/kernel/refusal.ts'
import { commonRefusals } from './common-refusals.ts'

/** What a key may be: the installation's, a server's, a browser's, or one till's. */
export type Scope = 'admin' | 'secret' | 'publishable' | 'till'
/**
 * Who may call: keys of these scopes (and team members by their role, `permissions.ts`), anybody, only who is signed in, whatever her
 * role, or only a customer who is signed in to her wallet.
 */
export type Callers = readonly Scope[] | 'public' | 'session' | 'wallet'
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An answer that is sent piece by piece: lines, or a document that is too long to be held whole. */
export type StreamedAnswer = {
  readonly contentType: StreamType
  /** The other form that the query can ask for. */
  readonly or?: StreamType
  /** Of one JSON document that is too long to be held whole. */
  readonly schema?: z.ZodType
}
type StreamType = 'text/csv' | 'application/x-ndjson' | 'application/json' | 'text/html'
export type AnswerBody = z.ZodType | StreamedAnswer
/** 503 is here for `/health`, whose "no" has the same shape as its "yes". */
export type Answers = { readonly [status in 200 | 201 | 202 | 503]?: AnswerBody }

type Nothing = z.ZodUndefined

export type Endpoint<
  N extends string = string,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  S extends Callers = Callers,
  I extends true | undefined = true | undefined,
> = {
  /** The SDK's method name. */
  readonly name: N
  readonly method: Method
  /** `{name}` marks a path parameter: `/v1/orders/{id}`. */
  readonly path: string
  /** One line for the docs' list; a sentence without a full stop. */
  readonly summary: string
  readonly description?: string
  readonly tag: string
  readonly scopes: S
  readonly params?: P
  /** Query values arrive as text: the fields of `contract/fields.ts` read them. */
  readonly query?: Q
  readonly body?: B
  readonly answer: Answers
  /** Refusals of the domain, in the order they are checked. Those of HTTP itself are added by `refusalsOf`. */
  readonly refusals: readonly RefusalKind[]
  readonly example: {
    readonly params?: z.input<P>
    readonly query?: z.input<Q>
    readonly body?: z.input<B>
    /** Lines of text when the answer is streamed. */
    readonly answer: unknown
  }
  /** Whether `Idempotency-Key` is read. Every write does unless it says otherwise here. */
  readonly idempotent?: boolean
  /** Content types the handler reads as a stream instead of `body`, without a size limit (imports). */
  readonly streamBody?: readonly ('text/csv' | 'application/x-ndjson')[]
  /** Bytes of the decompressed body; the frame's default is 512 KB. */
  readonly bodyLimit?: number
  /**
   * Events come in here: the key may come by Basic or as the body's `writeKey`, JSON may be labelled text/plain (beacons), and
   * `body` reaches the handler as it came, because the events domain reads it by this same schema, event by event.
   */
  readonly ingest?: I
  /** Pages of any origin call it though it takes no key; what publishable keys may call is for browsers anyhow. */
  readonly forBrowsers?: true
  /** It sets or ends a cookie, so another site's page may not call it, though it takes no key: she would be signed in as somebody else. */
  readonly setsCookie?: true
  /** Served, but not part of the public contract. */
  readonly hidden?: boolean
}

/** Any endpoint, whatever its schemas. */
export type AnyEndpoint = Endpoint

/**
 * Declares one call of the API. Nothing but data: the server, OpenAPI, the docs, the SDK and the contract tests read it.
 *
 *     const getOrder = defineEndpoint({
 *       name: 'getOrder', method: 'GET', path: '/v1/orders/{id}', summary: 'An order as it stands', tag: 'Orders',
 *       scopes: ['secret'], params: z.object({ id: z.string() }), answer: { 200: orderAnswer },
 *       refusals: [orderRefusals.order_not_found], example: { params: { id: 'web-1001' }, answer: { … } },
 *     })
 */
export const defineEndpoint = <
  const N extends string,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  const S extends Callers = Callers,
  I extends true | undefined = undefined,
>(
  endpoint: Endpoint<N, P, Q, B, S, I>,
): Endpoint<N, P, Q, B, S, I> => endpoint

export const isWrite = (endpoint: AnyEndpoint): boolean => endpoint.method !== 'GET'
export const isIdempotent = (endpoint: AnyEndpoint): boolean => endpoint.idempotent ?? isWrite(endpoint)
export const isStreamed = (answer: AnswerBody): answer is StreamedAnswer => 'contentType' in answer
/** A browser may call it: another origin's page is let through. */
export const isForBrowsers = (endpoint: AnyEndpoint): boolean =>
  endpoint.ingest === true ||
  endpoint.forBrowsers === true ||
  (endpoint.scopes !== 'public' && isForKey(endpoint, 'publishable'))

/** Whether a key of this scope may call it. */
export const isForKey = ({ scopes }: AnyEndpoint, scope: Scope): boolean =>
  scopes === 'public' || (scopes !== 'session' && scopes !== 'wallet' && scopes.includes(scope))

/** Names in the braces of a path: `pathParams('/v1/offers/{id}/codes')` → `['id']`. */
export const pathParams = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]!)

/** Everything this endpoint may refuse with: the frame's refusals that can happen to it, then its own. */
export const refusalsOf = (endpoint: AnyEndpoint): RefusalKind[] => {
  const common = commonRefusals
  const keyed = endpoint.scopes !== 'public'
  const reads = endpoint.params !== undefined || endpoint.query !== undefined || endpoint.body !== undefined
  const takesBody = endpoint.body !== undefined || endpoint.streamBody !== undefined
  const candidates: [boolean, RefusalKind][] = [
    [keyed, common.unauthorized],
    [keyed, common.forbidden],
    [keyed, common.role_forbidden],
    [(keyed && isWrite(endpoint)) || endpoint.setsCookie === true, common.cross_site],
    [keyed, common.workspace_mismatch],
    [keyed, common.workspace_not_found],
    [takesBody, common.unsupported_media_type],
    [endpoint.body !== undefined, common.payload_too_large],
    [reads || takesBody || isIdempotent(endpoint), common.invalid_input],
    [keyed, common.too_many_attempts],
    [keyed, common.overloaded],
    [isIdempotent(endpoint), common.idempotency_key_reused],
  ]
  return [...new Set([...candidates.flatMap(([can, kind]) => (can ? [kind] : [])), ...endpoint.refusals])]
}
