import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandFailed, defineCommand, jsonOption, urlOption } from '../command.ts'
import { connect, serverOf } from '../connect.ts'
import { localConfig } from '../settings.ts'
import { grouped } from '../table.ts'

/** Passes lines on and remembers the last one, which tells whether the dump is whole and how many rows it has. */
const lastLine = (): { through: (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>; text: () => string } => {
  const tailBytes = 64 * 1024
  let tail = Buffer.alloc(0)
  return {
    through: async function* (chunks) {
      for await (const chunk of chunks) {
        tail = Buffer.concat([tail, chunk]).subarray(-tailBytes)
        yield chunk
      }
    },
    text: () => tail.toString('utf8').trimEnd().split('\n').at(-1) ?? '',
  }
}

const rowsIn = (footer: string): number | undefined => {
  try {
    const { tessera, counts } = JSON.parse(footer) as { tessera?: string; counts?: Record<string, number> }
    return tessera === 'end' && counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : undefined
  } catch {
    return undefined
  }
}

const dumpFromServer = async (url: string | undefined, sink: Writable): Promise<number> => {
  const { tessera } = await connect(url)
  const watch = lastLine()
  const body = await tessera.dump()
  // Node's own type of a web stream and the browser's differ in name only.
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  await pipeline(source, watch.through, sink, { end: false })
  const rows = rowsIn(watch.text())
  if (rows === undefined) throw new CommandFailed('The dump was cut off: the server stopped before its end. Try again.')
  return rows
}

const dumpInto = async (url: string | undefined, sink: Writable): Promise<number> => {
  if (url !== undefined) return dumpFromServer(url, sink)
  const config = localConfig()
  // A PostgreSQL server is asked itself; an embedded store belongs to the process that has it open.
  if (config.databaseUrl === undefined && (await serverOf(config.folder)) !== undefined)
    return dumpFromServer(undefined, sink)
  const { dumpTo } = await import('../../server/backup.ts')
  return dumpTo(config, sink)
}

export const dump = defineCommand({
  name: 'dump',
  summary: 'Write everything into a file: the back-up, and the way to another store',
  usage: ['[<file>] [--json] [--url <address>]'],
  words: 1,
  options: { json: jsonOption, url: urlOption },
  examples: ['tessera dump tessera.ndjson', 'tessera dump | gzip > tessera.ndjson.gz'],
  run: async ({ values: { url, json }, positionals: [file = '-'], terminal: { out, err } }) => {
    if (file === '-') {
      if (json) throw new CommandFailed('With --json the dump goes to a file: tessera dump tessera.ndjson --json')
      const rows = await dumpInto(url, out)
      err.write(`${grouped(rows)} rows dumped.\n`)
      return 0
    }
    // Under another name until it is whole, so that a half dump never lies where yesterday's good one was.
    const unfinished = `${file}.part`
    const sink = createWriteStream(unfinished, { mode: 0o600 })
    try {
      const rows = await dumpInto(url, sink)
      await new Promise<void>((done, failed) => {
        sink.once('error', failed)
        sink.end(done)
      })
      renameSync(unfinished, file)
      out.write(
        json
          ? `${JSON.stringify({ file, rows })}\n`
          : `${grouped(rows)} rows are in ${file}. It holds personal data: keep it safe.\n`,
      )
      return 0
    } catch (error) {
      sink.destroy()
      rmSync(unfinished, { force: true })
      throw error
    }
  },
})
