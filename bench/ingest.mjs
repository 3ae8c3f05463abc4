import { makeCaller } from './caller.mjs'
import { startProcess } from './processes.mjs'
import { eventsPerBatch } from './requests.mjs'
import { countMembers, countVisible, makeSegments, makeVisitors } from './segments.mjs'
import { percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

const connections = 8
/** People who do something and are asked whether the next decision knows. */
const newcomers = 100

/**
 * A server to send events to, and what came of it so far.
 *
 * @param {import('./processes.mjs').Process} generator
 * @param {{ env: Record<string, string>, execArgv: readonly string[] }} options
 */
export const startIngesting = async (generator, { env, execArgv }) => {
  const server = await startProcess('server.mjs', { env, execArgv: [...execArgv] })
  const { url, adminKey } = /** @type {{ url: string, adminKey: string }} */ (await server.ask('address'))
  const caller = makeCaller(url, adminKey)
  const { key } = await caller.post('/v1/keys', { name: 'Bench', scope: 'secret' })
  /** @type {number[]} */
  const latenciesMs = []
  /** @type {number[]} */
  const secondsOfPieces = []
  let took = 0
  return {
    caller,
    /**
     * Batches of so many, from one to before another, over so many connections; answers how long each took.
     * @param {'batch' | 'identify' | 'storm'} kind @param {number} from @param {number} to
     */
    send: async (kind, from, to, over = connections) => {
      const asked = { urls: [url], connections: over, kind, key, from, to, seconds: 3600 }
      const measured = /** @type {{ latenciesMs: number[], seconds: number }} */ (await generator.ask('run', asked))
      took += measured.seconds
      secondsOfPieces.push(measured.seconds)
      latenciesMs.push(...measured.latenciesMs)
      return measured.latenciesMs
    },
    rssMb: async () => Math.round(/** @type {number} */ (await server.ask('rssBytes')) / 2 ** 20),
    /** Events a second of all that was sent. */
    rate: () => (latenciesMs.length * eventsPerBatch) / took,
    seconds: () => took,
    /** How long the second half of what was sent took, in seconds. */
    secondHalf: () => secondsOfPieces.slice(secondsOfPieces.length / 2).reduce((sum, it) => sum + it, 0),
    events: () => latenciesMs.length * eventsPerBatch,
    latencies: () => ({
      p50Ms: rounded(percentile(latenciesMs, 0.5)),
      p99Ms: rounded(percentile(latenciesMs, 0.99)),
    }),
    stop: server.stop,
  }
}

/**
 * Events in batches over HTTP, against one transaction an event through the same port; whether memory stays flat; and the same events
 * to a server with a hundred live segments, in turn with the one that has none.
 *
 * @param {{ quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, events: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const ingest = async ({ quick, stores, seconds, events, profile, say }) => {
  const results = []
  const batches = Math.ceil((quick ? Math.min(events, 5000) : events) / eventsPerBatch)
  const pieces = 20
  const places = await makeStores()
  const generator = await startProcess('generator.mjs')
  try {
    for (const store of stores) {
      say(`${store}: starting`)
      const plain = await startIngesting(generator, { env: await places.fresh(store), execArgv: profile })
      const segmented = await startIngesting(generator, { env: await places.fresh(store), execArgv: profile })
      const bare = await startProcess('bare.mjs', { env: await places.fresh(store) })
      const oneByOne = async () => {
        const { latenciesMs, seconds: took } = /** @type {{ latenciesMs: number[], seconds: number }} */ (
          await bare.ask('run', { insert: 'event', seconds })
        )
        return latenciesMs.length / took
      }
      await makeSegments(segmented.caller)
      for (const { caller } of [plain, segmented]) await makeVisitors(caller)

      // One by one before and after, so that what else the machine does in between does not stay unseen.
      const before = await oneByOne()
      let rssStartMb = [0, 0]
      const rssMb = () => Promise.all([plain.rssMb(), segmented.rssMb()])
      for (let piece = 0; piece < pieces; piece++) {
        const [from, to] = /** @type {[number, number]} */ (
          [piece, piece + 1].map(it => Math.floor((batches * it) / pieces))
        )
        for (const server of piece % 2 === 0 ? [plain, segmented] : [segmented, plain])
          await server.send('batch', from, to)
        // The first twentieth fills the heap and the caches, and is not yet what "flat" means.
        if (piece === 0) rssStartMb = await rssMb()
        say(`${store}: ${(piece + 1) * (100 / pieces)} % of ${batches * eventsPerBatch} events`)
      }
      const rssEndMb = await rssMb()
      const after = await oneByOne()
      const members = await countMembers(segmented.caller)
      if (members.segmentsWithMembers < members.segments / 5)
        throw new Error(`the events hardly touched the segments: ${JSON.stringify(members)}`)
      const visible = await countVisible(segmented.caller, newcomers)
      if (visible !== newcomers) throw new Error(`of ${newcomers} people ${visible} were decided as members at once`)
      const oneByOnePerSecond = (before + after) / 2
      results.push(
        {
          case: `${store} batches of ${eventsPerBatch}`,
          store,
          connections,
          perSecond: Math.round(plain.rate()),
          ...plain.latencies(),
          ratios: { oneByOne: rounded(plain.rate() / oneByOnePerSecond) },
          oneByOnePerSecond: Math.round(oneByOnePerSecond),
          events: plain.events(),
          rssStartMb: rssStartMb[0],
          rssEndMb: rssEndMb[0],
        },
        {
          case: `${store} with ${members.segments} segments`,
          store,
          connections,
          perSecond: Math.round(segmented.rate()),
          ...segmented.latencies(),
          ratios: {
            segments: rounded(segmented.rate() / plain.rate()),
            secondHalf: rounded(plain.secondHalf() / segmented.secondHalf()),
          },
          events: segmented.events(),
          ...members,
          visible,
          rssStartMb: rssStartMb[1],
          rssEndMb: rssEndMb[1],
        },
      )
      await Promise.all([bare.stop(), plain.stop(), segmented.stop()])
    }
  } finally {
    await generator.stop()
    await places.remove()
  }
  return { bench: 'ingest', results }
}
