// Writes src/sdk/api.ts from the contract; with --check it only compares, and fails when the file is not what it should be.
// The sources are loaded as they are, without a build: a build would need the very file this writes.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const load = async path => (await runnerImport(join(root, path), { configFile: false, logLevel: 'error', root })).module

const args = process.argv.slice(2)
const check = args.includes('--check')
const file = args.find(arg => !arg.startsWith('--')) ?? join(root, 'src/sdk/api.ts')

const { endpoints } = await load('src/contract/index.ts')
const { openApi } = await load('src/contract/openapi.ts')
const { printSdk } = await load('tools/print-sdk.ts')

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
const formatted = spawnSync(process.execPath, [biome, 'format', '--stdin-file-path=src/sdk/api.ts'], {
  cwd: root,
  input: printSdk(openApi(endpoints)),
  encoding: 'utf8',
})
if (formatted.status !== 0) throw new Error(formatted.stderr)

if (!check) writeFileSync(file, formatted.stdout)
else if (readFileSync(file, 'utf8') !== formatted.stdout) {
  process.stderr.write('src/sdk/api.ts is not what the contract says; run: node tools/generate-sdk.mjs\n')
  process.exitCode = 1
}
