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
const server = await startServer(config)
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
answerCalls(
  {
    address: () => ({ url: server.url, adminKey: server.adminKey }),
    rssBytes: () => process.memoryUsage().rss,
    cpuSeconds,
  },
  server.close,
)
