import { Environment } from '@marcbachmann/cel-js'
import { serialize } from '@marcbachmann/cel-js/serialize'
import { expect, it } from 'vitest'

/** Why the wrapper does what it does. If one of these fails the library got better, and the wrapper can get smaller. */
const library = new Environment().registerVariable('order', 'map')

it('multiplies no plain numbers, though they pass the check: so facts are typed and integers are bigint', () => {
  const run = library.parse('order.subtotal * 2 > 1')
  expect(run.check().valid).toBe(true)
  expect(() => run({ order: { subtotal: 900 } })).toThrow()
})

it('does not know a plain object with a key "constructor": so free-form maps are Map', () => {
  const run = library.parse('order.constructor == 1')
  expect(() => run({ order: Object.assign(Object.create(null), { constructor: 1n }) })).toThrow()
  expect(run({ order: new Map([['constructor', 1n]]) })).toBe(true)
})

it('writes a - (b - c) without its parentheses: so parts are cut from the text', () => {
  expect(serialize(library.parse('3 - (2 - 1)').ast)).toBe('3 - 2 - 1')
})

it('accepts has() of a field that does not exist: so names are checked before', () => {
  const typed = new Environment().registerVariable({ name: 'order', schema: { subtotal: 'int' } })
  expect(typed.check('has(order.totl)').valid).toBe(true)
})

it('reads the time zone of the process: so its time functions are off', () => {
  const before = process.env.TZ
  const days = ['UTC', 'America/New_York'].map(timeZone => {
    process.env.TZ = timeZone
    return library.evaluate('timestamp("2026-03-20T12:00:00Z").getDayOfYear()')
  })
  if (before === undefined) delete process.env.TZ
  else process.env.TZ = before
  expect(days[0]).not.toBe(days[1])
})
