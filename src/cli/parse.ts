import { parseArgs } from 'node:util'
import { nearest } from '../contract/nearest.ts'
import { type Command, type Options, UsageError, type Values } from './command.ts'

const didYouMean = (given: string, known: readonly string[], prefix = ''): string => {
  const meant = nearest(given, known)
  return meant === undefined ? '' : ` Did you mean ${prefix}${meant}?`
}

/** The command of this name, or a usage error that names the nearest one. */
export const findCommand = (name: string, commands: readonly Command[]): Command => {
  const found = commands.find(command => command.name === name)
  if (found) return found
  const names = commands.map(command => command.name)
  throw new UsageError(`There is no command "${name}".${didYouMean(name, names)} All commands: tessera help`)
}

/**
 * Reads the words behind a command's name.
 *
 *     parseCommandLine(report, ['--json'])    // { values: { json: true }, positionals: [], help: false }
 *     parseCommandLine(report, ['--jason'])   // throws a UsageError: … Did you mean --json?
 */
export const parseCommandLine = (
  command: Command,
  words: readonly string[],
): { values: Values<Options>; positionals: readonly string[]; help: boolean } => {
  const known: Options = { ...command.options, help: { type: 'boolean', says: '' } }
  const options = Object.fromEntries(Object.entries(known).map(([name, { type }]) => [name, { type }]))
  // Not strict: Node's own mistakes name neither what was meant nor what the flag takes.
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true })
  const values: Record<string, string | boolean> = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const name = token.rawName === '-h' ? 'help' : token.name
    const option = known[name]
    if (!option) {
      throw new UsageError(
        `tessera ${command.name} has no flag ${token.rawName}.${didYouMean(token.name, Object.keys(known), '--')}`,
      )
    }
    if (option.type === 'boolean') {
      if (token.value !== undefined) throw new UsageError(`--${name} takes no value; it is there or it is not.`)
      values[name] = true
    } else {
      // A flag where the value should be was forgotten more often than meant; --flag=-value says it is meant.
      if (token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-')))
        throw new UsageError(`--${name} needs its ${option.value ?? 'value'}.`)
      values[name] = token.value
    }
  }
  const { help, ...rest } = values
  if (help !== true && positionals.length > command.words) {
    throw new UsageError(`tessera ${command.name} does not take "${positionals[command.words]}".`)
  }
  return { values: rest, positionals, help: help === true }
}

/** What to say of a word that is none of those a command knows. */
export const notOneOf = (given: string | undefined, known: readonly string[]): string => {
  if (given === undefined) return `Say what to do: ${known.join(', ')}.`
  return `"${given}" is none of ${known.join(', ')}.${didYouMean(given, known)}`
}
