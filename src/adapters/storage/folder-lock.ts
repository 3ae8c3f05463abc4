import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreRefused } from './store-refused.ts'

type Holder = {
  pid: number
  /** When the process started, in the kernel's ticks since boot, so that a pid used again is told apart; null where unknown. */
  processStart: string | null
  url: string
}

// Field 22 of /proc/<pid>/stat; the second field, the program's name, may itself hold spaces and brackets.
const processStart = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' // alive, and somebody else's
  }
}

const holds = (holder: Holder): boolean =>
  isAlive(holder.pid) && (holder.processStart === null || holder.processStart === processStart(holder.pid))

const readHolder = (file: string): Holder | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StoreRefused(`${file} cannot be read as a lock file. Delete it if no Tessera uses this folder.`, {
      cause: error,
    })
  }
}

/**
 * Makes this process the only one that uses a data folder; throws StoreRefused while another one lives.
 * A lock left by a process that was killed is taken over. Released by the function returned, and when the process exits.
 *
 *     const unlock = lockFolder('data', { url: 'http://127.0.0.1:8080' })
 */
export const lockFolder = (folder: string, { url }: { url: string }): (() => void) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'lock')
  const mine = join(folder, `lock.${process.pid}`)
  const holder: Holder = { pid: process.pid, processStart: processStart(process.pid), url }
  writeFileSync(mine, JSON.stringify(holder))
  try {
    take(file, mine)
  } finally {
    rmSync(mine, { force: true })
  }
  const unlock = () => {
    process.off('exit', unlock)
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
  }
  process.once('exit', unlock)
  return unlock
}

// A hard link is made whole and fails when the name exists, so a lock is never seen half written and never taken twice.
const take = (file: string, mine: string): void => {
  for (;;) {
    try {
      linkSync(mine, file)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const other = readHolder(file)
    if (other && holds(other)) {
      throw new StoreRefused(
        `The data folder ${join(file, '..')} is in use by process ${other.pid} (${other.url}). ` +
          'Use that server, stop it first, or choose another folder with TESSERA_DATA.',
      )
    }
    // Two may find the same stale lock: only one rename of it succeeds, and what was renamed is looked at again.
    const stale = `${file}.stale.${process.pid}`
    try {
      renameSync(file, stale)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      continue
    }
    const taken = readHolder(stale)
    if (taken && holds(taken)) linkSync(stale, file) // a third had just taken the lock over: give it back
    rmSync(stale)
  }
}
