import { expect, it } from 'vitest'
import type { Offer } from '../../../sdk/index.ts'
import { draftOf, isSame, patchOf } from './offer-draft.ts'

const offer: Offer = {
  id: 'off_1',
  campaign: 'cmp_1',
  name: 'Coffee',
  trigger: { on: 'basket' },
  when: 'order.subtotal >= 2000',
  benefit: { kind: 'percentOff', percent: 20 },
  channels: { redeem: ['web'] },
  stacking: { priority: 0 },
  limits: { uses: 5 },
  validity: {},
  state: 'live',
  version: 3,
  sentence: '20 % off',
  createdAt: '2026-03-01T00:00:00.000Z',
  updatedAt: '2026-03-01T00:00:00.000Z',
}

it('a draft of an offer holds what may be sent again', () => {
  expect(draftOf(offer)).toEqual({
    campaign: 'cmp_1',
    name: 'Coffee',
    trigger: { on: 'basket' },
    when: 'order.subtotal >= 2000',
    benefit: { kind: 'percentOff', percent: 20 },
    channels: { redeem: ['web'] },
    stacking: { priority: 0 },
    limits: { uses: 5 },
    validity: {},
  })
})

it('a change holds what has changed and says of what was taken away that it is gone', () => {
  const before = draftOf(offer)
  expect(patchOf(before, before)).toEqual({})
  const { when: _when, channels: _channels, ...rest } = before
  expect(patchOf(before, { ...rest, name: 'Tea', limits: { uses: 9 } })).toEqual({
    name: 'Tea',
    when: null,
    channels: {},
    limits: { uses: 9 },
  })
  expect(isSame(before, { ...before })).toBe(true)
  expect(isSame(before, { ...before, name: 'Tea' })).toBe(false)
})
