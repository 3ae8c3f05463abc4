import { expect, it } from 'vitest'
import { calls } from '../sdk/api.ts'
import { walletCalls } from './api.ts'

it('calls what the SDK calls', () => {
  const names = Object.keys(walletCalls) as (keyof typeof walletCalls)[]
  expect(walletCalls).toEqual(Object.fromEntries(names.map(name => [name, calls[name]])))
  expect(names.length).toBeGreaterThan(10)
})
