import type { Command } from './command.ts'

const column = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(0, ...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`)
}

/** What `tessera help` prints. */
export const overview = (commands: readonly Command[], version: string): string =>
  [
    `Tessera ${version}: decides, gives, keeps and measures customer incentives on every channel.`,
    '',
    'Usage: tessera <command> [flags]',
    '',
    ...column(commands.map(command => [command.name, command.summary])),
    '',
    'tessera <command> --help tells more of each, with examples.',
    'Commands talk to the local server; --url and the key in TESSERA_KEY point them at another.',
    '',
  ].join('\n')

/** What `tessera <command> --help` prints: forms, flags, examples. */
export const helpOf = (command: Command): string =>
  [
    `${command.summary}.`,
    '',
    ...command.usage.map((form, index) =>
      `${index === 0 ? 'Usage:' : '      '} tessera ${command.name} ${form}`.trimEnd(),
    ),
    ...(Object.keys(command.options).length === 0
      ? []
      : [
          '',
          ...column(
            Object.entries(command.options).map(([name, { value, says }]) => [
              `--${name}${value === undefined ? '' : ` <${value}>`}`,
              says,
            ]),
          ),
        ]),
    '',
    command.examples.length > 1 ? 'Examples:' : 'Example:',
    ...command.examples.map(example => `  ${example}`),
    '',
  ].join('\n')
