import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { expect, it } from 'vitest'
import { isolated, languageCodes } from './languages.ts'
import small from './small-i18next.ts'

type Words = { [key: string]: string | Words }

const areasOf = (folder: string, language: string): [string, Words][] => {
  const path = join(import.meta.dirname, '..', folder, 'words', language)
  return readdirSync(path).map(file => [file.replace('.json', ''), JSON.parse(readFileSync(join(path, file), 'utf8'))])
}

const wordsOf = (language: string): Words =>
  Object.fromEntries(['faces', 'wallet', 'till'].flatMap(folder => areasOf(folder, language)))

const keysOf = (words: Words, path: readonly string[] = []): string[] =>
  Object.entries(words).flatMap(([name, inner]) =>
    typeof inner === 'string' ? [[...path, name].join('.')] : keysOf(inner, [...path, name]),
  )

const counts = [0, 1, 2, 3, 11, 100, 1.5, 1_000_000]

it.each(languageCodes)('says what i18next says of every text and every count, %s', async language => {
  const resources = { [language]: { words: wordsOf(language) } }
  const interpolation = { escape: (value: string) => isolated(value, language) }
  const whole = i18next.createInstance()
  await whole.init({ lng: language, fallbackLng: false, ns: ['words'], defaultNS: 'words', resources, interpolation })
  await small.init({ lng: language, resources })
  const keys = keysOf(wordsOf(language))
  const places = { name: 'A{{count}}', points: '1', date: undefined, code: null, defaultValue: 'no {{name}}' }
  const asked = [...keys, ...keys.map(key => key.replace(/_\w+$/, '')), 'reason.of_nobody', 'nothing']
  const cases = asked.flatMap(key =>
    [places, ...counts.map(count => ({ ...places, count }))].map(it => [key, it] as const),
  )
  expect(keys.length).toBeGreaterThan(300)
  const t = small.getFixedT(language)
  const said = cases.map(([key, given]) => [t(key, given), whole.t(key, given)])
  expect(said.filter(([ours, theirs]) => ours !== theirs)).toEqual([])
})
