import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Database, Queryable } from './database.ts'
import { type EmbeddedDatabase, openPglite } from './pglite.ts'
import { dataTables, migrationOf, quoted, type Table } from './tables.ts'

/**
 * A dump is text, one JSON object a line: a header, the rows, a footer. Every value is the text by which PostgreSQL itself
 * reads and writes its type, or null: numbers, instants and JSON never pass through JavaScript and come back exactly.
 *
 *     {"tessera":"dump","format":1,"migration":1,"takenAt":"2026-11-22T17:19:36.178Z"}
 *     {"t":"members","r":{"workspace_id":"default","holder_id":"hol_1","campaign_id":"cmp_1","added_at":"2026-11-22 17:19:36.178123+00"}}
 *     {"tessera":"end","counts":{"members":1},"sha256":"…"}
 */
export type DumpHeader = { tessera: 'dump'; format: number; migration: number; takenAt: string }
export type DumpRow = { t: string; r: Record<string, string | null> }
/** `sha256` is taken over all lines before this one, each with its line feed. */
export type DumpFooter = { tessera: 'end'; counts: Record<string, number>; sha256: string }

export const dumpFormat = 1

/** How many rows are in hand at once, on the way out and in: memory stays flat and no statement runs long. */
export const batchRows = 1_000

type Write = (line: string) => Promise<void> | void

/**
 * Writes the whole store, as it was at one instant, line by line (without line feeds). Reads and writes go on meanwhile.
 *
 *     await dump(database, line => file.write(`${line}\n`))
 */
export const dump = async (database: Database, write: Write): Promise<DumpFooter> => {
  if (!isEmbedded(database)) return dumpFrom(database, write)
  // The embedded store has one connection, which a dump must not hold: it is read from a copy of the files.
  const folder = await mkdtemp(join(dirname(database.folder), snapshotPrefix))
  try {
    await database.snapshot(join(folder, 'pglite'))
    const copy = await openPglite({ folder: join(folder, 'pglite') })
    try {
      return await dumpFrom(copy, write)
    } finally {
      await copy.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Folders of this prefix beside the store belong to a dump; one that is found when the store is opened was left behind. */
export const snapshotPrefix = 'snapshot-'

const isEmbedded = (database: Database): database is EmbeddedDatabase => 'snapshot' in database

const dumpFrom = (database: Database, write: Write): Promise<DumpFooter> =>
  database.transaction(async tx => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const hash = createHash('sha256')
    const put = (line: string) => {
      hash.update(line).update('\n')
      return write(line)
    }
    const { rows } = await tx.query<{ at: number }>('SELECT now() AS at')
    const takenAt = new Date(rows[0]!.at).toISOString()
    const header: DumpHeader = { tessera: 'dump', format: dumpFormat, migration: await migrationOf(tx), takenAt }
    await put(JSON.stringify(header))
    const counts: Record<string, number> = {}
    for (const table of await dataTables(tx)) counts[table.name] = await dumpTable(tx, table, put)
    const footer: DumpFooter = { tessera: 'end', counts, sha256: hash.digest('hex') }
    await write(JSON.stringify(footer))
    return footer
  })

const dumpTable = async (tx: Queryable, { name, columns }: Table, put: Write): Promise<number> => {
  const texts = columns.map(column => `${quoted(column.name)}::text`).join(', ')
  await tx.query(
    `DECLARE dump NO SCROLL CURSOR FOR SELECT row_to_json(r)::text AS r FROM (SELECT ${texts} FROM ${quoted(name)}) r`,
  )
  const start = `{"t":${JSON.stringify(name)},"r":`
  let count = 0
  for (;;) {
    const { rows } = await tx.query<{ r: string }>(`FETCH ${batchRows} FROM dump`)
    for (const { r } of rows) await put(`${start}${r}}`)
    count += rows.length
    if (rows.length < batchRows) break
  }
  await tx.query('CLOSE dump')
  return count
}
