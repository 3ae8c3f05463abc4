import { expect, test } from 'vitest'
import { traitsOf } from './traits-of.ts'

const said = (type: string, createdAt: number, traits: Record<string, unknown>) => ({
  id: `hol_${type}${createdAt}`,
  type,
  createdAt,
  traits,
})

test.each([
  [
    'the known identifier goes before the anonymous id',
    said('userId', 1, { plan: 'basic' }),
    said('anonymousId', 2, { plan: 'gold', size: 'M' }),
  ],
  ['and before the device', said('email', 1, { plan: 'basic' }), said('device', 2, { plan: 'gold', size: 'M' })],
  ['of two known ones the newer', said('email', 2, { plan: 'basic' }), said('userId', 1, { plan: 'gold', size: 'M' })],
])('%s, in whatever order they are read', (_, stronger, weaker) => {
  expect(traitsOf([stronger, weaker])).toEqual({ plan: 'basic', size: 'M' })
  expect(traitsOf([weaker, stronger])).toEqual({ plan: 'basic', size: 'M' })
})
