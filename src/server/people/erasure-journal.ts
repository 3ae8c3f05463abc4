import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreRefused } from '../../adapters/storage/store-refused.ts'

/** A line of the journal: whom to erase again in a store that does not know it, such as one loaded from an older dump. Nothing personal. */
export type JournalEntry = {
  readonly workspace: string
  readonly id: string
  readonly at: string
  readonly by: string
  readonly reason: string
  readonly requestId: string | null
  readonly person: string
  readonly holders: readonly string[]
}

export const journalFile = (folder: string): string => join(folder, 'erasures.ndjson')

const isEntry = (entry: unknown): entry is JournalEntry => {
  const { workspace, id, at, by, reason, person, holders } = Object(entry) as Record<string, unknown>
  const texts = [workspace, id, at, by, reason, person, ...(Array.isArray(holders) ? holders : [undefined])]
  return texts.every(text => typeof text === 'string') && !Number.isNaN(Date.parse(at as string))
}

/** The entries of a file, none where it is not there; throws `StoreRefused` where a line is none. */
export const readJournal = async (file: string): Promise<JournalEntry[]> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return ''
  })
  const lines = text.split('\n')
  // Without its line feed the last line was being written when the power went; its erasure is in the store and comes again from there.
  lines.pop()
  return lines.map((line, index) => {
    const entry = parse(line)
    if (!isEntry(entry)) throw new StoreRefused(`Line ${index + 1} of ${file} is no erasure: the file is damaged.`)
    return entry
  })
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Cuts off a line that was being written when the power went, so that it does not spoil the next; makes the file where there is none. */
const repair = async (folder: string, file: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a+', 0o600)
  try {
    const bytes = await handle.readFile()
    if (bytes.length > 0 && bytes.at(-1) !== 0x0a) await handle.truncate(bytes.lastIndexOf(0x0a) + 1)
    await handle.sync()
  } finally {
    await handle.close()
  }
  // The name of a new file is in the folder, which is written by itself.
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
}

export type ErasureJournal = {
  /** Durable once it resolves; what is there already is not written again. */
  add(entries: readonly JournalEntry[]): Promise<void>
  /** All of them, those that other processes wrote too. */
  read(): Promise<JournalEntry[]>
}

/**
 * What was erased, beside the store: `erasures.ndjson` in the data folder outlives the store that is thrown away for an older dump.
 *
 *     const journal = openJournal('./data')
 *     await journal.add([{ workspace: 'default', id: 'ers_…', at: '2026-03-01T09:00:00.000Z', holders: ['hol_…'], … }])
 */
export const openJournal = (folder: string): ErasureJournal => {
  const file = journalFile(folder)
  const keyOf = ({ workspace, id }: JournalEntry): string => `${workspace} ${id}`
  let known: Set<string> | undefined
  let last: Promise<void> = Promise.resolve()

  const write = async (entries: readonly JournalEntry[]): Promise<void> => {
    if (!known) {
      await repair(folder, file)
      known = new Set((await readJournal(file)).map(keyOf))
    }
    const fresh = entries.filter(entry => !known!.has(keyOf(entry)))
    if (fresh.length === 0) return
    const handle = await open(file, 'a', 0o600)
    try {
      await handle.write(fresh.map(entry => `${JSON.stringify(entry)}\n`).join(''))
      await handle.sync()
    } finally {
      await handle.close()
    }
    for (const entry of fresh) known.add(keyOf(entry))
  }

  return {
    add: entries => {
      const turn = last.then(() => write(entries))
      last = turn.catch(() => undefined)
      return turn
    },
    read: () => readJournal(file),
  }
}
