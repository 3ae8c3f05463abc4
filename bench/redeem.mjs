import { makeCaller } from './caller.mjs'
import { preparePgbench } from './pgbench.mjs'
import { startProcess } from './processes.mjs'
import { hotCode, spreadCode, spreadOffers, uniqueCode } from './requests.mjs'
import { median, percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

/**
 * @typedef {import('./processes.mjs').Process} Process
 * @typedef {{ url: string, adminKey: string }} Address
 * @typedef {{ sent: number, seconds: number, latenciesMs: readonly number[] }} Measured
 */

const coffee = { kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'" }
const codesPerCall = 10_000
/** Never reached: an offer that limits its uses is counted in a row of its own, one without is not. */
const manyUses = 1_000_000_000

/**
 * Rates of subjects and yardsticks, measured in turn, several times over: whatever else the machine does strikes all of
 * them alike, and the median of the rounds forgets the worst of it.
 *
 * @template {string} K
 * @param {number} rounds
 * @param {Record<K, () => Promise<Measured>>} subjects
 */
const inTurn = async (rounds, subjects) => {
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
 * Placed orders of three lines, a single-use code each, over HTTP.
 *
 * @param {{ quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const redeem = async ({ quick, stores, seconds, profile, say }) => {
  const rounds = quick ? 1 : 3
  const orders = quick ? 10_000 : Math.ceil(seconds * 60_000)
  const manyConnections = quick ? [1, 32] : [1, 32, 256]
  const most = manyConnections.at(-1) ?? 1
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
      const key = await prepare(url, adminKey, orders, say)
      const bare = await startProcess('bare.mjs', { env: await places.fresh(store) })
      const pgbench = store === 'postgres' && !quick ? await preparePgbench(await places.freshDatabase()) : undefined

      let next = 0
      /**
       * @param {keyof typeof import('./requests.mjs').requests} kind
       * @param {number} connections
       * @param {{ urls?: readonly string[], share?: number }} [options] `share` of the seconds that a measurement takes
       */
      const load = async (kind, connections, { urls = [url], share = 1 } = {}) => {
        const asked = { urls, connections, kind, key, from: next, to: orders, seconds: seconds * share }
        const measured = /** @type {Measured} */ (await generator.ask('run', asked))
        if (measured.latenciesMs.length === 0) throw new Error(`${kind}: no codes are left for it`)
        // Only orders use numbers up.
        if (kind !== 'noop' && kind !== 'echo') next += measured.sent
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
        const tps = connections === most && pgbench ? await bestOf(pgbench, seconds) : undefined
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
        noop: () => noop(most),
        echo: () => load('echo', most, { urls: [echoUrl], share: 0.5 }),
      })
      results.push({
        case: `${store} noop ${most}`,
        store,
        connections: most,
        ...empty.figures('noop'),
        ratios: { bareHttp: empty.ratio('noop', 'echo') },
      })

      say(`${store}: who buys, and one hot offer against many`)
      const kinds = await inTurn(rounds, {
        unique: () => load('unique', most),
        anonymous: () => load('anonymous', most),
        spread: () => load('spread', most),
        hot: () => load('hot', most),
      })
      results.push(
        {
          case: `${store} anonymous ${most}`,
          store,
          connections: most,
          ...kinds.figures('anonymous'),
          ratios: { known: kinds.ratio('anonymous', 'unique') },
        },
        {
          case: `${store} spread ${most}`,
          store,
          connections: most,
          ...kinds.figures('spread'),
          ratios: { unique: kinds.ratio('spread', 'unique') },
        },
        {
          case: `${store} hot ${most}`,
          store,
          connections: most,
          ...kinds.figures('hot'),
          ratios: { spread: kinds.ratio('hot', 'spread') },
        },
      )

      say(`${store}: while a report runs`)
      const { get } = makeCaller(url, key)
      let reports = 0
      const busy = await inTurn(rounds, {
        alone: () => load('unique', most),
        reporting: async () => {
          let going = true
          const reporter = (async () => {
            for (; going; reports++) await get('/v1/reports/campaigns')
          })()
          const measured = await load('unique', most)
          going = false
          await reporter
          return measured
        },
      })
      const [alone, reporting] = [busy.figures('alone'), busy.figures('reporting')]
      results.push({
        case: `${store} during report ${most}`,
        store,
        connections: most,
        ...reporting,
        ratios: { alone: busy.ratio('reporting', 'alone'), p99: rounded(alone.p99Ms / reporting.p99Ms) },
        reports,
      })

      if (store === 'postgres') {
        say(`${store}: two processes`)
        const second = await startProcess('server.mjs', { env })
        const { url: secondUrl } = /** @type {Address} */ (await second.ask('address'))
        const both = { urls: [url, secondUrl] }
        await load('unique', most, both)
        const processes = await inTurn(rounds, {
          one: () => load('unique', most),
          two: () => load('unique', most, both),
          spread: () => load('spread', most, both),
          hot: () => load('hot', most, both),
        })
        results.push(
          {
            case: `${store} two processes ${most}`,
            store,
            connections: most,
            ...processes.figures('two'),
            ratios: { oneProcess: processes.ratio('two', 'one') },
          },
          {
            case: `${store} two processes hot ${most}`,
            store,
            connections: most,
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
const bestOf = async (pgbench, seconds) => {
  const runs = []
  for (const clients of [8, 32]) runs.push({ clients, perSecond: await pgbench(clients, seconds * 2) })
  return runs.reduce((best, run) => (run.perSecond > best.perSecond ? run : best))
}

/**
 * A campaign with its offers, and a code for every order to come; answers a secret key.
 * @param {string} url @param {string} adminKey @param {number} orders @param {(text: string) => void} say
 */
const prepare = async (url, adminKey, orders, say) => {
  const { post } = makeCaller(url, adminKey)
  const { key } = await post('/v1/keys', { name: 'Bench', scope: 'secret' })
  const { id: campaign } = await post('/v1/campaigns', { name: 'Bench' })
  /** @param {string} name @param {object} limits */
  const makeOffer = async (name, limits) => {
    const offer = { campaign, name, trigger: { on: 'code' }, benefit: coffee, limits }
    return /** @type {string} */ ((await post('/v1/offers', offer)).id)
  }
  const unique = await makeOffer('A code each', { perCode: 1 })
  for (let from = 0; from < orders; from += codesPerCall) {
    const count = Math.min(codesPerCall, orders - from)
    await post(`/v1/offers/${unique}/codes`, {
      codes: Array.from({ length: count }, (_, index) => uniqueCode(from + index)),
    })
    if (from % 50_000 === 0) say(`${from + count} of ${orders} codes`)
  }
  const hot = await makeOffer('One for all', { uses: manyUses })
  await post(`/v1/offers/${hot}/codes`, { codes: [hotCode], shared: true })
  for (let n = 0; n < spreadOffers; n++) {
    const offer = await makeOffer(`Spread ${n}`, { uses: manyUses })
    await post(`/v1/offers/${offer}/codes`, { codes: [spreadCode(n)], shared: true })
  }
  return /** @type {string} */ (key)
}
