import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, JSHandle, Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { launchBrowser } from '../tools/chromium.mjs'

/** What src/sdk/browser.ts exports, as the bundle brings it into the page. */
export type Bundle = typeof import('../src/sdk/browser.ts')

export type OpenPage = {
  readonly page: Page
  /** The bundle inside the page; a function given to its `evaluate` runs there, and its arguments and answer travel as JSON. */
  readonly tessera: JSHandle<Bundle>
  /** What the page's console called an error, and what nobody caught, so far. */
  readonly errors: readonly string[]
}

// An icon of its own, or the browser asks for one and reports that there is none.
const blank = '<!doctype html><title>Tessera</title><link rel="icon" href="data:,">'

const serveBlank = async (): Promise<Server> => {
  const read = (name: string) => readFile(new URL(`../dist/browser/${name}`, import.meta.url))
  const bundles = new Map([
    ['/tessera.js', await read('tessera.js')],
    ['/offline.js', await read('offline.js')],
  ])
  const server = createServer((request, response) => {
    if (request.url === '/') response.setHeader('content-type', 'text/html; charset=utf-8').end(blank)
    else if (bundles.has(request.url!))
      response.setHeader('content-type', 'text/javascript').end(bundles.get(request.url!))
    else response.writeHead(404).end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return server
}

const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.splice(0)) await close()
})

const launch = async (): Promise<Browser> => {
  const browser = await launchBrowser()
  closers.unshift(() => browser.close()) // before the server: its connections keep that alive
  return browser
}

let launched: Promise<Browser> | undefined

/** The browser of the test file, closed after it. */
export const sharedBrowser = (): Promise<Browser> => {
  launched ??= launch()
  return launched
}

const open = async (): Promise<{ readonly browser: Browser; readonly url: string }> => {
  const server = await serveBlank()
  closers.push(() => server.close())
  const browser = await sharedBrowser()
  return { browser, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

let opened: ReturnType<typeof open> | undefined

/**
 * A blank page of its own in a real browser, with the browser's bundle loaded; needs `node tools/build.mjs`. One browser
 * serves the whole test file and is closed after it.
 *
 *     const { tessera } = await openPage()
 *     await tessera.evaluate(({ decide }, input) => decide(input).totals, input)   // { subtotal: 900, … }
 */
export const openPage = async (options: BrowserContextOptions = {}): Promise<OpenPage> => {
  opened ??= open()
  const { browser, url } = await opened
  const page = await browser.newPage(options)
  const errors: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', error => errors.push(String(error)))
  await page.goto(url)
  // As text: vitest would make an import() in a function its own.
  const tessera: JSHandle<Bundle> = await page.evaluateHandle('import("/tessera.js")')
  return { page, tessera, errors }
}
