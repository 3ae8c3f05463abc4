import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Database } from '../adapters/storage/database.ts'
import { dump } from '../adapters/storage/dump.ts'
import { load } from '../adapters/storage/load.ts'
import { openStore } from '../adapters/storage/open.ts'
import type { Config } from './config.ts'

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
 * Fills an empty store from the lines of a dump, all or nothing; tells how many rows there were.
 *
 *     await loadFrom({ folder: './new', databaseUrl: undefined }, lines, rows => …)   // 51234
 *
 * Throws `StoreRefused` where the store is in use or not empty, or the dump is damaged.
 */
export const loadFrom = async (
  store: Store,
  lines: AsyncIterable<string>,
  onProgress: (rows: number) => void,
): Promise<number> => {
  const database = await openStore(store)
  try {
    return sum(await load(database, lines, onProgress))
  } finally {
    await database.close()
  }
}

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0)
