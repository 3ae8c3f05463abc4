import { expect, test } from 'vitest'
import { duplicateGrants } from './duplicate-grants.ts'
import type { GrantState } from './schema.ts'

const grant = (id: string, issuedAt: number, state: GrantState = 'issued', perPerson: number | undefined = 1) => ({
  id,
  offer: 'off_1',
  perPerson,
  state,
  issuedAt,
})

test.each([
  [
    'the earliest stays, whatever the order they are read in',
    [grant('b', 2), grant('a', 1), grant('c', 3)],
    ['b', 'c'],
  ],
  ['of two at once the smaller id', [grant('b', 1), grant('a', 1)], ['b']],
  ['one that was used is the one', [grant('a', 1, 'redeemed'), grant('b', 2)], ['b']],
  ['one that is over gives way', [grant('a', 1, 'expired'), grant('b', 2, 'revoked'), grant('c', 3)], []],
  ['an offer that may be used twice has none', [grant('a', 1, 'issued', 2), grant('b', 2, 'issued', 2)], []],
  ['nor has another offer', [grant('a', 1), { ...grant('b', 2), offer: 'off_2' }], []],
])('%s', (_, grants, duplicates) => {
  expect([...duplicateGrants(grants)]).toEqual(duplicates)
})
