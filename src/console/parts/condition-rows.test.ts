import { describe, expect, it } from 'vitest'
import {
  asking,
  type ConditionField,
  type Conditions,
  comparing,
  naming,
  readConditions,
  writeConditions,
} from './condition-rows.ts'

const fields: readonly ConditionField[] = [
  { id: 'subtotal', label: 'Basket', value: 'money', operators: comparing('order.subtotal') },
  { id: 'channel', label: 'Channel', value: 'text', operators: naming('channel') },
  { id: 'known', label: 'Known', value: 'none', operators: asking('person.known') },
  { id: 'segment', label: 'Segment', value: 'text', operators: asking('inSegment({v})') },
  { id: 'birthday', label: 'Birthday', value: 'number', operators: { atMost: 'birthdayWithin({v}, {v})' } },
  { id: 'weekday', label: 'Day', value: 'weekdays', operators: { is: 'local.weekday in {v}' } },
  {
    id: 'away',
    label: 'Away',
    value: 'number',
    operators: { moreThan: '(person.orders.count > 0 && daysSince(person.orders.lastAt) > {v})' },
  },
]
const all = (...rows: Conditions['rows']): Conditions => ({ join: 'all', rows })

describe('rows and their CEL', () => {
  it.each<[string, Conditions]>([
    ['order.subtotal >= 2000', all({ field: 'subtotal', operator: 'atLeast', value: 2000 })],
    [
      "channel in ['store', 'web'] && person.known",
      all(
        { field: 'channel', operator: 'oneOf', value: ['store', 'web'] },
        { field: 'known', operator: 'is', value: undefined },
      ),
    ],
    [
      "!inSegment('vip') || channel == 'a && b'",
      {
        join: 'any',
        rows: [
          { field: 'segment', operator: 'isNot', value: 'vip' },
          { field: 'channel', operator: 'is', value: 'a && b' },
        ],
      },
    ],
    ['birthdayWithin(3, 3)', all({ field: 'birthday', operator: 'atMost', value: 3 })],
    ['local.weekday in [6, 7]', all({ field: 'weekday', operator: 'is', value: ['6', '7'] })],
    [
      '(person.orders.count > 0 && daysSince(person.orders.lastAt) > 60)',
      all({ field: 'away', operator: 'moreThan', value: 60 }),
    ],
    ["channel == 'it\\'s \\\\ here'", all({ field: 'channel', operator: 'is', value: "it's \\ here" })],
  ])('%s', (cel, rows) => {
    expect(readConditions(cel, fields)).toEqual(rows)
    expect(writeConditions(rows, fields)).toBe(cel)
  })

  it('are read however they are spaced and quoted', () => {
    expect(readConditions('channel=="web"&& order.subtotal>=5', fields)).toEqual(
      all({ field: 'channel', operator: 'is', value: 'web' }, { field: 'subtotal', operator: 'atLeast', value: 5 }),
    )
  })

  it.each([
    "order.subtotal >= 2000 && channel == 'web' || person.known",
    'birthdayWithin(3, 7)',
    'order.total >= 2000',
    "channel == 'web",
    "channel in ['web', location]",
    'order.subtotal >= order.shipping',
    "channel == '\\u0041'",
  ])('leave %s as text', cel => {
    expect(readConditions(cel, fields)).toBeUndefined()
  })

  it('leave out what has no value yet, and are no condition without any', () => {
    const waiting = { field: 'segment', operator: 'is', value: '' } as const
    expect(writeConditions(all(waiting, { field: 'known', operator: 'is', value: undefined }), fields)).toBe(
      'person.known',
    )
    expect(writeConditions(all(waiting), fields)).toBeUndefined()
    expect(readConditions(undefined, fields)).toEqual(all())
  })
})
