import { expect, test } from 'vitest'
import { changesBetween } from './audit-entry.ts'

const offer = { name: 'Spring', limits: { uses: 5 }, updatedAt: 'yesterday', version: 1 }

test.each([
  ['nothing', offer, offer, []],
  ['the order in which fields are written', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, []],
  ['what every change changes', offer, { ...offer, updatedAt: 'today', version: 2 }, []],
  ['a field', offer, { ...offer, name: 'May' }, [{ field: 'name', before: 'Spring', after: 'May' }]],
  [
    'a field within a field',
    offer,
    { ...offer, limits: { uses: 6 } },
    [{ field: 'limits', before: { uses: 5 }, after: { uses: 6 } }],
  ],
  ['a field that comes', {}, { state: 'live' }, [{ field: 'state', before: null, after: 'live' }]],
  ['a field that goes', { when: 'true' }, {}, [{ field: 'when', before: 'true', after: null }]],
  [
    'a long field, without what it says',
    { when: 'x'.repeat(5000) },
    { when: 'y' },
    [{ field: 'when', before: null, after: 'y' }],
  ],
])('tells %s', (_, before, after, changes) => {
  expect(changesBetween(before, after)).toEqual(changes)
})
