import { beforeAll, describe, expect, it } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

/** Who stands at the tills, and how a till knows it without a network. */

let server: TestServer
const call: TestServer['call'] = (...args) => server.call(...args)
const clerks: Record<string, string> = {}
let till: string

beforeAll(async () => {
  server = await serve('pglite')
  const all = { Kim: { locations: ['store-12'] }, Lea: { locations: ['store-13'] }, Max: { supervisor: true }, Ned: {} }
  // One after the other their ids would sort as they stand here; together they are hashed at once.
  const made = await Promise.all(
    Object.entries(all).map(([name, more]) => call('POST', '/v1/clerks', { name, pin: '4711', ...more })),
  )
  for (const { json } of made) clerks[json.name] = json.id
  await call('PATCH', `/v1/clerks/${clerks.Ned}`, { active: false })
  const body = { name: 'Till 1', scope: 'till', channel: 'store', location: 'store-12' }
  till = (await call('POST', '/v1/keys', body)).json.key
})

type PinCheck = { salt: string; hash: string; rounds: number }
/** As a till does it: by what browsers have. */
const fits = async (pin: string, { salt, hash, rounds }: PinCheck): Promise<boolean> => {
  const typed = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: Buffer.from(salt, 'base64'), iterations: rounds }
  return Buffer.from(await crypto.subtle.deriveBits(how, typed, 256)).toString('base64') === hash
}

describe('a till', () => {
  it('knows those who serve at its location now, and their PINs by a slow hash', async () => {
    const { json, text } = await call('GET', '/v1/clerks', undefined, { key: till })
    const told = json.data.map((it: { name: string; supervisor: boolean }) => [it.name, it.supervisor])
    expect(Object.fromEntries(told)).toEqual({ Kim: false, Max: true })
    const [kim, max] = json.data.map((it: { pinCheck: PinCheck }) => it.pinCheck)
    expect([await fits('4711', kim), await fits('4712', kim)]).toEqual([true, false])
    expect(kim.rounds).toBeGreaterThanOrEqual(600_000)
    expect(kim.hash).not.toBe(max.hash)
    expect(text).not.toContain('4711')
  })

  it('takes a new PIN once it has asked again', async () => {
    await call('PATCH', `/v1/clerks/${clerks.Kim}`, { pin: '08150815' })
    const { json } = await call('GET', '/v1/clerks', undefined, { key: till })
    const { pinCheck } = json.data.find((it: { id: string }) => it.id === clerks.Kim)
    expect(await fits('08150815', pinCheck)).toBe(true)
  })

  it('changes nobody', async () => {
    for (const [method, path, body] of [
      ['POST', '/v1/clerks', { name: 'Eve', pin: '0000' }],
      ['PATCH', `/v1/clerks/${clerks.Kim}`, { supervisor: true }],
      ['DELETE', `/v1/clerks/${clerks.Kim}`],
    ] as const)
      expect((await call(method, path, body, { key: till })).json.code).toBe('forbidden')
  })
})

it('nobody else is told how PINs are checked, nor is the log of changes', async () => {
  const { json, text } = await call('GET', '/v1/clerks')
  expect(json.data).toHaveLength(4)
  expect(text).not.toMatch(/pinCheck|rounds|4711/)
  const log = await call('GET', '/v1/audit-log')
  expect(log.text).toContain('createClerk')
  expect(log.text).not.toMatch(/pin|hash|rounds|4711/)
})

it('an order tells who served, also when she has gone', async () => {
  const order = { channel: 'store', location: 'store-12', state: 'placed', lines: [latte] }
  await call('PUT', '/v1/orders/served', { ...order, clerk: clerks.Lea }, { key: till })
  const story = async () => (await call('GET', '/v1/orders/served/story')).json.clerk
  expect(await story()).toEqual({ id: clerks.Lea, name: 'Lea' })
  await call('DELETE', `/v1/clerks/${clerks.Lea}`)
  expect(await story()).toEqual({ id: clerks.Lea, name: null })
  await call('PUT', '/v1/orders/alone', order)
  expect((await call('GET', '/v1/orders/alone/story')).json.clerk).toBeNull()
})

it('what one clerk held another finishes as it was decided, whatever became of the offer', async () => {
  const { offer } = await makeOffer(server)
  await call('POST', `/v1/offers/${offer}/codes`, { codes: ['KEPT'] })
  const order = { channel: 'store', location: 'store-12', lines: [latte], codes: ['KEPT'] }
  const held = { ...order, state: 'open', hold: { seconds: 60 }, clerk: clerks.Kim }
  expect((await call('PUT', '/v1/orders/handed-over', held)).json.applied).toHaveLength(1)
  expect((await call('PATCH', `/v1/offers/${offer}`, { state: 'paused' })).status).toBe(200)
  const { json } = await call('PUT', '/v1/orders/handed-over', { ...order, state: 'placed', clerk: clerks.Max })
  expect([json.state, json.applied]).toEqual(['placed', [expect.objectContaining({ offer })]])
  expect((await call('GET', '/v1/orders/handed-over/story')).json.clerk.name).toBe('Max')
})
