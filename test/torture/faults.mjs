import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Faults that the harness must see, planted in a copy of the compiled program: in `file`, `from` becomes `to` as often as `times` says.
 *
 * @type {Record<string, readonly { file: string, from: string, to: string, times: number }[]>}
 */
const faults = {
  // Uses, persons, codes and budgets are never full.
  'no-limit-check': [
    {
      file: 'core/orders/limits.js',
      from: 'export const limitReached = (limits, usage, amount) => {',
      to: 'export const limitReached = () => undefined\nconst neverAsked = (limits, usage, amount) => {',
      times: 1,
    },
  ],
  // A success is not remembered under its key.
  'no-idempotency-record': [
    {
      file: 'server/commit/writer.js',
      from: 'world.changes.newAnswers.set(idempotency.keyHash, answer)',
      to: 'void answer',
      times: 1,
    },
  ],
  // The answer goes out while the batch has not even been written.
  'answer-before-commit': [
    {
      file: 'server/commit/writer.js',
      from: 'await save(tx, world);',
      to: 'early(outcomes); await save(tx, world);',
      times: 1,
    },
    {
      file: 'server/commit/writer.js',
      from: 'options.database.transaction(tx => attempt(options, tx, items))',
      to: 'new Promise((resolve, reject) => options.database.transaction(tx => attempt(options, tx, items, resolve)).then(resolve, reject))',
      times: 1,
    },
    {
      file: 'server/commit/writer.js',
      from: 'const attempt = async (options, tx, items) => {',
      to: 'const attempt = async (options, tx, items, early) => {',
      times: 1,
    },
  ],
  // Rows are locked in an order of each connection's own.
  'unsorted-locks': [
    {
      file: 'server/commit/lock.js',
      from: 'order by id for update',
      to: 'order by md5(id || pg_backend_pid()) for update',
      times: 2,
    },
    {
      file: 'server/commit/lock.js',
      from: 'order by offer_id for update',
      to: 'order by md5(offer_id || pg_backend_pid()) for update',
      times: 1,
    },
  ],
}

export const faultNames = Object.keys(faults)

/**
 * Copies the compiled program to a folder of its own, so that a build meanwhile disturbs nothing, and plants the fault if one is
 * named. Throws where the code to change is not found: a fault that is not there would prove nothing.
 *
 *     const program = copyProgram('no-limit-check')   // { folder: '/tmp/tessera-torture-program-x', remove }
 *
 * @param {string} [fault]
 */
export const copyProgram = fault => {
  const changes = fault === undefined ? [] : faults[fault]
  if (!changes) throw new Error(`there is no fault ${fault}; there are ${faultNames.join(', ')}`)
  const folder = mkdtempSync(join(tmpdir(), 'tessera-torture-program-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { file, from, to, times } of changes) {
    const path = join(folder, 'dist', file)
    const parts = readFileSync(path, 'utf8').split(from)
    if (parts.length !== times + 1) {
      remove()
      throw new Error(
        `the fault ${fault} cannot be planted: dist/${file} has ${parts.length - 1} times, not ${times}: ${from}`,
      )
    }
    writeFileSync(path, parts.join(to))
  }
  return { folder, remove }
}
