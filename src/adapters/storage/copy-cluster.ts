import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queryable } from './database.ts'

// What belongs to the running server, or is rebuilt when the copy starts.
const left = new Set(['postmaster.pid', 'postmaster.opts', 'pg_stat_tmp', 'pg_wal'])

const copyFolder = async (from: string, to: string, leave: ReadonlySet<string> = new Set()): Promise<void> => {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (leave.has(entry.name)) continue
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) await copyFolder(source, target)
    else await copyFile(source, target, constants.COPYFILE_FICLONE).catch(unlessGone)
  }
}

// A table dropped meanwhile takes its files along.
const unlessGone = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error
}

/**
 * PostgreSQL's own online backup (its manual, "Making a Base Backup Using the Low Level API"): files are copied while
 * they change, then the write-ahead log of that time, from which the copy repairs itself when it is opened.
 * The alternative, to stop writes for the copy, would hold the one connection for seconds.
 */
export const copyCluster = async (query: Queryable['query'], from: string, to: string): Promise<void> => {
  await query(`SELECT pg_backup_start('tessera', true)`)
  let label: string | undefined
  try {
    await copyFolder(from, to, left)
  } finally {
    const { rows } = await query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    label = rows[0]?.labelfile
  }
  await writeFile(join(to, 'backup_label'), label!)
  await copyFolder(join(from, 'pg_wal'), join(to, 'pg_wal'))
}
