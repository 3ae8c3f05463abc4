// Makes dist/browser/tessera.js: the client and the decision as one file for browsers, from the sources as they are.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

await build({
  configFile: false,
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  logLevel: 'warn',
  publicDir: false,
  build: {
    lib: {
      entry: fileURLToPath(new URL('../src/sdk/browser.ts', import.meta.url)),
      formats: ['es'],
      fileName: () => 'tessera.js',
    },
    outDir: 'dist/browser',
    emptyOutDir: false, // a page that loads it meanwhile gets the old one, not a 404
    target: 'es2023',
    reportCompressedSize: false,
    rolldownOptions: { output: { minify: true } }, // the library build alone keeps white space
  },
})
