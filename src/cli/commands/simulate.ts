import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { isCurrency } from '../../core/kernel/money.ts'
import { isTimeZone, parseInstant } from '../../core/kernel/time.ts'
import { liveDrafts } from '../../core/simulation/drafts.ts'
import type { Draft, SimulationInput, SimulationReport } from '../../core/simulation/schema.ts'
import { members, membersShare, simulationReport } from '../../core/simulation/schema.ts'
import { makeSimulation } from '../../core/simulation/simulate.ts'
import { type Combination, combination } from '../../core/workspaces/schema.ts'
import { CommandFailed, defineCommand, jsonOption, type Terminal, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { notOneOf } from '../parse.ts'
import { makeProgress, type Progress } from '../progress.ts'
import { describeSimulation } from '../simulate/describe-simulation.ts'
import { checkWhole, type DraftFile, readDraftFile } from '../simulate/draft-file.ts'
import type { PastOrder, PastOrdersTally } from '../simulate/past-order.ts'
import { readPastOrders } from '../simulate/past-orders.ts'

const pollMs = 250
const ordersPerStep = 100

type Asked = {
  readonly file: DraftFile
  readonly from: number | undefined
  readonly to: number | undefined
  readonly maxOffPercent: number
  readonly combination: Combination | undefined
  readonly members: SimulationInput['members']
}

const instantOf = (flag: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const ms = parseInstant(text)
  if (ms === undefined) throw new UsageError(`--${flag} is "${text}"; it takes a time such as 2026-03-01T00:00:00Z.`)
  return ms
}

const policyOf = (text: string | undefined): Combination | undefined => {
  if (text === undefined) return undefined
  const read = combination.safeParse({ policy: text })
  if (!read.success) throw new UsageError(`--combination: ${notOneOf(text, combination.shape.policy.unwrap().options)}`)
  return read.data
}

const membersOf = (text: string): SimulationInput['members'] => {
  const read = members.safeParse(text === 'all' || text === 'none' ? text : Number(text))
  if (text.trim() !== '' && read.success) return read.data
  throw new UsageError(`--members is "${text}"; it takes all, none, or a percentage such as 30.`)
}

const percentOf = (text: string): number => {
  const percent = Number(text)
  if (!(percent >= 1 && percent <= 100))
    throw new UsageError(`--max-off is "${text}"; it takes a percentage from 1 to 100.`)
  return percent
}

/** The currency that the drafts name, where it is one. */
const currencyOf = (drafts: readonly Draft[], given: string | undefined): string => {
  if (given !== undefined) {
    if (!isCurrency(given)) throw new UsageError(`--currency is "${given}"; it takes an ISO 4217 code such as EUR.`)
    return given
  }
  const [named, ...others] = new Set(liveDrafts(drafts).flatMap(offer => offer.currency ?? []))
  if (named === undefined || others.length > 0) throw new UsageError('Say what the orders are in: --currency EUR.')
  return named
}

/** A customer's country is what the person lives in, as a trait would tell it. */
const pastOrder = ({ id, at, person, channel, location, country, currency, lines, shipping }: PastOrder) => {
  const about = person === undefined ? undefined : aboutOf(person, country)
  return { id, at, person, about, channel, location, currency, lines, shipping }
}
const aboutOf = (person: string, country: string | undefined) => ({
  identifiers: [person.slice(0, Math.max(person.indexOf(':'), 0))],
  traits: country === undefined ? {} : { country },
  memberOf: [],
})

const simulateFile = async (
  path: string,
  { file, from, to = Number.POSITIVE_INFINITY, maxOffPercent, combination: policy, members: who }: Asked,
  { currency, timeZone }: { readonly currency: string; readonly timeZone: string },
  { progress, stop }: { readonly progress: Progress; readonly stop: AbortSignal },
): Promise<{ report: SimulationReport; tally: Readonly<PastOrdersTally> }> => {
  const collectionsOf = new Map<string, Set<string>>()
  for (const [collection, skus] of file.collections)
    for (const sku of skus) collectionsOf.set(sku, (collectionsOf.get(sku) ?? new Set()).add(collection))
  const simulation = makeSimulation({
    drafts: liveDrafts(file.drafts),
    combination: policy ?? combination.parse({}),
    programmes: file.programmes,
    members: membersShare(who),
    timeZone,
    currency,
    maxOffPercent,
    collectionsOf: sku => collectionsOf.get(sku),
    ...(from !== undefined && { from }),
  })
  const { orders, tally } = await readPastOrders(path, { currency, timeZone })
  for await (const order of orders) {
    if (tally.orders % ordersPerStep === 0) {
      if (stop.aborted) throw new CommandFailed('Stopped; nothing was stored.')
      progress.step('bytes', tally.bytesRead, tally.bytes)
    }
    if (order.at < to) simulation.add(pastOrder(order))
  }
  return { report: simulation.report(), tally }
}

const simulateStored = async (
  { file, from, to, maxOffPercent, combination: policy, members: who }: Asked,
  { withLive, url }: { readonly withLive: boolean; readonly url: string | undefined },
  { progress, stop }: { readonly progress: Progress; readonly stop: AbortSignal },
): Promise<SimulationReport> => {
  if (file.collections.size > 0)
    throw new CommandFailed('With --orders stored the collections are those of the server; leave them out of the file.')
  if (file.programmes.size > 0)
    throw new CommandFailed('With --orders stored the programmes are those of the server; leave them out of the file.')
  const { tessera } = await connect(url)
  const instant = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())
  let job = await tessera.createSimulation({
    // What the file means was read by the schema of the call's body.
    offers: [...file.drafts],
    withLive,
    maxOffPercent,
    members: who,
    ...(from !== undefined && { from: instant(from) }),
    ...(to !== undefined && { to: instant(to) }),
    ...(policy && { combination: policy }),
  })
  while (job.state === 'queued' || job.state === 'running') {
    if (stop.aborted) {
      await tessera.cancelJob(job.id)
      throw new CommandFailed('Stopped; nothing was stored.')
    }
    progress.step('orders', job.done)
    await new Promise(done => setTimeout(done, pollMs))
    job = await tessera.getJob(job.id)
  }
  if (job.state !== 'done')
    throw new CommandFailed(`The job ${job.id} ${job.state}: ${job.error?.message ?? 'stopped'}`)
  return simulationReport.parse(job.result)
}

const progressOf = ({ err, stop }: Terminal) => ({ progress: makeProgress(err, () => performance.now()), stop })

export const simulate = defineCommand({
  name: 'simulate',
  summary: 'Try drafts of offers on past orders',
  usage: [
    '--offers <file> --orders <file.csv[.gz]> [--currency <code>] [--time-zone <name>] [--from <time>] [--to <time>]',
    '--offers <file> --orders stored [--with-live] [--from <time>] [--to <time>] [--url <address>]',
  ],
  words: 0,
  options: {
    offers: { type: 'string', value: 'file', says: 'drafts of offers, as POST /v1/offers takes them, in YAML or JSON' },
    orders: { type: 'string', value: 'orders', says: 'a CSV file of order lines, or "stored": those of the server' },
    from: { type: 'string', value: 'time', says: 'orders from this time on, such as 2026-03-01T00:00:00Z' },
    to: { type: 'string', value: 'time', says: 'orders before this time' },
    'with-live': { type: 'boolean', says: 'beside the offers that are live on the server' },
    'max-off': {
      type: 'string',
      value: 'percent',
      says: 'count the orders that get more than this off; 50 where left out',
    },
    members: {
      type: 'string',
      value: 'who',
      says: 'of the programmes whose points are given: all, none, or a percentage; all where left out',
    },
    combination: { type: 'string', value: 'policy', says: 'bestForCustomer or priority' },
    currency: { type: 'string', value: 'code', says: 'of a file: what prices are in where it does not say' },
    'time-zone': {
      type: 'string',
      value: 'name',
      says: 'of a file: whose clock its times were read from; UTC where left out',
    },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera simulate --offers draft.yaml --orders orders.csv.gz --currency GBP --time-zone Europe/London',
    'tessera simulate --offers draft.yaml --orders stored --with-live --from 2025-12-01T00:00:00Z',
    'tessera simulate --offers draft.yaml --orders orders.csv --json | jq .offers',
  ],
  run: async ({ values, terminal }) => {
    const { offers, orders, json, url, currency, 'time-zone': timeZone = 'UTC', 'with-live': withLive = false } = values
    if (offers === undefined) throw new UsageError('Name the file with the drafts: --offers draft.yaml.')
    if (orders === undefined) throw new UsageError('Name the orders: --orders orders.csv, or --orders stored.')
    const isStored = orders === 'stored'
    if (isStored && (currency !== undefined || values['time-zone'] !== undefined))
      throw new UsageError('--currency and --time-zone belong to orders of a file; stored orders know theirs.')
    if (!isStored && (withLive || url !== undefined))
      throw new UsageError('--with-live and --url go with --orders stored: the live offers are those of the server.')
    if (!isTimeZone(timeZone))
      throw new UsageError(`--time-zone is "${timeZone}"; it takes an IANA name such as Europe/London.`)
    const asked = {
      from: instantOf('from', values.from),
      to: instantOf('to', values.to),
      maxOffPercent: percentOf(values['max-off'] ?? '50'),
      combination: policyOf(values.combination),
      members: membersOf(values.members ?? 'all'),
      file: readDraftFile(offers, readFileSync(offers, 'utf8')),
    }
    const watch = progressOf(terminal)
    try {
      if (isStored) {
        const report = await simulateStored(asked, { withLive, url }, watch)
        watch.progress.end()
        terminal.out.write(json ? `${JSON.stringify(report)}\n` : `${describeSimulation(report)}\n`)
        return 0
      }
      checkWhole(offers, asked.file)
      const known = { currency: currencyOf(asked.file.drafts, currency), timeZone }
      const { report, tally } = await simulateFile(orders, asked, known, watch)
      watch.progress.end()
      terminal.out.write(
        json ? `${JSON.stringify({ ...report, file: tally })}\n` : `${describeSimulation(report, tally)}\n`,
      )
      return 0
    } finally {
      watch.progress.end()
    }
  },
})
