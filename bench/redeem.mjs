import { makeCaller } from './caller.mjs'
import { preparePgbench } from './pgbench.mjs'
import { mostPerSecond, prepare } from './prepare.mjs'
import { startProcess } from './processes.mjs'
import { redeemAgainst } from './redeem-against.mjs'
import { median, percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

/**
 * @typedef {import('./processes.mjs').Process} Process
 * @typedef {{ url: string, adminKey: string }} Address
 * @typedef {{ sent: number, seconds: number, latenciesMs: readonly number[] }} Measured
 */

/**
 * Rates of subjects and yardsticks, measured in turn, several times over: whatever else the machine does strikes all of
 * them alike, and the median of the rounds forgets the worst of it.
 *
 * @template {string} K
 * @param {number} rounds
 * @param {Record<K, () => Promise<Measured>>} subjects
 */
export const inTurn = async (rounds, subjects) => {
  const names = /** @type {K[]} */ (Object.keys(subjects))
  const measured = /** @type {Record<K, Measured[]>} */ (Object.fromEntries(names.map(name => [name, []])))
  for (let round = 0; round < rounds; round++) for (const name of names) measured[name].push(await subjects[name]())
  /** @param {K} name */
  const rates = name => measured[name].map(it => it.latenciesMs.length / it.seconds)
  /** @param {K} name */
  const latencies = name => measured[name].flatMap(it => it.latenciesMs)
  return {
    latencies,
    /** @param {K} name */
    figures: name => ({
      perSecond: Math.round(median(rates(name))),
      p50Ms: rounded(percentile(latencies(name), 0.5)),
      p99Ms: rounded(percentile(latencies(name), 0.99)),
    }),
    /** How many times as fast as the other. @param {K} name @param {K} other */
    ratio: (name, other) => rounded(median(rates(name).map((rate, round) => rate / (rates(other)[round] ?? 0)))),
  }
}

/**
 * Placed orders of three lines, a single-use code each, over HTTP: against the yardsticks, or against another build.
 *
 * @param {{ against: string | undefined, quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const redeem = async ({ against, ...options }) =>
  against === undefined ? againstYardsticks(options) : redeemAgainst({ ...options, against })

/** @param {{ quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options */
const againstYardsticks = async ({ quick, stores, seconds, profile, say }) => {
  const rounds = quick ? 1 : 3
  const most = Math.ceil(seconds * mostPerSecond)
  const manyConnections = quick ? [1, 32] : [1, 32, 256]
  const all = manyConnections.at(-1) ?? 1
  const results = []
  const places = await makeStores()
  const generator = await startProcess('generator.mjs')
  const echo = await startProcess('echo.mjs')
  try {
    for (const store of stores) {
      say(`${store}: starting`)
      const env = await places.fresh(store)
      const server = await startProcess('server.mjs', { env, execArgv: [...profile] })
      const { url, adminKey } = /** @type {Address} */ (await server.ask('address'))
      const { key, stock } = await prepare(url, adminKey)
      const bare = await startProcess('bare.mjs', { env: await places.fresh(store) })
      const pgbench = store === 'postgres' && !quick ? await preparePgbench(await places.freshDatabase()) : undefined

      let next = 0
      /**
       * @param {keyof typeof import('./requests.mjs').requests} kind
       * @param {number} connections
       * @param {{ urls?: readonly string[], share?: number }} [options] `share` of the seconds that a measurement takes
       */
      const load = async (kind, connections, { urls = [url], share = 1 } = {}) => {
        const isOrder = kind !== 'noop' && kind !== 'echo'
        const to = isOrder ? next + most : Number.POSITIVE_INFINITY
        if (isOrder) await stock(to)
        const asked = { urls, connections, kind, key, from: next, to, seconds: seconds * share }
        const measured = /** @type {Measured} */ (await generator.ask('run', asked))
        if (isOrder) next += measured.sent
        return measured
      }
      /** @param {number} connections */
      const noop = connections => load('noop', connections, { share: 0.5 })

      say(`${store}: warming up`)
      await load('unique', 32)
      await noop(32)

      for (const connections of manyConnections) {
        say(`${store}: ${connections} connections`)
        const measured = await inTurn(rounds, {
          order: () => load('unique', connections),
          noop: () => noop(connections),
          ...(connections === 1
            ? {
                bare: () => /** @type {Promise<Measured>} */ (bare.ask('run', { insert: 'row', seconds: seconds / 2 })),
              }
            : {}),
        })
        const { order, lone } = { order: measured.figures('order'), lone: connections === 1 }
        const tps = connections === all && pgbench ? await bestOf(pgbench, seconds) : undefined
        results.push({
          case: `${store} ${connections}`,
          store,
          connections,
          ...order,
          ratios: {
            noop: measured.ratio('order', 'noop'),
            ...(tps ? { pgbench: rounded(order.perSecond / tps.perSecond) } : {}),
            // Of latencies: a lone request waits for nobody, so its median is the time it takes.
            ...(lone
              ? { bareTransaction: rounded(median(measured.latencies('bare')) / median(measured.latencies('order'))) }
              : {}),
          },
          ...(tps ? { pgbenchPerSecond: Math.round(tps.perSecond), pgbenchClients: tps.clients } : {}),
          ...(lone ? { bareTransactionMs: rounded(median(measured.latencies('bare'))) } : {}),
        })
      }

      say(`${store}: no-op against bare HTTP`)
      const { url: echoUrl } = /** @type {Address} */ (await echo.ask('address'))
      const empty = await inTurn(rounds, {
        noop: () => noop(all),
        echo: () => load('echo', all, { urls: [echoUrl], share: 0.5 }),
      })
      results.push({
        case: `${store} noop ${all}`,
        store,
        connections: all,
        ...empty.figures('noop'),
        ratios: { bareHttp: empty.ratio('noop', 'echo') },
      })

      say(`${store}: who buys, and one hot offer against many`)
      const kinds = await inTurn(rounds, {
        unique: () => load('unique', all),
        anonymous: () => load('anonymous', all),
        spread: () => load('spread', all),
        hot: () => load('hot', all),
      })
      results.push(
        {
          case: `${store} anonymous ${all}`,
          store,
          connections: all,
          ...kinds.figures('anonymous'),
          ratios: { known: kinds.ratio('anonymous', 'unique') },
        },
        {
          case: `${store} spread ${all}`,
          store,
          connections: all,
          ...kinds.figures('spread'),
          ratios: { unique: kinds.ratio('spread', 'unique') },
        },
        {
          case: `${store} hot ${all}`,
          store,
          connections: all,
          ...kinds.figures('hot'),
          ratios: { spread: kinds.ratio('hot', 'spread') },
        },
      )

      say(`${store}: while a report runs`)
      const { get } = makeCaller(url, key)
      let reports = 0
      const busy = await inTurn(rounds, {
        alone: () => load('unique', all),
        reporting: async () => {
          let going = true
          const reporter = (async () => {
            for (; going; reports++) await get('/v1/reports/campaigns')
          })()
          const measured = await load('unique', all)
          going = false
          await reporter
          return measured
        },
      })
      const [alone, reporting] = [busy.figures('alone'), busy.figures('reporting')]
      results.push({
        case: `${store} during report ${all}`,
        store,
        connections: all,
        ...reporting,
        ratios: { alone: busy.ratio('reporting', 'alone'), p99: rounded(alone.p99Ms / reporting.p99Ms) },
        reports,
      })

      if (store === 'postgres') {
        say(`${store}: two processes`)
        const second = await startProcess('server.mjs', { env })
        const { url: secondUrl } = /** @type {Address} */ (await second.ask('address'))
        const both = { urls: [url, secondUrl] }
        await load('unique', all, both)
        const processes = await inTurn(rounds, {
          one: () => load('unique', all),
          two: () => load('unique', all, both),
          spread: () => load('spread', all, both),
          hot: () => load('hot', all, both),
        })
        results.push(
          {
            case: `${store} two processes ${all}`,
            store,
            connections: all,
            ...processes.figures('two'),
            ratios: { oneProcess: processes.ratio('two', 'one') },
          },
          {
            case: `${store} two processes hot ${all}`,
            store,
            connections: all,
            ...processes.figures('hot'),
            ratios: { spread: processes.ratio('hot', 'spread') },
          },
        )
        await second.stop()
      }
      await bare.stop()
      await server.stop()
    }
  } finally {
    await Promise.all([generator.stop(), echo.stop()])
    await places.remove()
  }
  return { bench: 'redeem', results }
}

/** @param {(clients: number, seconds: number) => Promise<number>} pgbench @param {number} seconds */
export const bestOf = async (pgbench, seconds) => {
  const runs = []
  for (const clients of [8, 32]) runs.push({ clients, perSecond: await pgbench(clients, seconds * 2) })
  return runs.reduce((best, run) => (run.perSecond > best.perSecond ? run : best))
}
