// Makes what browsers load, from the sources as they are: dist/browser/tessera.js, the client and the decision, and dist/browser/offline.js,
// what a till without a network decides by.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { slimEngine } from './slim-engine.mjs'

const bundle = (entry, fileName, plugins) =>
  build({
    configFile: false,
    root: dirname(dirname(fileURLToPath(import.meta.url))),
    logLevel: 'warn',
    publicDir: false,
    plugins,
    build: {
      lib: {
        entry: fileURLToPath(new URL(`../src/sdk/${entry}`, import.meta.url)),
        formats: ['es'],
        fileName: () => fileName,
      },
      outDir: 'dist/browser',
      emptyOutDir: false, // a page that loads it meanwhile gets the old one, not a 404
      target: 'es2023',
      reportCompressedSize: false,
      rolldownOptions: { output: { minify: true } }, // the library build alone keeps white space
    },
  })

await bundle('browser.ts', 'tessera.js', [])
await bundle('offline.ts', 'offline.js', [slimEngine()])
