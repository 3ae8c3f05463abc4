import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { makeProgress } from './progress.ts'

const sink = (isTTY: boolean) => {
  const written: string[] = []
  const err = Object.assign(
    new Writable({
      write: (chunk, _, done) => {
        written.push(String(chunk))
        done()
      },
    }),
    { isTTY, columns: 20 },
  )
  return { err, written }
}

it('writes a line every few seconds where nobody looks', () => {
  const { err, written } = sink(false)
  let now = 0
  const progress = makeProgress(err, () => now)
  for (now = 0; now <= 7_000; now += 500) progress.step('baskets', now, 47_243)
  progress.say('done')
  progress.end()
  expect(written).toEqual(['baskets 0 of 47,243\n', 'baskets 3,000 of 47,243\n', 'baskets 6,000 of 47,243\n', 'done\n'])
})

it('rewrites one line on a terminal, never wider than it, and leaves none behind', () => {
  const { err, written } = sink(true)
  let now = 0
  const progress = makeProgress(err, () => now)
  for (now = 0; now <= 150; now += 50) progress.step('baskets', now, 47_243)
  progress.end()
  const clear = '\r\x1b[2K'
  expect(written).toEqual(['baskets 0 of 47,243', clear, 'baskets 100 of 47,2', clear])
})
