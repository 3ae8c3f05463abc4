import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { surplus, topUp } from './share.ts'

it.each([
  // room, held, recent, tills → more
  [100, 0, undefined, 4, 10],
  [100, 6, 5, 4, 4],
  [100, 10, 5, 4, 0],
  [100, 0, 50, 4, 20],
  [100, 0, 0, 4, 1],
  [1, 0, undefined, 500, 1],
  [0, 3, 10, 4, 0],
  [-5, 0, undefined, 4, 0],
])(
  'of %i left, with %i of it here and %s used lately, one of %s tills gets %i more',
  (room, held, recent, tills, more) => {
    expect(topUp({ room, held, recent, tills })).toBe(more)
  },
)

test('never more than there is, and at least one where a till has none', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(
      count,
      count,
      fc.option(count, { nil: undefined }),
      fc.integer({ min: 1, max: 500 }),
      (room, held, recent, tills) => {
        const more = topUp({ room, held, recent, tills })
        expect(more).toBeGreaterThanOrEqual(held === 0 && room > 0 ? 1 : 0)
        expect(more).toBeLessThanOrEqual(room)
      },
    ),
  )
})

test('what others have nothing left of a till may give back, but its last', () => {
  expect(surplus({ room: 0, held: 10, tills: 1 })).toBe(5)
  expect(surplus({ room: 0, held: 1, tills: 4 })).toBe(0)
  expect(surplus({ room: 3, held: 10, tills: 1 })).toBe(0)
})
