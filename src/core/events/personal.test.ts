import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../kernel/canonical.ts'
import { joinBody, splitBody } from './personal.ts'

const split = (properties: unknown) => splitBody({ type: 'track', event: 'x', properties } as Record<string, unknown>)

test.each<[string, unknown, unknown, unknown]>([
  ['plain facts stay', { total: 3, name: 'Mug' }, { total: 3, name: 'Mug' }, {}],
  ['an e-mail by its name', { email: 'a', plan: 1 }, { plan: 1 }, { '/email': 'a' }],
  ['in any spelling', { 'First-Name': 'Ana', user_agent: 'x' }, {}, { '/First-Name': 'Ana', '/user_agent': 'x' }],
  [
    'an address as a whole',
    { ship: { address: { city: 'Rome' } } },
    { ship: {} },
    { '/ship/address': { city: 'Rome' } },
  ],
  ['an e-mail by its look', { url: '/x?e=a@b.it' }, {}, { '/url': '/x?e=a@b.it' }],
  ['in a list null keeps the place', { to: ['a@b.it', 1] }, { to: [null, 1] }, { '/to/0': 'a@b.it' }],
  ['inside products', { products: [{ sku: 1, phone: 2 }] }, { products: [{ sku: 1 }] }, { '/products/0/phone': 2 }],
])('%s', (_, properties, kept, lifted) => {
  expect(split(properties)).toEqual({ properties: kept, personal: { properties: lifted } })
})

test('everything beside the properties is personal, and the envelope is gone with its write key', () => {
  const body = {
    type: 'page',
    writeKey: 'secret',
    userId: 'u',
    context: { ip: '::1' },
    traits: { age: 4 },
    sentAt: 'x',
  }
  expect(splitBody(body)).toEqual({ properties: {}, personal: { context: { ip: '::1' }, traits: { age: 4 } } })
})

test('joining gives back exactly what was sent', () => {
  const key = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('email', 'address', 'a/b~c', '__proto__', '0'))
  const value = fc.letrec(tie => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, 1, true, 'x', 'ana@example.com'),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 3 }),
    ),
  })).any
  const body = fc.dictionary(fc.oneof(fc.constantFrom('properties', 'traits', 'context'), key), value, { maxKeys: 5 })
  let liftedInAll = 0
  fc.assert(
    fc.property(body, arbitrary => {
      const sent = JSON.parse(JSON.stringify(arbitrary))
      const parts = splitBody(sent)
      liftedInAll += Object.keys(Object(parts.personal.properties)).length
      expect(canonicalJson(joinBody(parts))).toBe(canonicalJson(sent))
    }),
    { numRuns: 1000 },
  )
  expect(liftedInAll).toBeGreaterThan(100)
})
