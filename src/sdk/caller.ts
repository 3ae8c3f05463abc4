import type { TesseraApi } from './api.ts'
import type { CallFacts, CallOptions, List, ListPage } from './call.ts'
import { TesseraRefusal, TesseraUnreachable } from './errors.ts'

export type TesseraOptions = {
  /** Where the server is: `http://127.0.0.1:8080`; empty in a page that the server itself serves. */
  readonly url: string
  /** Left out in a page of the server, whose cookie says who calls. */
  readonly key?: string
  /** With the admin key: the workspace to act on; `default` where left out. */
  readonly workspace?: string
  /** With a publishable key: who is logged in, as `createPersonToken` gave it. */
  readonly personToken?: string
  /** Of a page of the server: which face calls, where a browser has more than one session. */
  readonly face?: string
  /** How often a call is tried again when no answer came, or the server was busy or broken. */
  readonly retries?: number
  /** For each try. */
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
  /** Waits between tries; tests replace it. */
  readonly wait?: (ms: number) => Promise<void>
}

type Request = {
  readonly facts: CallFacts
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined
  readonly signal: AbortSignal | undefined
}

const firstWaitMs = 200
const longestWaitMs = 20_000

/** Full jitter: callers that failed together do not come back together. What the server asks for is kept to. */
const waitBefore = (attempt: number, retryAfter: string | null): number => {
  const asked = Number(retryAfter ?? 0) * 1000
  const own = Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** attempt)
  return Math.max(Number.isFinite(asked) ? Math.min(asked, longestWaitMs) : 0, own)
}

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const mayComeRight = (status: number): boolean => status === 429 || status >= 500

const refusalOf = async (response: Response): Promise<TesseraRefusal> => {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return new TesseraRefusal(response.status, isJson && text !== '' ? JSON.parse(text) : {})
}

type SentEvent = { readonly messageId?: unknown }

/** Events without a messageId get one, so that a retry does not count them twice. */
const withMessageIds = (body: object): object => {
  const stamp = (event: SentEvent): object => (event.messageId ? event : { ...event, messageId: crypto.randomUUID() })
  return 'batch' in body ? { ...body, batch: (body.batch as SentEvent[]).map(stamp) } : stamp(body)
}

const bodyOf = (facts: CallFacts, given: unknown): Request['body'] => {
  if (facts.body === undefined) return undefined
  if (facts.body === 'stream') return given as Request['body']
  return JSON.stringify(facts.body === 'events' ? withMessageIds(given as object) : given)
}

/**
 * A client of the calls that it is given, by name; whoever needs few of them loads few (`createTessera` has all).
 *
 *     const api = createCaller({ getWallet: { method: 'GET', path: '/v1/people/{ref}/wallet', answer: 'json' } }, { url: '' })
 */
export const createCaller = <K extends keyof TesseraApi>(
  calls: Readonly<Record<K, CallFacts>>,
  options: TesseraOptions,
): Pick<TesseraApi, K> => {
  const { retries = 4, timeoutMs = 30_000, wait: pause = wait } = options
  const send = options.fetch ?? fetch
  const base = options.url.replace(/\/+$/, '')
  const common = {
    ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
    ...(options.face === undefined ? {} : { 'tessera-face': options.face }),
    ...(options.workspace === undefined ? {} : { 'tessera-workspace': options.workspace }),
    ...(options.personToken === undefined ? {} : { 'tessera-person-token': options.personToken }),
  }

  /** One try. The time limit covers the whole answer, of a stream only its beginning. */
  const attempt = async ({
    facts,
    url,
    headers,
    body,
    signal,
  }: Request): Promise<{ response: Response; answer: unknown }> => {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs)
    const stop = signal ? AbortSignal.any([signal, late.signal]) : late.signal
    try {
      const streaming = body instanceof ReadableStream ? { duplex: 'half' as const } : {}
      const response = await send(url, { method: facts.method, headers, body, signal: stop, ...streaming })
      if (!response.ok) return { response, answer: await refusalOf(response) }
      return { response, answer: facts.answer === 'stream' ? response.body : await response.json() }
    } finally {
      clearTimeout(timer)
    }
  }

  const run = async (request: Request): Promise<unknown> => {
    const tries = request.body instanceof ReadableStream ? 1 : retries + 1
    for (let number = 1; ; number++) {
      let retryAfter: string | null = null
      try {
        const { response, answer } = await attempt(request)
        if (!(answer instanceof TesseraRefusal)) return answer
        if (number >= tries || !mayComeRight(response.status)) throw answer
        retryAfter = response.headers.get('retry-after')
      } catch (error) {
        if (error instanceof TesseraRefusal || request.signal?.aborted) throw error
        if (number >= tries) {
          throw new TesseraUnreachable(`No answer from ${base} in ${tries} ${tries === 1 ? 'try' : 'tries'}.`, {
            cause: error,
          })
        }
      }
      await pause(waitBefore(number - 1, retryAfter))
    }
  }

  const call = (facts: CallFacts, args: readonly unknown[]): Promise<unknown> => {
    const given = [...args]
    const path = facts.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(String(given.shift())))
    const body = facts.body ? given.shift() : undefined
    const query = (facts.query ? given.shift() : undefined) as Record<string, unknown> | undefined
    const { idempotencyKey, signal } = (given.shift() ?? {}) as CallOptions
    // A PUT names what it makes, so it can be repeated without a key.
    const key = idempotencyKey ?? (facts.idempotent && facts.method !== 'PUT' ? crypto.randomUUID() : undefined)
    const headers = {
      ...common,
      ...(facts.body ? { 'content-type': facts.contentType ?? 'application/json' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }
    const request = (more: Record<string, unknown> = {}): Promise<unknown> => {
      const search = new URLSearchParams()
      for (const [name, value] of Object.entries({ ...query, ...more })) {
        if (value !== undefined) search.set(name, String(value))
      }
      const url = `${base}${path}${search.size > 0 ? `?${search}` : ''}`
      return run({ facts, url, headers, body: bodyOf(facts, body), signal })
    }
    return facts.answer === 'list'
      ? listOf(request as (more?: { cursor: string }) => Promise<ListPage<unknown>>)
      : request()
  }

  const methods = Object.entries<CallFacts>(calls).map(([name, facts]) => [
    name,
    (...args: unknown[]) => call(facts, args),
  ])
  return Object.fromEntries(methods) as Pick<TesseraApi, K>
}

const listOf = <T>(request: (more?: { cursor: string }) => Promise<ListPage<T>>): List<T> => {
  const first = request()
  const iterate = async function* (): AsyncGenerator<T> {
    for (let page = await first; ; ) {
      yield* page.data
      if (page.nextCursor === null) return
      page = await request({ cursor: page.nextCursor })
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: iterate })
}
