import { describe, expect, it } from 'vitest'
import { makeSegments, type StoredSegment } from './live-segments.ts'

const stored = (id: string, condition: string | null, next: Partial<StoredSegment> = {}): StoredSegment => ({
  id,
  kind: condition === null && next.nextCondition === undefined ? 'list' : 'live',
  name: id,
  condition,
  generation: condition === null && next.nextCondition !== undefined ? 0 : 1,
  nextCondition: null,
  nextGeneration: null,
  ...next,
})
const namesOf = ({ definitions }: ReturnType<typeof makeSegments>, places: readonly number[]) =>
  places.map(place => `${definitions[place]!.segment.id} ${definitions[place]!.generation}`).sort()

describe('definitions', () => {
  it('are those that count and those that are being found; lists and what cannot be read have none', () => {
    const segments = makeSegments([
      stored('a', 'person.known', { nextCondition: 'orders(7) >= 1', nextGeneration: 4 }),
      stored('b', null, { nextCondition: 'person.known', nextGeneration: 1 }),
      stored('c', null),
      stored('d', 'person.nonsense'),
    ])
    expect(namesOf(segments, [...segments.definitions.keys()])).toEqual(['a 1', 'a 4', 'b 1'])
    expect(segments.all.map(it => it.id)).toEqual(['a', 'b', 'c', 'd'])
    expect(namesOf(segments, segments.touchedBy('build'))).toEqual(['a 4', 'b 1'])
    expect(namesOf(segments, segments.touchedBy('person'))).toEqual(['a 1', 'a 4', 'b 1'])
    expect(namesOf(segments, segments.touchedBy('clock'))).toEqual(['a 4'])
  })

  it('come after those they ask for, also where what is being found turns the order round', () => {
    const { definitions } = makeSegments([
      stored('a', "inSegment('b')", { nextCondition: 'person.known', nextGeneration: 2 }),
      stored('b', 'person.known', { nextCondition: "inSegment('a')", nextGeneration: 2 }),
    ])
    const order = definitions.map(it => `${it.segment.id} ${it.isNext}`)
    expect(order.indexOf('b false')).toBeLessThan(order.indexOf('a false'))
    expect(order.indexOf('a true')).toBeLessThan(order.indexOf('b true'))
  })

  it.each([
    ['traits', "person.traits.plan == 'gold'"],
    ['traits', 'birthdayWithin(1, 1)'],
    ['identifiers', "'email' in person.identifiers"],
    ['orders', 'person.orders.count > 1'],
    ['orders', "unitsOf('coffee', 7) > 1"],
    ['returns', 'returns() > 1'],
    ['offers', 'person.offers.used > 1'],
    ['consents', "consented('email', 'marketing')"],
    ['segment:vip', "inSegment('vip')"],
    ['event:Viewed', "events('Viewed', 3) > 1"],
    ['clock', 'orders(7) > 1'],
    ['clock', "local.date > '2026-03-01'"],
    ['clock', 'person.orders.count > 0 && daysSince(person.orders.lastAt) > 60'],
  ] as const)('are touched by %s: %s', (what, when) => {
    expect(makeSegments([stored('a', when)]).touchedBy(what)).toEqual([0])
    expect(makeSegments([stored('a', 'person.known')]).touchedBy(what)).toEqual([])
  })
})
