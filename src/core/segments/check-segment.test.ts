import { describe, expect, it } from 'vitest'
import { asksFor, checkSegment, withReaders } from './check-segment.ts'

const asking = new Map([
  ['regulars', []],
  ['best', ['regulars']],
  ['friends', ['best', 'list']],
  ['list', []],
])

describe('a condition of a segment', () => {
  it.each([
    ['orders(30) >= 2', 'ok'],
    ["inSegment('list') && person.known", 'ok'],
    ["inSegment('none')", 'segment_not_found'],
    ["inSegment('friends')", 'segment_cycle'],
    ["inSegment('regulars')", 'segment_cycle'],
    ['local.hour < 9', 'condition_invalid'],
    ["'best' in person.segments", 'condition_invalid'],
    ["inCollection('LATTE', 'coffee')", 'condition_invalid'],
    ['order.subtotal > 1', 'condition_invalid'],
    ['orders(30)', 'condition_invalid'],
  ])('%s: %s', (when, becomes) => {
    const checked = checkSegment('regulars', when, asking)
    expect(checked.ok ? 'ok' : checked.refusal.code).toBe(becomes)
  })

  it('is told where what it may not ask stands', () => {
    expect(checkSegment('regulars', 'person.known &&\n  local.hour < 9', asking)).toMatchObject({
      refusal: { details: { line: 2, column: 9 }, errors: [{ pointer: '/when' }] },
    })
  })
})

it('whose members change all at once makes those wrong that ask for it, also through others', () => {
  expect(withReaders(['regulars'], asking)).toEqual(['regulars', 'best', 'friends'])
  expect(withReaders(['list'], asking)).toEqual(['list', 'friends'])
  expect(withReaders(['friends'], asking)).toEqual(['friends'])
})

it('what cannot be read asks for nobody', () => {
  expect([asksFor("inSegment('a') && inSegment('b')"), asksFor('inSegment('), asksFor(undefined)]).toEqual([
    ['a', 'b'],
    [],
    [],
  ])
})
