// A Tessera server that is measured; it takes its settings from the environment, as ever, and any free port. An argument names the
// `dist` folder of another build.
import { pathToFileURL } from 'node:url'
import { answerCalls } from './processes.mjs'

const folder = process.argv[2]
const dist = folder === undefined ? new URL('../dist/', import.meta.url) : pathToFileURL(`${folder}/`)
const { startServer } = await import(new URL('server/compose.js', dist).href)
const { readConfig } = await import(new URL('server/config.js', dist).href)

const config = readConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'error', TESSERA_BENCH: '1' })
if ('message' in config) throw new Error(config.message)
// Where it is told of a time, its clock begins there.
let ahead = process.env.BENCH_CLOCK === undefined ? 0 : Number(process.env.BENCH_CLOCK) - Date.now()
let batches = { count: 0, longestMs: 0 }
const server = await startServer(config, {
  clock: () => Date.now() + ahead,
  onBatch: (/** @type {{ ms: number }} */ { ms }) => {
    batches = { count: batches.count + 1, longestMs: Math.max(batches.longestMs, ms) }
  },
})
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
answerCalls(
  {
    address: () => ({ url: server.url, adminKey: server.adminKey }),
    rssBytes: () => process.memoryUsage().rss,
    cpuSeconds,
    /** Time passes at once. @param {number} ms */
    pass: ms => {
      ahead += ms
    },
    /** Group commits since it was asked last. */
    batches: () => {
      const told = batches
      batches = { count: 0, longestMs: 0 }
      return told
    },
  },
  server.close,
)
