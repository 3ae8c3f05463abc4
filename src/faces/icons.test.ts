import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The width and height that a PNG says of itself (its IHDR chunk, PNG 11.2.2). */
const sizeOf = (png: Buffer): string => `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`

describe.each(['wallet', 'till'])('the icons of the %s', face => {
  const folder = join(import.meta.dirname, '..', face, 'public')
  const read = (address: string) => readFileSync(join(folder, address.replace(`/${face}/`, '')))
  const manifest = JSON.parse(readFileSync(join(folder, 'app.webmanifest'), 'utf8')) as {
    readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose: string }[]
  }

  it('are as large as the manifest says, one of them to be cut to any shape', () => {
    const pictures = manifest.icons.filter(({ src }) => src.endsWith('.png'))
    expect(pictures.map(({ src }) => sizeOf(read(src)))).toEqual(pictures.map(({ sizes }) => sizes))
    expect(pictures.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ])
  })

  it('have one for iOS, which takes no SVG', () => {
    const page = readFileSync(join(folder, '..', 'index.html'), 'utf8')
    const [, address = ''] = /<link rel="apple-touch-icon" href="([^"]+)">/.exec(page) ?? []
    expect(sizeOf(read(address))).toBe('180x180')
  })
})
