// Compiles src/ to dist/ with tsc, and bundles dist/browser beside it. Skips both when no input is newer than the last build.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'dist/.built')
const inputs = ['src', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'tools/bundle.mjs']

const newest = path => {
  const info = statSync(path)
  if (!info.isDirectory()) return info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}

const run = (...args) =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 2, 2] })
    child.once('error', failed)
    child.once('close', code => done(code === 0))
  })

export async function build({ quiet = false } = {}) {
  const changed = Math.max(...inputs.map(name => newest(join(root, name))))
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= changed) return
  if (quiet) process.stderr.write('Building Tessera (first start, or the sources changed) …\n')
  rmSync(stamp, { force: true })
  const done = await Promise.all([
    run(join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')),
    run(join(root, 'tools/bundle.mjs')),
  ])
  if (done.includes(false)) {
    process.stderr.write('The build failed; the messages above say where.\n')
    process.exit(1)
  }
  writeFileSync(stamp, new Date().toISOString())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
