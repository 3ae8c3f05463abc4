// Makes dist/ of the program's sources, file by file, in a second: only the types are taken out. Whether they hold is `npm run check`'s matter.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformWithOxc } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = ['core', 'contract', 'adapters', 'server', 'sdk', 'cli']

const filesUnder = folder =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const sourcesOf = folder =>
  filesUnder(join(root, 'src', folder)).filter(path => path.endsWith('.ts') && !path.endsWith('.test.ts'))

/** `…/src/core/x.ts` → `…/dist/core/x.js` */
const madeOf = path => join(root, 'dist', path.slice(join(root, 'src').length)).replace(/\.ts$/, '.js')

const transpile = async path => {
  const { code, map } = await transformWithOxc(readFileSync(path, 'utf8'), path, {
    target: 'es2023',
    sourcemap: true,
    tsconfig: false,
    typescript: { onlyRemoveTypeImports: true, rewriteImportExtensions: 'rewrite' },
  })
  const made = madeOf(path)
  mkdirSync(dirname(made), { recursive: true })
  writeFileSync(made, `${code}\n//# sourceMappingURL=${basename(made)}.map\n`)
  writeFileSync(`${made}.map`, JSON.stringify({ ...map, sources: [relative(dirname(made), path)] }))
  return made
}

const made = new Set(await Promise.all(folders.flatMap(sourcesOf).map(transpile)))

// What is left of sources that are gone.
for (const folder of folders)
  for (const path of filesUnder(join(root, 'dist', folder)))
    if (!made.has(path.replace(/(\.map|\.d\.ts)$/, '').replace(/(\.js)?$/, '.js'))) rmSync(path)
