import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ConsentStates, withEntry } from './consent.ts'
import { permittedBy } from './permission.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

test('the example of the README: an entry that comes late changes nothing, and an opt-out survives that two turn out to be one', () => {
  const [home, work] = [example.home, example.work].map(entries => ({
    consents: (entries as Parameters<typeof withEntry>[1][]).reduce<ConsentStates>(withEntry, {}),
    preferences: {},
  })) as [{ consents: ConsentStates; preferences: object }, { consents: ConsentStates; preferences: object }]
  expect(work.consents).toEqual(example.workStates)
  expect(permittedBy([home], [])).toEqual(example.homePermits)
  expect(permittedBy([home, work], [])).toEqual(example.anaPermits)
})
