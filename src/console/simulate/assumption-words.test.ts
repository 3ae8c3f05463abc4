import { expect, it } from 'vitest'
import { wordsOf } from '../../../test/words.ts'
import { assumptionCodes } from '../../core/simulation/schema.ts'
import { languageCodes } from '../../faces/languages.ts'
import { assumptionWords } from './assumption-words.ts'

const { areas, words } = await wordsOf('console')

it.each(languageCodes)('all that a simulation takes for granted is told in %s, and nothing else', language => {
  expect(Object.keys(areas(language).simulate!.assumption!)).toEqual([...assumptionCodes])
  const details = { percent: 30 }
  const said = assumptionCodes.map(code => assumptionWords({ code, message: '', details }, words(language)))
  expect(said.filter(it => it === '' || it.includes('{{'))).toEqual([])
})

it('tells how many are members', () => {
  const told = { code: 'some_members', message: '', details: { percent: 30 } }
  expect(assumptionWords(told, words('it'))).toMatch(/^Di chi è nominato, 30% estratto a sorte/)
})

it('what it has no words for is said as the server says it, also of a report that has sentences alone', () => {
  expect(assumptionWords({ code: 'of_tomorrow', message: 'Nobody knows.', details: {} }, words('it'))).toBe(
    'Nobody knows.',
  )
  expect(assumptionWords('Nobody is held out.', words('it'))).toBe('Nobody is held out.')
})
