import { expect, it } from 'vitest'
import { calls } from '../sdk/api.ts'
import { tillCalls } from './till-calls.ts'

it('calls what the SDK calls', () => {
  const names = Object.keys(tillCalls) as (keyof typeof tillCalls)[]
  expect(tillCalls).toEqual(Object.fromEntries(names.map(name => [name, calls[name]])))
  expect(names.length).toBeGreaterThan(10)
})
