import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { idTime, makeId } from './id.ts'

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 })
const time = fc.nat(2 ** 48 - 1)

test.each([
  [0, Array(10).fill(0), 'off_00000000000000000000000000'],
  [2 ** 48 - 1, Array(10).fill(255), 'off_7zzzzzzzzzzzzzzzzzzzzzzzzz'],
  [1772352000000, [0, 0, 0, 0, 1, 0, 0, 0, 0, 31], 'off_01kjm6jm00000000010000000z'],
])('the id at %i of %j is %s', (ms, random, id) => {
  expect(makeId('off', ms, Uint8Array.from(random))).toBe(id)
})

it('carries its time and sorts by it', () => {
  fc.assert(
    fc.property(time, time, bytes, bytes, (first, second, chance, otherChance) => {
      const [left, right] = [makeId('ord', first, chance), makeId('ord', second, otherChance)]
      expect([idTime(left), idTime(right)]).toEqual([first, second])
      if (first !== second) expect(left < right).toBe(first < second)
      else expect(left === right).toBe(chance.join() === otherChance.join())
    }),
  )
})

test.each([
  'off_',
  'off_0000000000000000000000000',
  'off_0000000000000000000000000i',
  'off_80000000000000000000000000',
  '',
])('%j is no id', text => {
  expect(idTime(text)).toBeUndefined()
})

it('needs a time and ten bytes', () => {
  expect(() => makeId('off', -1, new Uint8Array(10))).toThrow(RangeError)
  expect(() => makeId('off', 1.5, new Uint8Array(10))).toThrow(RangeError)
  expect(() => makeId('off', 1, new Uint8Array(9))).toThrow(RangeError)
})
