/**
 * The thread in which the embedded PostgreSQL lives. It knows nothing of queries: bytes of the PostgreSQL protocol come
 * in and go out, so nothing is parsed, converted or cloned here, and the main thread uses the same driver for both stores.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/** Bytes are protocol messages, to be answered with bytes; `close` is answered with `closed`; `ready` comes once, first. */
export type ToWorker = Uint8Array<ArrayBuffer> | 'close'
export type FromWorker = Uint8Array<ArrayBuffer> | 'ready' | 'closed'

const port = parentPort!
const { folder } = workerData as { folder: string }

// Creating a cluster takes seconds and is no single step: one that was cut short is started again.
const creating = `${folder}.creating`
if (existsSync(creating)) rmSync(folder, { recursive: true, force: true })
const isNew = !existsSync(join(folder, 'PG_VERSION'))
if (isNew) writeFileSync(creating, '')
const pglite = new PGlite(folder)
await pglite.waitReady
if (isNew) rmSync(creating)

const send = (message: FromWorker) => port.postMessage(message, message instanceof Uint8Array ? [message.buffer] : [])

const answer = async (request: Uint8Array<ArrayBuffer>) => {
  const parts: Uint8Array<ArrayBuffer>[] = []
  // The parts are views of the engine's memory and must be copied. Every write is in the operating system's hands when
  // this returns (PGlite keeps no write behind on a file system), which is what survives SIGKILL.
  await pglite.execProtocolRawStream(request, { syncToFs: false, onRawData: part => parts.push(part.slice()) })
  if (parts.length === 1) return send(parts[0]!)
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  send(whole)
}

port.on('message', async (message: ToWorker) => {
  if (message !== 'close') return answer(message)
  await pglite.close()
  send('closed')
  port.close()
})

send('ready')
