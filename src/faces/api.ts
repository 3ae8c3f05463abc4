import { calls, type TesseraApi } from '../sdk/api.ts'
import type { CallFacts, ListPage } from '../sdk/call.ts'
import { createTessera, TesseraRefusal } from '../sdk/index.ts'

/** The API as a page of the server calls it: by its cookie, at its own address. */
export type Api = TesseraApi

/** `workspace`: of those that the caller may see; the first of them where it is left out. */
export const createApi = ({ workspace }: { readonly workspace?: string } = {}): Api =>
  // Whoever waits before a screen would rather be told than wait for a fourth try.
  createTessera({ url: '', retries: 1, ...(workspace === undefined ? {} : { workspace }) })

export type CallName = keyof Api
export type ArgumentsOf<K extends CallName> = Parameters<Api[K]>
export type AnswerOf<K extends CallName> = Awaited<ReturnType<Api[K]>>
/** The calls that answer page by page. */
export type ListName = { [K in CallName]: AnswerOf<K> extends ListPage<unknown> ? K : never }[CallName]
export type EntryOf<K extends CallName> = AnswerOf<K> extends ListPage<infer T> ? T : never

const factsOf = (name: CallName): CallFacts => (calls as Record<CallName, CallFacts>)[name]
const parametersOf = ({ path }: CallFacts): number => path.match(/\{\w+\}/g)?.length ?? 0

/** Where a call's options stand among its arguments, and its query. */
const places = (facts: CallFacts): { readonly query: number; readonly options: number } => {
  const query = parametersOf(facts) + (facts.body ? 1 : 0)
  return { query, options: query + (facts.query ? 1 : 0) }
}

const laidAt = (args: readonly unknown[], place: number, more: object): unknown[] => {
  const given = [...args]
  given[place] = { ...(given[place] as object | undefined), ...more }
  return given
}

/** Calls by name, so that one hook serves every call. */
export const call = <K extends CallName>(
  api: Api,
  name: K,
  args: ArgumentsOf<K>,
  { signal, cursor }: { readonly signal?: AbortSignal; readonly cursor?: string | undefined } = {},
): Promise<AnswerOf<K>> => {
  const { query, options } = places(factsOf(name))
  const paged = cursor === undefined ? args : laidAt(args, query, { cursor })
  const given = signal === undefined ? paged : laidAt(paged, options, { signal })
  return (api[name] as (...args: readonly unknown[]) => Promise<AnswerOf<K>>)(...given)
}

/** What goes over the wire, for those who want to repeat it. */
export type Sent = { readonly method: string; readonly path: string; readonly body?: unknown }

/**
 * The request of a call.
 *
 *     requestOf('listOffers', [{ state: 'live' }])   // { method: 'GET', path: '/v1/offers?state=live' }
 */
export const requestOf = <K extends CallName>(name: K, args: ArgumentsOf<K>): Sent => {
  const facts = factsOf(name)
  const given = [...args] as unknown[]
  const path = facts.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(String(given.shift())))
  const body = facts.body ? given.shift() : undefined
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries((facts.query ? given.shift() : undefined) ?? {})) {
    if (value !== undefined) search.set(key, String(value))
  }
  const address = search.size > 0 ? `${path}?${search}` : path
  return { method: facts.method, path: address, ...(body === undefined ? {} : { body }) }
}

/** Within single quotes of a shell a single quote ends them: it is written between two others. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * The same for a terminal, with the key where the reader keeps it.
 *
 *     curlOf({ method: 'GET', path: '/v1/offers' }, 'https://tessera.example')
 *     // curl -H "Authorization: Bearer $TESSERA_KEY" 'https://tessera.example/v1/offers'
 */
export const curlOf = ({ method, path, body }: Sent, origin: string): string =>
  [
    `curl${method === 'GET' ? '' : ` -X ${method}`} -H "Authorization: Bearer $TESSERA_KEY"`,
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`]),
    quoted(origin + path),
  ].join(' \\\n  ')

/** Whether the caller has to sign in (again). */
export const isSignedOut = (error: unknown): boolean => error instanceof TesseraRefusal && error.status === 401
