import { pbkdf2Sync } from 'node:crypto'
import { expect, it } from 'vitest'
import { afterWrong, isPinOf } from './pin.ts'

const salt = Buffer.from('0123456789abcdef')
const hash = pbkdf2Sync('4711', salt, 1000, 32, 'sha256')
const pinCheck = { salt: salt.toString('base64'), hash: hash.toString('base64'), rounds: 1000 }

it('knows the PIN that the server knows, and no other', async () => {
  expect(await isPinOf({ pinCheck }, '4711')).toBe(true)
  expect(await isPinOf({ pinCheck }, '4712')).toBe(false)
  expect(await isPinOf({}, '4711')).toBe(false)
})

it('lets four wrong ones pass, and then waits longer each time', () => {
  const waits: number[] = []
  for (let wrong = 0; wrong < 14; wrong += 1) waits.push(afterWrong({ wrong, until: 0 }, 1_000_000).until)
  const after = (ms: number) => 1_000_000 + ms
  expect(waits.slice(0, 7)).toEqual([0, 0, 0, 0, after(60_000), after(120_000), after(240_000)])
  expect(waits.at(-1)).toBe(after(3_600_000))
})
