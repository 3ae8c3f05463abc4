import { describe, expect, it, test } from 'vitest'
import { readSearch } from './search.ts'

const types = ['email', 'phone', 'whatsapp', 'userId', 'loyaltyCard', 'anonymousId', 'device']
const looks = (text: string, country?: string) => {
  const search = readSearch(text, { types, country })
  return 'personId' in search
    ? search.personId
    : search.looks.map(({ type, value, isPrefix }) => `${type} ${value}${isPrefix ? '…' : ''}`)
}

describe('what somebody means who looks for a person', () => {
  test.each([
    ['a person', 'per_01kjm6jm000000000000000000', undefined, 'per_01kjm6jm000000000000000000'],
    ['an identifier with its type', 'email:Ana@Example.com', undefined, ['email ana@example.com…']],
    ['the beginning of one', 'loyaltyCard: 47', undefined, ['loyaltyCard 47…']],
    ['a browser, only whole', 'anonymousId:4f', undefined, ['anonymousId 4f']],
    [
      'a number as it is written at home',
      '333 123 4567',
      'IT',
      [
        'email 333 123 4567…',
        'phone +393331234567…',
        'whatsapp +393331234567…',
        'userId 333 123 4567…',
        'loyaltyCard 333 123 4567…',
        'anonymousId 333 123 4567',
        'device 333 123 4567',
      ],
    ],
    ['the same abroad', 'phone:0039 333 1234567', 'ID', ['phone +393331234567…']],
    ['the beginning of a number', 'phone:(0812) 34', 'ID', ['phone +6281234…']],
    ['a number that no country is known of', 'phone:0812 34', undefined, []],
    ['a plus alone', 'phone:+', 'IT', []],
    ['nothing', '  ', undefined, []],
    ['nothing of a type', 'email:', undefined, []],
    ['somebody erased', 'email:erased:hol_01', undefined, []],
    ['everybody erased', 'Erased:', undefined, []],
  ])('%s', (_, text, country, expected) => {
    expect(looks(text, country)).toEqual(expected)
  })

  it('is a name as well, where it has a letter and is no address', () => {
    const nameOf = (text: string) => {
      const search = readSearch(text, { types })
      return 'personId' in search ? undefined : search.name
    }
    expect([' Ana Ros', '4711', 'ana@', 'email:ana', 'علي'].map(nameOf)).toEqual([
      'Ana Ros',
      undefined,
      undefined,
      undefined,
      'علي',
    ])
  })
})
