import { resolve } from 'node:path'
import { mostPerSecond, prepare } from './prepare.mjs'
import { startProcess } from './processes.mjs'
import { median, percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

/**
 * Orders of one run of the generator, and the processor time that the server took for them.
 * @typedef {{ sent: number, seconds: number, cpuSeconds: number, latenciesMs: readonly number[] }} Measured
 * @typedef {'unique' | 'anonymous'} Kind
 */

/**
 * The same orders to two builds: this one, and one in the folder of another checkout. Each has a server and a store of its own; they are
 * measured in turn (ours, theirs, theirs, ours), so that what the machine does beside, and stores that grow, strike both alike.
 *
 * @param {{ against: string, quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const redeemAgainst = async ({ against, quick, stores, seconds, profile, say }) => {
  const rounds = quick ? 1 : 5
  const manyConnections = quick ? [1, 32] : [1, 32, 256]
  const kinds = /** @type {Kind[]} */ (['unique', 'anonymous'])
  const results = []
  const places = await makeStores()
  const generator = await startProcess('generator.mjs')
  try {
    for (const store of stores) {
      say(`${store}: starting both builds`)
      /** @param {string[]} args @param {readonly string[]} execArgv */
      const start = async (args, execArgv) => {
        const server = await startProcess('server.mjs', {
          env: await places.fresh(store),
          args,
          execArgv: [...execArgv],
        })
        const { url, adminKey } = await server.ask('address')
        const { key, stock } = await prepare(url, adminKey)
        let next = 0
        /** @param {Kind} kind @param {number} connections @returns {Promise<Measured>} */
        const load = async (kind, connections) => {
          const to = next + Math.ceil(seconds * mostPerSecond)
          await stock(to)
          const before = await server.ask('cpuSeconds')
          const measured = await generator.ask('run', { urls: [url], connections, kind, key, from: next, to, seconds })
          next += measured.sent
          return { ...measured, cpuSeconds: (await server.ask('cpuSeconds')) - before }
        }
        return { load, stop: server.stop }
      }
      const ours = await start([], profile)
      const theirs = await start([resolve(against, 'dist')], [])
      say(`${store}: warming up`)
      for (const kind of kinds) for (const { load } of [ours, theirs]) await load(kind, 32)

      for (const kind of kinds)
        for (const connections of manyConnections) {
          say(`${store}: ${kind}, ${connections} connections`)
          const taken = []
          for (let round = 0; round < rounds; round++) {
            const first = await ours.load(kind, connections)
            const second = [await theirs.load(kind, connections), await theirs.load(kind, connections)]
            taken.push({ ours: [first, await ours.load(kind, connections)], theirs: second })
          }
          const rates = taken.map(it => rateOf(it.ours) / rateOf(it.theirs))
          const latencies = taken.flatMap(it => it.ours.flatMap(run => run.latenciesMs))
          const theirLatencies = taken.flatMap(it => it.theirs.flatMap(run => run.latenciesMs))
          results.push({
            case: `${store} ${kind} ${connections}`,
            store,
            connections,
            perSecond: Math.round(median(taken.map(it => rateOf(it.ours)))),
            p50Ms: rounded(percentile(latencies, 0.5)),
            p99Ms: rounded(percentile(latencies, 0.99)),
            ratios: {
              against: rounded(median(rates)),
              p50: rounded(percentile(theirLatencies, 0.5) / percentile(latencies, 0.5)),
              p99: rounded(percentile(theirLatencies, 0.99) / percentile(latencies, 0.99)),
              cpu: rounded(median(taken.map(it => cpuOf(it.theirs) / cpuOf(it.ours)))),
            },
            lowest: rounded(Math.min(...rates)),
            highest: rounded(Math.max(...rates)),
          })
        }
      await ours.stop()
      await theirs.stop()
    }
  } finally {
    await generator.stop()
    await places.remove()
  }
  return { bench: 'redeem', results }
}

/** @param {readonly number[]} values */
const sum = values => values.reduce((total, value) => total + value, 0)
/** Orders a second. @param {readonly Measured[]} runs */
const rateOf = runs => sum(runs.map(run => run.latenciesMs.length)) / sum(runs.map(run => run.seconds))
/** Processor seconds an order. @param {readonly Measured[]} runs */
const cpuOf = runs => sum(runs.map(run => run.cpuSeconds)) / sum(runs.map(run => run.latenciesMs.length))
