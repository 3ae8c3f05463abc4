// `npm run demo` as a newcomer sees it, with fewer people and a shorter year: the link signs in, and what was meant to happen stands in the books.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeYear, meantBy } from '../src/cli/demo/year.ts'
import { createTessera, type Tessera } from '../src/sdk/index.ts'

const program = join(import.meta.dirname, '../dist/cli/main.js')
const demo = spawn(process.execPath, [program, 'demo', '--people', '100', '--days', '40', '--seed', '7'], {
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

const said = (pattern: RegExp): string => {
  const [, found] = pattern.exec(written.out) ?? []
  if (found === undefined) throw new Error(`${pattern} is not in: ${written.out}`)
  return found
}

let tessera: Tessera
let keyFile = ''
beforeAll(async () => {
  await saysThatItStaysUp()
  keyFile = said(/\$\(cat (\S+)\)/)
  const url = new URL(said(/(http:\S+)\/sign-in#/)).origin
  tessera = createTessera({ url, key: readFileSync(keyFile, 'utf8').trim(), workspace: 'demo' })
}, 120_000)

it('prints a link that signs in at once, as an admin of the demo', async () => {
  const link = new URL(said(/(http:\S+\/sign-in#token=\S+)/))
  const signInToken = new URLSearchParams(link.hash.slice(1)).get('token')
  const response = await fetch(`${link.origin}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ signInToken }),
  })
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({ role: 'admin', workspace: { id: 'demo' } })
})

it('has taken every order and return that was meant', async () => {
  const year = makeYear({ seed: 7, people: 100, endsAt: Date.now(), days: 40 })
  const meant = meantBy({ days: year.days.slice(0, -1) })
  const placed = { store: 0, web: 0, app: 0 }
  const before = year.days.at(-2)!.endsAt
  let subtotal = 0
  for await (const order of tessera.listOrders({ limit: 200, to: new Date(before).toISOString() })) {
    placed[order.channel as keyof typeof placed] += 1
    subtotal += order.totals.subtotal
  }
  const { store, web, app } = meant.byChannel
  expect(placed).toEqual({ store: store.orders, web: web.orders, app: app.orders })
  expect(subtotal).toBe(store.subtotal + web.subtotal + app.subtotal)
})

it('stops when it is asked to, and leaves nothing behind', async () => {
  expect(existsSync(keyFile)).toBe(true)
  demo.kill('SIGINT')
  expect(await exit).toEqual([0, null])
  expect(existsSync(dirname(keyFile))).toBe(false)
})
