import { expect, test } from 'vitest'
import { stacking } from './schema.ts'

const id = 'off_01kjm6jm000000000000000000'

test.each([
  [{ group: 'drinks', combinesWith: ['snacks', id] }, undefined],
  [{ combinesWith: ['off_123'] }, 'must be an offer id (off_…) or the name of a group such as "drinks"'],
  [{ combinesWith: ['two words'] }, 'must be an offer id (off_…) or the name of a group such as "drinks"'],
  [{ group: id }, 'must be a short name such as "drinks", not an offer id'],
  [{ exclusive: 'group' }, 'is "group", but the offer has no group: give it one, or say "order"'],
])('stacking %j: %s', (value, message) => {
  expect(stacking.safeParse(value).error?.issues[0]?.message).toBe(message)
})
