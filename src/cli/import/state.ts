import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { CommandFailed } from '../command.ts'
import type { Sent } from './send.ts'

/** What an import was of: the same content, read and sent the same way. */
export type StateHead = { readonly file: string; readonly sha256: string; readonly reading: string }

/**
 * The file that remembers how far an import came, a line for each call that was answered, beside the input. Reading the input again
 * gives the same calls again, so what was answered need not be sent: nothing else has to be remembered.
 *
 *     {"file":"people.csv","sha256":"9f86…","reading":"60303a…"}
 *     {"stored":500,"known":0,"refused":[]}
 */
export type ImportState = {
  /** Of the first calls, in their order. */
  readonly answered: readonly Sent[]
  add(sent: Sent): void
  /** It is done, or nothing was: there is nothing to go on with. */
  remove(): void
  close(): void
}

export const stateFile = (input: string): string => `${input}.import-state`

const readState = (path: string): { lines: unknown[]; bytes: number } => {
  const text = readFileSync(path, 'utf8')
  // What was cut off in the middle of a line was answered, but is sent again, which changes nothing.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  return { lines: lines.map(line => JSON.parse(line) as unknown), bytes: Buffer.byteLength(whole) }
}

/** Begins anew, or with `resume` goes on; fails with what to do where there is nothing to go on with. */
export const openState = (input: string, head: StateHead, resume: boolean): ImportState => {
  const path = stateFile(input)
  let answered: readonly Sent[] = []
  let fd: number
  if (resume) {
    if (!existsSync(path))
      throw new CommandFailed(`There is no ${path}: no import of this file stopped before its end. Leave out --resume.`)
    const { lines, bytes } = readState(path)
    const [before, ...sent] = lines as [StateHead?, ...Sent[]]
    if (before?.sha256 !== head.sha256)
      throw new CommandFailed(`${input} has changed since the import stopped. Leave out --resume to import it anew.`)
    if (before.reading !== head.reading)
      throw new CommandFailed(
        'The import that stopped was another: same mapping and flags, please. Leave out --resume to begin anew.',
      )
    answered = sent
    fd = openSync(path, 'r+')
    ftruncateSync(fd, bytes)
    closeSync(fd)
    fd = openSync(path, 'a', 0o600)
  } else {
    fd = openSync(path, 'w', 0o600)
    writeSync(fd, `${JSON.stringify(head)}\n`)
  }
  return {
    answered,
    add: sent => void writeSync(fd, `${JSON.stringify(sent)}\n`),
    remove: () => rmSync(path, { force: true }),
    close: () => closeSync(fd),
  }
}
