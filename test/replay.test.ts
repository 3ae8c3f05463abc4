// The main job as a person runs it: a server process, the replay as another, over HTTP; the oracle says what must come out.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  arrivals,
  digestOfPersons,
  identifiersIn,
  isOnline,
  loginOf,
  madeUpIdentities,
} from '../src/cli/replay/identities.ts'
import { readJourney as readYear } from '../src/cli/replay/journey.ts'
import type { Summary } from '../src/cli/replay/summary.ts'
import { writeSyntheticJourney } from '../src/cli/replay/synthetic.ts'
import { freshData } from './clusters.ts'
import { writeOnlinePart } from './online-part.ts'
import { type Prediction, predict, readJourney, type Totals, totals } from './oracle/complete-journey.ts'
import { personsOfEvents } from './oracle/persons.ts'
import { describeRealData } from './real-data.ts'
import { freshFolder } from './stores.ts'

const program = join(import.meta.dirname, '../dist/cli/main.js')
/** Generous for a machine that does much else besides; it ends as soon as it is done. */
const patienceMs = 600_000

type Running = { readonly url: string; readonly key: string; stop(): Promise<number | null> }

const servers: ChildProcess[] = []
afterAll(() => {
  for (const server of servers) server.kill('SIGKILL')
})

const startServer = async (): Promise<Running> => {
  const folder = await freshData()
  const server = spawn(process.execPath, [program, 'serve'], {
    env: { ...process.env, PORT: '0', TESSERA_DATA: folder, DATABASE_URL: '', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  servers.push(server)
  const exit = once(server, 'exit')
  for await (const line of createInterface(server.stdout!)) {
    const [, url] = /^Tessera is at (\S+),/.exec(line) ?? []
    if (url === undefined) continue
    return {
      url,
      key: readFileSync(join(folder, 'admin-key'), 'utf8').trim(),
      stop: async () => {
        server.kill('SIGTERM')
        const [code] = (await exit) as [number | null]
        return code
      },
    }
  }
  throw new Error('the server ended before it served')
}

const replay = async (
  { url, key }: Running,
  ...args: string[]
): Promise<{ code: number; summary: Summary; words: string }> => {
  const child = spawn(process.execPath, [program, 'replay', 'complete-journey', ...args, '--json', '--url', url], {
    env: { ...process.env, TESSERA_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { out: '', err: '' }
  child.stdout.on('data', chunk => (written.out += String(chunk)))
  child.stderr.on('data', chunk => (written.err += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  if (written.out === '') throw new Error(`the replay ended with ${code}: ${written.err}`)
  return { code, summary: JSON.parse(written.out) as Summary, words: written.err }
}

const figures = (summary: Summary): Omit<Totals, 'ambiguous'> => {
  const { campaigns, sends, sentPeople, redemptions, redeemingPeople, refused, sameCampaign } = summary
  return { campaigns, sends, sentPeople, redemptions, redeemingPeople, refused, sameCampaign }
}

/** Every prediction, as the replay must have found it. */
const expected = (predictions: readonly Prediction[]) => ({
  probes: predictions.flatMap(({ redemption, probes }) =>
    probes.map(({ kind, question, answer }) => ({ row: redemption.row, kind, question, answer })),
  ),
  other: predictions.flatMap(({ redemption, answer }) =>
    'applies' in answer && answer.applies.campaign !== redemption.campaign
      ? [{ ...redemption, chosen: answer.applies.campaign }]
      : [],
  ),
})

type Row = { readonly row: number; readonly kind?: string }
const inOrder = <T extends Row>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => a.row - b.row || (a.kind ?? '').localeCompare(b.kind ?? '', 'en'))

/** The replay of a folder against the oracle's reading of the same folder. */
const agreesWithOracle = (summary: Summary, folder: string): void => {
  const journey = readJourney(folder)
  const predictions = predict(journey)
  const { ambiguous: _, ...predicted } = totals(journey, predictions)
  expect(figures(summary)).toEqual(predicted)
  const { probes, other } = expected(predictions)
  expect(probes.length).toBe(4 * predictions.length)
  expect(inOrder(summary.otherCampaign)).toEqual(inOrder(other))
  const answered = inOrder(summary.probes!.answers)
  const differences = inOrder(probes).filter((probe, index) => {
    const { row, kind, question, answer } = answered[index]!
    return JSON.stringify({ row, kind, question, answer }) !== JSON.stringify(probe)
  })
  expect({ asked: answered.length, differences }).toEqual({ asked: probes.length, differences: [] })
  expect(summary.report.redeemed).toBe(predicted.redemptions)
}

/** The made-up identities of a folder's households. */
const saidIn = async (folder: string) => {
  const { households } = await readYear(folder)
  return madeUpIdentities(
    households.map(it => it.id),
    'cj',
  )
}

/** The persons that the oracle finds in them. */
const predictedPersons = async (folder: string) => {
  const events = await saidIn(folder)
  // Everybody's addresses are told of too, and are one alone.
  const persons = personsOfEvents(events, identifiersIn(events))
  return { events: events.length, persons: persons.length, digest: digestOfPersons(persons) }
}

describe('a made-up year with made-up online identities', () => {
  it.each(arrivals)(
    'has the persons that all links at once give, and the same coupons, where events arrive by %s',
    async arrival => {
      const folder = freshFolder()
      writeSyntheticJourney(folder, { seed: 11, households: 40 })
      const server = await startServer()
      const { code, summary } = await replay(server, folder, '--identities', '--arrival', arrival, '--probe')
      expect(summary.identities).toMatchObject({ arrival, ...(await predictedPersons(folder)) })
      expect(code).toBe(0)
      agreesWithOracle(summary, folder)
      expect(await server.stop()).toBe(0)
    },
    patienceMs,
  )
})

describe('a made-up year, replayed', () => {
  const folder = freshFolder()
  let server: Running
  let first: Awaited<ReturnType<typeof replay>>
  beforeAll(async () => {
    writeSyntheticJourney(folder, { seed: 11, households: 60 })
    server = await startServer()
    first = await replay(server, folder, '--probe')
  }, patienceMs)

  it('answers every redemption and every wrong question as the oracle predicts', () => {
    expect(first.code).toBe(0)
    agreesWithOracle(first.summary, folder)
  })

  it('is told what it does, away from the JSON', () => {
    expect(first.words).toMatch(/^campaigns: 27 new, 0 were there \(/m)
    expect(first.summary.phases.map(phase => phase.name)).toEqual([
      'campaigns',
      'collections',
      'offers and codes',
      'people',
      'baskets',
      'sends',
      'redemptions and wrong questions',
      'report',
    ])
  })

  it(
    'adds nothing when it is replayed again, and comes to the same figures',
    async () => {
      const again = await replay(server, folder, '--probe')
      const timeless = ({ seconds: _, phases: __, ...rest }: Summary) => rest
      expect(timeless(again.summary)).toEqual(timeless(first.summary))
      expect(again.summary.phases.map(({ name, added }) => [name, added])).toEqual(
        first.summary.phases.map(({ name }) => [name, 0]),
      )
      expect(again.summary.phases.map(({ known }) => known)).toEqual(first.summary.phases.map(({ added }) => added))
    },
    patienceMs,
  )

  it('leaves a server that stops when it is asked to', async () => {
    expect(await server.stop()).toBe(0)
  })
})

describeRealData('a year of coupons, replayed', 'complete-journey', folder => {
  it(
    'answers every redemption and 8,408 wrong questions as the oracle predicts, and has the persons of all links at once',
    async () => {
      const arrival = 'shuffled'
      const server = await startServer()
      const { code, summary } = await replay(server, folder, '--identities', '--arrival', arrival, '--probe')
      expect(code).toBe(0)
      expect(figures(summary)).toEqual({
        campaigns: 27,
        sends: 6589,
        sentPeople: 1559,
        redemptions: 2102,
        redeemingPeople: 410,
        refused: 0,
        sameCampaign: 2092,
      })
      expect(summary.probes!.asked).toBe(8408)
      agreesWithOracle(summary, folder)
      expect(summary.identities).toMatchObject({ arrival, ...(await predictedPersons(folder)) })
      expect(summary.identities!.persons).toBeGreaterThan(500)
      expect(await server.stop()).toBe(0)
    },
    patienceMs,
  )

  describe('of its online households alone', () => {
    const part = freshFolder()
    beforeAll(() => writeOnlinePart(folder, part))

    it('says of who is who what the whole year says, with everything that goes wrong in a shop', async () => {
      const [whole, online] = await Promise.all([folder, part].map(saidIn))
      expect(online).toEqual(whole)
      const named = (what: string) => online!.filter(({ messageId }) => messageId.includes(`-${what}`)).length
      const counts = ['newsletter', 'login', 'shared', 'no-log-out', 'kiosk', 'tester', 'second-address'].map(named)
      expect(Math.min(...counts)).toBeGreaterThan(30)
      const { households, redemptions, baskets } = await readYear(part)
      expect(redemptions.length).toBeGreaterThan(500)
      const before = baskets.filter(({ household, at }) => at < loginOf(household)).length
      expect([before, baskets.length - before].every(count => count > 1000)).toBe(true)
      expect(households.every(({ id }) => isOnline(id))).toBe(true)
    })

    // The third order is the whole year's.
    it.each(arrivals.filter(it => it !== 'shuffled'))(
      'has, with what is said arriving by %s, the same persons, and the coupons of these households',
      async arrival => {
        const server = await startServer()
        const { summary } = await replay(server, part, '--identities', '--arrival', arrival)
        const { ambiguous: _, ...predicted } = totals(readJourney(part), predict(readJourney(part)))
        expect(summary.identities).toMatchObject({ arrival, ...(await predictedPersons(folder)) })
        expect(figures(summary)).toEqual(predicted)
        expect(await server.stop()).toBe(0)
      },
      patienceMs,
    )
  })
})
