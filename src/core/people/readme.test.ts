import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { personsOf } from './union.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

test('the example of the README: a login unites, a form does not, a scan does', () => {
  const { holders, login, form, scan } = example
  expect(Object.fromEntries(personsOf(holders, [login, form]))).toEqual(example.before)
  expect(Object.fromEntries(personsOf(holders, [login, form, scan]))).toEqual(example.after)
})
