import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Database } from '../adapters/storage/database.ts'
import { dump } from '../adapters/storage/dump.ts'
import { load } from '../adapters/storage/load.ts'
import { openStore } from '../adapters/storage/open.ts'
import { makeCatalogues } from './catalogue.ts'
import { makeWriter } from './commit/writer.ts'
import type { Config } from './config.ts'
import { openJournal, readJournal } from './people/erasure-journal.ts'
import { eraseAgain, journalErasures } from './people/keep-erasures.ts'
import { makeWorkspaces } from './workspaces.ts'

type Store = Pick<Config, 'folder' | 'databaseUrl'>

/** Waits until the reader took it; a reader that went away ends the dump instead of holding it for ever. */
const writeLine = async (sink: Writable, line: string): Promise<void> => {
  if (sink.destroyed) throw new Error('The reader of the dump went away')
  if (sink.write(`${line}\n`)) return
  const over = new AbortController()
  try {
    await Promise.race([
      once(sink, 'drain', over),
      once(sink, 'close', over).then(() => {
        throw new Error('The reader of the dump went away')
      }),
    ])
  } finally {
    over.abort()
  }
}

/** Writes every row of an open store, as it was at one instant; tells how many rows there were. Does not end `sink`. */
export const dumpInto = async (database: Database, sink: Writable): Promise<number> => {
  const { counts } = await dump(database, line => writeLine(sink, line))
  return sum(counts)
}

/**
 * Dumps a store that no server has open (or a PostgreSQL server, whoever uses it); tells how many rows there were.
 *
 *     await dumpTo({ folder: './data', databaseUrl: undefined }, createWriteStream('tessera.ndjson'))   // 51234
 *
 * Throws `StoreRefused` where the store cannot be opened.
 */
export const dumpTo = async (store: Store, sink: Writable): Promise<number> => {
  const database = await openStore(store)
  try {
    return await dumpInto(database, sink)
  } finally {
    await database.close()
  }
}

/**
 * Fills an empty store from the lines of a dump, all or nothing, and then erases again whom the dump still knows: those of the journal in
 * the data folder, and of `erasures`, a file of the same lines.
 *
 *     await loadFrom({ folder: './new', databaseUrl: undefined }, lines, rows => …)   // { rows: 51234, erased: 2 }
 *
 * Throws `StoreRefused` where the store is in use or not empty, or the dump or a list of erasures is damaged.
 */
export const loadFrom = async (
  store: Store,
  lines: AsyncIterable<string>,
  onProgress: (rows: number) => void,
  erasures?: string,
): Promise<{ readonly rows: number; readonly erased: number }> => {
  const journal = openJournal(store.folder)
  const entries = [...(await journal.read()), ...(erasures === undefined ? [] : await readJournal(erasures))]
  const database = await openStore(store)
  try {
    const rows = sum(await load(database, lines, onProgress))
    const random = (bytes: number): Uint8Array => randomBytes(bytes)
    const clock = Date.now
    const workspaces = makeWorkspaces({ database, clock, random })
    const writer = makeWriter({ database, workspaces, catalogues: makeCatalogues(), clock, random })
    const erased = await eraseAgain({ database, writer, workspaces, random, clock }, entries)
    await writer.close()
    await journalErasures(database, journal)
    return { rows, erased }
  } finally {
    await database.close()
  }
}

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0)
