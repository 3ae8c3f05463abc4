import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { candidateDays } from './candidate-days.ts'
import { asksFor, checkSegment } from './check-segment.ts'
import { makeSegments } from './live-segments.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)
const segments: Readonly<Record<string, string>> = example.segments

test('the example of the README: who is asked after whom, by what, when, and that no two ask for each other', () => {
  const { definitions, touchedBy } = makeSegments(
    Object.entries(segments).map(([id, condition]) => ({
      id,
      kind: 'live' as const,
      name: id,
      condition,
      generation: 1,
      nextCondition: null,
      nextGeneration: null,
    })),
  )
  const names = (places: readonly number[]) => places.map(place => definitions[place]!.segment.id)
  expect(names([...definitions.keys()])).toEqual(example.askedInOrder)
  expect(names(touchedBy('orders'))).toEqual(example.touchedByAnOrder)
  expect(names(touchedBy('clock'))).toEqual(example.touchedByTheClock)
  const { reads } = definitions.find(it => it.segment.id === 'regulars')!
  const past = { of: [{ orders: example.ordersOfAna }], behaviour: [], firstAt: 20515, lastAt: 20527 }
  expect([...candidateDays(reads, example.today, past)]).toEqual(example.regularsMayChangeOn)
  const asking = new Map(Object.entries(segments).map(([id, when]) => [id, asksFor(when)]))
  const { id, when, circle } = example.refused
  expect(checkSegment(id, when, asking)).toMatchObject({
    ok: false,
    refusal: { code: 'segment_cycle', details: { circle } },
  })
})
