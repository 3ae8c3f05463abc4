import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { forLine, toCelFacts } from './cel.ts'
import { type Condition, compileCondition, evaluateCondition } from './condition.ts'
import { type Facts, localFacts, type Scope } from './facts.ts'
import { necessaryKeys } from './necessary-keys.ts'

const compiled = (source: string, scope: Scope): Condition => {
  const result = compileCondition(source, scope)
  if (!result.ok) throw new Error(`${source}: ${result.refusal.message}`)
  return result.value
}

describe('the keys of a condition', () => {
  test.each<[Scope, string, readonly (readonly string[])[]]>([
    ['line', "line.category == 'coffee'", [['category:coffee']]],
    ['line', "'LATTE' == line.sku", [['sku:LATTE']]],
    ['line', "line.sku in ['A', 'B', 'A']", [['sku:A', 'sku:B']]],
    ['line', "inCollection(line.sku, 'breakfast')", [['collection:breakfast']]],
    ['line', "line.sku == 'A' || line.category == 'b' || channel == 'web'", [['sku:A', 'category:b', 'channel:web']]],
    ['line', "line.sku == 'A' && line.quantity > 1 && channel == 'web'", [['sku:A'], ['channel:web']]],
    ['line', "(line.sku in ['A', 'B'] && line.category == 'c') || line.sku == 'D'", [['category:c', 'sku:D']]],
    [
      'order',
      "channel in ['web', 'app'] && order.currency == 'EUR'",
      [['channel:web', 'channel:app'], ['currency:EUR']],
    ],
    ['order', "order.channel == 'web' && order.location == 'store-12'", [['channel:web'], ['location:store-12']]],
    ['order', "location == 'store-12' || location in ['store-13']", [['location:store-12', 'location:store-13']]],
    ['order', "inSegment('vip') || 'new' in person.segments", [['segment:vip', 'segment:new']]],
    ['order', "'phone' in person.identifiers && person.known", [['identifier:phone'], ['person']]],
    ['order', 'local.weekday == 6 || local.weekday in [7]', [['weekday:6', 'weekday:7']]],
    ['order', "order.lines.exists(item, item.sku == 'A')", [['sku:A']]],
    ['order', "order.lines.exists_one(i, inCollection(i.sku, 'c') && i.quantity > 2)", [['collection:c']]],
    ['order', "order.lines.exists(item, item.sku == 'A' && channel == 'web')", [['sku:A'], ['channel:web']]],
    // A name of an iteration hides the fact of the same name.
    ['order', "order.lines.exists(channel, channel.sku == 'A')", [['sku:A']]],
    ['order', "person.identifiers.exists(channel, channel == 'phone')", []],
    ['event', "event.name == 'Reviewed' && channel == 'app'", [['channel:app']]],
    ['request', "moment == 'call' && inSegment('vip')", [['segment:vip']]],
    // What says nothing about what must be there.
    ['order', "!(channel == 'web')", []],
    ['order', "channel != 'web'", []],
    ['order', "channel == 'web' || order.subtotal > 5", []],
    ['order', "order.subtotal > 5 || channel == 'web'", []],
    ['order', "channel in ['web', order.id]", []],
    ['order', "channel == 'web' ? true : true", []],
    ['order', "location == ''", []],
    ['order', "location in ['', 'store-12']", []],
    ['order', 'channel in []', []],
    ['order', "order.lines.all(item, item.sku == 'A')", []],
    ['order', "inCollection(channel, 'c')", []],
    ['order', '!person.known', []],
    ['order', 'has(person.known)', []],
    ['order', 'true', []],
  ])('%s: %s', (scope, source, sets) => {
    expect(necessaryKeys(compiled(source, scope))).toEqual(sets)
  })
})

const collections: Readonly<Record<string, readonly string[]>> = { a: ['A'], ab: ['A', 'B'] }
const inCollection: Facts['inCollection'] = (sku, name) => collections[name]?.includes(sku) ?? false

/** What is there, as an index of offers finds it. */
const keysIn = ({ order, person, channel, location, local }: Facts): ReadonlySet<string> => {
  const texts = (prefix: string, values: readonly (string | undefined)[]) =>
    values.flatMap(value => (value === undefined || value === '' ? [] : [`${prefix}:${value}`]))
  const lines = order?.lines ?? []
  const skus = lines.map(line => line.sku)
  return new Set([
    ...texts('sku', skus),
    ...texts(
      'category',
      lines.map(line => line.category),
    ),
    ...texts(
      'collection',
      Object.keys(collections).filter(name => skus.some(sku => inCollection(sku, name))),
    ),
    ...texts('channel', [channel, order?.channel]),
    ...texts('location', [location, order?.location]),
    ...texts('currency', [order?.currency]),
    ...texts('weekday', [String(local.weekday)]),
    ...texts('identifier', person.identifiers),
    ...texts('segment', person.segments ?? []),
    ...(person.known ? ['person'] : []),
  ])
}

describe('a true condition', () => {
  const text = fc.constantFrom('A', 'B', 'web', '')
  const quoted = text.map(each => `'${each}'`)
  const list = fc.array(fc.oneof({ weight: 6, arbitrary: quoted }, fc.constant('order.id')), { maxLength: 2 })
  const asked = (path: string) =>
    fc.oneof(
      quoted.map(value => `${path} == ${value}`),
      quoted.map(value => `${value} == ${path}`),
      list.map(values => `${path} in [${values.join(', ')}]`),
      fc.tuple(fc.constantFrom('!=', '<'), quoted).map(([operator, value]) => `${path} ${operator} ${value}`),
    )
  const ofLine = (line: string): fc.Arbitrary<string> =>
    fc.oneof(
      asked(`${line}.sku`),
      asked(`${line}.category`),
      fc.constantFrom("'a'", "'ab'", "'none'").map(name => `inCollection(${line}.sku, ${name})`),
      fc.constantFrom(`${line}.quantity > 1`, `${line}.attributes.x == 1`, `1 / ${line}.quantity == 1`),
    )
  const ofOrder = fc.oneof(
    asked('channel'),
    asked('order.channel'),
    asked('location'),
    asked('order.location'),
    asked('order.currency'),
    quoted.map(each => `${each} in person.identifiers`),
    quoted.map(each => `${each} in person.segments`),
    quoted.map(each => `inSegment(${each})`),
    fc.nat(8).map(day => `local.weekday == ${day}`),
    fc.array(fc.nat(8), { maxLength: 4 }).map(days => `local.weekday in [${days}]`),
    fc.constantFrom('person.known', 'order.subtotal / order.shipping > 1', 'person.traits.x == 1', 'true', 'false'),
  )
  const combined = (leaf: fc.Arbitrary<string>): fc.Arbitrary<string> => {
    const { all } = fc.letrec<{ all: string }>(tie => ({
      all: fc.oneof(
        { maxDepth: 2 },
        leaf,
        fc.tuple(tie('all'), fc.constantFrom('&&', '||'), tie('all')).map(parts => `(${parts.join(' ')})`),
        fc.tuple(tie('all'), fc.constantFrom('&&', '||'), tie('all')).map(parts => parts.join(' ')),
        tie('all').map(each => `!(${each})`),
        fc.tuple(tie('all'), tie('all'), tie('all')).map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
      ),
    }))
    return all
  }
  const names = ['item', 'channel', 'location', 'person', 'local']
  const quantified = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom('exists', 'exists_one', 'all'))
    .chain(([name, quantifier]) => {
      const others = ofOrder.filter(each => !new RegExp(`\\b${name}\\b`).test(each))
      const body = combined(fc.oneof({ weight: 2, arbitrary: ofLine(name) }, others))
      return body.map(each => `order.lines.${quantifier}(${name}, ${each})`)
    })
  const ofAnOrder = combined(fc.oneof({ weight: 2, arbitrary: ofOrder }, quantified))
  const ofALine = combined(fc.oneof({ weight: 2, arbitrary: ofLine('line') }, ofOrder, quantified))

  const anyFacts: fc.Arbitrary<Facts> = fc.record({
    order: fc.record({
      id: text,
      currency: text,
      subtotal: fc.nat(3),
      quantity: fc.nat(3),
      shipping: fc.nat(1),
      channel: text,
      location: fc.option(text, { nil: undefined }),
      lines: fc.array(
        fc.record({
          id: text,
          sku: text,
          category: fc.option(text, { nil: undefined }),
          quantity: fc.nat(2),
          unitPrice: fc.nat(3),
          subtotal: fc.nat(3),
        }),
        { maxLength: 3 },
      ),
    }),
    person: fc.record({
      known: fc.boolean(),
      identifiers: fc.array(text, { maxLength: 2 }),
      segments: fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined }),
      orders: fc.constant({ count: 0, spend: 0 }),
    }),
    campaign: fc.constant({ id: 'cmp_1', name: '' }),
    channel: text,
    location: fc.option(text, { nil: undefined }),
    local: fc.nat(7).map(day => localFacts(day * 86_400_000, 'UTC')),
    inCollection: fc.constant(inCollection),
  })

  test.each<[Scope, fc.Arbitrary<string>]>([
    ['order', ofAnOrder],
    ['line', ofALine],
  ])('about the %s has a key of each set', (scope, sources) => {
    const seen = { trueWithKeys: 0, leftOut: 0 }
    fc.assert(
      fc.property(sources, fc.array(anyFacts, { minLength: 4, maxLength: 4 }), (source, situations) => {
        const result = compileCondition(source, scope)
        fc.pre(result.ok || !result.refusal.message.includes('too costly'))
        const condition = compiled(source, scope)
        const sets = necessaryKeys(condition)
        if (sets.length === 0) return
        for (const facts of situations) {
          const about = toCelFacts(facts)
          const views = scope === 'line' ? facts.order!.lines.map((_, index) => forLine(about, index)) : [about]
          const isTrue = views.some(view => evaluateCondition(condition, view).value)
          const present = keysIn(facts)
          const isFound = sets.every(set => set.some(key => present.has(key)))
          if (isTrue) expect([source, isFound]).toEqual([source, true])
          if (isTrue) seen.trueWithKeys++
          if (!isFound) seen.leftOut++
        }
      }),
      { numRuns: 4000 },
    )
    // Otherwise the property says nothing.
    expect(Object.values(seen).every(times => times > 200)).toBe(true)
  })

  it('may owe it to one side, whatever the error of the other', () => {
    const condition = compiled("person.traits.x == 1 && channel == 'web' || location == 'store-12'", 'order')
    expect(necessaryKeys(condition)).toEqual([['channel:web', 'location:store-12']])
  })
})
