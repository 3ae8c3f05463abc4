import { expect, test } from 'vitest'
import { firstNameOf, traitsOf } from './traits-of.ts'

const said = (type: string, createdAt: number, traits: Record<string, unknown>) => ({
  id: `hol_${type}${createdAt}`,
  type,
  createdAt,
  traits,
})

test('of two known identifiers the newer counts, in whatever order they are read', () => {
  const older = said('userId', 1, { plan: 'gold', size: 'M' })
  const newer = said('email', 2, { plan: 'basic' })
  expect(traitsOf([older, newer])).toEqual({ plan: 'basic', size: 'M' })
  expect(traitsOf([newer, older])).toEqual({ plan: 'basic', size: 'M' })
})

test.each(['anonymousId', 'device'])('what was said of her %s does not count of somebody known', type => {
  const known = said('userId', 1, { plan: 'basic' })
  const browser = said(type, 2, { plan: 'gold', size: 'M' })
  expect(traitsOf([known, browser])).toEqual({ plan: 'basic' })
  expect(traitsOf([browser, known])).toEqual({ plan: 'basic' })
})

test('a visitor is what was said of the visitor', () => {
  const older = said('device', 1, { plan: 'gold', size: 'M' })
  const newer = said('anonymousId', 2, { plan: 'basic' })
  expect(traitsOf([older, newer])).toEqual({ plan: 'basic', size: 'M' })
})

test.each([
  [{ name: 'Ana Rossi', firstName: 'Anna ' }, 'Anna'],
  [{ name: ' Ana Rossi' }, 'Ana'],
  [{ lastName: 'Rossi' }, null],
])('the first name in %j is %j', (traits, told) => {
  expect(firstNameOf(traits)).toBe(told)
})
