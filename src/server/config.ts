/** What a process is told from outside; this file is the only reader of the environment. */
export type Config = {
  readonly host: string
  readonly port: number
  /** The data folder: the admin key, and the embedded store unless `databaseUrl` names a server. */
  readonly folder: string
  readonly databaseUrl: string | undefined
  /** Else made at first start and kept in the data folder. */
  readonly adminKey: string | undefined
  readonly logLevel: string
  /** Proxies in front whose X-Forwarded-For is believed. */
  readonly trustProxy: string | undefined
  /** Adds `POST /v1/noop`, the yardstick of the benches. */
  readonly bench: boolean
}

export type ConfigError = { readonly name: string; readonly message: string }

const readPort = (text: string | undefined): number | ConfigError => {
  if (text === undefined || text === '') return 8080
  const port = Number(text)
  return Number.isInteger(port) && port >= 0 && port <= 65_535
    ? port
    : { name: 'PORT', message: `PORT must be a number from 0 to 65535, not "${text}"` }
}

const minAdminKey = 16

/**
 * Reads the settings, or says which one is wrong.
 *
 *     readConfig({ PORT: '9000' })   // { host: '127.0.0.1', port: 9000, folder: './data', … }
 *     readConfig({ PORT: 'web' })    // { name: 'PORT', message: 'PORT must be a number …' }
 */
export const readConfig = (env: NodeJS.ProcessEnv = process.env): Config | ConfigError => {
  const port = readPort(env.PORT)
  if (typeof port !== 'number') return port
  const adminKey = env.TESSERA_ADMIN_KEY || undefined
  if (adminKey !== undefined && adminKey.length < minAdminKey)
    return { name: 'TESSERA_ADMIN_KEY', message: `TESSERA_ADMIN_KEY must have at least ${minAdminKey} characters` }
  const databaseUrl = env.DATABASE_URL || undefined
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl))
    return { name: 'DATABASE_URL', message: 'DATABASE_URL must begin with postgres://' }
  return {
    host: env.HOST || '127.0.0.1',
    port,
    folder: env.TESSERA_DATA || './data',
    databaseUrl,
    adminKey,
    logLevel: env.LOG_LEVEL || 'info',
    trustProxy: env.TESSERA_TRUST_PROXY || undefined,
    bench: env.TESSERA_BENCH === '1',
  }
}
