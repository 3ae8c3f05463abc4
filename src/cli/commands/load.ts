import { once } from 'node:events'
import { accessSync, createReadStream } from 'node:fs'
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

const again = (erased: number): string =>
  erased === 0
    ? ''
    : ` ${grouped(erased)} ${erased === 1 ? 'person of it had been erased since, and is' : 'people of it had been erased since, and are'} again.`

export const load = defineCommand({
  name: 'load',
  summary: 'Fill an empty store from a dump, all of it or nothing; the server must be stopped',
  usage: ['<file> [--erasures <file>] [--json]'],
  words: 1,
  options: {
    erasures: {
      type: 'string',
      value: 'file',
      says: 'whom to erase again, as tessera erasures writes it; those in the data folder are erased anyway',
    },
    json: jsonOption,
  },
  examples: [
    'TESSERA_DATA=./new tessera load tessera.ndjson',
    'DATABASE_URL=postgres://… tessera load tessera.ndjson.gz',
  ],
  run: async ({ values: { json, erasures }, positionals: [file], terminal: { out, err } }) => {
    if (file === undefined) throw new UsageError('Name the file that tessera dump wrote, or - for stdin.')
    const config = localConfig()
    if (config.databaseUrl === undefined) {
      const url = await serverOf(config.folder)
      if (url !== undefined) throw new CommandFailed(`The server at ${url} has this store open. Stop it, then load.`)
    }
    if (erasures !== undefined) accessSync(erasures)
    const input = await openFile(file)
    const { loadFrom } = await import('../../server/backup.ts')
    const progress = makeProgress(err, () => performance.now())
    try {
      const { rows, erased } = await loadFrom(config, linesOf(input), done => progress.step('rows', done), erasures)
      progress.end()
      out.write(
        json
          ? `${JSON.stringify({ rows, erased })}\n`
          : `${grouped(rows)} rows loaded.${again(erased)} Start the server with npm start\n`,
      )
      return 0
    } finally {
      progress.end()
    }
  },
})
