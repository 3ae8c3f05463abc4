import { expect, test } from 'vitest'
import { holderIdOf, personIdOf } from './union.ts'

test('ids of holders and persons lead to each other', () => {
  expect(personIdOf('hol_x1')).toBe('per_x1')
  expect(holderIdOf('per_x1')).toBe('hol_x1')
  expect(() => holderIdOf('hol_x1')).toThrow('per_')
})
