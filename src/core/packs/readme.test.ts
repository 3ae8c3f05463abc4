import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { topUp } from './share.ts'

it('the example of the README', () => {
  const text = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const { room, tills, leased, sold, left, elsewhere } = JSON.parse(/```json example\n([\s\S]*?)```/.exec(text)![1]!)
  expect(topUp({ room, held: 0, recent: undefined, tills })).toBe(leased)
  expect(leased - sold.length).toBe(left)
  expect(room - leased).toBe(elsewhere)
})
