import { provideChromium } from './chromium.mjs'
import { startPostgres } from './postgres.mjs'

/**
 * What tests share, made once for the whole run: the browser's program, and one PostgreSQL server; tests ask
 * test/stores.ts for a database of their own on it.
 */
const setup = async (): Promise<() => Promise<void>> => {
  try {
    provideChromium()
    const server = await startPostgres({ durable: false })
    process.env.TEST_DATABASE_URL = server.url
    return server.stop
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`No tests were run: ${why.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`)
    process.exit(1)
  }
}

export default setup
