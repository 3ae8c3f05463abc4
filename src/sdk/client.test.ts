import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTessera, type TesseraOptions, TesseraRefusal, TesseraUnreachable } from './index.ts'

type Seen = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
type Play = (response: ServerResponse, request: IncomingMessage) => void

/** A server that plays a script, one line a request, and the last line from then on. */
let server: Server
let script: Play[] = []
let seen: Seen[] = []
let waits: number[] = []

beforeEach(async () => {
  seen = []
  waits = []
  server = createServer(async (request, response) => {
    const body = await text(request)
    const play = script[Math.min(seen.length, script.length - 1)]!
    seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    play(response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const client = (options: Partial<TesseraOptions> = {}) =>
  createTessera({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    key: 'ts_s_1',
    wait: async ms => void waits.push(ms),
    ...options,
  })

const answer =
  (status: number, json: unknown, headers: Record<string, string> = {}): Play =>
  response =>
    void response
      .writeHead(status, { 'content-type': status < 300 ? 'application/json' : 'application/problem+json', ...headers })
      .end(JSON.stringify(json))
const problem = (status: number, code: string, headers?: Record<string, string>): Play =>
  answer(
    status,
    {
      code,
      detail: `It is ${code}.`,
      details: { at: 1 },
      errors: [{ pointer: '/a', message: 'is odd' }],
      requestId: 'req_1',
    },
    headers,
  )
const hangUp: Play = response => void response.destroy()

const order = { state: 'placed', lines: [{ id: '1', sku: 'LATTE', quantity: 2, unitPrice: 450 }] } as const
const campaign = { name: 'Spring' }

test('a call sends its arguments and gives the answer', async () => {
  script = [answer(200, { id: 'web 1/2' })]
  expect(await client().putOrder('web 1/2', order, { dryRun: true })).toEqual({ id: 'web 1/2' })
  expect(seen[0]).toMatchObject({
    method: 'PUT',
    url: '/v1/orders/web%201%2F2?dryRun=true',
    body: JSON.stringify(order),
  })
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer ts_s_1', 'content-type': 'application/json' })
})

test('the workspace and the person token go with every call', async () => {
  script = [answer(200, {})]
  await client({ workspace: 'acme', personToken: 'pt_1' }).getOrder('web-1')
  expect(seen[0]?.headers).toMatchObject({ 'tessera-workspace': 'acme', 'tessera-person-token': 'pt_1' })
})

describe('a retry', () => {
  test.each([
    ['the connection broke', hangUp],
    ['the server was busy', problem(503, 'overloaded')],
    ['there were too many calls', problem(429, 'too_many_attempts')],
    ['the server was broken', problem(500, 'internal_error')],
    ['something between answered', answer(502, {}, { 'content-type': 'text/html' })],
  ])('comes when %s, with the same Idempotency-Key', async (_, failure) => {
    script = [failure, failure, answer(201, { id: 'cmp_1' })]
    expect(await client().createCampaign(campaign)).toEqual({ id: 'cmp_1' })
    const keys = seen.map(request => request.headers['idempotency-key'])
    expect(keys).toHaveLength(3)
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(keys).size).toBe(1)
  })
  test('waits longer each time, and as long as Retry-After says', async () => {
    script = [hangUp, hangUp, problem(503, 'overloaded', { 'retry-after': '7' }), answer(200, {})]
    await client().getOrder('web-1')
    expect(waits).toHaveLength(3)
    expect(waits[0]).toBeLessThanOrEqual(200)
    expect(waits[1]).toBeLessThanOrEqual(400)
    expect(waits[2]).toBe(7000)
  })
  test('has a new key for a new call, and the caller’s where given', async () => {
    script = [answer(201, {})]
    const tessera = client()
    await tessera.createCampaign(campaign)
    await tessera.createCampaign(campaign)
    await tessera.createCampaign(campaign, { idempotencyKey: 'mine' })
    const keys = seen.map(request => request.headers['idempotency-key'])
    expect(new Set(keys).size).toBe(3)
    expect(keys[2]).toBe('mine')
  })
  test('needs no key for a PUT or a GET', async () => {
    script = [answer(200, {})]
    await client().putOrder('web-1', order)
    await client().getOrder('web-1')
    expect(seen.map(request => request.headers['idempotency-key'])).toEqual([undefined, undefined])
  })
  test('of events keeps their messageIds, so that they count once', async () => {
    script = [hangUp, answer(200, {})]
    await client().batch({
      batch: [
        { type: 'track', userId: 'u', event: 'A' },
        { type: 'track', userId: 'u', event: 'B', messageId: 'm-2' },
      ],
    })
    const ids = seen.map(({ body }) =>
      (JSON.parse(body) as { batch: { messageId: string }[] }).batch.map(event => event.messageId),
    )
    expect(ids[0]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'm-2'])
    expect(ids[1]).toEqual(ids[0])
  })
  test('does not follow a refusal', async () => {
    script = [problem(409, 'total_changed')]
    const refusal = await client()
      .putOrder('web-1', order)
      .catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(TesseraRefusal)
    expect(refusal).toMatchObject({
      message: 'It is total_changed.',
      code: 'total_changed',
      status: 409,
      details: { at: 1 },
      errors: [{ pointer: '/a', message: 'is odd' }],
      requestId: 'req_1',
    })
    expect(seen).toHaveLength(1)
  })
  test('ends after so many, with what was answered last', async () => {
    script = [problem(503, 'overloaded')]
    await expect(client({ retries: 2 }).getOrder('web-1')).rejects.toMatchObject({ code: 'overloaded', status: 503 })
    expect(seen).toHaveLength(3)
  })
  test('ends with why nobody answered', async () => {
    script = [hangUp]
    const error = await client({ retries: 1 })
      .getOrder('web-1')
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TesseraUnreachable)
    expect(error).toMatchObject({
      message: expect.stringMatching(/^No answer from http:.* in 2 tries\.$/),
      cause: expect.any(Error),
    })
  })
})

test('a try ends when it takes too long', async () => {
  script = [() => undefined, answer(200, { id: 'web-1' })]
  expect(await client({ timeoutMs: 100 }).getOrder('web-1')).toEqual({ id: 'web-1' })
  expect(seen).toHaveLength(2)
})

test('a call ends at once when its caller gives up', async () => {
  const giveUp = new AbortController()
  script = [() => giveUp.abort()]
  await expect(client().getOrder('web-1', { signal: giveUp.signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect(seen).toHaveLength(1)
})

describe('a list', () => {
  beforeEach(() => {
    script = [answer(200, { data: [1, 2], nextCursor: 'c 2' }), answer(200, { data: [3], nextCursor: null })]
  })
  test('awaited is one page', async () => {
    expect(await client().listOffers({ limit: 2 })).toEqual({ data: [1, 2], nextCursor: 'c 2' })
    expect(seen.map(request => request.url)).toEqual(['/v1/offers?limit=2'])
  })
  test('iterated is every entry', async () => {
    const entries: unknown[] = []
    for await (const offer of client().listOffers({ limit: 2 })) entries.push(offer)
    expect(entries).toEqual([1, 2, 3])
    expect(seen.map(request => request.url)).toEqual(['/v1/offers?limit=2', '/v1/offers?limit=2&cursor=c+2'])
  })
})

test('an export is a stream', async () => {
  script = [response => void response.writeHead(200, { 'content-type': 'text/csv' }).end('code\nA\n')]
  expect(await new Response(await client().exportCodes('off_1')).text()).toBe('code\nA\n')
})

test.each([
  ['text, tried again', 'sku\nA\n', 2],
  ['a stream, sent once', new Blob(['sku\nA\n']).stream(), 1],
])('an import is %s', async (_, body, tries) => {
  script = [problem(503, 'overloaded'), answer(200, {})]
  await client()
    .importCollection('coffee', body)
    .catch((error: unknown) => expect(error).toBeInstanceOf(TesseraRefusal))
  expect(seen.map(request => [request.body, request.headers['content-type']])).toEqual(
    Array(tries).fill(['sku\nA\n', 'text/csv']),
  )
})
