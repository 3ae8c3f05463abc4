// Debian's packages for the tests that need a program npm does not bring.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export const isRoot = process.getuid?.() === 0
const sudo = isRoot ? [] : ['sudo', '-n']

const run = ([program, ...args], stdio) => spawnSync(program, args, { stdio }).status === 0

/** Whether this machine has apt-get and lets us use it: as root, or by sudo without a password. */
export const hasApt = () => existsSync('/usr/bin/apt-get') && run([...sudo, 'true'], 'ignore')

/**
 * Runs apt-get, one at a time: two test runs may start at once, and apt-get does not wait for another's lists.
 *
 *     apt(['install', '-y', '-q', 'chromium'])
 */
export const apt = args => {
  const command = ['flock', '/var/cache/apt', 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
  if (!run([...sudo, ...command], ['ignore', 2, 2]))
    throw new Error(`apt-get ${args.join(' ')} failed; the messages above say why.`)
}
