import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { isCurrency } from '../../core/kernel/money.ts'
import { isTimeZone } from '../../core/kernel/time.ts'
import { createTessera, type Tessera, TesseraRefusal } from '../../sdk/index.ts'
import { CommandFailed, defineCommand, jsonOption, UsageError, urlOption, wholeNumber } from '../command.ts'
import { connect } from '../connect.ts'
import { badRowsFile } from '../import/bad-rows.ts'
import { cellReader, isTwoDates, textOf } from '../import/cells.ts'
import { consentsReader } from '../import/consents.ts'
import { describeImport } from '../import/describe-import.ts'
import { eventsReader } from '../import/events.ts'
import { type Input, openInput } from '../import/input.ts'
import {
  type DateFormat,
  dateFormats,
  describeMapping,
  guessMapping,
  type Mapping,
  readMapping,
  readSet,
  writeMapping,
} from '../import/mapping.ts'
import { ordersReader } from '../import/orders.ts'
import { peopleReader } from '../import/people.ts'
import { paceFrom, tellPace } from '../import/rate.ts'
import type { ReaderOptions, RowReader } from '../import/reader.ts'
import { runImport } from '../import/run-import.ts'
import { segmentsReader } from '../import/segments.ts'
import { type Send, sendConsents, sendEvents, sendMembers } from '../import/send.ts'
import { openState, stateFile } from '../import/state.ts'
import { type ImportKind, identityTypes, importKinds, lineLists, targetNames } from '../import/targets.ts'
import { notOneOf } from '../parse.ts'
import { makeProgress } from '../progress.ts'

/** How rows become calls; an import that goes on must read as the one that stopped did, so a change of it is a new number. */
const readingVersion = 1
const itemsPerCall = 500
/** Patient: an import runs for hours beside a server that is restarted. */
const retries = 8
/** A list of a million people is read in one call. */
const streamTimeoutMs = 6 * 3_600_000

const identity = [...identityTypes, 'identifier', 'identifiers'] as const

/** What a kind of row cannot do without: one of each list. */
const needed: Readonly<Record<ImportKind, readonly (readonly string[])[]>> = {
  people: [identity],
  events: [identity, ['event', 'type']],
  orders: [['order'], ['date'], ['quantity'], ['unitPrice']],
  segments: [['segment'], identity],
  consents: [['address', ...identity], ['channel'], ['purpose'], ['state']],
}

const checkNeeded = ({ kind, columns, set }: Mapping, input: Input): void => {
  const mapped = [...Object.values(columns).map(({ to }) => to), ...Object.keys(set)]
  const missing = needed[kind].find(
    list =>
      !list.some(to => mapped.includes(to)) && !(list === identity && mapped.some(to => /^identifiers\./.test(to))),
  )
  if (!missing) return
  const names = (targetNames(kind)[missing[0]!] ?? '').split(' ').slice(0, 4).join(', ')
  throw new UsageError(
    `${input.name} has no column for ${missing.join(' or ')}, under names such as ${names}. It has ${input.columns.join(', ')}. ` +
      `Name it in a mapping (--write-map map.yaml makes one to edit, --map map.yaml uses it), or say it for all rows: --set ${missing[0]}=….`,
  )
}

/** Times of day and month in an order that nobody told must not be guessed: 3/4 becomes April in one shop and March in another. */
const checkDates = ({ columns }: Mapping, input: Input, dateFormat: DateFormat | undefined): void => {
  const times = ['createdAt', 'timestamp', 'date', 'at']
  for (const [column, { to, type, format }] of Object.entries(columns)) {
    if ((!times.includes(to) && type !== 'date' && type !== 'time') || (format ?? dateFormat) !== undefined) continue
    const unclear = input.sample.map(({ cells }) => textOf(cells[column])).find(isTwoDates)
    if (unclear !== undefined)
      throw new UsageError(
        `The column "${column}" has dates such as "${unclear}", which begin with the day or with the month: say --date-format dmy or mdy.`,
      )
  }
}

const oneOf = <T extends string>(flag: string, text: string | undefined, known: readonly T[]): T | undefined => {
  const found = known.find(it => it === text)
  if (text !== undefined && found === undefined) throw new UsageError(`--${flag}: ${notOneOf(text, known)}`)
  return found
}

type Shop = { readonly currency: string; readonly timeZone: string; readonly country: string | null }

/** What the workspace says of its rows; a secret key of another workspace than `default` cannot ask. */
const shopOf = async (tessera: Tessera): Promise<Shop | undefined> => {
  try {
    return await tessera.getWorkspace('default')
  } catch (error) {
    if (error instanceof TesseraRefusal && error.status < 500) return undefined
    throw error
  }
}

const readerOf = (kind: ImportKind, options: ReaderOptions): RowReader => {
  switch (kind) {
    case 'people':
      return peopleReader(options)
    case 'events':
      return eventsReader(options)
    case 'orders': {
      const { currency } = options
      if (currency === undefined) throw new UsageError('Say what the orders are in: --currency EUR.')
      return ordersReader({ ...options, currency })
    }
    case 'segments':
      return segmentsReader(options)
    case 'consents':
      return consentsReader(options)
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const importRows = defineCommand({
  name: 'import',
  summary: 'Bring in people, events, orders, segments or consents from a file',
  usage: [
    '<people|events|orders|segments|consents> <file> [--map <file>] [--dry-run] [--errors <file>] [--resume] [--url <address>]',
  ],
  words: 2,
  options: {
    map: { type: 'string', value: 'file', says: 'which column becomes what, in YAML or JSON; guessed where left out' },
    'write-map': { type: 'string', value: 'file', says: 'save the mapping there, to look at and to edit' },
    set: { type: 'string', value: 'pairs', says: 'the same for every row: channel=store,purpose=marketing' },
    'dry-run': { type: 'boolean', says: 'read and check every row and send nothing' },
    errors: { type: 'string', value: 'file', says: 'write the bad rows there, with their reasons' },
    resume: { type: 'boolean', says: 'go on where an import of this file stopped' },
    source: { type: 'string', value: 'name', says: 'where the rows come from' },
    'date-format': { type: 'string', value: 'order', says: 'dmy or mdy: what 3/4/2026 means; iso: it is refused' },
    decimal: { type: 'string', value: 'character', says: 'a point or a comma: what stands before the fraction' },
    separator: { type: 'string', value: 'character', says: 'between fields; guessed from the header' },
    currency: { type: 'string', value: 'code', says: 'of rows that name none; the workspace’s where left out' },
    country: { type: 'string', value: 'code', says: 'of phone numbers without one; the workspace’s where left out' },
    'time-zone': { type: 'string', value: 'name', says: 'of times without one; the workspace’s where left out' },
    unverified: { type: 'boolean', says: 'the identifiers of a row are not proven one person’s' },
    concurrency: {
      type: 'string',
      value: 'number',
      says: 'calls at the same time, 4 where left out; 1 keeps the order',
    },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera import people crm.csv --dry-run --errors bad.csv',
    'tessera import orders orders.csv.gz --currency GBP --time-zone Europe/London --source shop',
    'tessera import consents newsletter.csv --set channel=email,purpose=marketing --date-format dmy',
    'zcat winners.csv.gz | tessera import segments - --set segment=winners',
  ],
  run: async ({ values, positionals: [what, path], terminal }) => {
    const kind = importKinds.find(it => it === what)
    if (kind === undefined) throw new UsageError(notOneOf(what, importKinds))
    if (path === undefined) throw new UsageError('Name the file, or - for what is piped in.')
    const { json = false, resume = false, 'dry-run': dryRun = false } = values
    if (resume && (path === '-' || dryRun || kind === 'segments'))
      throw new UsageError(
        kind === 'segments'
          ? 'A list is replaced at once when its file has been read: begin anew, without --resume.'
          : '--resume goes on with a file that was being sent, neither with what is piped in nor with a dry run.',
      )
    const dateFormat = oneOf('date-format', values['date-format'], dateFormats)
    const decimal = oneOf('decimal', values.decimal, ['.', ','] as const)
    const separator = values.separator === '\\t' || values.separator === 'tab' ? '\t' : values.separator
    if (separator !== undefined && (separator.length !== 1 || /["\r\n]/.test(separator)))
      throw new UsageError(`--separator is "${separator}"; it takes one character, or tab.`)
    const callsAtOnce = wholeNumber('concurrency', values.concurrency ?? '4', { least: 1, most: 64 })
    if (values.currency !== undefined && !isCurrency(values.currency))
      throw new UsageError(`--currency is "${values.currency}"; it takes an ISO 4217 code such as EUR.`)
    if (values['time-zone'] !== undefined && !isTimeZone(values['time-zone']))
      throw new UsageError(`--time-zone is "${values['time-zone']}"; it takes an IANA name such as Europe/London.`)
    const set = readSet(kind, values.set)

    const progress = makeProgress(terminal.err, () => performance.now())
    const input = await openInput(path, process.stdin, {
      ...(separator !== undefined && { separator }),
      ...(kind === 'orders' && { lists: lineLists }),
    })
    try {
      const read =
        values.map === undefined
          ? guessMapping(kind, input)
          : readMapping(kind, values.map, readFileSync(values.map, 'utf8'), input)
      const mapping: Mapping = { ...read, set: { ...read.set, ...set } }
      if (!json && values.map === undefined)
        terminal.err.write(`${input.name}, as its columns are called:\n${describeMapping(mapping, input)}\n`)
      if (values['write-map'] !== undefined) writeFileSync(values['write-map'], writeMapping(mapping, input))
      checkNeeded(mapping, input)
      checkDates(mapping, input, dateFormat)

      // A dry run goes without a server where there is none, and then without what the workspace says.
      const connection = await connect(values.url).catch((error: unknown) => {
        if (dryRun && error instanceof CommandFailed) return undefined
        throw error
      })
      const shop = connection && (await shopOf(connection.tessera))
      const country = values.country?.toUpperCase() ?? shop?.country ?? undefined
      const timeZone = values['time-zone'] ?? shop?.timeZone ?? 'UTC'
      const currency = values.currency ?? shop?.currency
      const verified = values.unverified !== true
      const reading = sha256(
        JSON.stringify([
          readingVersion,
          mapping,
          dateFormat,
          decimal,
          country,
          timeZone,
          currency,
          verified,
          values.source,
        ]),
      )
      const idPrefix = `imp-${sha256(input.sha256 + reading).slice(0, 24)}`
      const reader = readerOf(kind, {
        mapping,
        cells: cellReader({ decimal, dateFormat, timeZone }),
        country,
        timeZone,
        currency,
        verified,
        source: values.source,
        idPrefix,
      })
      const { send, end } = dryRun || !connection ? {} : sendingOf(kind, connection, idPrefix)
      const state =
        send && path !== '-' && kind !== 'segments'
          ? openState(path, { file: input.name, sha256: input.sha256, reading }, resume)
          : undefined
      const errors = values.errors === undefined ? undefined : badRowsFile(values.errors, input)
      const started = performance.now()
      const paceAt = paceFrom(started, input.bytes)
      let toldAt = started
      try {
        const report = await runImport({
          input,
          reader,
          send,
          state,
          itemsPerCall,
          callsAtOnce: kind === 'segments' ? 1 : callsAtOnce,
          onBad: async (row, why) => errors?.add(row, why),
          onProgress: rows => {
            const now = performance.now()
            const pace = paceAt(now, rows, input.bytesRead())
            if (!json) return progress.step('rows', rows, undefined, tellPace(pace))
            if (now - toldAt < 1_000) return
            toldAt = now
            terminal.err.write(`${JSON.stringify({ rows, ...pace })}\n`)
          },
          stop: terminal.stop,
        })
        await end?.()
        await errors?.end()
        progress.end()
        state?.remove()
        const facts = { kind, file: input.name, dryRun, errors: values.errors }
        const seconds = Math.round((performance.now() - started) / 100) / 10
        terminal.out.write(
          json
            ? `${JSON.stringify({ ...facts, ...report, mapping: mapping.columns, seconds })}\n`
            : `${describeImport(report, facts)}\n`,
        )
        return report.bad > 0 ? 1 : 0
      } catch (error) {
        progress.end()
        await errors?.end()
        if (state && error instanceof Error)
          throw new CommandFailed(
            `${error.message} What was answered is kept in ${stateFile(path)}: the same command with --resume goes on.`,
            { cause: error },
          )
        throw error
      } finally {
        state?.close()
      }
    } finally {
      await input.close()
    }
  },
})

const sendingOf = (
  kind: ImportKind,
  { url, key }: { readonly url: string; readonly key: string },
  idPrefix: string,
): { send: Send; end?: () => Promise<void> } => {
  if (kind === 'segments') return sendMembers(createTessera({ url, key, timeoutMs: streamTimeoutMs }))
  const tessera = createTessera({ url, key, retries })
  return { send: kind === 'consents' ? sendConsents(tessera, idPrefix) : sendEvents(tessera) }
}
