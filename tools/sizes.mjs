// Prints what JavaScript each face loads before its first screen is there, gzipped; `--check` fails above the limits.
//
//     node tools/sizes.mjs --check
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** In kB of 1,000 bytes; `first`: the lazy pages that somebody meets first. */
const limits = [
  { face: 'console', kB: 230, first: ['sign-in/sign-in-page.tsx', 'home/home-page.tsx', 'shell/notices.tsx'] },
  { face: 'wallet', kB: 100, first: ['enter/sign-in.tsx', 'home/home.tsx'] },
  // What decides without a network (src/sdk/offline.ts) is loaded behind the sale screen, which works online before it is there.
  { face: 'till', kB: 100, first: ['face.tsx', 'clerk-page.tsx'] },
]

const sizeOf = ({ face, first }) => {
  const folder = join(root, 'dist/faces', face)
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'))
  const reached = new Set()
  const reach = key => {
    if (reached.has(key)) return
    if (!manifest[key]) throw new Error(`${face} has no ${key}`)
    reached.add(key)
    for (const name of manifest[key].imports ?? []) reach(name)
  }
  for (const key of ['index.html', ...first]) reach(key)
  const files = new Set([...reached].map(key => manifest[key].file).filter(file => file.endsWith('.js')))
  const bytes = [...files].map(file => readFileSync(join(folder, `${file}.gz`)).length)
  return { kB: bytes.reduce((sum, size) => sum + size, 0) / 1000, files: files.size }
}

let over = 0
for (const limit of limits) {
  const { kB, files } = sizeOf(limit)
  if (kB > limit.kB) over++
  const verdict = kB > limit.kB ? 'too much' : 'ok'
  console.log(`${limit.face}: ${kB.toFixed(1)} kB in ${files} files, at most ${limit.kB} kB: ${verdict}`)
}
if (process.argv.includes('--check') && over > 0) process.exitCode = 1
