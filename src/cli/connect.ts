import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTessera, type Tessera } from '../sdk/index.ts'
import { CommandFailed, UsageError } from './command.ts'
import { readEnvironment } from './environment.ts'
import { localConfig, localUrl } from './settings.ts'

export type Connection = { readonly tessera: Tessera; readonly url: string; readonly key: string }

/** The file's text without the line feed at its end; undefined where it is not there. */
const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The address in the lock of a data folder: that of the server that has it open, or had it when it was killed. */
const lockedBy = (folder: string): string | undefined => {
  const lock = readIfThere(join(folder, 'lock'))
  if (lock === undefined || lock === '') return undefined
  const { url } = JSON.parse(lock) as { url?: unknown }
  return typeof url === 'string' && /^http.*:[1-9]\d*$/.test(url) ? url : undefined
}

/** The address of the server that has this data folder open right now. */
export const serverOf = async (folder: string): Promise<string | undefined> => {
  const url = lockedBy(folder)
  return url !== undefined && (await answers(url)) ? url : undefined
}

/** Where the local server is or would be, and its key where one is known. */
const localServer = (): { url: string; key: string | undefined; folder: string } => {
  const config = localConfig()
  const { folder } = config
  const url = lockedBy(folder) ?? localUrl(config)
  return { url, key: readEnvironment().key ?? config.adminKey ?? readIfThere(join(folder, 'admin-key')), folder }
}

/** Whether a Tessera answers there, well or not; another program at the same address is none. */
export const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(3_000) })
    const health = (await response.json()) as { status?: unknown; version?: unknown }
    return typeof health.status === 'string' && typeof health.version === 'string'
  } catch {
    return false
  }
}

/**
 * A client for the server that `--url` names, else for the local one; fails with what to do when none answers.
 *
 *     const { tessera } = await connect(values.url)
 */
export const connect = async (given: string | undefined): Promise<Connection> => {
  if (given !== undefined) {
    if (!/^https?:\/\/[^\s/]/.test(given))
      throw new UsageError(`--url is "${given}"; it takes an address such as http://127.0.0.1:8080.`)
    const { key } = readEnvironment()
    if (key === undefined) throw new UsageError('--url needs a key: put a secret or admin key into TESSERA_KEY.')
    if (!(await answers(given))) throw new CommandFailed(`No server answers at ${given}.`)
    return { tessera: createTessera({ url: given, key }), url: given, key }
  }
  const { url, key, folder } = localServer()
  if (!(await answers(url)))
    throw new CommandFailed(
      `No server answers at ${url}. Start one with npm start, or name another with --url and TESSERA_KEY.`,
    )
  if (key === undefined)
    throw new CommandFailed(
      `The server at ${url} has no admin-key in ${folder}. Put a key into TESSERA_KEY, or name its data folder with TESSERA_DATA.`,
    )
  return { tessera: createTessera({ url, key }), url, key }
}
