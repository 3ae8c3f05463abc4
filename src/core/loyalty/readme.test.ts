import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { earnedOn, type Reckoning } from './earn.ts'
import { lotTermsOf } from './lot-terms.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

test('the example of the README: what is earned, what stays, from when and until when', () => {
  const offers = (example.offers as (Omit<Reckoning, 'lines' | 'most'> & { lines?: number[] })[]).map(
    ({ lines, ...offer }): Reckoning => ({ ...offer, lines: lines && new Set(lines), most: undefined }),
  )
  const { points, qualifying, shares } = earnedOn(example.sale, offers, example.rounding)
  expect({ points, qualifying, shares: shares.map(it => it.points) }).toEqual(example.earned)
  const kept = {
    units: (line: number, _first: number, count: number) => count - Number(line === 0),
    shipping: true,
    fixed: () => true,
  }
  expect(earnedOn(example.sale, offers, example.rounding, kept).points).toBe(example.whenOneLatteIsBack)
  const { activeAt, expiresAt } = lotTermsOf(example.terms, parseInstant(example.earnedAt)!, example.timeZone)
  expect([formatInstant(activeAt!), formatInstant(expiresAt!)]).toEqual([example.activeAt, example.expiresAt])
})
