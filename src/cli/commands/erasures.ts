import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { defineCommand, jsonOption, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { grouped } from '../table.ts'

export const erasures = defineCommand({
  name: 'erasures',
  summary: 'List who was erased, for tessera load --erasures',
  usage: ['[--out <file>] [--json] [--url <address>]'],
  words: 0,
  options: {
    out: { type: 'string', value: 'file', says: 'where to write to; else stdout' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera erasures --out erasures.ndjson',
    'TESSERA_DATA=./new tessera load old.ndjson --erasures erasures.ndjson',
  ],
  run: async ({ values: { out: file, json, url }, terminal: { out } }) => {
    if (json && file === undefined) throw new UsageError('With --json the list goes to a file: --out erasures.ndjson.')
    const { tessera } = await connect(url)
    let count = 0
    const lines = async function* () {
      for await (const erasure of tessera.listErasures({ limit: 1000 })) {
        count += 1
        yield `${JSON.stringify(erasure)}\n`
      }
    }
    if (file === undefined) {
      for await (const line of lines()) out.write(line)
      return 0
    }
    await pipeline(lines(), createWriteStream(file, { mode: 0o600 }))
    out.write(
      json
        ? `${JSON.stringify({ file, erasures: count })}\n`
        : `${grouped(count)} ${count === 1 ? 'erasure is' : 'erasures are'} in ${file}.\n`,
    )
    return 0
  },
})
