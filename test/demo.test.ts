// `npm run demo` as a newcomer sees it: it must end with calls that work when they are pasted.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const program = join(import.meta.dirname, '../dist/cli/main.js')
const demo = spawn(process.execPath, [program, 'demo'], {
  env: { ...process.env, DATABASE_URL: '', TESSERA_ADMIN_KEY: '' },
  stdio: ['ignore', 'pipe', 'pipe'],
})
const exit = once(demo, 'exit')
const written = { out: '', err: '' }
afterAll(() => void demo.kill('SIGKILL'))

const saysThatItStaysUp = async (): Promise<void> => {
  demo.stdout.on('data', chunk => (written.out += String(chunk)))
  for await (const chunk of demo.stderr) {
    written.err += String(chunk)
    if (written.err.includes('The server stays up')) return
  }
  throw new Error(`the demo ended: ${written.err}`)
}
beforeAll(saysThatItStaysUp, 300_000)

/** A line that begins with curl, as a call: what the shell and curl would make of it. */
const callOf = (line: string) => {
  const [, keyFile = ''] = /Bearer \$\(cat (\S+)\)"/.exec(line) ?? []
  const [, url = ''] = /'(http:\S+)'/.exec(line) ?? []
  const [, body] = /-d '(.+)'$/.exec(line) ?? []
  const [, method = 'GET'] = /-X (\w+)/.exec(line) ?? []
  return { keyFile, url, body, method }
}

const calls = () =>
  written.out
    .split('\n')
    .filter(line => line.startsWith('  curl '))
    .map(callOf)

const paste = async ({ keyFile, url, body, method }: ReturnType<typeof callOf>): Promise<unknown> => {
  const headers = {
    authorization: `Bearer ${readFileSync(keyFile, 'utf8').trim()}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
  expect(response.status).toBe(200)
  return response.json()
}

it('shows what came of the year', () => {
  expect(written.out).toMatch(/^all +27 +268 +1,221 +298 +608 +77 /m)
  expect(written.out).toContain('608 coupons redeemed, 0 refused')
  expect(written.out).toContain('they are made up')
})

it('shows three calls that work: a wallet with a grant, a basket with a discount, the report of a campaign', async () => {
  const [wallet, order, report] = await Promise.all(calls().map(paste))
  expect(wallet).toMatchObject({ grants: [{ state: 'issued', name: '10 % off your next basket' }] })
  const earned = [{ programme: 'club', points: 8, state: 'active' }]
  expect(order).toMatchObject({ totals: { subtotal: 900, discount: 90, total: 810 }, refused: [], earned })
  expect(report).toMatchObject({ data: [{ redeemed: expect.any(Number), people: expect.any(Number) }] })
})

it('stops when it is asked to, and leaves nothing behind', async () => {
  const [{ keyFile }] = calls() as [ReturnType<typeof callOf>]
  expect(existsSync(keyFile)).toBe(true)
  demo.kill('SIGINT')
  expect(await exit).toEqual([0, null])
  expect(existsSync(dirname(keyFile))).toBe(false)
})
