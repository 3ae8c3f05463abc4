import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { deflateSync, gzipSync } from 'node:zlib'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { defineEndpoint } from '../../contract/endpoint.ts'
import { flag } from '../../contract/fields.ts'
import { getHealth } from '../../contract/operations.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { type App, createApp } from './app.ts'
import type { Auth, Credentials, Handlers } from './call.ts'

const basket = z.strictObject({
  items: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })).min(1),
  note: z.string().optional(),
})
const seen = z.object({ id: z.string(), items: z.int(), workspace: z.string(), now: z.int() })

const common = { tag: 'Baskets', refusals: [], scopes: ['secret', 'till'] } as const

const putBasket = defineEndpoint({
  ...common,
  name: 'putBasket',
  method: 'PUT',
  path: '/v1/baskets/{id}',
  summary: 'Stores a basket',
  params: z.strictObject({ id: z.string().max(20) }),
  query: z.strictObject({ dryRun: flag.default(false) }),
  body: basket,
  answer: { 200: seen },
  example: { params: { id: 'b1' }, body: { items: [{ sku: 'LATTE', quantity: 1 }] }, answer: {} },
})

const getBasket = defineEndpoint({
  ...common,
  name: 'getBasket',
  method: 'GET',
  path: '/v1/baskets/{id}',
  summary: 'A basket',
  params: z.strictObject({ id: z.string() }),
  answer: { 200: z.object({ id: z.string() }) },
  refusals: [commonRefusals.workspace_not_found],
  example: { params: { id: 'b1' }, answer: { id: 'b1' } },
})

const track = defineEndpoint({
  name: 'track',
  method: 'POST',
  path: '/v1/track',
  summary: 'An event',
  tag: 'Events',
  scopes: ['secret', 'publishable'],
  ingest: true,
  body: z.looseObject({ event: z.string() }),
  answer: { 200: z.object({ event: z.string(), key: z.string() }) },
  refusals: [],
  example: { body: { event: 'Seen' }, answer: {} },
})

const importLines = defineEndpoint({
  ...common,
  name: 'importLines',
  method: 'POST',
  path: '/v1/lines',
  summary: 'Imports lines',
  streamBody: ['text/csv'],
  answer: { 200: z.object({ characters: z.int() }) },
  example: { answer: { characters: 3 } },
})

const exportLines = defineEndpoint({
  ...common,
  name: 'exportLines',
  method: 'GET',
  path: '/v1/lines',
  summary: 'Exports lines',
  answer: { 200: { contentType: 'text/csv' } },
  example: { answer: 'a,b\n' },
})

const misbehave = defineEndpoint({
  ...common,
  name: 'misbehave',
  method: 'POST',
  path: '/v1/misbehave',
  summary: 'Does what the body says',
  body: z.strictObject({ how: z.string() }),
  answer: { 200: z.object({ fine: z.boolean() }) },
  example: { body: { how: 'well' }, answer: { fine: true } },
})

const endpoints = [getHealth, putBasket, getBasket, track, importLines, exportLines, misbehave] as const

const auths: Record<string, Auth> = {
  secret_1: { workspaceId: 'acme', keyId: 'key_1', scope: 'secret' },
  publishable_1: { workspaceId: 'acme', keyId: 'key_2', scope: 'publishable' },
}
const authenticate = (shown: Credentials) => {
  const auth = 'key' in shown ? auths[shown.key] : undefined
  return auth ? ok(auth) : no(refuse(commonRefusals.unauthorized, { reason: 'It is not a known key.' }))
}

const lines: string[] = []
const logged = () => lines.map(line => JSON.parse(line) as Record<string, unknown>)
let release: () => void = () => undefined
let healthy = true

const start = async (): Promise<{ app: App; url: string }> => {
  const handlers: Handlers<typeof endpoints> = {
    putBasket: ({ params, body, auth, now }) => ({
      json: { id: params.id, items: body.items.length, workspace: auth.workspaceId, now },
    }),
    getBasket: async ({ params }) =>
      params.id === 'gone'
        ? { refusal: refuse(commonRefusals.workspace_not_found, { workspace: 'x' }) }
        : { text: '{"id":"b1"}' },
    track: ({ body, auth }) => ({ json: { event: (body as { event: string }).event, key: auth.keyId } }),
    importLines: async ({ stream }) => ({ json: { characters: (await text(stream!)).length } }),
    exportLines: () => ({ stream: Readable.from(['a,b\n', '1,2\n']), contentType: 'text/csv' }),
    misbehave: async ({ body }) => {
      if (body.how === 'throw') throw new Error('the inside')
      if (body.how === 'lose the database') throw Object.assign(new Error('the inside'), { code: 'ECONNRESET' })
      if (body.how === 'wait') await new Promise<void>(resolve => (release = resolve))
      if (body.how === 'busy')
        return { refusal: refuse(commonRefusals.overloaded, { retryAfterSeconds: 3 }), retryAfterSeconds: 3 }
      if (body.how === 'undeclared') return { refusal: refuse(commonRefusals.not_found, { path: '/' }) }
      return { json: body.how === 'shape' ? { fine: 'no' } : { fine: true } }
    },
  }
  const app = createApp({
    endpoints,
    handlers,
    authenticate,
    logger: pino({ level: 'debug' }, { write: line => void lines.push(line) }),
    registry: new Registry(),
    health: () => ({ ok: healthy, version: '1', checks: { store: healthy ? 'ok' : 'gone' } }),
    now: () => 1_772_352_000_000,
    strict: true,
  })
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

let url = ''
let app: App
beforeAll(async () => {
  ;({ app, url } = await start())
})
afterAll(() => app.close())

type Sent = {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown> & { errors?: { pointer: string; message: string }[] }
}
const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Sent> => {
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: 'Bearer secret_1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  })
  const answer = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && answer !== ''
  return { status: response.status, headers: response.headers, text: answer, json: isJson ? JSON.parse(answer) : {} }
}

const good = { items: [{ sku: 'LATTE', quantity: 1 }] }

describe('an answer', () => {
  test('is what the handler gave, from a call that was read by the schemas', async () => {
    const answer = await call('PUT', '/v1/baskets/b1?dryRun=true', good)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ id: 'b1', items: 1, workspace: 'acme', now: 1_772_352_000_000 })
  })
  test('may be JSON text already, sent byte for byte', async () => {
    expect((await call('GET', '/v1/baskets/b1')).text).toBe('{"id":"b1"}')
  })
  test('may be streamed', async () => {
    const answer = await call('GET', '/v1/lines')
    expect(answer.headers.get('content-type')).toBe('text/csv')
    expect(answer.text).toBe('a,b\n1,2\n')
  })
  test('carries a request id, the caller’s when it is a sane one', async () => {
    expect((await call('GET', '/health')).headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{12}\w+$/)
    const given = { 'x-request-id': 'till-12:0001' }
    expect((await call('GET', '/health', undefined, given)).headers.get('x-request-id')).toBe('till-12:0001')
    const odd = { 'x-request-id': 'a b' }
    expect((await call('GET', '/health', undefined, odd)).headers.get('x-request-id')).toMatch(/^req_/)
  })
  test('is not cached, framed or sniffed', async () => {
    const { headers } = await call('GET', '/v1/baskets/b1')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })
  test('to HEAD has the headers and no body', async () => {
    const answer = await call('HEAD', '/v1/baskets/b1')
    expect([answer.status, answer.text]).toEqual([200, ''])
  })
})

describe('a key', () => {
  test.each([
    ['none', { authorization: '' }],
    ['an unknown one', { authorization: 'Bearer nobody' }],
    ['Basic where no events come in', { authorization: `Basic ${btoa('secret_1:')}` }],
  ])('%s is unauthorized', async (_, headers) => {
    const answer = await call('GET', '/v1/baskets/b1', undefined, headers)
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized'])
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
  })
  test('of another scope is forbidden', async () => {
    const answer = await call('GET', '/v1/baskets/b1', undefined, { authorization: 'Bearer publishable_1' })
    expect([answer.status, answer.json.code]).toEqual([403, 'forbidden'])
    expect(answer.json.detail).toBe('A key of scope publishable may not do this; it takes one of scope secret or till.')
  })
  test('is checked before the body is read', async () => {
    const answer = await call('PUT', '/v1/baskets/b1', '{ broken', { authorization: 'Bearer nobody' })
    expect(answer.status).toBe(401)
  })
  test.each([
    ['Bearer', { event: 'Seen' }, { authorization: 'Bearer publishable_1' }, 'key_2'],
    ['Basic, the key as user name', { event: 'Seen' }, { authorization: `Basic ${btoa('secret_1:')}` }, 'key_1'],
    [
      'writeKey in a beacon’s body',
      { event: 'Seen', writeKey: 'publishable_1' },
      { 'content-type': 'text/plain' },
      'key_2',
    ],
  ])('comes with events as %s', async (_, body, headers, key) => {
    const sent = { 'content-type': 'application/json', ...headers }
    const response = await fetch(`${url}/v1/track`, { method: 'POST', headers: sent, body: JSON.stringify(body) })
    expect(await response.json()).toEqual({ event: 'Seen', key })
  })
  test('that is nowhere is missed on events too', async () => {
    const answer = await call('POST', '/v1/track', { event: 'Seen' }, { authorization: '' })
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized'])
  })
})

describe('invalid input', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  test.each([
    ['a missing field', {}, '/items', 'is required (array)'],
    ['a wrong type', { items: 'x' }, '/items', 'expected array, received string'],
    [
      'a nested mistake',
      {
        items: [
          { sku: 'A', quantity: 1 },
          { sku: 'A', quantity: 1.5 },
        ],
      },
      '/items/1/quantity',
      'must be a whole number; money is in minor units, 5.50 EUR is 550',
    ],
    ['a misspelt field', { ...good, ntoe: '' }, '/ntoe', 'is not a known field; did you mean "note"?'],
    ['an unknown field', { ...good, colour: '' }, '/colour', 'is not a known field'],
    [
      'a misspelt field within',
      { items: [{ sku: 'A', quantity: 1, skuu: 1 }] },
      '/items/0/skuu',
      'is not a known field; did you mean "sku"?',
    ],
    ['no JSON', '{"items":', '', expect.stringContaining('is not valid JSON')],
    ['an empty body', '', '', 'is required (object)'],
    ['too deep', `{"items":${nested(33)}}`, '', 'is nested deeper than 32 levels'],
    ['too many values', `[${'1,'.repeat(100_001)}1]`, '', 'holds more than 100000 values'],
    ['a poisoned name', '{"items":[{"__proto__":{"a":1}}]}', '/items/0/__proto__', 'is not allowed as a field name'],
    ['a poisoned name in escapes', '{"\\u005f_proto__":1}', '/__proto__', 'is not allowed as a field name'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), '', 'is not valid UTF-8'],
  ])('%s is named with its place', async (_, body, pointer, message) => {
    const answer = await call('PUT', '/v1/baskets/b1', body)
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_input'])
    expect(answer.json.errors).toContainEqual(expect.objectContaining({ pointer, message }))
  })
  test('in path, query, body and key is told all at once', async () => {
    const answer = await call(
      'PUT',
      `/v1/baskets/${'b'.repeat(21)}?dryRun=maybe&dryrun=true`,
      {},
      { 'idempotency-key': 'a b' },
    )
    expect(answer.json.errors?.map(error => error.pointer)).toEqual([
      '{id}',
      '?dryRun',
      '?dryrun',
      '/items',
      'Idempotency-Key',
    ])
  })
  test('is a query where none is taken', async () => {
    const answer = await call('GET', '/v1/baskets/b1?dryRun=true')
    expect(answer.json.errors).toEqual([{ pointer: '?dryRun', message: 'is not a known field' }])
  })
  test('is answered as a problem document', async () => {
    const { json, headers } = await call('PUT', '/v1/baskets/b1', {})
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(json).toEqual({
      type: '/docs#refusal-invalid_input',
      title: 'Invalid input',
      status: 400,
      detail: 'The request is not valid: /items is required (array).',
      code: 'invalid_input',
      details: { first: '/items is required (array).' },
      errors: [{ pointer: '/items', message: 'is required (array)', code: 'required' }],
      requestId: headers.get('x-request-id'),
    })
  })
})

describe('a body', () => {
  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('may be compressed with %s', async (encoding, compress) => {
    const answer = await call('PUT', '/v1/baskets/b1', compress(JSON.stringify(good)), { 'content-encoding': encoding })
    expect(answer.status).toBe(200)
  })
  test.each([
    ['as sent', JSON.stringify({ ...good, note: 'x'.repeat(600_000) }), {}],
    ['decompressed', gzipSync(Buffer.alloc(50_000_000, 32)), { 'content-encoding': 'gzip' }],
  ])('that is too large %s is refused', async (_, body, headers) => {
    const answer = await call('PUT', '/v1/baskets/b1', body, headers)
    expect([answer.status, answer.json.code]).toEqual([413, 'payload_too_large'])
  })
  test.each([
    ['of another type', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['labelled text where no events come in', { 'content-type': 'text/plain' }],
    ['of a type only other calls take', { 'content-type': 'text/csv' }],
    ['in an unknown compression', { 'content-encoding': 'zstd' }],
  ])('%s is refused', async (_, headers) => {
    const answer = await call('PUT', '/v1/baskets/b1', JSON.stringify(good), headers)
    expect([answer.status, answer.json.code]).toEqual([415, 'unsupported_media_type'])
  })
  test('that does not decompress is invalid', async () => {
    const answer = await call('PUT', '/v1/baskets/b1', '{}', { 'content-encoding': 'gzip' })
    expect(answer.json.errors).toEqual([{ pointer: '', message: 'does not decompress as gzip' }])
  })
  test.each([
    ['plain', (body: string) => body, {}],
    ['compressed', gzipSync, { 'content-encoding': 'gzip' }],
  ])('of an import is streamed, %s, however long', async (_, pack, headers) => {
    const answer = await call('POST', '/v1/lines', pack('a,b\n'.repeat(500_000)), {
      'content-type': 'text/csv',
      ...headers,
    })
    expect(answer.json).toEqual({ characters: 2_000_000 })
  })
  test('of an import must be there and of its type', async () => {
    expect((await call('POST', '/v1/lines')).json.code).toBe('invalid_input')
    expect((await call('POST', '/v1/lines', '{}', { 'content-type': 'application/x-ndjson' })).json.code).toBe(
      'unsupported_media_type',
    )
  })
})

describe('an address', () => {
  test.each([['/v2/baskets'], ['/v1/baskets/%zz']])('%s that is not there is not found', async path => {
    const answer = await call('POST', path, good)
    expect([answer.status, answer.json.code]).toEqual([404, 'not_found'])
  })
  test.each([
    ['DELETE', '/v1/baskets/b1', 'PUT, GET, HEAD, OPTIONS'],
    ['POST', '/docs', 'GET, HEAD, OPTIONS'],
  ])('%s %s is told which methods it takes', async (method, path, allow) => {
    const answer = await call(method, path)
    expect([answer.status, answer.json.code, answer.headers.get('allow')]).toEqual([405, 'method_not_allowed', allow])
  })
  test('that browsers may call lets other origins in, another does not', async () => {
    const preflight = await call('OPTIONS', '/v1/track')
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST'])
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect((await call('POST', '/v1/track', {})).headers.get('access-control-allow-origin')).toBe('*')
    expect((await call('OPTIONS', '/v1/baskets/b1')).headers.get('access-control-allow-origin')).toBeNull()
    expect((await call('GET', '/v1/baskets/b1')).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a refusal', () => {
  test('of a handler is answered by the catalogue', async () => {
    const answer = await call('GET', '/v1/baskets/gone')
    expect([answer.status, answer.json.detail]).toEqual([404, 'There is no workspace x.'])
  })
  test('for lack of room says when to come again', async () => {
    const answer = await call('POST', '/v1/misbehave', { how: 'busy' })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3'])
  })
  test.each([
    ['undeclared', 'misbehave refuses with not_found, which it does not declare'],
    ['shape', expect.stringContaining('misbehave answers what its schema does not allow')],
    ['throw', 'the inside'],
    ['lose the database', 'the inside'],
  ])('or answer that is %s is a bug: 500, told in the log only', async (how, message) => {
    const answer = await call('POST', '/v1/misbehave', { how })
    expect([answer.status, answer.json.code]).toEqual([500, 'internal_error'])
    expect(answer.text).not.toContain('the inside')
    const entry = logged().find(line => line.requestId === answer.json.requestId && line.msg === 'request failed')
    expect(entry?.error).toMatchObject({ message })
  })
})

test('the log has the route, the status and the key’s id, and no address, key or body', async () => {
  const answer = await call('PUT', '/v1/baskets/ana@example.com?code=SUMMER', good)
  const id = answer.json.requestId
  await expect.poll(() => logged().some(line => line.requestId === id)).toBe(true)
  const line = lines.find(text => text.includes(String(id)))!
  expect(JSON.parse(line)).toMatchObject({
    method: 'PUT',
    route: '/v1/baskets/{id}',
    status: 400,
    keyId: 'key_1',
    refusal: 'invalid_input',
  })
  expect(line).not.toMatch(/ana@|SUMMER|secret_1|LATTE/)
})

test('/metrics counts requests by route and status', async () => {
  await call('GET', '/v1/baskets/gone')
  const { text: metrics } = await call('GET', '/metrics')
  expect(metrics).toMatch(
    /tessera_http_request_duration_seconds_count\{method="GET",route="\/v1\/baskets\/\{id\}",status="404"\} [1-9]/,
  )
})

test('/health is 503 while the store does not answer', async () => {
  healthy = false
  const sick = await call('GET', '/health')
  healthy = true
  expect([sick.status, sick.json.status]).toEqual([503, 'unavailable'])
  expect((await call('GET', '/health')).json).toEqual({ status: 'ok', version: '1', checks: { store: 'ok' } })
})

test('/docs is one page that loads and runs nothing', async () => {
  const { text: page, headers } = await call('GET', '/docs')
  expect(page).toContain('<section id="putBasket">')
  expect(page).toContain('curl -X PUT')
  expect(page).toContain('id="refusal-invalid_input"')
  expect(page).toContain('<code>order.<wbr>subtotal</code>')
  expect(page).toContain('birthdayWithin(daysBefore int, daysAfter int): bool')
  expect(page).not.toMatch(/<script|<link|<img|https?:\/\/(?!127\.0\.0\.1)/)
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
})

test('closing finishes what is in flight and takes nothing new', async () => {
  const own = await start()
  const headers = { authorization: 'Bearer secret_1', 'content-type': 'application/json' }
  const inFlight = fetch(`${own.url}/v1/misbehave`, { method: 'POST', headers, body: '{"how":"wait"}' })
  const before = release
  await expect.poll(() => release !== before).toBe(true)
  const closed = own.app.close()
  const { port } = new URL(own.url)
  await expect
    .poll(async () => {
      const socket = connect(Number(port), '127.0.0.1')
      const outcome = await once(socket, 'connect').then(
        () => 'taken',
        () => 'refused',
      )
      socket.destroy()
      return outcome
    })
    .toBe('refused')
  release()
  const answer = await inFlight
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
  await closed
})
