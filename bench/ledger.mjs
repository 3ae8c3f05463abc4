import { makeCaller } from './caller.mjs'
import { preparePgbench } from './pgbench.mjs'
import { startProcess } from './processes.mjs'
import { bestOf, inTurn } from './redeem.mjs'
import { manyLots } from './requests.mjs'
import { percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

/** @typedef {{ sent: number, seconds: number, latenciesMs: readonly number[] }} Measured */

/** Transfers that wait at a time where there is no HTTP. */
const atATime = 512

/**
 * A point at a time between 10,000 accounts, and from all of them into one; and what a wallet of very many lots costs to look at.
 *
 * @param {{ quick: boolean, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const ledger = async ({ quick, stores, seconds, profile, say }) => {
  const rounds = quick ? 1 : 3
  const connections = quick ? 32 : 256
  const results = []
  const places = await makeStores()
  // A smoke need not wait for ten thousand to join.
  const few = quick ? { BENCH_MEMBERS: '500' } : {}
  const generator = await startProcess('generator.mjs', { env: few })
  try {
    for (const store of stores) {
      const env = await places.fresh(store)
      const pgbench = store === 'postgres' && !quick ? await preparePgbench(await places.freshDatabase()) : undefined
      /** @returns {Promise<Measured>} */
      const yardstick = async () => {
        if (!pgbench) throw new Error('pgbench is not there')
        const { perSecond } = await bestOf(pgbench, seconds / 2)
        return { sent: perSecond, seconds: 1, latenciesMs: new Array(Math.round(perSecond)).fill(0) }
      }
      const beside = pgbench ? { pgbench: yardstick } : {}

      say(`${store}: 10,000 members`)
      const inProcess = await startProcess('ledger-process.mjs', { env: { ...env, ...few }, execArgv: [...profile] })
      await inProcess.ask('fill')
      const bare = await startProcess('bare.mjs', { env: await places.fresh(store) })
      /** @param {'spread' | 'hot'} kind */
      const transfers = kind => /** @type {Promise<Measured>} */ (inProcess.ask('run', { kind, atATime, seconds }))
      say(`${store}: transfers in process`)
      await transfers('spread')
      const without = await inTurn(rounds, {
        spread: () => transfers('spread'),
        hot: () => transfers('hot'),
        bare: () => /** @type {Promise<Measured>} */ (bare.ask('run', { insert: 'row', seconds: seconds / 2 })),
        ...beside,
      })
      /** @param {typeof without} measured @param {string} name */
      const ofPgbench = (measured, name) =>
        pgbench ? { pgbench: measured.ratio(/** @type {'spread'} */ (name), /** @type {'spread'} */ ('pgbench')) } : {}
      const tps = pgbench ? { pgbenchPerSecond: without.figures(/** @type {'spread'} */ ('pgbench')).perSecond } : {}
      for (const kind of /** @type {const} */ (['spread', 'hot']))
        results.push({
          case: `${store} in process ${kind}`,
          store,
          connections: atATime,
          ...without.figures(kind),
          ratios: { bareTransaction: without.ratio(kind, 'bare'), ...ofPgbench(without, kind) },
          ...tps,
        })
      await bare.stop()
      await inProcess.stop()

      say(`${store}: transfers over HTTP`)
      const server = await startProcess('server.mjs', { env, execArgv: [...profile] })
      const { url, adminKey } = /** @type {{ url: string, adminKey: string }} */ (await server.ask('address'))
      const { key } = await makeCaller(url, adminKey).post('/v1/keys', { name: 'Bench', scope: 'secret' })
      let next = 0
      /** @param {keyof typeof import('./requests.mjs').requests} kind @param {number} [lanes] @param {number} [share] */
      const load = async (kind, lanes = connections, share = 1) => {
        const asked = { urls: [url], connections: lanes, kind, key, from: next, to: Number.POSITIVE_INFINITY }
        const measured = /** @type {Measured} */ (await generator.ask('run', { ...asked, seconds: seconds * share }))
        next += measured.sent
        return measured
      }
      await load('transfer')
      const over = await inTurn(rounds, {
        spread: () => load('transfer'),
        hot: () => load('transferHot'),
        noop: () => load('noop', connections, 0.5),
        ...beside,
      })
      for (const kind of /** @type {const} */ (['spread', 'hot']))
        results.push({
          case: `${store} http ${kind} ${connections}`,
          store,
          connections,
          ...over.figures(kind),
          ratios: {
            noop: over.ratio(kind, 'noop'),
            ...(pgbench ? { pgbench: over.ratio(kind, /** @type {'noop'} */ ('pgbench')) } : {}),
          },
        })

      say(`${store}: wallets`)
      await load('walletMany', 1, 0.2)
      const wallets = await inTurn(rounds, {
        few: () => load('walletFew', 1),
        many: () => load('walletMany', 1),
      })
      results.push({
        case: `${store} wallet of ${manyLots.lots.toLocaleString('en')} lots`,
        store,
        connections: 1,
        ...wallets.figures('many'),
        ratios: {
          p99Of10: rounded(percentile(wallets.latencies('few'), 0.99) / percentile(wallets.latencies('many'), 0.99)),
        },
      })
      await server.stop()
    }
  } finally {
    await generator.stop()
    await places.remove()
  }
  return { bench: 'ledger', results }
}
