import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { exportFormats } from '../../contract/exports.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import type { Tessera } from '../../sdk/index.ts'
import { CommandFailed, defineCommand, jsonOption, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { importKinds } from '../import/targets.ts'
import { notOneOf } from '../parse.ts'
import { grouped } from '../table.ts'

type Query = NonNullable<Parameters<Tessera['exportPeople']>[0]> & NonNullable<Parameters<Tessera['exportBalances']>[0]>

/** Beside what can be imported, what is only told. */
const exportKinds = [...importKinds, 'liability', 'adjustments', 'balances'] as const
type ExportKind = (typeof exportKinds)[number]

/** What narrows each kind down. */
const narrowed: Readonly<Record<ExportKind, readonly ('since' | 'segment' | 'at')[]>> = {
  people: ['since', 'segment'],
  events: ['since', 'segment'],
  orders: ['since', 'segment'],
  segments: ['since', 'segment'],
  consents: ['since', 'segment'],
  liability: [],
  adjustments: ['since'],
  balances: ['at'],
}

const exportOf = (tessera: Tessera, kind: ExportKind, query: Query): Promise<ReadableStream<Uint8Array>> => {
  switch (kind) {
    case 'people':
      return tessera.exportPeople(query)
    case 'events':
      return tessera.exportEvents(query)
    case 'orders':
      return tessera.exportOrders(query)
    case 'segments':
      return tessera.exportSegments(query)
    case 'consents':
      return tessera.exportConsents(query)
    case 'liability':
      return tessera.exportLiability(query)
    case 'adjustments':
      return tessera.exportAdjustments(query)
    case 'balances':
      return tessera.exportBalances(query)
  }
}

/** Counts what passes. */
const counting = () => {
  let bytes = 0
  return {
    through: async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const piece of pieces) {
        bytes += piece.length
        yield piece
      }
    },
    bytes: () => bytes,
  }
}

const save = async (body: ReadableStream<Uint8Array>, sink: Writable, gzip: boolean, end: boolean): Promise<number> => {
  // Node's own type of a web stream and the browser's differ in name only.
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  const count = counting()
  try {
    if (gzip) await pipeline(source, count.through, createGzip(), sink, { end })
    else await pipeline(source, count.through, sink, { end })
  } catch (cause) {
    if ((cause as Error).name === 'TypeError' || (cause as NodeJS.ErrnoException).code?.startsWith('UND_'))
      throw new CommandFailed('The export was cut off: the server stopped before its end. Try again.', { cause })
    throw cause
  }
  return count.bytes()
}

export const exportRows = defineCommand({
  name: 'export',
  summary: 'Write people, events, orders, segments, consents, or what is owed and to whom, into a file',
  usage: [`<${exportKinds.join('|')}> [--out <file>] [--format <csv|ndjson>] [--gzip] [--url <address>]`],
  words: 1,
  options: {
    out: { type: 'string', value: 'file', says: 'write there instead of to stdout' },
    format: { type: 'string', value: 'format', says: 'csv, or ndjson: one JSON object a line' },
    gzip: { type: 'boolean', says: 'packed' },
    since: { type: 'string', value: 'time', says: 'only what is of this time or later, such as 2026-03-01T00:00:00Z' },
    segment: { type: 'string', value: 'id', says: 'only of people in this segment' },
    at: { type: 'string', value: 'time', says: 'balances as they were then' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera export people --out people.csv',
    'tessera export events --since 2026-03-01T00:00:00Z --format ndjson --gzip --out events.ndjson.gz',
    'tessera export orders --segment vip | head',
    'tessera export liability --out liability.csv',
    'tessera export balances --at 2026-10-31T23:00:00Z --out balances.csv',
  ],
  run: async ({ values, positionals: [what], terminal: { out, err } }) => {
    const kind = exportKinds.find(it => it === what)
    if (kind === undefined) throw new UsageError(notOneOf(what, exportKinds))
    const { out: file, since, segment, at, gzip = false, json = false } = values
    const format = exportFormats.find(it => it === (values.format ?? 'csv'))
    if (format === undefined) throw new UsageError(`--format: ${notOneOf(values.format, exportFormats)}`)
    for (const [name, time] of Object.entries({ since, at }))
      if (time !== undefined && parseInstant(time) === undefined)
        throw new UsageError(`--${name} is "${time}"; it takes a time such as 2026-03-01T00:00:00Z.`)
    for (const [name, given] of Object.entries({ since, segment, at }))
      if (given !== undefined && !narrowed[kind].some(it => it === name))
        throw new UsageError(`The export of ${kind} has no --${name}.`)
    if (json && file === undefined) throw new UsageError(`With --json the rows go to a file: --out ${kind}.${format}.`)
    const { tessera } = await connect(values.url)
    const body = await exportOf(tessera, kind, {
      format,
      ...(since !== undefined && { since }),
      ...(segment !== undefined && { segment }),
      ...(at !== undefined && { at }),
    })
    if (file === undefined) {
      await save(body, out, gzip, false)
      return 0
    }
    // Under another name until it is whole, as a dump.
    const unfinished = `${file}.part`
    try {
      const bytes = await save(body, createWriteStream(unfinished, { mode: 0o600 }), gzip, true)
      renameSync(unfinished, file)
      if (json) out.write(`${JSON.stringify({ kind, file, bytes })}\n`)
      else
        err.write(
          `${grouped(bytes)} bytes of ${kind} are in ${file}.${kind === 'liability' || kind === 'adjustments' ? '' : ' They are personal data: keep them safe.'}\n`,
        )
      return 0
    } catch (error) {
      rmSync(unfinished, { force: true })
      throw error
    }
  },
})
