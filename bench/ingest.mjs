import { makeCaller } from './caller.mjs'
import { startProcess } from './processes.mjs'
import { eventsPerBatch } from './requests.mjs'
import { percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

const connections = 8

/**
 * Events in batches over HTTP, against one transaction an event through the same port; and whether memory stays flat.
 *
 * @param {{ quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, events: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const ingest = async ({ quick, stores, seconds, events, profile, say }) => {
  const results = []
  const batches = Math.ceil((quick ? Math.min(events, 20_000) : events) / eventsPerBatch)
  const pieces = 20
  const places = await makeStores()
  const generator = await startProcess('generator.mjs')
  try {
    for (const store of stores) {
      say(`${store}: starting`)
      const server = await startProcess('server.mjs', { env: await places.fresh(store), execArgv: [...profile] })
      const bare = await startProcess('bare.mjs', { env: await places.fresh(store) })
      const { url, adminKey } = /** @type {{ url: string, adminKey: string }} */ (await server.ask('address'))
      const { key } = await makeCaller(url, adminKey).post('/v1/keys', { name: 'Bench', scope: 'secret' })
      const rssMb = async () => Math.round(/** @type {number} */ (await server.ask('rssBytes')) / 2 ** 20)
      const oneByOne = async () => {
        const { latenciesMs, seconds: took } = /** @type {{ latenciesMs: number[], seconds: number }} */ (
          await bare.ask('run', { insert: 'event', seconds })
        )
        return latenciesMs.length / took
      }

      // One by one before and after, so that what else the machine does in between does not stay unseen.
      const before = await oneByOne()
      /** @type {number[]} */
      const latenciesMs = []
      let took = 0
      let rssStartMb = 0
      for (let piece = 0; piece < pieces; piece++) {
        const [from, to] = [piece, piece + 1].map(it => Math.floor((batches * it) / pieces))
        const asked = { urls: [url], connections, kind: 'batch', key, from, to, seconds: 3600 }
        const measured = /** @type {{ latenciesMs: number[], seconds: number }} */ (await generator.ask('run', asked))
        took += measured.seconds
        latenciesMs.push(...measured.latenciesMs)
        // The first twentieth fills the heap and the caches, and is not yet what "flat" means.
        if (piece === 0) rssStartMb = await rssMb()
        say(`${store}: ${(piece + 1) * (100 / pieces)} % of ${batches * eventsPerBatch} events`)
      }
      const rssEndMb = await rssMb()
      const after = await oneByOne()
      const perSecond = (latenciesMs.length * eventsPerBatch) / took
      results.push({
        case: `${store} batches of ${eventsPerBatch}`,
        store,
        connections,
        perSecond: Math.round(perSecond),
        p50Ms: rounded(percentile(latenciesMs, 0.5)),
        p99Ms: rounded(percentile(latenciesMs, 0.99)),
        ratios: { oneByOne: rounded(perSecond / ((before + after) / 2)) },
        oneByOnePerSecond: Math.round((before + after) / 2),
        events: latenciesMs.length * eventsPerBatch,
        rssStartMb,
        rssEndMb,
      })
      await Promise.all([bare.stop(), server.stop()])
    }
  } finally {
    await generator.stop()
    await places.remove()
  }
  return { bench: 'ingest', results }
}
