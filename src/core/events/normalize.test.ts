import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../kernel/canonical.ts'
import { no, ok, type Result } from '../kernel/refusal.ts'
import { type NormalEvent, type NormalizeOptions, normalizeEvents } from './normalize.ts'
import { joinBody } from './personal.ts'
import { type EventKind, eventKinds, type Identifier } from './schema.ts'

const receivedAt = Date.parse('2026-03-01T10:00:00Z')

/** Stands in for the people domain: e-mail in small letters, and what begins with ! is refused. */
const identify = (type: string, given: string): Result<Identifier> =>
  given.startsWith('!')
    ? no({
        code: 'identifier_invalid',
        message: 'The x is not usable: it is odd.',
        details: { type, reason: 'it is odd' },
      })
    : ok({ type, value: type === 'email' ? given.toLowerCase() : given.trim(), given })

const options: NormalizeOptions = { receivedAt, verified: true, randomId: 'msg_1', currency: 'EUR', identify }

const normalize = (body: unknown, change: Partial<NormalizeOptions> = {}): NormalEvent[] => {
  const result = normalizeEvents(body, { ...options, ...change })
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value
}
const one = (kind: EventKind, body: unknown, change: Partial<NormalizeOptions> = {}): NormalEvent =>
  normalize(body, { kind, ...change })[0]!

const errorsOf = (body: unknown, kind?: EventKind) => {
  const result = normalizeEvents(body, { ...options, kind })
  return result.ok ? [] : (result.refusal.errors ?? [])
}
const pointersOf = (body: unknown, kind?: EventKind) => errorsOf(body, kind).map(error => error.pointer)

const track = { type: 'track', userId: 'u1', event: 'Signed Up' }
const names = (event: NormalEvent) => event.identifiers.map(({ type, value }) => `${type}:${value}`)
const links = (event: NormalEvent) =>
  event.links.map(({ a, b, verified }) => `${a.type}:${a.value} ${verified ? '=' : '~'} ${b.type}:${b.value}`)

describe('bodies as the SDKs send them', () => {
  test('@segment/analytics-node 3: a batch with its write key, times in timestamp', () => {
    const library = { name: '@segment/analytics-node', version: '3.1.0' }
    const events = normalize({
      batch: [
        {
          timestamp: '2026-03-01T09:59:59.900Z',
          integrations: {},
          type: 'identify',
          userId: 'u1',
          traits: { email: 'Ana@x.com', plan: 'gold' },
          context: { ip: '1.2.3.4', library },
          anonymousId: 'a1',
          messageId: 'node-next-1-a',
          _metadata: { nodeVersion: 'v20.20.2', jsRuntime: 'node' },
        },
        {
          timestamp: '2026-03-01T09:59:59.900Z',
          integrations: {},
          type: 'page',
          properties: { url: 'https://x.test', category: 'Docs' },
          category: 'Docs',
          name: 'Home',
          context: { library },
          anonymousId: 'a1',
          messageId: 'node-next-1-b',
        },
      ],
      writeKey: 'secret',
      sentAt: '2026-03-01T09:59:59.990Z',
    })
    expect(
      events.map(({ kind, name, messageId, occurredAt }) => [kind, name, messageId, receivedAt - occurredAt]),
    ).toEqual([
      ['identify', 'identify', 'node-next-1-a', 90],
      ['page', 'Home', 'node-next-1-b', 90],
    ])
    expect(links(events[0]!)).toEqual(['userId:u1 = email:ana@x.com', 'userId:u1 = anonymousId:a1'])
    expect(JSON.stringify(events)).not.toContain('secret')
  })

  test('@rudderstack/rudder-sdk-node 3: sentAt in each event, originalTimestamp is now even for history', () => {
    const [event] = normalize({
      batch: [
        {
          userId: 'u1',
          event: 'Order Completed',
          properties: { order_id: 'o1', total: 1 },
          timestamp: '2025-01-01T00:00:00.000Z',
          type: 'track',
          context: { library: { name: 'analytics-node', version: '3.0.13' } },
          channel: 'server',
          _metadata: { nodeVersion: '20.20.2' },
          originalTimestamp: '2026-03-01T10:00:00.000Z',
          messageId: 'r-1',
          sentAt: '2026-03-01T10:00:00.000Z',
        },
      ],
      timestamp: '2026-03-01T10:00:00.000Z',
      sentAt: '2026-03-01T10:00:00.000Z',
    })
    expect(event).toMatchObject({ occurredAt: Date.parse('2025-01-01T00:00:00Z'), order: { orderId: 'o1' } })
    expect(event).not.toHaveProperty('channel')
  })
})

describe('when it happened', () => {
  test.each([
    ['nothing said: now', {}, '10:00:00'],
    ['a timestamp alone is believed', { timestamp: '2026-03-01T08:00:00Z' }, '08:00:00'],
    ['originalTimestamp stands in', { originalTimestamp: '2026-03-01T08:00:00Z' }, '08:00:00'],
    ['a clock two hours ahead', { timestamp: '2026-03-01T11:59:00Z', sentAt: '2026-03-01T12:00:00Z' }, '09:59:00'],
    ['a clock two hours behind', { timestamp: '2026-03-01T07:59:00Z', sentAt: '2026-03-01T08:00:00Z' }, '09:59:00'],
    ['in another zone', { timestamp: '2026-03-01T10:00:00+02:00' }, '08:00:00'],
    ['never in the future', { timestamp: '2027-01-01T00:00:00Z' }, '10:00:00'],
    ['nor after it was sent', { timestamp: '2026-03-01T10:05:00Z', sentAt: '2026-03-01T10:00:00Z' }, '10:00:00'],
  ])('%s', (_, times, expected) => {
    expect(new Date(one('track', { ...track, ...times }).occurredAt).toISOString()).toBe(`2026-03-01T${expected}.000Z`)
  })

  test('an absurd pair of times stays within what can be stored', () => {
    const { occurredAt } = one('track', { ...track, timestamp: '0001-01-01T00:00:00Z', sentAt: '9999-01-01T00:00:00Z' })
    expect(new Date(occurredAt).toISOString()).toBe('0001-01-01T00:00:00.000Z')
  })

  test('the sentAt of a batch is the default of its events', () => {
    const times = normalize({
      sentAt: '2026-03-01T11:00:00Z',
      batch: [
        { ...track, timestamp: '2026-03-01T10:30:00Z' },
        { ...track, timestamp: '2026-03-01T09:30:00Z', sentAt: '2026-03-01T10:00:00Z' },
      ],
    }).map(event => event.occurredAt)
    expect(times).toEqual([Date.parse('2026-03-01T09:30:00Z'), Date.parse('2026-03-01T09:30:00Z')])
  })
})

describe('who it was', () => {
  test('identifiers stand in a fixed order, none twice, and the first is the subject', () => {
    const event = one('identify', {
      anonymousId: 'a1',
      context: {
        device: { id: 'd1' },
        externalIds: [
          { id: '77', type: 'loyaltyCard', collection: 'users', encoding: 'none' },
          { id: '88', type: 'account', collection: 'accounts', encoding: 'none' },
          { id: '99', type: 'pos_customer' },
        ],
        traits: { email: 'ANA@x.com', phone: 39333 },
      },
      traits: { phone: '39333', email: 'ana@x.com' },
      userId: 7,
    })
    expect(names(event)).toEqual([
      'userId:7',
      'email:ana@x.com',
      'phone:39333',
      'loyaltyCard:77',
      'posCustomer:99',
      'device:d1',
      'anonymousId:a1',
    ])
    expect(event.subject).toEqual({ type: 'userId', value: '7', given: '7' })
    // As the identify wrote it, not as the context repeats it.
    expect(event.identifiers[1]!.given).toBe('ana@x.com')
  })

  test('an e-mail in the properties is a fact about the event, not about its sender', () => {
    const event = one('track', { ...track, properties: { email: 'friend@x.com' } })
    expect(names(event)).toEqual(['userId:u1'])
  })

  test('the traits of a group are a company’s', () => {
    const event = one('group', { userId: 'u1', groupId: 5, traits: { email: 'info@x.com' } })
    expect([names(event), event.groupId, event.name]).toEqual([['userId:u1'], '5', 'group'])
  })

  test('nobody logged in is no userId', () => {
    expect(names(one('track', { ...track, userId: '', anonymousId: 'a1' }))).toEqual(['anonymousId:a1'])
    expect(names(one('track', { ...track, userId: null, anonymousId: 0 }))).toEqual(['anonymousId:0'])
  })

  test('a customer’s typo does not lose the event', () => {
    const event = one('identify', { userId: 'u1', traits: { email: '!ana' }, context: { externalIds: ['x', {}] } })
    expect([names(event), event.issues]).toEqual([['userId:u1'], [{ pointer: '/traits/email', message: 'it is odd' }]])
  })

  const both = { ...track, anonymousId: 'a1' }
  test.each<[string, unknown, boolean, string[]]>([
    ['a secret key proves', both, true, ['userId:u1 = anonymousId:a1']],
    ['a publishable key does not', both, false, ['userId:u1 ~ anonymousId:a1']],
    ['unless the context says no', { ...both, context: { verified: false } }, true, ['userId:u1 ~ anonymousId:a1']],
    ['saying yes proves nothing', { ...both, context: { verified: true } }, false, ['userId:u1 ~ anonymousId:a1']],
    ['a device is no proof', { ...track, context: { device: { id: 'd' } } }, true, ['userId:u1 ~ device:d']],
    ['one identifier links nothing', track, true, []],
  ])('%s', (_, body, verified, expected) => {
    expect(links(one('track', body, { verified }))).toEqual(expected)
  })

  test('traits can say that they are not verified', () => {
    const event = one('identify', { userId: 'u1', traits: { email: 'ana@x.com', verified: false } })
    expect(links(event)).toEqual(['userId:u1 ~ email:ana@x.com'])
  })

  test('an alias links the previous id, whichever kind it was', () => {
    expect(links(one('alias', { userId: 'u1', previousId: 'p' }))).toEqual([
      'userId:u1 = anonymousId:p',
      'userId:u1 = userId:p',
    ])
    expect(links(one('alias', { userId: 'u1', previousId: 'p', anonymousId: 'p' }))).toEqual([
      'userId:u1 = anonymousId:p',
    ])
  })
})

describe('what it says', () => {
  test('a message without an id gets one from the request', () => {
    expect(normalize({ batch: [track, { ...track, messageId: 'm' }, track] }).map(event => event.messageId)).toEqual([
      'msg_1-0',
      'm',
      'msg_1-2',
    ])
  })

  test('the context of a batch is the default of its events', () => {
    const [first, second] = normalize({
      context: { channel: 'store', ip: '::1' },
      batch: [track, { ...track, context: { channel: 'web' } }],
    })
    expect([first!.channel, second!.channel, second!.personal]).toEqual([
      'store',
      'web',
      { context: { channel: 'web', ip: '::1' } },
    ])
  })

  test('an unnamed page is called by its kind, a long name is cut between characters', () => {
    expect(one('page', { userId: 'u1' }).name).toBe('page')
    expect(one('screen', { userId: 'u1', name: '🙂'.repeat(300) }).name).toBe('🙂'.repeat(256))
  })

  test('an order that cannot be read is stored as a plain event with its issues', () => {
    const event = one('track', { ...track, event: 'Order Completed', properties: { order_id: 'A', total: 'lots' } })
    expect(event).toMatchObject({
      commerce: 'orderCompleted',
      properties: { order_id: 'A', total: 'lots' },
      issues: [{ pointer: '/properties/total', message: 'must be a decimal number' }],
    })
    expect(event).not.toHaveProperty('order')
  })

  test('a refunded order is recognised and has no facts yet', () => {
    const event = one('track', { ...track, event: 'Order Refunded', properties: { order_id: 'A' } })
    expect([event.commerce, event.order, event.issues]).toEqual(['orderRefunded', undefined, undefined])
  })

  test('nothing that was sent is lost: properties and personal join to the body without its envelope', () => {
    const extra = fc.dictionary(fc.constantFrom('email', 'plan', 'products', 'é', 'url'), fc.jsonValue({ maxDepth: 3 }))
    fc.assert(
      fc.property(extra, extra, extra, (properties, traits, unknown) => {
        const sent = JSON.parse(JSON.stringify({ ...unknown, properties, traits, context: { traits } }))
        const [event] = normalize({ batch: [{ ...sent, ...track, messageId: 'm', sentAt: '2026-03-01T10:00:00Z' }] })
        expect(canonicalJson(joinBody(event!))).toBe(canonicalJson(sent))
      }),
    )
  })
})

describe('a malformed body is refused with the place', () => {
  const wide = (bytes: number) => ({ ...track, properties: { text: 'x'.repeat(bytes) } })
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
  test.each<[string, unknown, string[]]>([
    ['not an object', [track], ['']],
    ['nothing', undefined, ['']],
    ['no batch', {}, ['/batch']],
    ['a batch that is no list', { batch: track }, ['/batch']],
    ['an event that is no object', { batch: [track, null] }, ['/batch/1']],
    ['no type', { batch: [{ ...track, type: undefined }] }, ['/batch/0/type']],
    ['an unknown type', { batch: [track, track, track, { ...track, type: 'order' }] }, ['/batch/3/type']],
    ['no event name', { batch: [track, track, track, { ...track, event: undefined }] }, ['/batch/3/event']],
    ['a blank event name', { batch: [{ ...track, event: ' ' }] }, ['/batch/0/event']],
    ['nobody', { batch: [{ ...track, userId: '' }] }, ['/batch/0/userId']],
    ['a userId that is an object', { batch: [{ ...track, userId: {} }] }, ['/batch/0/userId']],
    ['a userId that people refuse', { batch: [{ ...track, userId: '!' }] }, ['/batch/0/userId']],
    ['a group without its id', { batch: [{ type: 'group', userId: 'u' }] }, ['/batch/0/groupId']],
    ['an alias without what it replaces', { batch: [{ type: 'alias', userId: 'u' }] }, ['/batch/0/previousId']],
    ['an alias to nobody', { batch: [{ type: 'alias', previousId: 'u', anonymousId: 'a' }] }, ['/batch/0/userId']],
    ['a message id too long', { batch: [{ ...track, messageId: 'x'.repeat(256) }] }, ['/batch/0/messageId']],
    ['a time without a zone', { batch: [{ ...track, timestamp: '2026-03-01T10:00:00' }] }, ['/batch/0/timestamp']],
    ['sentAt that is no time', { sentAt: 'now', batch: [track] }, ['/sentAt']],
    ['properties that are a list', { batch: [{ ...track, properties: [] }] }, ['/batch/0/properties']],
    ['a channel that is no name', { batch: [{ ...track, context: { channel: 'a b' } }] }, ['/batch/0/context/channel']],
    [
      'two mistakes',
      { batch: [{ ...track, event: 1 }, track, { ...track, timestamp: 1 }] },
      ['/batch/0/event', '/batch/2/timestamp'],
    ],
    ['U+0000, which no store keeps', { batch: [{ ...track, properties: { a: ['\0'] } }] }, ['/batch/0/properties/a/0']],
    ['half a surrogate pair in a key', { batch: [{ ...track, 'a\ud800': 1 }] }, ['/batch/0/a\ud800']],
    [
      'too deep',
      { batch: [track, { ...track, properties: { a: deep(40) } }] },
      [`/batch/1/properties/a${'/0'.repeat(30)}`],
    ],
    ['an event over 32 KB', { batch: [track, wide(33 * 1024)] }, ['/batch/1']],
    [
      '32 KB with its share of the batch’s context',
      { context: { a: 'x'.repeat(20_000) }, batch: [wide(20_000)] },
      ['/batch/0'],
    ],
    ['a batch over 500 KB', { batch: Array.from({ length: 17 }, () => wide(31 * 1024)) }, ['/batch']],
  ])('%s', (_, body, pointers) => {
    expect(pointersOf(body)).toEqual(pointers)
  })

  test('bytes are counted, not characters', () => {
    const room = 32 * 1024 - JSON.stringify(wide(0)).length
    const of = (text: string) => ({ ...track, properties: { text } })
    expect(errorsOf({ batch: [of('é'.repeat(Math.floor(room / 2)))] })).toEqual([])
    expect(pointersOf({ batch: [of('é'.repeat(Math.floor(room / 2) + 1))] })).toEqual(['/batch/0'])
    expect(errorsOf({ batch: [of('🙂'.repeat(Math.floor(room / 4)))] })).toEqual([])
    expect(pointersOf({ batch: [of('€'.repeat(Math.floor(room / 3) + 1))] })).toEqual(['/batch/0'])
  })

  test('a single call has no batch in its pointers, and its path says the type', () => {
    expect(pointersOf({ userId: 'u1' }, 'track')).toEqual(['/event'])
    expect(pointersOf({ ...track, type: 'page' }, 'track')).toEqual(['/type'])
  })

  test('the sentence names the first place', () => {
    const result = normalizeEvents({ batch: [{ ...track, timestamp: 'x' }] }, options)
    expect(result.ok ? '' : result.refusal.message).toBe(
      'Nothing was stored. /batch/0/timestamp must be an RFC 3339 time such as 2026-03-01T10:00:00Z. All mistakes are listed under errors.',
    )
  })

  test('the answer stays small', () => {
    expect(errorsOf({ batch: Array.from({ length: 1000 }, () => ({})) })).toHaveLength(100)
  })
})

test('every kind of call is understood, alone and in a batch', () => {
  const bodies = { track, identify: {}, page: {}, screen: {}, group: { groupId: 'g' }, alias: { previousId: 'p' } }
  const kinds = eventKinds.map(kind => one(kind, { userId: 'u1', ...bodies[kind], type: undefined }).kind)
  expect(kinds).toEqual(['track', 'identify', 'page', 'screen', 'group', 'alias'])
  const batch = eventKinds.map(kind => ({ userId: 'u1', ...bodies[kind], type: kind }))
  expect(normalize({ batch }).map(event => event.kind)).toEqual(kinds)
})

describe('an event of somebody who has neither account nor browser', () => {
  const externalIds = [{ type: 'loyaltyCard', id: '42', collection: 'users', encoding: 'none' }]
  test('belongs to what the till scanned', () => {
    const event = one('track', {
      event: 'Visited',
      userId: undefined,
      anonymousId: undefined,
      context: { externalIds },
    })
    expect(event.subject).toMatchObject({ type: 'loyaltyCard', value: '42' })
  })
  test.each([[[]], [[{ type: 'loyaltyCard', id: '' }]], [[{ ...externalIds[0], collection: 'accounts' }]]])(
    'is refused where %j names nobody',
    ids => {
      const result = normalizeEvents(
        { type: 'track', event: 'Visited', context: { externalIds: ids } },
        { ...options, kind: 'track' },
      )
      expect(result.ok ? [] : result.refusal.errors?.map(it => it.pointer)).toEqual(['/userId'])
    },
  )
})

test('whatever JSON comes in, the answer is a value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.option(fc.constantFrom(...eventKinds), { nil: undefined }), (body, kind) => {
      const result = normalizeEvents(body, { ...options, kind })
      expect(result.ok || result.refusal.code === 'events_invalid').toBe(true)
    }),
  )
})
