import { expect, it } from 'vitest'
import { isWithin, valueAt, withValueAt } from './pointer.ts'

const offer = { name: 'A', limits: { uses: 5, per: [{ uses: 1 }, { uses: 2 }] } }

it('reads what stands at a pointer', () => {
  expect(valueAt(offer, '/limits/per/1/uses')).toBe(2)
  expect(valueAt(offer, '')).toBe(offer)
  expect(valueAt(offer, '/benefit/max/amount')).toBeUndefined()
  expect(valueAt({ 'a/b': 1 }, '/a~1b')).toBe(1)
})

it('writes it, makes what is missing on the way, and takes it away', () => {
  expect(withValueAt(offer, '/limits/perPerson', 1).limits).toEqual({ ...offer.limits, perPerson: 1 })
  expect(withValueAt(offer, '/benefit/max/amount', 5)).toEqual({ ...offer, benefit: { max: { amount: 5 } } })
  expect(withValueAt(offer, '/limits/per/0', undefined).limits.per).toEqual([{ uses: 2 }])
  expect(withValueAt(offer, '/limits/per/1/uses', 7).limits.per).toEqual([{ uses: 1 }, { uses: 7 }])
  expect(withValueAt(offer, '/limits/uses', undefined)).toEqual({ name: 'A', limits: { per: offer.limits.per } })
  expect(offer.limits.uses).toBe(5)
})

it('knows what lies within what', () => {
  expect(['/a', '/a/b', '/ab', ''].map(pointer => isWithin(pointer, '/a'))).toEqual([true, true, false, false])
})
