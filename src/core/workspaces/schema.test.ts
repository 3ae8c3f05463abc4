import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { keyInput, workspaceInput } from './schema.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const { sent, stored, till } = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!)

describe('the example of the README', () => {
  it('is stored with what was left out', () => {
    expect(workspaceInput.parse(sent)).toEqual(stored)
  })

  it('has a till key, which needs its location', () => {
    expect(keyInput.parse(till)).toEqual(till)
    const { location: _location, ...nowhere } = till
    expect(keyInput.safeParse(nowhere).error?.issues).toMatchObject([{ path: ['location'] }])
    expect(keyInput.safeParse({ ...nowhere, scope: 'secret' }).success).toBe(true)
  })
})

test.each([
  ['an id with capitals', { id: 'Roma' }],
  ['an id that begins with a digit', { id: '4ever' }],
  ['a currency in small letters', { currency: 'eur' }],
  ['a country by its name', { country: 'Italy' }],
  ['a field that nobody knows', { timezone: 'Europe/Rome' }],
])('%s is refused', (_name, fields) => {
  expect(workspaceInput.safeParse({ ...sent, ...fields }).success).toBe(false)
})
