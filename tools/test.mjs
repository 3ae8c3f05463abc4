// `npm test`: builds, checks types and style, runs every test, and ends with one line that counts them all.
// `npm test -- <pattern> …` builds and runs only the matching tests; vitest's options work too.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { count, lastLine } from './count-tests.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const program = path => join(root, 'node_modules', path)
const tsc = program('typescript/bin/tsc')

const run = (args, stdio) =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output += chunk))
    child.once('error', failed)
    child.once('close', code => done({ ok: code === 0, output }))
  })

const check = async ([name, ...args]) => {
  const { ok, output } = await run(args, ['ignore', 'pipe', 'pipe'])
  process.stdout.write(`${ok ? '✓' : '✗'} ${name}\n${ok ? '' : output}`)
  return { name, ok }
}

const filters = process.argv.slice(2)
const checks = [
  ['build', join(root, 'tools/build.mjs')],
  ['types', tsc, '-p', join(root, 'tsconfig.json')],
  ['types of core, without Node and DOM', tsc, '-p', join(root, 'tsconfig.core.json')],
  ['types of the faces, without Node', tsc, '-p', join(root, 'tsconfig.web.json')],
  ['style', program('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'],
]
const checked = await Promise.all(checks.slice(0, filters.length > 0 ? 1 : undefined).map(check))
if (filters.length === 0) {
  const sizes = await run([join(root, 'tools/sizes.mjs'), '--check'], ['ignore', 'pipe', 'pipe'])
  process.stdout.write(`${sizes.ok ? '✓' : '✗'} sizes of the faces, gzipped\n${sizes.output}`)
  checked.push({ name: 'sizes of the faces', ok: sizes.ok })
}

const folder = mkdtempSync(join(tmpdir(), 'tessera-results-'))
const results = join(folder, 'vitest.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
const { ok } = await run([program('vitest/vitest.mjs'), 'run', ...reporters, ...filters], 'inherit')
let report
try {
  report = JSON.parse(readFileSync(results, 'utf8'))
} catch {
  report = undefined // vitest died before it could report; `ok` is false and counts as the failure
}
rmSync(folder, { recursive: true, force: true })

const total = count(checked, report, ok)
const data = resolve(process.env.TESSERA_TEST_DATA ?? join(root, '../shared/data'))
if (total.noData > 0) console.log(`real data: not found at ${data}, ${total.noData} tests not run; see README`)
for (const name of total.alsoFailed) console.log(`failed: ${name}`)
console.log(lastLine(total))
process.exitCode = total.failed > 0 ? 1 : 0
