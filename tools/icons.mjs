// `node tools/icons.mjs`: makes the PNG icons of the wallet and the till from their icon.svg, for phones that take no SVG (iOS takes none at all).
// The pictures are committed, because builds have no browser; run it after the SVG has changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from './chromium.mjs'

const source = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src')
const green = '#0b6b5e'

/** A phone cuts its own shape out of what fills the square; what is within 80 % of the middle stays whole. */
const icons = [
  { file: 'icon-192.png', size: 192, fills: false },
  { file: 'icon-512.png', size: 512, fills: false },
  { file: 'icon-maskable.png', size: 512, fills: true },
  { file: 'apple-touch-icon.png', size: 180, fills: true },
]

const browser = await launchBrowser()
const page = await browser.newPage()
for (const face of ['wallet', 'till']) {
  const folder = join(source, face, 'public')
  const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
  for (const { file, size, fills } of icons) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(
      `<body style="margin:0;background:${fills ? green : 'transparent'}">${svg.replace('<svg', `<svg width="${size}" height="${size}" style="display:block"`)}</body>`,
    )
    writeFileSync(join(folder, file), await page.screenshot({ omitBackground: !fills }))
  }
}
await browser.close()
