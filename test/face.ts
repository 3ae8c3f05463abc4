import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import pino from 'pino'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFailed } from 'vitest'
import { directionOf, type Language } from '../src/faces/languages.ts'
import { sharedBrowser } from './browser.ts'
import { serve, type TestServer } from './server.ts'

export type FaceServer = TestServer & {
  /** What it logged, a line an entry. */
  readonly log: readonly string[]
}

/** A whole server with its web faces, as `npm start` serves them; needs `node tools/build.mjs`. */
export const serveFaces = async (): Promise<FaceServer> => {
  const log: string[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      log.push(String(chunk).trimEnd())
      done()
    },
  })
  const server = await serve('pglite', { logger: pino({ level: 'debug' }, stream) })
  return { ...server, log }
}

export type Role = 'admin' | 'marketer' | 'analyst' | 'clerk' | 'finance' | 'support'

/** A team member who has just chosen her password, as the cookie of her session. */
export const signIn = async (server: TestServer, role: Role = 'admin'): Promise<{ name: string; value: string }> => {
  const made = await server.call('POST', '/v1/team', { email: `${role}@example.com`, name: 'Ana Rossi', role })
  const signInToken = new URLSearchParams(new URL(made.json.invitation.link).hash.slice(1)).get('token')
  const password = 'a till at the corner'
  const { status, text, headers } = await server.call('POST', '/v1/session', { signInToken, password }, { key: '' })
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(headers.get('set-cookie') ?? '') ?? []
  if (name === undefined || value === undefined) throw new Error(`signing in as ${role} answered ${status}: ${text}`)
  return { name, value }
}

export type Look = {
  readonly language?: string
  readonly width?: number
  readonly colours?: 'light' | 'dark'
  readonly cookie?: { readonly name: string; readonly value: string } | undefined
}

export type OpenFace = {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page's console called an error (what its policy refuses is one), and what nobody caught. */
  readonly errors: readonly string[]
}

/** Where a failed test leaves what it saw. */
const leave = async (page: Page, server: FaceServer, name: string): Promise<void> => {
  const folder = join(tmpdir(), 'tessera-failed', name.replaceAll(/\W+/g, '-').slice(0, 80))
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, 'page.png'), fullPage: true, timeout: 5000 }).catch(() => undefined)
  writeFileSync(join(folder, 'server.log'), server.log.join('\n'))
  console.error(`What the page and the server looked like: ${folder}`)
}

const contextOf = async (
  server: FaceServer,
  { language = 'en', width = 1440, colours = 'light', cookie }: Look,
): Promise<BrowserContext> => {
  const browser = await sharedBrowser()
  const options: BrowserContextOptions = {
    viewport: { width, height: 900 },
    locale: language,
    colorScheme: colours,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Rome',
  }
  const context = await browser.newContext(options)
  if (cookie) await context.addCookies([{ ...cookie, url: server.url }])
  return context
}

const openIn = async (context: BrowserContext, server: FaceServer, path: string): Promise<OpenFace> => {
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', error => errors.push(String(error)))
  onTestFailed(({ task }) => leave(page, server, task.name))
  await page.goto(server.url + path)
  await settled(page)
  return { page, context, errors }
}

/**
 * Opens a page of a face in a browser of its own state, and waits until it shows what it is about. Where the test fails it leaves a
 * screenshot and the server's log in a folder that it names.
 *
 *     const { page, errors } = await openFace(server, '/offers', { language: 'ar', width: 390, cookie })
 */
export const openFace = async (server: FaceServer, path: string, look: Look = {}): Promise<OpenFace> =>
  openIn(await contextOf(server, look), server, path)

/** Nothing on the page waits for anything. */
export const settled = async (page: Page): Promise<void> => {
  await page.locator('#face:has(main):not(:has([aria-busy=true]))').waitFor()
}

const axeSource = readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string; readonly target: unknown }[] }

const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const findings = async (page: Page, rules: readonly string[]): Promise<string[]> => {
  const found: { violations: Violation[]; passes: unknown[] } = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(rules)} })`,
  )
  expect(found.passes.length).toBeGreaterThan(0)
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 300)}`)
}

/**
 * What axe finds wrong on the page by WCAG 2.2 AA, each with the first element it is wrong of; of contrasts also in the other colours,
 * except in Arabic, whose letters axe does not judge by contrast (4.14: the rule calls itself inapplicable).
 */
export const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(await axeSource)
  const found = await findings(page, everyRule)
  const { lang, colours }: { lang: string; colours: 'light' | 'dark' } = await page.evaluate(
    '({ lang: document.documentElement.lang, colours: document.documentElement.dataset.colours })',
  )
  if (lang === 'ar') return found
  const other = colours === 'light' ? 'dark' : 'light'
  await page.emulateMedia({ colorScheme: other })
  await page.locator(`html[data-colours=${other}]`).waitFor()
  return [...found, ...(await findings(page, ['color-contrast']))]
}

/** How far the page reaches beyond its window: 0, or it scrolls sideways. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** How a screen is looked at: by day on a desk and by night on a phone, from either side. */
export const looks: readonly (Look & { readonly language: Language })[] = [
  { language: 'en', width: 1440, colours: 'light' },
  { language: 'ar', width: 390, colours: 'dark' },
]

/** Screens that are only looked at share what their browser has loaded, by server, look and who is signed in. */
const sharedContexts = new Map<string, Promise<BrowserContext>>()

const sharedContext = (server: FaceServer, look: Look): Promise<BrowserContext> => {
  const key = JSON.stringify([server.url, look])
  const context = sharedContexts.get(key) ?? contextOf(server, look)
  sharedContexts.set(key, context)
  return context
}

/** Opens a screen and expects that it is accessible, that it fits its width and a tablet's, and that nothing went wrong. */
export const expectToFit = async (
  server: FaceServer,
  path: string,
  look: Look & { readonly language: Language },
): Promise<void> => {
  const { page, errors } = await openIn(await sharedContext(server, look), server, path)
  const shown = await page.evaluate('[document.documentElement.lang, document.documentElement.dir]')
  expect(shown).toEqual([look.language, directionOf(look.language)])
  expect(await violations(page)).toEqual([])
  expect(await overhang(page)).toBe(0)
  await page.setViewportSize({ width: 820, height: 1180 })
  // Charts are drawn anew for another width a moment after the page has it.
  await expect.poll(() => overhang(page)).toBe(0)
  expect(errors).toEqual([])
  await page.close()
}
