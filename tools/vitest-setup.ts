import { startPostgres } from './postgres.mjs'

/** One PostgreSQL server for the whole run; tests ask test/stores.ts for a database of their own on it. */
const setup = async (): Promise<() => Promise<void>> => {
  const server = await startPostgres({ durable: false }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`No PostgreSQL, no tests: ${why.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`)
    process.exit(1)
  })
  process.env.TEST_DATABASE_URL = server.url
  return server.stop
}

export default setup
