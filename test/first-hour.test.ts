import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { type FaceServer, openFace, serveFaces } from './face.ts'
import { codeOf } from './sign-in-customer.ts'

/** docs/guide/first-hour.md, done as it is written: its calls by a shell as they are printed, its screens in a browser by the names it tells. */

const guide = readFileSync(new URL('../docs/guide/first-hour.md', import.meta.url), 'utf8')
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block!)
const run = promisify(execFile)

let server: FaceServer
const folder = mkdtempSync(join(tmpdir(), 'tessera-first-hour-'))
beforeAll(async () => {
  server = await serveFaces()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data/admin-key'), server.adminKey)
})

/** Runs the next block of the guide; what it prints has in it, one after the other, what the comment at its end shows of it. */
const paste = async (index: number): Promise<void> => {
  const block = blocks[index]!
  const { stdout } = await run('bash', ['-ec', block.replaceAll('http://127.0.0.1:8080', server.url)], { cwd: folder })
  const [, shown] = /^# … (.*)$/m.exec(block)!
  let at = 0
  for (const part of shown!.split(' … ')) {
    const found = stdout.indexOf(part, at)
    expect([part, found >= 0 ? part : stdout.slice(at)]).toEqual([part, part])
    at = found + part.length
  }
}

/** The name of something on a screen, which the guide has to tell. */
const told = (name: string): string => {
  expect(guide).toContain(`**${name}**`)
  return name
}
const press = (page: Page, name: string) => page.getByRole('button', { name: told(name), exact: true }).click()
const go = (page: Page, name: string) =>
  page
    .getByRole('link', { name: told(name), exact: true })
    .first()
    .click()
/** By its label, which a star may follow. */
const field = (page: Page, label: string) => page.getByLabel(new RegExp(`^${told(label)}( \\*)?$`))
const write = (page: Page, label: string, text: string) => field(page, label).fill(text)

it('gets a new user from the first link to a redemption, and to the customer’s wallet', async () => {
  const { pathname, hash } = new URL(server.signInLink!)
  const { page } = await openFace(server, pathname + hash)
  await write(page, 'E-mail', 'mia@example.com')
  await write(page, 'Your name', 'Mia')
  await write(page, 'New password', 'somebody likes coffee')
  await press(page, 'Set the password and sign in')
  await page.getByText(told('Set-up')).first().waitFor()

  await paste(0)
  await paste(1)

  await go(page, 'Campaigns & offers')
  await go(page, 'New offer')
  await page.getByRole('button', { name: new RegExp(told('Welcome code')) }).click()
  await page.getByRole('combobox', { name: told('Campaign') }).click()
  await page.getByRole('option', { name: told('New campaign…') }).click()
  await write(page, 'Name of the campaign', 'Newcomers')
  await page.getByRole('textbox', { name: told('Code for everybody') }).fill('HELLO10')
  await press(page, 'Put live')
  await page.getByRole('dialog').getByRole('button', { name: 'Put live' }).click()
  await page.waitForURL(/\/offers\/off_/)

  await paste(2)
  await paste(3)
  expect((await server.call('GET', '/v1/setup')).json.done).toBe(true)
  await go(page, 'Orders')
  await page.getByRole('link', { name: 'till-1001' }).click()
  await page.getByText(told('Who competed, and who won')).waitFor()
  await go(page, 'People')
  await page.getByLabel('Search people').fill('ana@')
  await page.getByRole('link', { name: 'Ana Rossi' }).waitFor()

  const wallet = (await openFace(server, '/wallet', { width: 390 })).page
  await write(wallet, 'E-mail address or phone number', 'ana@example.com')
  await press(wallet, 'Send me a code')
  await field(wallet, 'Code').waitFor()
  await paste(4)
  expect(blocks).toHaveLength(5)
  await write(wallet, 'Code', await codeOf(server, 'ana@example.com'))
  await wallet.getByRole('heading', { name: 'Hello, Ana Rossi' }).waitFor()
})
