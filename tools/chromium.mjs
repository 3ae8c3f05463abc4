// A real Chromium for tests: the machine's own, or Debian's, installed at the first need.
//
//     const browser = await launchBrowser()
//     const page = await browser.newPage()
//     …
//     await browser.close()
//
// `node tools/chromium.mjs` prints the path of the program.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apt, hasApt } from './apt.mjs'

// chromium-browser last: Ubuntu's is a script that only says to install a snap.
const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']
const elsewhere = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

/** The program that TESSERA_CHROMIUM names, else the first Chromium or Chrome on PATH; undefined without one. */
export const findChromium = () => {
  const named = process.env.TESSERA_CHROMIUM
  if (named && !existsSync(named)) throw new Error(`TESSERA_CHROMIUM names ${named}, which does not exist.`)
  if (named) return named
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...names.flatMap(name => folders.map(folder => join(folder, name))), ...elsewhere].find(existsSync)
}

/**
 * As findChromium, but installs Debian's Chromium where there is none; throws with what to install where it cannot.
 *
 *     provideChromium()   // '/usr/bin/chromium'
 */
export const provideChromium = () => {
  const found = findChromium()
  if (found) return found
  if (hasApt()) {
    process.stderr.write('Installing Chromium for the tests …\n')
    apt(['update', '-q'])
    apt(['install', '-y', '-q', '--no-install-recommends', 'chromium'])
  }
  const installed = findChromium()
  if (installed) return installed
  throw new Error(
    'The tests need Chromium or Chrome: install it (Debian: apt-get install chromium), put it on PATH or name it in TESSERA_CHROMIUM.',
  )
}

/**
 * Starts a headless Chromium that calls nobody by itself. The caller closes it.
 *
 *     const browser = await launchBrowser()
 */
export const launchBrowser = async () => {
  const executablePath = provideChromium()
  // Only here: whoever just needs the program does not wait for Playwright.
  const { chromium } = await import('playwright-core')
  // Playwright itself adds --headless, --no-sandbox, --no-first-run and what turns updates, sync and background calls off.
  return chromium.launch({ executablePath, args: ['--disable-gpu', '--disable-quic'] })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${provideChromium()}\n`)
