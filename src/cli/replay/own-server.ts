import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTessera, type Tessera } from '../../sdk/index.ts'
import { CommandFailed } from '../command.ts'

/** A server of this process on a data folder of its own, whose clock is moved by hand. */
export type OwnServer = {
  readonly tessera: Tessera
  /** Stops it and starts it again, so that all that runs by the clock comes by at once. */
  restart(): Promise<Tessera>
  close(): Promise<void>
}

const mark = 'replayed.txt'

/** A folder that a replay may write to: a fresh one, or one that a replay made. On anything else a moved clock would do harm. */
const ownFolder = (given: string | undefined): string => {
  if (given === undefined) return mkdtempSync(join(tmpdir(), 'tessera-replay-'))
  if (existsSync(given) && readdirSync(given).length > 0 && !existsSync(join(given, mark)))
    throw new CommandFailed(`${given} holds something else than a replay. Name an empty folder, or none.`)
  mkdirSync(given, { recursive: true })
  writeFileSync(join(given, mark), 'A replay of public data, on a clock that followed the data.\n')
  return given
}

/**
 * Starts a server for a replay. Without a folder its data is thrown away when it closes.
 *
 *     const server = await ownServer({ folder: undefined, clock: () => time.now })
 */
export const ownServer = async ({
  folder: given,
  clock,
}: {
  readonly folder: string | undefined
  readonly clock: () => number
}): Promise<OwnServer> => {
  const folder = ownFolder(given)
  const { startServer } = await import('../../server/compose.ts')
  const start = () =>
    startServer(
      {
        host: '127.0.0.1',
        port: 0,
        folder,
        databaseUrl: undefined,
        adminKey: undefined,
        logLevel: 'warn',
        trustProxy: undefined,
        bench: false,
      },
      { clock },
    )
  let server = await start()
  const clientOf = (): Tessera => createTessera({ url: server.url, key: server.adminKey })
  return {
    tessera: clientOf(),
    restart: async () => {
      await server.close()
      server = await start()
      return clientOf()
    },
    close: async () => {
      await server.close()
      if (given === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
