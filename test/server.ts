import pino from 'pino'
import { afterAll } from 'vitest'
import { type RunningServer, type ServerOptions, startServer } from '../src/server/compose.ts'
import { freshData } from './clusters.ts'
import { freshFolder, freshPostgres } from './stores.ts'

export type Answer = {
  readonly status: number
  readonly text: string
  /** The body where it is JSON, as JSON.parse types it: tests read answers of any shape. */
  readonly json: ReturnType<JSON['parse']>
  readonly headers: Headers
}

export type TestServer = RunningServer & {
  readonly folder: string
  readonly databaseUrl: string | undefined
  /** Calls with the admin key, or with `key`; a body that is no string goes as JSON. */
  readonly call: (
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string; headers?: Record<string, string> },
  ) => Promise<Answer>
}

const servers: RunningServer[] = []
afterAll(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/**
 * A whole server on a store of its own, in this process, that takes a breach of the contract for an error. Closed after the file.
 *
 *     const { call } = await serve('pglite')
 *     (await call('GET', '/health')).status   // 200
 */
export const serve = async (
  store: 'pglite' | 'postgres',
  { databaseUrl, ...options }: ServerOptions & { readonly databaseUrl?: string } = {},
): Promise<TestServer> => {
  const folder = store === 'pglite' ? await freshData() : freshFolder()
  const url = store === 'postgres' ? (databaseUrl ?? (await freshPostgres())) : undefined
  const server = await startServer(
    {
      host: '127.0.0.1',
      port: 0,
      folder,
      databaseUrl: url,
      adminKey: undefined,
      logLevel: 'silent',
      trustProxy: undefined,
      bench: false,
    },
    {
      logger: pino({ level: 'silent' }),
      strict: true,
      passwordCost: { log2N: 4, r: 1, p: 1 },
      ...options,
    },
  )
  servers.push(server)
  const call: TestServer['call'] = async (method, path, body, { key = server.adminKey, headers = {} } = {}) => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined, headers: response.headers }
  }
  return { ...server, folder, databaseUrl: url, call }
}

/** A campaign with one offer; `offer` is laid over 1.00 EUR off by code. */
export const makeOffer = async (
  { call }: Pick<TestServer, 'call'>,
  offer: Record<string, unknown> = {},
  campaign: Record<string, unknown> = {},
): Promise<{ offer: string; campaign: string }> => {
  const made = await call('POST', '/v1/campaigns', { name: 'A campaign', ...campaign })
  const { json, status, text } = await call('POST', '/v1/offers', {
    campaign: made.json.id,
    name: '1.00 off',
    trigger: { on: 'code' },
    benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
    ...offer,
  })
  if (status !== 201) throw new Error(`the offer was not made: ${text}`)
  return { offer: json.id, campaign: made.json.id }
}

export const latte = { id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }
