import { expect, it } from 'vitest'
import { formatTable, grouped, share } from './table.ts'

it('sets words left and numbers right, as wide as the widest', () => {
  const table = formatTable(
    [{ head: 'type' }, { head: 'sends', isNumber: true }],
    [['Type A', '3,647'], ['Zürich – ß', '5'], null, ['all', '123,456']],
  )
  expect(table.split('\n')).toEqual([
    'type          sends',
    '──────────  ───────',
    'Type A        3,647',
    'Zürich – ß        5',
    '──────────  ───────',
    'all         123,456',
  ])
})

it('groups thousands whatever the locale of the machine', () => expect(grouped(47_243)).toBe('47,243'))

it.each([
  [0.26299, '26.3 %'],
  [1, '100.0 %'],
  [null, '–'],
])('shows the share %s as %s', (rate, text) => expect(share(rate)).toBe(text))
