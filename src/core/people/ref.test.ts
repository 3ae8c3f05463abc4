import { expect, test } from 'vitest'
import { parseRef } from './ref.ts'

const personId = 'per_01kjm6jm000000000000000000'

test.each([
  ['email:Ana@Example.com', { type: 'email', value: 'ana@example.com', given: 'Ana@Example.com' }],
  ['phone:3331234567', { type: 'phone', value: '+393331234567', given: '3331234567' }],
  ['posCustomer:shop:12', { type: 'posCustomer', value: 'shop:12', given: 'shop:12' }],
  [personId, { personId }],
])('%s is read', (text, value) => {
  expect(parseRef(text, { country: 'IT' })).toEqual({ ok: true, value })
})

test.each(['', 'ana@example.com', 'per_short', 'email:', 'Email:ana@example.com', `${personId}x`])(
  '%j names nobody and is refused',
  text => {
    expect(parseRef(text)).toMatchObject({ ok: false, refusal: { code: 'identifier_invalid' } })
  },
)
