import type { Writable } from 'node:stream'

/** One flag of a command: `--seed <number>  the dice of the made-up year`. */
export type Option = {
  readonly type: 'string' | 'boolean'
  readonly says: string
  /** What stands for the value in the help: `number`. */
  readonly value?: string
}
export type Options = { readonly [name: string]: Option }

type Value<T extends Option['type']> = T extends 'boolean' ? boolean : string
export type Values<O extends Options> = { readonly [K in keyof O]?: Value<O[K]['type']> }

/** Where a command writes: what was asked for goes to `out`, progress and words to `err`. */
export type Terminal = {
  readonly out: Writable & { readonly isTTY?: boolean }
  readonly err: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** Ends when the person or the system wants the program to stop; a second time it is killed. */
  readonly stop: AbortSignal
}

export type Given<O extends Options = Options> = {
  readonly values: Values<O>
  readonly positionals: readonly string[]
  readonly terminal: Terminal
}

export type Command<O extends Options = Options> = {
  readonly name: string
  /** One line of `tessera help`. */
  readonly summary: string
  /** What follows the name: `generate --offer <id> --count <n>`; one line a form. */
  readonly usage: readonly string[]
  /** How many words it takes beside its flags, at most. */
  readonly words: number
  readonly options: O
  readonly examples: readonly string[]
  /** The exit code: 0 it did what was asked, 1 it was refused or found something wrong. */
  run(given: Given<O>): Promise<number>
}

/**
 * Declares one command, its flags typed for `run`.
 *
 *     defineCommand({ name: 'report', options: { json }, …, run: async ({ values }) => (values.json ? … : …) })
 */
export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command

/** The program was called wrongly: exit code 2, and how it is called right. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** What was asked for cannot be done: exit code 1. The message is a sentence that says what to do. */
export class CommandFailed extends Error {
  override name = 'CommandFailed'
}

export const jsonOption = { type: 'boolean', says: 'print one JSON value on stdout and nothing else there' } as const
export const urlOption = {
  type: 'string',
  value: 'address',
  says: 'a running server, its key in TESSERA_KEY; else the local one',
} as const

/** A whole number given as text, or a usage error that names the flag: `wholeNumber('seed', '7', { least: 0 })` is 7. */
export const wholeNumber = (
  flag: string,
  text: string,
  { least, most = Number.MAX_SAFE_INTEGER }: { least: number; most?: number },
): number => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) {
    const bound = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`
    throw new UsageError(`--${flag} is "${text}"; it takes a whole number ${bound}.`)
  }
  return value
}
