import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'
import { startProcess } from './processes.mjs'
import { median, percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

const drafts = fileURLToPath(new URL('../examples/online-retail-campaign.yaml', import.meta.url))
const linesPerOrder = 26
const timesOver = 5

/**
 * A file of made-up orders in the shape of a wholesaler's: 26 lines each of 3,000 items, by 4,000 customers.
 * @param {string} path @param {number} orders
 */
const writeOrders = async (path, orders) => {
  const file = createWriteStream(path)
  file.write('InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n')
  for (let order = 0; order < orders; order++) {
    const at = new Date(Date.UTC(2011, 0, 1) + order * 25 * 60_000).toISOString().slice(0, 19).replace('T', ' ')
    const customer = 10_000 + ((order * 7919) % 4000)
    const country = customer % 10 === 0 ? 'France' : 'United Kingdom'
    let lines = ''
    for (let line = 0; line < linesPerOrder; line++) {
      const item = (order * 31 + line * 127) % 3000
      const price = ((item % 20) + 1) * 0.45
      lines += `${order},${20_000 + item},ITEM ${item} OF MANY,${(item % 12) + 1},${at},${price.toFixed(2)},${customer},${country}\n`
    }
    if (!file.write(lines)) await new Promise(resolve => file.once('drain', () => resolve(undefined)))
  }
  await new Promise(resolve => file.end(() => resolve(undefined)))
}

/**
 * Simulations of a file of past orders: against parsing the file alone, against the server's orders, and the memory they take.
 *
 * @param {{ quick: boolean, orders: string | undefined, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const simulate = async ({ quick, orders, stores: [store = 'pglite'], seconds, profile, say }) => {
  const rounds = quick ? 1 : 5
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  const file = orders ?? join(folder, 'orders.csv')
  if (orders === undefined) await writeOrders(file, quick ? 500 : 20_000)
  const places = await makeStores()
  const generator = await startProcess('generator.mjs')
  try {
    const simulator = await startProcess('simulator.mjs', { execArgv: [...profile] })
    say('warming up')
    for (const name of ['parse', 'read']) await simulator.ask(name, { file })
    await simulator.ask('simulate', { file, drafts, times: 1 })
    const server = await startProcess('server.mjs', { env: await places.fresh(store) })
    const { url, adminKey } = /** @type {{ url: string, adminKey: string }} */ (await server.ask('address'))
    const { key, stock } = await prepare(url, adminKey)
    const connections = quick ? 32 : 256
    let next = 0
    const place = async () => {
      const to = next + Math.ceil(seconds * 10_000)
      await stock(to)
      const load = { urls: [url], connections, kind: 'unique', key, from: next, to, seconds }
      const placed = /** @type {{ sent: number, seconds: number, latenciesMs: number[] }} */ (
        await generator.ask('run', load)
      )
      next += placed.sent
      return placed.latenciesMs.length / placed.seconds
    }
    await place()

    /** @type {{ parseMs: number, readMs: number, ms: number, orders: number, touched: number, perSecond: number, http: number }[]} */
    const measured = []
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`)
      const { ms: parseMs } = /** @type {{ ms: number }} */ (await simulator.ask('parse', { file }))
      const { ms: readMs } = /** @type {{ ms: number }} */ (await simulator.ask('read', { file }))
      const simulated = /** @type {{ ms: number, orders: number, touched: number }} */ (
        await simulator.ask('simulate', { file, drafts, times: 1 })
      )
      const perSecond = (simulated.orders / simulated.ms) * 1000
      measured.push({ ...simulated, parseMs, readMs, perSecond, http: await place() })
    }
    await server.stop()
    await simulator.stop()

    say(`the file ${timesOver} times over`)
    const fresh = await startProcess('simulator.mjs')
    const { rssMb } = /** @type {{ rssMb: number[] }} */ (
      await fresh.ask('simulate', { file, drafts, times: timesOver })
    )
    await fresh.stop()
    const perOrder = measured.map(it => it.ms / it.orders)
    return {
      bench: 'simulate',
      results: [
        {
          case: 'a file of orders',
          store,
          connections,
          perSecond: Math.round(median(measured.map(it => it.perSecond))),
          p50Ms: rounded(median(perOrder)),
          p99Ms: rounded(percentile(perOrder, 0.99)),
          ratios: {
            parse: rounded(median(measured.map(it => it.parseMs / it.ms))),
            read: rounded(median(measured.map(it => it.readMs / it.ms))),
            http: rounded(median(measured.map(it => it.perSecond / it.http))),
          },
          timesParse: rounded(median(measured.map(it => it.ms / it.parseMs))),
          orders: measured[0]?.orders ?? 0,
          ordersTouched: measured[0]?.touched ?? 0,
          httpPerSecond: Math.round(median(measured.map(it => it.http))),
          rssOnceMb: rssMb[0] ?? 0,
          [`rss${timesOver}TimesMb`]: rssMb.at(-1) ?? 0,
        },
      ],
    }
  } finally {
    await generator.stop()
    await places.remove()
    await rm(folder, { recursive: true, force: true })
  }
}
