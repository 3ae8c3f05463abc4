// Makes dist/faces/{console,wallet,till}: the web faces, each with its text files beside themselves in gzip and brotli.
//
//     node tools/faces.mjs            all three
//     node tools/faces.mjs wallet     one
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { slimEngine } from './slim-engine.mjs'
import { smallWords } from './small-words.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Each face and where it is served; those that work without a network have a service worker. */
export const faces = [
  { name: 'console', base: '/', offline: false },
  { name: 'wallet', base: '/wallet/', offline: true },
  { name: 'till', base: '/till/', offline: true },
]

const shared = {
  configFile: false,
  logLevel: 'warn',
  plugins: [react()],
}

const output = {
  target: 'es2023',
  reportCompressedSize: false,
  chunkSizeWarningLimit: 1000, // tools/sizes.mjs --check holds the limits, gzipped
}

/** How long plug-ins took is nothing to read at a first start. */
const quietChecks = { bundlerTimings: false, pluginTimings: false }

const filesUnder = folder =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()

/** On a phone at a counter few files load sooner, and twenty small ones compress worse than one. */
const sharedFile = { codeSplitting: { groups: [{ name: 'shared', minShareCount: 4 }] } }

const buildPages = ({ name, base, offline }) =>
  build({
    ...shared,
    // A till decides by packs, which bring what was checked already.
    plugins: [react(), ...(offline ? [smallWords()] : []), ...(name === 'till' ? [slimEngine()] : [])],
    root: join(root, 'src', name),
    base,
    build: {
      ...output,
      outDir: join(root, 'dist/faces', name),
      emptyOutDir: true,
      manifest: true,
      assetsInlineLimit: 0, // the policy of the pages lets data: in for pictures only
      modulePreload: { polyfill: false },
      rolldownOptions: { output: offline ? sharedFile : {}, checks: quietChecks },
    },
  })

/** The worker keeps every file of its face, so its name is that of all of them together: a new build is a new worker. */
const buildWorker = async ({ name, base }) => {
  const folder = join(root, 'dist/faces', name)
  const kept = filesUnder(folder).filter(file => !file.includes('/.vite/') && !file.endsWith('/index.html'))
  const hash = createHash('sha256')
  for (const file of [...kept, join(folder, 'index.html')]) hash.update(readFileSync(file))
  await build({
    ...shared,
    root,
    define: {
      __CACHE__: JSON.stringify(`tessera-${name}-${hash.digest('hex').slice(0, 12)}`),
      __PAGE__: JSON.stringify(base.slice(0, -1)),
      __FILES__: JSON.stringify(kept.map(file => base + relative(folder, file))),
    },
    build: {
      ...output,
      lib: {
        entry: fileURLToPath(new URL('../src/faces/service-worker.ts', import.meta.url)),
        formats: ['es'],
        fileName: () => 'service-worker.js',
      },
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: { output: { minify: true }, checks: quietChecks },
    },
  })
}

const compress = async folder => {
  const texts = filesUnder(folder).filter(
    file => !file.includes('/.vite/') && /\.(js|css|json|svg|webmanifest)$/.test(file),
  )
  const toBrotli = promisify(brotliCompress)
  const toGzip = promisify(gzip)
  await Promise.all(
    texts.map(async file => {
      const text = await readFile(file)
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: text.length }
      await writeFile(`${file}.gz`, await toGzip(text, { level: 9 }))
      await writeFile(`${file}.br`, await toBrotli(text, { params }))
    }),
  )
}

export const buildFace = async face => {
  await buildPages(face)
  if (face.offline) await buildWorker(face)
  await compress(join(root, 'dist/faces', face.name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2)
  await Promise.all(faces.filter(face => names.length === 0 || names.includes(face.name)).map(buildFace))
}
