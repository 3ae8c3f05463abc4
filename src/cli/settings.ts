import { type Config, readConfig } from '../server/config.ts'
import { CommandFailed } from './command.ts'

/** The settings of the local server, as `tessera serve` reads them. */
export const localConfig = (): Config => {
  const config = readConfig()
  if ('message' in config) throw new CommandFailed(`${config.message}.`)
  return config
}

/** Where a server of these settings answers to programs of this machine. */
export const localUrl = ({ host, port }: Pick<Config, 'host' | 'port'>): string =>
  `http://${host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host}:${port}`
