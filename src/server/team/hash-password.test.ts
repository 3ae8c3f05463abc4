import { expect, it } from 'vitest'
import { makePasswordHashes } from './hash-password.ts'

const cheap = { log2N: 4, r: 1, p: 1 }
const password = 'till at the corner'

it('says in the hash how it was made, and takes today 32 MB and three passes', async () => {
  const hashes = makePasswordHashes()
  const stored = await hashes.hash(password)
  expect(stored).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}==\$[\w+/]{43}=$/)
  expect(await hashes.verify(password, stored)).toEqual({ fits: true, outdated: false })
  expect(await hashes.verify(`${password} `, stored)).toEqual({ fits: false, outdated: false })
})

it('never makes the same hash twice', async () => {
  const hashes = makePasswordHashes(cheap)
  expect(await hashes.hash(password)).not.toBe(await hashes.hash(password))
})

it('knows a hash of less work, which is made anew when its owner signs in', async () => {
  const old = await makePasswordHashes(cheap).hash(password)
  expect(await makePasswordHashes({ ...cheap, p: 2 }).verify(password, old)).toEqual({ fits: true, outdated: true })
})

/** Hashes that tell what work was done, and that wait to be let go. */
const watched = () => {
  const work: unknown[] = []
  const waiting: (() => void)[] = []
  const hashes = makePasswordHashes(cheap, async (_password, _salt, cost) => {
    work.push(cost)
    await new Promise<void>(resolve => waiting.push(resolve))
    return Buffer.alloc(32)
  })
  return { hashes, work, waiting }
}

it('does the same work where there is no password, and lets nobody in', async () => {
  const { hashes, work, waiting } = watched()
  const none = hashes.verify(password, undefined)
  waiting.shift()!()
  expect(await none).toEqual({ fits: false, outdated: false })
  expect(work).toEqual([cheap])
})

it('works on two at once, the rest wait their turn, and says when too many wait', async () => {
  const { hashes, work, waiting } = watched()
  const all = Array.from({ length: 34 }, () => hashes.verify(password, undefined))
  expect([work.length, hashes.isBusy()]).toEqual([2, true])
  let done = 0
  for (const one of all) void one.then(() => (done += 1))
  while (done < 34) {
    waiting.shift()?.()
    await Promise.resolve()
  }
  expect([work.length, hashes.isBusy()]).toEqual([34, false])
})
