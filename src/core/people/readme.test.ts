import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultIdentityRules } from './identity-rules.ts'
import { type Evidence, resolve } from './resolve.ts'
import { bookOrder } from './statistics.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

test('the example of the README: a login unites, a form does not, a scan does', () => {
  const { holders, login, form, scan } = example
  const persons = (links: readonly Evidence[]) =>
    Object.fromEntries(resolve({ holders, links, neverMerge: [] }, defaultIdentityRules).personOf)
  expect(persons([login, form])).toEqual(example.before)
  expect(persons([login, form, scan])).toEqual(example.after)
})

test('the order of the README is booked as it says', () => {
  const { order, categories, statistics } = JSON.parse(/```json statistics\n([^`]+)```/.exec(readme)![1]!)
  const counted = { ...order, categories: new Map(Object.entries(categories)) }
  expect(bookOrder({}, counted, 1)).toEqual(statistics)
  expect(bookOrder(statistics, counted, -1)).toEqual({ from: 20148 })
})
