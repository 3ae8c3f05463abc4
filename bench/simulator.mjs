// Simulations of a file of past orders, and reading the file alone, in a process of their own.
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { describeSimulation } from '../dist/cli/simulate/describe-simulation.js'
import { readDraftFile } from '../dist/cli/simulate/draft-file.js'
import { readPastOrders } from '../dist/cli/simulate/past-orders.js'
import { csvParser } from '../dist/core/kernel/csv.js'
import { liveDrafts } from '../dist/core/simulation/drafts.js'
import { makeSimulation } from '../dist/core/simulation/simulate.js'
import { defaultCombination } from '../dist/core/workspaces/schema.js'
import { answerCalls } from './processes.mjs'

const yearMs = 365 * 86_400_000
const options = { currency: 'GBP', timeZone: 'Europe/London' }

/**
 * Takes a file apart into records and does nothing with them.
 * @param {{ file: string }} asked
 */
const parse = async ({ file }) => {
  const started = performance.now()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = csvParser()
  const source = createReadStream(file)
  let records = 0
  for await (const piece of file.endsWith('.gz') ? source.pipe(createGunzip({ chunkSize: 65_536 })) : source)
    records += parser.push(decoder.decode(piece, { stream: true })).length
  records += parser.end().length
  return { ms: performance.now() - started, records }
}

/**
 * Groups a file into orders and does nothing with them.
 * @param {{ file: string }} asked
 */
const read = async ({ file }) => {
  const started = performance.now()
  let orders = 0
  for await (const _ of (await readPastOrders(file, options)).orders) orders++
  return { ms: performance.now() - started, orders }
}

/**
 * From the files to the report. Read several times over, each time a year later, it is one simulation of as many more orders.
 * @param {{ file: string, drafts: string, times: number }} asked
 */
const simulate = async ({ file, drafts: draftFile, times }) => {
  const started = performance.now()
  const { drafts, collections } = readDraftFile(draftFile, await readFile(draftFile, 'utf8'))
  /** @type {Map<string, Set<string>>} */
  const collectionsOf = new Map()
  for (const [id, skus] of collections) for (const sku of skus) collectionsOf.set(sku, new Set([id]))
  const simulation = makeSimulation({
    drafts: liveDrafts(drafts),
    combination: defaultCombination,
    timeZone: options.timeZone,
    currency: options.currency,
    collectionsOf: sku => collectionsOf.get(sku),
  })
  const rssMb = []
  for (let time = 0; time < times; time++) {
    const { orders } = await readPastOrders(file, options)
    for await (const { id, at, person, channel, location, country, currency, lines, shipping } of orders) {
      const about = person ? { identifiers: ['customerId'], traits: { country }, memberOf: [] } : undefined
      simulation.add({ id, at: at + time * yearMs, person, about, channel, location, currency, lines, shipping })
    }
    rssMb.push(Math.round(process.memoryUsage().rss / 2 ** 20))
  }
  const report = simulation.report()
  describeSimulation(report)
  return { ms: performance.now() - started, orders: report.orders, touched: report.ordersTouched, rssMb }
}

answerCalls({ parse, read, simulate }, () => {})
