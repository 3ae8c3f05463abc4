import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Erasure } from '../../sdk/index.ts'
import { defineCommand, jsonOption, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { notOneOf } from '../parse.ts'
import { grouped } from '../table.ts'

/** `3 identifiers, 41 events, 1 gift card, 640 points:club that end`, without what there is none of; value in smallest units. */
const describeCounts = ({ value, giftCards, ...counts }: Erasure['counts']): string =>
  [
    ...Object.entries({ ...counts, 'gift cards': giftCards })
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${grouped(count)} ${count === 1 ? what.slice(0, -1) : what}`),
    ...Object.entries(value).map(([asset, amount]) => `${grouped(amount)} ${asset} that end`),
  ].join(', ')

const describeErasure = (erasure: Erasure): string => {
  const { person, counts, job } = erasure
  const what = `${person}: ${describeCounts(counts)}`
  switch (erasure.state) {
    case 'dryRun':
      return `Would erase ${what}. This cannot be undone; say --yes to do it.`
    case 'erasing':
      return `Erased ${what}. Nobody finds her any more; ${job} empties the rest.`
    case 'done':
      return `Erased ${what}.`
  }
}

/** Under another name until it is whole: half a page looks like one. */
const save = async (source: Readable, file: string): Promise<void> => {
  const unfinished = `${file}.part`
  try {
    await pipeline(source, createWriteStream(unfinished, { mode: 0o600 }))
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

export const person = defineCommand({
  name: 'person',
  summary: 'Export everything of a person, or erase her',
  usage: [
    'export <reference> [--out <file.json|file.html>]',
    'erase <reference> --reason <code> [--request <id>] [--yes]',
  ],
  words: 2,
  options: {
    out: {
      type: 'string',
      value: 'file',
      says: 'where to write to, a page to read where it ends in .html; else stdout',
    },
    reason: { type: 'string', value: 'code', says: 'why, a short code such as requested; kept for ever' },
    request: { type: 'string', value: 'id', says: 'your own id of the request; the same id is one erasure for ever' },
    yes: { type: 'boolean', says: 'do it; without it this says what it would do' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera person export email:ana@example.com --out ana.html',
    'tessera person erase email:ana@example.com --reason requested --request ticket-4711 --yes',
  ],
  run: async ({ values, positionals: [action, reference], terminal: { out } }) => {
    const { json, url, out: file } = values
    if (action !== 'export' && action !== 'erase') throw new UsageError(notOneOf(action, ['export', 'erase']))
    if (reference === undefined) throw new UsageError('Name the person: a person id, or such as email:ana@example.com.')
    if (action === 'export') {
      if (json && file === undefined) throw new UsageError('With --json the export goes to a file: --out ana.json.')
      const { tessera } = await connect(url)
      const body = await tessera.exportPerson(reference, { format: file?.endsWith('.html') ? 'html' : 'json' })
      // Node's own type of a web stream and the browser's differ in name only.
      const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
      if (file === undefined) await pipeline(source, out, { end: false })
      else {
        await save(source, file)
        out.write(json ? `${JSON.stringify({ file })}\n` : `Everything is in ${file}. It is personal: keep it safe.\n`)
      }
      return 0
    }
    if (values.reason === undefined) throw new UsageError('Say why: --reason requested.')
    const { reason, request } = values
    const { tessera } = await connect(url)
    const erasure = await tessera.erasePerson(
      reference,
      { reason, ...(request !== undefined && { requestId: request }) },
      { dryRun: values.yes !== true },
    )
    out.write(`${json ? JSON.stringify(erasure) : describeErasure(erasure)}\n`)
    return 0
  },
})
