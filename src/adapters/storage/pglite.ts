import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { clientSettings, inTransaction, on, sessionSettings } from './client.ts'
import { copyCluster } from './copy-cluster.ts'
import type { Database } from './database.ts'
import type { FromWorker, ToWorker } from './pglite-worker.ts'
import { turns } from './turns.ts'

// Node 20 does not run TypeScript and a worker is outside a test runner's reach, so tests, too, use the compiled worker.
const workerFile = () => {
  const here = fileURLToPath(import.meta.url)
  if (!here.endsWith('.ts')) return join(here, '../pglite-worker.js')
  const compiled = join(here, '../../../../dist/adapters/storage/pglite-worker.js')
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: run \`npm run build\` first`)
  return compiled
}

// What the driver takes for a socket: bytes written go to the worker, bytes that come back are read.
const socketTo = (worker: Worker): Duplex => {
  const post = (chunks: readonly Uint8Array[]) => {
    const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
    let at = 0
    for (const chunk of chunks) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    worker.postMessage(bytes satisfies ToWorker, [bytes.buffer])
  }
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Uint8Array, _, done) => {
      post([chunk])
      done()
    },
    writev: (chunks: { chunk: Uint8Array }[], done) => {
      post(chunks.map(({ chunk }) => chunk))
      done()
    },
    final: done => {
      worker.postMessage('close' satisfies ToWorker)
      done()
    },
  })
  worker.on('message', (message: FromWorker) => {
    if (message instanceof Uint8Array) socket.push(Buffer.from(message.buffer))
    else if (message === 'closed') socket.push(null)
  })
  worker.on('error', error => socket.destroy(error))
  worker.on('exit', () => socket.destroy())
  const nothing = () => socket
  return Object.assign(socket, {
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
    connect: () => {
      queueMicrotask(() => socket.emit('connect'))
      return socket
    },
  })
}

export interface EmbeddedDatabase extends Database {
  readonly kind: 'pglite'
  /** The folder with PostgreSQL's files. */
  readonly folder: string
  /** How many statements and transactions were asked for so far, and how many of them run or wait. */
  load(): { taken: number; waiting: number }
  /**
   * Copies the files to a folder that does not exist yet, so that `openPglite` on it sees everything committed before
   * the call, and nothing torn. Reads and writes go on meanwhile.
   */
  snapshot(toFolder: string): Promise<void>
}

/**
 * Opens the embedded PostgreSQL (PGlite) that keeps its files under `folder`, and makes it when there is none.
 * It has one connection: statements and transactions take turns, in the order they came.
 * Only one process may have a folder open; `openStore` guards that.
 *
 *     const database = await openPglite({ folder: 'data/pglite' })
 */
export const openPglite = async ({ folder }: { folder: string }): Promise<EmbeddedDatabase> => {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  const worker = new Worker(workerFile(), { workerData: { folder }, execArgv: [] })
  await once(worker, 'message') // 'ready'
  const client = new pg.Client({
    stream: () => socketTo(worker),
    user: 'postgres',
    database: 'postgres',
    ...clientSettings,
  })
  client.on('error', () => {}) // when the thread dies, what runs on it is rejected
  await client.connect()
  // ANALYZE holds the only connection: its sample is kept to 3,000 rows, 16 ms, instead of 30,000, 220 ms.
  await client.query(`${sessionSettings}; SET default_statistics_target = 10`)

  const turn = turns()
  const connection = on(client)
  const query: Database['query'] = (sql, params, name) => turn.take(() => connection.query(sql, params, name))
  const snapshots = turns()

  return {
    kind: 'pglite',
    folder,
    load: turn.count,
    query,
    script: sql => turn.take(() => connection.script(sql)),
    transaction: work => turn.take(() => inTransaction(client, work)),
    snapshot: toFolder => snapshots.take(() => copyCluster(query, folder, toFolder)),
    close: () => turn.take(() => client.end()),
  }
}
