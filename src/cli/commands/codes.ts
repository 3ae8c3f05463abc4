import { createReadStream, createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Tessera } from '../../sdk/index.ts'
import { CommandFailed, defineCommand, jsonOption, UsageError, urlOption, wholeNumber } from '../command.ts'
import { connect } from '../connect.ts'
import { csvRecords } from '../csv.ts'
import { notOneOf } from '../parse.ts'
import { formatTable, grouped } from '../table.ts'
import { untilDone } from '../until-done.ts'

/** What one call imports. */
const codesPerCall = 10_000

/** Streams CSV into the file, or to stdout, which stays open. */
const save = async (csv: ReadableStream<Uint8Array>, file: string | undefined, out: Writable): Promise<void> => {
  // Node's own type of a web stream and the browser's differ in name only.
  const source = Readable.fromWeb(csv as Parameters<typeof Readable.fromWeb>[0])
  if (file === undefined) await pipeline(source, out, { end: false })
  else await pipeline(source, createWriteStream(file, { mode: 0o600 }))
}

/** The codes of a CSV file: its column `code`, or its only column. */
const readCodes = async function* (file: string): AsyncGenerator<string> {
  let column: number | undefined
  for await (const { line, fields } of csvRecords(createReadStream(file), basename(file))) {
    if (column === undefined) {
      const named = fields.findIndex(field => field.trim().toLowerCase() === 'code')
      if (named < 0 && fields.length > 1)
        throw new CommandFailed(`${basename(file)}, line ${line}: several columns and none is named code.`)
      column = Math.max(named, 0)
      if (named >= 0) continue
    }
    yield fields[column] ?? ''
  }
}

export const codes = defineCommand({
  name: 'codes',
  summary: 'Make, import, export and look up codes',
  usage: [
    'generate --offer <id> --count <number> [--pattern <pattern>] [--out <file>]',
    'import <file> --offer <id> [--shared]',
    'export --offer <id> [--job <id>] [--out <file>]',
    'lookup <code>',
  ],
  words: 2,
  options: {
    offer: { type: 'string', value: 'id', says: 'the offer that the codes claim' },
    count: { type: 'string', value: 'number', says: 'how many unique codes to make, up to 1,000,000' },
    pattern: { type: 'string', value: 'pattern', says: 'each # becomes a character: ANA-####-####' },
    job: { type: 'string', value: 'id', says: 'only the codes that this job made' },
    shared: { type: 'boolean', says: 'everybody uses the same code' },
    out: { type: 'string', value: 'file', says: 'write the CSV there instead of to stdout' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera codes generate --offer off_… --count 100000 --pattern ANA-####-#### --out codes.csv',
    'tessera codes import codes.csv --offer off_…',
    'tessera codes lookup ana-7kq2-9xwmc',
  ],
  run: async ({ values, positionals: [action, what], terminal }) => {
    const { json, url, out: file, offer } = values
    const show = (value: unknown, text: string): void =>
      void terminal.out.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`)
    const offerId = (): string => {
      if (offer === undefined) throw new UsageError('Name the offer: --offer off_….')
      return offer
    }
    if (json && file === undefined && (action === 'generate' || action === 'export'))
      throw new UsageError('With --json the codes go to a file: --out codes.csv.')
    switch (action) {
      case 'generate': {
        if (values.count === undefined) throw new UsageError('Say how many: --count 1000.')
        const count = wholeNumber('count', values.count, { least: 1, most: 1_000_000 })
        const id = offerId()
        const { tessera } = await connect(url)
        const started = await tessera.createCodes(id, { count, ...(values.pattern ? { pattern: values.pattern } : {}) })
        if (!('state' in started)) throw new CommandFailed('The server imported codes where it was asked to make them.')
        const job = await untilDone(tessera, started, terminal, {
          what: 'codes',
          stopped: async job =>
            `The job ${job.id} goes on in the server; its codes: tessera codes export --job ${job.id}`,
        })
        await save(await tessera.exportCodes(id, { job: job.id }), file, terminal.out)
        if (file !== undefined) show(job, `${grouped(job.done)} codes are in ${file}.`)
        return 0
      }
      case 'export': {
        const id = offerId()
        const { tessera } = await connect(url)
        await save(await tessera.exportCodes(id, { job: values.job }), file, terminal.out)
        if (file !== undefined) show({ offer: id, file }, `The codes are in ${file}.`)
        return 0
      }
      case 'import': {
        if (what === undefined) throw new UsageError('Name the CSV file with the codes.')
        const id = offerId()
        const { tessera } = await connect(url)
        const shared = values.shared ?? false
        let imported = 0
        let part: string[] = []
        const send = async () => {
          if (part.length > 0) imported += await importPart(tessera, id, part, shared, imported)
          part = []
        }
        for await (const code of readCodes(what)) {
          part.push(code)
          if (part.length === codesPerCall) await send()
        }
        await send()
        show({ offer: id, imported }, `${grouped(imported)} codes imported.`)
        return 0
      }
      case 'lookup': {
        if (what === undefined) throw new UsageError('Name the code to look up.')
        const { tessera } = await connect(url)
        const { data } = await tessera.lookupCode(what)
        const table = formatTable(
          ['code', 'offer', 'campaign', 'kind', 'grant', 'uses', 'held'].map(head => ({
            head,
            isNumber: head === 'uses' || head === 'held',
          })),
          data.map(found => [
            found.code,
            found.offer,
            found.campaign,
            found.shared ? 'shared' : 'unique',
            found.grant ?? '',
            grouped(found.uses),
            grouped(found.held),
          ]),
        )
        show(data, table)
        return 0
      }
      default:
        throw new UsageError(notOneOf(action, ['generate', 'import', 'export', 'lookup']))
    }
  },
})

/** A refused part imported nothing; the parts before it stay, which the person has to know. */
const importPart = async (
  tessera: Tessera,
  offer: string,
  part: readonly string[],
  shared: boolean,
  before: number,
): Promise<number> => {
  try {
    const answer = await tessera.createCodes(offer, { codes: part, shared })
    return 'imported' in answer ? answer.imported : 0
  } catch (error) {
    if (before > 0 && error instanceof Error)
      throw new CommandFailed(`${error.message} The first ${grouped(before)} codes of the file were imported.`, {
        cause: error,
      })
    throw error
  }
}
