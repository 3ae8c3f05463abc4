import { expect, it } from 'vitest'
import { chooseLanguage, directionOf, isolated, languageCodes } from './languages.ts'

it.each([
  [['it'], 'it'],
  [['', null, undefined, 'de-CH', 'it-CH', 'ar'], 'it'],
  [['ar-EG'], 'ar'],
  [['MS-my'], 'ms'],
  [['toString'], 'en'],
  [[], 'en'],
])('somebody who wishes for %j reads %s', (wishes, language) => {
  expect(chooseLanguage(wishes)).toBe(language)
})

it('Arabic alone is written from the right', () => {
  expect(languageCodes.filter(code => directionOf(code) === 'rtl')).toEqual(['ar'])
})

it.each([
  ['a name in Latin letters amid Arabic', '3.00 off the bag', 'ar', '\u20683.00 off the bag\u2069'],
  ['an Arabic name amid English', 'قهوة 2', 'en', '\u2068قهوة 2\u2069'],
  ['an Arabic name amid Arabic', 'قهوة 2', 'ar', 'قهوة 2'],
  ['a number amid Arabic', '14%', 'ar', '14%'],
  ['a name amid English', 'Coffee', 'en', 'Coffee'],
] as const)('%s is kept together where it is written the other way', (_, value, language, put) => {
  expect(isolated(value, language)).toBe(put)
})
