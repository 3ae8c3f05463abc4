import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Faults that the harness must see, planted in a copy of the compiled program: in `file`, `from` becomes `to`.
 *
 * @type {Record<string, readonly { file: string, from: string | RegExp, to: string }[]>}
 */
const faults = {
  // Uses, persons, codes and budgets are never full.
  'no-limit-check': [
    {
      file: 'core/orders/limits.js',
      from: 'export const limitReached = (limits, usage, amount) => {',
      to: 'export const limitReached = () => undefined\nconst neverAsked = (limits, usage, amount) => {',
    },
  ],
  // A success is not remembered under its key.
  'no-idempotency-record': [
    {
      file: 'server/commit/writer.js',
      from: 'world.changes.newAnswers.set(idempotency.keyHash, answer)',
      to: 'void answer',
    },
  ],
  // The answer goes out while the batch has not even been written.
  'answer-before-commit': [
    {
      file: 'server/commit/writer.js',
      from: 'await save(tx, world);',
      to: 'early(outcomes); await save(tx, world);',
    },
    {
      file: 'server/commit/writer.js',
      from: 'options.database.transaction(tx => attempt(options, tx, items))',
      to: 'new Promise((resolve, reject) => options.database.transaction(tx => attempt(options, tx, items, resolve)).then(resolve, reject))',
    },
    {
      file: 'server/commit/writer.js',
      from: 'const attempt = async (options, tx, items) => {',
      to: 'const attempt = async (options, tx, items, early) => {',
    },
  ],
  // Each connection locks rows in an order of its own, and slowly, so that two meet in the middle.
  'unsorted-locks': ['orders', 'holders', 'counters'].map(table => {
    const id = table === 'counters' ? 'offer_id' : 'id'
    return {
      file: 'server/commit/lock.js',
      from: new RegExp(`(from ${table} where .*) order by ${id} for update`),
      to: `, pg_sleep(0.002) $1 order by md5(${id} || pg_backend_pid()) for update`,
    }
  }),
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
  for (const { file, from, to } of changes) {
    const path = join(folder, 'dist', file)
    const text = readFileSync(path, 'utf8')
    if (text.split(from).length === 1) {
      remove()
      throw new Error(`the fault ${fault} cannot be planted: dist/${file} does not have ${from}`)
    }
    writeFileSync(path, text.replace(from, to))
  }
  return { folder, remove }
}
