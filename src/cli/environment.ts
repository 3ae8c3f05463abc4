/** What the command line itself is told from outside; what a server is told is read by `server/config.ts`. */
export type Environment = {
  /** The key for the server that `--url` names; for the local one the admin key is found by itself. */
  readonly key: string | undefined
  /** Show where an error came from. */
  readonly debug: boolean
}

export const readEnvironment = (): Environment => ({
  key: process.env.TESSERA_KEY || undefined,
  debug: process.env.TESSERA_DEBUG !== undefined && process.env.TESSERA_DEBUG !== '',
})
