import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { expect } from 'vitest'
import { migrate } from '../src/adapters/storage/migrate.ts'
import { openPglite } from '../src/adapters/storage/pglite.ts'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import type { AnyEndpoint } from '../src/contract/endpoint.ts'
import { isStreamed, refusalsOf } from '../src/contract/endpoint.ts'
import type { Refusal } from '../src/core/kernel/refusal.ts'
import { makeCatalogues } from '../src/server/catalogue.ts'
import { makeWriter } from '../src/server/commit/writer.ts'
import type { Auth, Call, Handler } from '../src/server/http/call.ts'
import type { Services } from '../src/server/services.ts'
import { makeSourceLog } from '../src/server/sources/source-log.ts'
import { makeWorkspaces } from '../src/server/workspaces.ts'
import { newCluster } from './clusters.ts'
import { freshFolder, freshPostgres } from './stores.ts'

/** Handlers called as the frame calls them, without HTTP: on a real store, with a clock that tests set. */

export type TestServices = Services & { readonly time: { now: number } }

/** A store of its own for a test file, migrated, with the workspace `default`. Close `services.database` at the end. */
export const testServices = async (store: 'pglite' | 'postgres', url?: string): Promise<TestServices> => {
  const database =
    store === 'postgres'
      ? openPostgres({ url: url ?? (await freshPostgres()), poolSize: 8 })
      : await openPglite({ folder: await newCluster(freshFolder()) })
  await migrate(database)
  const time = { now: Date.UTC(2026, 2, 1, 8) }
  const workspaces = makeWorkspaces({ database, clock: () => time.now, random: randomBytes })
  const { clock } = workspaces
  await workspaces.ensureDefault()
  await workspaces.get('default')
  const sources = makeSourceLog({ database, clock, random: randomBytes })
  const catalogues = makeCatalogues()
  const writer = makeWriter({ database, workspaces, catalogues, clock, random: randomBytes })
  const adminKey = 'the-admin-key-of-tests'
  return { database, clock, random: randomBytes, workspaces, catalogues, writer, sources, adminKey, time }
}

export const secretKey: Auth = { workspaceId: 'default', keyId: 'key_test', scope: 'secret' }
export const adminKey: Auth = { workspaceId: 'default', keyId: 'admin', scope: 'admin' }

type Asked = {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly stream?: Readable
  readonly auth?: Auth
  readonly idempotencyKey?: string
}

export type Answered = { readonly status: number; readonly text: string; readonly json: Record<string, unknown> }

/**
 * Calls a handler with what the endpoint's schemas make of the input, and holds the answer against the contract.
 *
 *     const { refusal } = await ask(services, getOffer, handlers.getOffer, { params: { id } })
 */
export const ask = async <E extends AnyEndpoint>(
  services: TestServices,
  endpoint: E,
  handler: Handler<E>,
  { params, query = {}, body, stream, auth = secretKey, idempotencyKey }: Asked = {},
): Promise<Answered & { refusal?: Refusal }> => {
  const call = {
    params: endpoint.params?.parse(params),
    query: endpoint.query?.parse(query),
    body: endpoint.body?.parse(body),
    bodyText: body === undefined ? '' : JSON.stringify(body),
    ...(stream ? { stream } : {}),
    auth,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    remoteAddress: '127.0.0.1',
    origin: () => 'http://127.0.0.1',
    isGone: () => false,
    requestId: 'req_test',
    now: services.time.now,
  }
  const answer = await handler(call as unknown as Call<E>)
  if ('refusal' in answer) {
    expect(refusalsOf(endpoint).map(kind => kind.code)).toContain(answer.refusal.code)
    return { status: 0, text: '', json: {}, refusal: answer.refusal }
  }
  if ('stream' in answer) throw new Error('this call streams')
  const status = answer.status ?? 200
  const text = 'text' in answer ? answer.text : JSON.stringify(answer.json)
  const json = JSON.parse(text) as Record<string, unknown>
  const schema = endpoint.answer[status as keyof typeof endpoint.answer]
  if (!schema || isStreamed(schema)) throw new Error(`${endpoint.name} answers ${status}, which it does not declare`)
  expect(schema.safeParse(json).error?.issues ?? []).toEqual([])
  return { status, text, json }
}
