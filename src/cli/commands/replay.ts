import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Tessera } from '../../sdk/index.ts'
import { defineCommand, jsonOption, type Terminal, UsageError, urlOption, wholeNumber } from '../command.ts'
import { connect } from '../connect.ts'
import { makeProgress } from '../progress.ts'
import { type Arrival, arrivals } from '../replay/identities.ts'
import { readJourney } from '../replay/journey.ts'
import type { JourneySource } from '../replay/plan.ts'
import { describeRetail } from '../replay/play-retail.ts'
import { replayJourney } from '../replay/replay.ts'
import { runRetail } from '../replay/run-retail.ts'
import { describeSummary, isAsItMustBe, type Summary, summarize } from '../replay/summary.ts'
import { writeSyntheticJourney } from '../replay/synthetic.ts'

const defaultHouseholds = 300
/** Fewer, and a coupon may have been sent to everyone, so that one of the wrong questions has no answer. */
const leastHouseholds = 50

export const replay = defineCommand({
  name: 'replay',
  summary: 'Play a year of a real shop through the API, and report what came of it',
  usage: [
    'complete-journey <folder> [--identities] [--probe] [--json] [--url <address>]',
    'complete-journey --synthetic [--households <number>] [--seed <number>] …',
    'online-retail <folder> [--one-in <number>] [--until <day>] [--data <folder>] [--json]',
  ],
  words: 2,
  options: {
    synthetic: { type: 'boolean', says: 'play a made-up year of the same shape, for those who have not the data' },
    households: { type: 'string', value: 'number', says: `of the made-up year (${defaultHouseholds})` },
    seed: { type: 'string', value: 'number', says: 'of its dice; the same number gives the same year (1)' },
    probe: { type: 'boolean', says: 'also ask four wrong questions about each redemption; all must be refused' },
    identities: {
      type: 'boolean',
      says: 'give part of the households made-up online identities, and tell who is who in the end',
    },
    arrival: {
      type: 'string',
      value: 'order',
      says: `in which their events come: ${arrivals.join(', ')} (time); the persons are the same`,
    },
    'one-in': { type: 'string', value: 'number', says: 'online-retail: only one customer in so many (1)' },
    until: { type: 'string', value: 'day', says: 'online-retail: only until this day, such as 2011-03-31' },
    data: {
      type: 'string',
      value: 'folder',
      says: 'online-retail: where its own server keeps its data; left out, it is thrown away',
    },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera replay complete-journey ../shared/data/complete-journey --probe',
    'tessera replay complete-journey --synthetic --households 500',
    'tessera replay online-retail ../shared/data/online-retail',
  ],
  run: async ({ values, positionals: [year, folder], terminal }) => {
    if (year === 'online-retail') return replayRetail(values, folder, terminal)
    if (year !== 'complete-journey')
      throw new UsageError(
        `${year === undefined ? 'Say what to replay' : `There is no "${year}" to replay`}: complete-journey or online-retail.`,
      )
    const { households, seed, synthetic, url, probe = false, json = false } = values
    const identities = arrivalOf(values)
    if (synthetic && folder !== undefined) throw new UsageError('--synthetic makes its own year; leave the folder out.')
    if (!synthetic && folder === undefined)
      throw new UsageError('Name the folder of the CSV files, or play a made-up year with --synthetic.')
    if (!synthetic && (households ?? seed) !== undefined)
      throw new UsageError('--households and --seed belong to a made-up year: --synthetic.')
    const made = synthetic
      ? {
          seed: wholeNumber('seed', seed ?? '1', { least: 0, most: 2 ** 31 - 1 }),
          households: wholeNumber('households', households ?? `${defaultHouseholds}`, {
            least: leastHouseholds,
            most: 100_000,
          }),
        }
      : undefined
    const { tessera } = await connect(url)
    const summary = made
      ? await replaySynthetic({ tessera, probe, identities, terminal, ...made })
      : await replayFolder({ tessera, probe, identities, terminal, folder: folder!, source: realYear })
    terminal.out.write(json ? `${JSON.stringify(summary)}\n` : describeSummary(summary))
    return isAsItMustBe(summary) ? 0 : 1
  },
})

/** On a server of its own: its clock follows the data, and that of nobody else may. */
const replayRetail = async (
  {
    'one-in': oneIn = '1',
    until,
    data,
    json,
    ...others
  }: {
    readonly 'one-in'?: string
    readonly until?: string
    readonly data?: string
    readonly json?: boolean
  },
  folder: string | undefined,
  terminal: Terminal,
): Promise<number> => {
  const [wrong] = Object.keys(others)
  if (wrong !== undefined) throw new UsageError(`--${wrong} is not for online-retail.`)
  if (folder === undefined) throw new UsageError('Name the folder of online-retail.csv.gz.')
  if (until !== undefined && !/^\d{4}-\d\d-\d\d$/.test(until))
    throw new UsageError(`--until is "${until}"; it takes a day such as 2011-03-31.`)
  const sample = { oneIn: wholeNumber('one-in', oneIn, { least: 1, most: 10_000 }), until }
  const summary = await runRetail({ folder, sample, data, terminal })
  terminal.out.write(json ? `${JSON.stringify(summary)}\n` : describeRetail(summary))
  return summary.audit === 0 ? 0 : 1
}

const arrivalOf = ({
  identities = false,
  arrival,
}: {
  identities?: boolean
  arrival?: string
}): Arrival | undefined => {
  if (!identities && arrival !== undefined) throw new UsageError('--arrival is how --identities come: give both.')
  const known = arrivals.find(it => it === (arrival ?? 'time'))
  if (!known) throw new UsageError(`--arrival is one of ${arrivals.join(', ')}.`)
  return identities ? known : undefined
}

const realYear: JourneySource = { key: 'cj', title: 'Complete Journey' }

/** The names of a made-up year: `madeUpYear({ seed: 1, households: 300 }).key` is 'made-1-300'. */
export const madeUpYear = ({ seed, households }: { seed: number; households: number }): JourneySource => ({
  key: `made-${seed}-${households}`,
  title: `Made-up year ${seed} of ${households} households`,
})

type Replaying = {
  readonly tessera: Tessera
  readonly probe: boolean
  readonly identities?: Arrival | undefined
  readonly terminal: Terminal
}

/** Makes up a year in a folder of its own, replays it and throws the folder away. */
const replaySynthetic = async ({
  seed,
  households,
  ...replaying
}: Replaying & { readonly seed: number; readonly households: number }): Promise<Summary> => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-year-'))
  try {
    writeSyntheticJourney(folder, { seed, households })
    return await replayFolder({ ...replaying, folder, source: madeUpYear({ seed, households }) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const replayFolder = async ({
  tessera,
  probe,
  identities,
  terminal: { err, stop },
  folder,
  source,
}: Replaying & { readonly folder: string; readonly source: JourneySource }): Promise<Summary> => {
  const progress = makeProgress(err, performance.now.bind(performance))
  const monotonic = performance.now.bind(performance)
  try {
    const journey = await readJourney(folder)
    const replayed = await replayJourney({ tessera, journey, source, probe, identities, progress, stop, monotonic })
    const start = monotonic()
    const { data } = await tessera.getCampaignReport()
    const report = { name: 'report', added: 0, known: 0, seconds: Math.round(monotonic() - start) / 1000 }
    const phases = [...replayed.phases, report]
    return summarize(source.title, journey, { ...replayed, phases }, data, probe)
  } finally {
    progress.end()
  }
}
