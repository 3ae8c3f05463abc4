// A Tessera server that is measured; it takes its settings from the environment, as ever, and any free port.
import { startServer } from '../dist/server/compose.js'
import { readConfig } from '../dist/server/config.js'
import { answerCalls } from './processes.mjs'

const config = readConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'error', TESSERA_BENCH: '1' })
if ('message' in config) throw new Error(config.message)
const server = await startServer(config)
answerCalls(
  { address: () => ({ url: server.url, adminKey: server.adminKey }), rssBytes: () => process.memoryUsage().rss },
  server.close,
)
