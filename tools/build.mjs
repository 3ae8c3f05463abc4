// Makes dist/ of src/: the program, dist/browser and dist/faces with Vite, and the types of the SDK, which nothing here runs by, with tsc. Each
// part is skipped when no input of its own is newer than its last build.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const packages = 'package-lock.json'
const webFolders = ['src/console', 'src/wallet', 'src/till', 'src/faces']
const programFolders = ['src/core', 'src/contract', 'src/adapters', 'src/server', 'src/sdk', 'src/cli']

const parts = [
  {
    name: 'program',
    inputs: [...programFolders, packages, 'tools/transpile.mjs'],
    run: [join(root, 'tools/transpile.mjs')],
  },
  {
    name: 'browser',
    inputs: ['src/core', 'src/sdk', packages, 'tools/bundle.mjs', 'tools/slim-engine.mjs'],
    run: [join(root, 'tools/bundle.mjs')],
  },
  {
    name: 'faces',
    inputs: [
      ...webFolders,
      'src/core',
      'src/sdk',
      packages,
      'tools/faces.mjs',
      'tools/slim-engine.mjs',
      'tools/small-words.mjs',
    ],
    run: [join(root, 'tools/faces.mjs')],
  },
  {
    name: 'types',
    inputs: ['src/core', 'src/sdk', packages, 'tsconfig.json', 'tsconfig.build.json'],
    run: [tsc, '-p', join(root, 'tsconfig.build.json')],
    isForOthers: true,
  },
].map(part => ({ ...part, stamp: join(root, `dist/.built-${part.name}`) }))

/** Folders too: a file that is gone changes its folder. */
const newest = path => {
  const info = statSync(path)
  if (!info.isDirectory()) return path.endsWith('.test.ts') ? 0 : info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}

const isStale = ({ stamp, inputs }) =>
  !existsSync(stamp) || statSync(stamp).mtimeMs < Math.max(...inputs.map(name => newest(join(root, name))))

const run = args =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 2, 2] })
    child.once('error', failed)
    child.once('close', code => done(code === 0))
  })

/** `quiet`: before the program starts, with what it needs to run. */
export async function build({ quiet = false } = {}) {
  const stale = parts.filter(part => !(quiet && part.isForOthers) && isStale(part))
  if (stale.length === 0) return
  if (quiet) process.stderr.write('Building Tessera (first start, or the sources changed) …\n')
  mkdirSync(join(root, 'dist'), { recursive: true })
  const done = await Promise.all(
    stale.map(async part => {
      // What is saved while it builds is newer than the stamp, and built the next time.
      const begun = new Date()
      rmSync(part.stamp, { force: true })
      const ok = await run(part.run)
      if (ok) writeFileSync(part.stamp, begun.toISOString())
      if (ok) utimesSync(part.stamp, begun, begun)
      return ok
    }),
  )
  if (done.includes(false)) {
    process.stderr.write('The build failed; the messages above say where.\n')
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
