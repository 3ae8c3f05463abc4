import { expect, it } from 'vitest'
import { oneOf, parseSearch, readFilters, several, stringifySearch, text, whole } from './filters.ts'

const readers = { state: oneOf(['live', 'paused']), search: text, page: whole, channels: several(['web', 'store']) }

it.each([
  ['?state=live&search=42&page=3', { state: 'live', search: '42', page: 3 }],
  ['?state=toString&search=&page=1e9', {}],
  ['?channels=store,moon,web', { channels: ['web', 'store'] }],
  ['?search=a%26b+c%20d&other=1', { search: 'a&b c d' }],
  ['', {}],
])('the address %s filters by %j', (address, values) => {
  expect(readFilters(readers, parseSearch(address))).toEqual(values)
})

it('what is written into the address is read from it again', () => {
  const address = stringifySearch({ search: '"42" & more', state: undefined, page: 7 })
  expect(address).toBe('?search=%2242%22+%26+more&page=7')
  expect(parseSearch(address)).toEqual({ search: '"42" & more', page: '7' })
  expect(stringifySearch({ state: undefined })).toBe('')
})
