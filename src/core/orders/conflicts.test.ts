import { expect, it } from 'vitest'
import { liveOffer } from '../offers/live-offer.ts'
import { offerInput } from '../offers/schema.ts'
import { conflictsOf } from './conflicts.ts'

const campaign = {
  id: 'cmp_1',
  name: 'A',
  state: 'live',
  from: undefined,
  to: undefined,
  audience: 'everyone',
  holdout: 0,
} as const
let count = 0
const offer = (body: object) => {
  count += 1
  const {
    campaign: _,
    state,
    ...terms
  } = offerInput.parse({
    campaign: `cmp_${'0'.repeat(26)}`,
    name: `Offer ${count}`,
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 10 },
    ...body,
  })
  return liveOffer({ id: `off_${count}`, version: 1, state: state ?? 'live', body: terms }, campaign)
}
const kinds = (...bodies: object[]) => conflictsOf(bodies.map(offer)).map(({ kind }) => kind)
const when = "channel == 'web'"

it.each([
  ['both fit the same and one tolerates no other', [{ when, stacking: { exclusive: true } }, { when }], ['exclusive']],
  [
    'they are alike but for spaces',
    [{ when, stacking: { exclusive: 'order' } }, { when: "channel  ==\n'web'" }],
    ['exclusive'],
  ],
  [
    'of one group only one applies',
    [{ stacking: { group: 'a', exclusive: 'group' } }, { stacking: { group: 'a' } }],
    ['exclusive'],
  ],
  ['they are the same twice', [{}, {}], ['duplicate']],
  [
    'one says with whom it combines',
    [{ stacking: { combinesWith: [] } }, { benefit: { kind: 'percentOff', percent: 5 } }],
    ['exclusive'],
  ],
])('is a conflict where %s', (_, bodies, expected) => {
  expect(kinds(...bodies)).toEqual(expected)
})

it.each([
  ['they give different things together', [{}, { benefit: { kind: 'percentOff', percent: 5 } }]],
  ['the conditions differ', [{ when, stacking: { exclusive: true } }, {}]],
  ['the lines differ', [{ benefit: { kind: 'percentOff', percent: 10, lines: "line.sku == 'A'" } }, {}]],
  ['the channels do not meet', [{ channels: { redeem: ['web'] } }, { channels: { redeem: ['store'] } }]],
  [
    'one ends before the other begins',
    [{ validity: { to: '2026-03-01T00:00:00Z' } }, { validity: { from: '2026-03-01T00:00:00Z' } }],
  ],
  ['one is paused', [{}, { state: 'paused' }]],
  ['somebody has to claim them', [{ trigger: { on: 'code' } }, { trigger: { on: 'code' } }]],
])('is none where %s', (_, bodies) => {
  expect(kinds(...bodies)).toEqual([])
})
