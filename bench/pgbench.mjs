import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findPostgres } from '../tools/postgres.mjs'

/** @param {string} program @param {readonly string[]} args */
const output = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
    child.once('error', reject)
    child.once('close', code => (code === 0 ? resolve(text) : reject(new Error(`pgbench ended with ${code}: ${text}`))))
  })

/**
 * PostgreSQL's own yardstick: the default script (TPC-B: three updates, a select and an insert a transaction), prepared, at scale
 * 10, on a database of the server that is measured. Undefined where the program is not installed.
 *
 * @param {string} url of an empty database
 */
export const preparePgbench = async url => {
  // PATH may name the server by a link; what belongs to it lies beside the file itself.
  const program = join(dirname(realpathSync(join(findPostgres() ?? '', 'postgres'))), 'pgbench')
  if (!existsSync(program)) {
    process.stderr.write(
      'pgbench is missing beside the programs of PostgreSQL; Debian has it in the package postgresql.\n',
    )
    return undefined
  }
  await output(program, ['--initialize', '--scale=10', '--quiet', url])
  /** Transactions a second. @param {number} clients @param {number} seconds */
  return async (clients, seconds) => {
    const args = ['--protocol=prepared', `--client=${clients}`, '--jobs=2', `--time=${Math.ceil(seconds)}`, url]
    return Number(/tps = ([\d.]+)/.exec(await output(program, args))?.[1])
  }
}
