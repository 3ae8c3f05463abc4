import { expect, it } from 'vitest'
import { idFrom, withLevel } from './programme-draft.ts'

it.each([
  ['Café Club 2', 'cafe-club-2'],
  ['  24 hours!', 'hours'],
  ['نادي', ''],
])('out of the name %j comes the id %j', (name, id) => {
  expect(idFrom(name)).toBe(id)
})

it('adds a level above the highest, with an id of its own', () => {
  const silver = { id: 'tier-2', name: 'Silver', threshold: 500, benefits: [] }
  expect(withLevel([], 'New')).toEqual([{ id: 'tier-1', name: 'New', threshold: 500, benefits: [] }])
  expect(withLevel([silver], 'New')).toEqual([silver, { id: 'tier-3', name: 'New', threshold: 1000, benefits: [] }])
})
