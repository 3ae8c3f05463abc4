import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { CommandFailed, defineCommand, jsonOption, UsageError } from '../command.ts'
import { serverOf } from '../connect.ts'
import { makeProgress } from '../progress.ts'
import { localConfig } from '../settings.ts'
import { grouped } from '../table.ts'

/** Opens the file before the store, so that a mistyped name makes no empty data folder. */
const openFile = async (file: string): Promise<NodeJS.ReadableStream> => {
  if (file === '-') return process.stdin
  const stream = createReadStream(file)
  await once(stream, 'open')
  return file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream
}

/** Made only once somebody reads: the interface begins at once, and what it reads before its reader comes is lost. */
const linesOf = async function* (input: NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}

export const load = defineCommand({
  name: 'load',
  summary: 'Fill an empty store from a dump, all of it or nothing; the server must be stopped',
  usage: ['<file> [--json]'],
  words: 1,
  options: { json: jsonOption },
  examples: [
    'TESSERA_DATA=./new tessera load tessera.ndjson',
    'DATABASE_URL=postgres://… tessera load tessera.ndjson.gz',
  ],
  run: async ({ values: { json }, positionals: [file], terminal: { out, err } }) => {
    if (file === undefined) throw new UsageError('Name the file that tessera dump wrote, or - for stdin.')
    const config = localConfig()
    if (config.databaseUrl === undefined) {
      const url = await serverOf(config.folder)
      if (url !== undefined) throw new CommandFailed(`The server at ${url} has this store open. Stop it, then load.`)
    }
    const input = await openFile(file)
    const { loadFrom } = await import('../../server/backup.ts')
    const progress = makeProgress(err, () => performance.now())
    try {
      const rows = await loadFrom(config, linesOf(input), done => progress.step('rows', done))
      progress.end()
      out.write(
        json ? `${JSON.stringify({ rows })}\n` : `${grouped(rows)} rows loaded. Start the server with npm start\n`,
      )
      return 0
    } finally {
      progress.end()
    }
  },
})
