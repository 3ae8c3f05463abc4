import type { Command, Terminal } from './command.ts'
import { UsageError } from './command.ts'
import { audit } from './commands/audit.ts'
import { close } from './commands/close.ts'
import { codes } from './commands/codes.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { dump } from './commands/dump.ts'
import { erasures } from './commands/erasures.ts'
import { exportRows } from './commands/export.ts'
import { importRows } from './commands/import.ts'
import { keys } from './commands/keys.ts'
import { load } from './commands/load.ts'
import { person } from './commands/person.ts'
import { replay } from './commands/replay.ts'
import { report } from './commands/report.ts'
import { serve } from './commands/serve.ts'
import { simulate } from './commands/simulate.ts'
import { sources } from './commands/sources.ts'
import { readEnvironment } from './environment.ts'
import { helpOf, overview } from './help.ts'
import { findCommand, parseCommandLine } from './parse.ts'
import { version } from './version.ts'

/** In the order in which somebody new meets them. */
export const commands: readonly Command[] = [
  demo,
  serve,
  simulate,
  replay,
  report,
  codes,
  keys,
  sources,
  person,
  erasures,
  audit,
  close,
  importRows,
  exportRows,
  dump,
  load,
  doctor,
]

/** Errors whose message is a sentence for the person at the keyboard; any other is a bug or a broken machine. */
const expected: readonly string[] = [
  'CommandFailed',
  'CsvError',
  'StoreRefused',
  'TesseraRefusal',
  'TesseraUnreachable',
]

/**
 * Runs one command line and tells the exit code: 0 done, 1 refused or failed, 2 called wrongly.
 *
 *     process.exitCode = await run(['report', '--json'], terminal)
 */
export const run = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  const [name, ...words] = args
  let command: Command | undefined
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      const [about] = name === 'help' ? words : []
      terminal.out.write(about === undefined ? overview(commands, version()) : helpOf(findCommand(about, commands)))
      return 0
    }
    if (name === 'version' || name === '--version') {
      terminal.out.write(`${version()}\n`)
      return 0
    }
    command = findCommand(name, commands)
    const { values, positionals, help } = parseCommandLine(command, words)
    if (help) {
      terminal.out.write(helpOf(command))
      return 0
    }
    return await command.run({ values, positionals, terminal })
  } catch (error) {
    return fail(error, command, terminal)
  }
}

const fail = (error: unknown, command: Command | undefined, { err }: Terminal): number => {
  const { message, name, stack, code, path }: NodeJS.ErrnoException =
    error instanceof Error ? error : new Error(String(error))
  if (readEnvironment().debug) err.write(`${stack}\n`)
  if (error instanceof UsageError) {
    const how = command === undefined ? '' : ` tessera ${command.name} --help tells how.`
    err.write(`${message}${how}\n`)
    return 2
  }
  if (code === 'ENOENT' && path !== undefined) {
    err.write(`There is no file ${path}.\n`)
    return 1
  }
  const more = expected.includes(name) ? '' : ' Run it again with TESSERA_DEBUG=1 to see where this came from.'
  err.write(`${message}${more}\n`)
  return 1
}
