import { expect, it } from 'vitest'
import { chooseLanguage, directionOf, languageCodes } from './languages.ts'

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
