import { jsonBytes } from '../../core/events/size.ts'
import { CommandFailed } from '../command.ts'
import type { Input, Row } from './input.ts'
import type { Item, Reading, RowReader } from './reader.ts'
import type { Send, Sent } from './send.ts'
import type { ImportState } from './state.ts'

/** How often something was, and where it was first. */
type Counted = { rows: number; readonly lines: number[] }

export type ImportReport = {
  readonly rows: number
  /** Rows of what was sent, or with a dry run would be. */
  readonly good: number
  readonly bad: number
  readonly leftOut: number
  /** By reason, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number; readonly lines: readonly number[] }[]
  readonly leftOutReasons: ImportReport['reasons']
  /** What is made of the rows that can be read. */
  readonly made: Readonly<Record<string, unknown>>
  /** New to the server, and what it had before. */
  readonly stored: number
  readonly known: number
}

export type ImportWork = {
  readonly input: Input
  readonly reader: RowReader
  /** Undefined: a dry run. */
  readonly send: Send | undefined
  readonly state: ImportState | undefined
  /** Of a call, at most. */
  readonly itemsPerCall: number
  readonly callsAtOnce: number
  readonly onBad: (row: Row, why: string) => Promise<void>
  readonly onProgress: (rows: number) => void
  readonly stop: AbortSignal
}

/** What one call sends, with the rows before it that send nothing. */
type Part = {
  readonly items: Item[]
  readonly bad: { row: Row; reason: string; why: string }[]
  bytes: number
  rows: number
}

/** Below the 500 KB that a call of events may have, with room for what lies around them. */
const mostBytes = 400_000
/** Rows that send nothing are told of now and then, also where no others come between. */
const mostBad = 1_000
const linesShown = 5
/** More different reasons than anyone reads; what else there is counts as others. */
const mostReasons = 200

const counter = () => {
  const counts = new Map<string, Counted>()
  return {
    add: (reason: string, line: number): void => {
      const key = counts.has(reason) || counts.size < mostReasons ? reason : 'other reasons'
      const counted = counts.get(key) ?? { rows: 0, lines: [] }
      counts.set(key, counted)
      counted.rows += 1
      if (counted.lines.length < linesShown) counted.lines.push(line)
    },
    rows: (): number => [...counts.values()].reduce((sum, { rows }) => sum + rows, 0),
    sorted: (): ImportReport['reasons'] =>
      [...counts].map(([reason, counted]) => ({ reason, ...counted })).sort((a, b) => b.rows - a.rows),
  }
}

/**
 * Reads a whole file and sends it in calls, some at a time; the same file gives the same calls every time, so an import that was cut off
 * reads from the start and skips the calls that were answered.
 */
export const runImport = async (work: ImportWork): Promise<ImportReport> => {
  const { input, reader, send, state, itemsPerCall, callsAtOnce, onBad, onProgress, stop } = work
  const answered = state?.answered ?? []
  const reasons = counter()
  const leftOutReasons = counter()
  const totals = { rows: 0, good: 0, stored: 0, known: 0 }
  const under: { part: Part; sent: Promise<Sent> }[] = []
  let calls = 0
  let part: Part = { items: [], bad: [], bytes: 0, rows: 0 }

  /** In the order of the file, so that the bad rows and the state are those of its beginning. */
  const settle = async (): Promise<void> => {
    const { part: done, sent } = under.shift()!
    const { stored, known, refused } = await sent
    const isNew = calls - under.length > answered.length
    if (isNew) state?.add({ stored, known, refused })
    totals.stored += stored
    totals.known += known
    const bad = [...done.bad]
    const refusedPlaces = new Map(refused.map(({ place, why }) => [place, why]))
    for (const [place, { rows }] of done.items.entries()) {
      const why = refusedPlaces.get(place)
      if (why === undefined) totals.good += rows.length
      else for (const row of rows) bad.push({ row, reason: why, why })
    }
    for (const { row, reason, why } of bad.sort((a, b) => a.row.line - b.row.line)) {
      reasons.add(reason, row.line)
      await onBad(row, why)
    }
  }

  const flush = async (): Promise<void> => {
    if (part.items.length === 0 && part.bad.length === 0) return
    const full = part
    part = { items: [], bad: [], bytes: 0, rows: 0 }
    const before = answered[calls]
    calls += 1
    const nothing: Sent = { stored: 0, known: 0, refused: [] }
    const sent = before
      ? Promise.resolve(before)
      : send && full.items.length > 0
        ? send(full.items)
        : Promise.resolve(nothing)
    // It is awaited in its turn; until then its failure is nobody's.
    sent.catch(() => {})
    under.push({ part: full, sent })
    if (under.length >= callsAtOnce) await settle()
  }

  const take = async (readings: readonly Reading[]): Promise<void> => {
    for (const reading of readings) {
      if ('item' in reading) {
        const bytes = jsonBytes(reading.item.message) + 1
        if (part.items.length >= itemsPerCall || (part.items.length > 0 && part.bytes + bytes > mostBytes))
          await flush()
        part.items.push(reading.item)
        part.bytes += bytes
      } else if ('bad' in reading) {
        part.bad.push({ row: reading.bad, reason: reading.reason, why: reading.why ?? reading.reason })
        if (part.bad.length >= mostBad) await flush()
      } else for (const row of reading.leftOut) leftOutReasons.add(reading.reason, row.line)
    }
  }

  try {
    for await (const rows of input.rows()) {
      for (const row of rows) {
        if (stop.aborted) throw new CommandFailed('Stopped.')
        totals.rows += 1
        const readings = reader.take(row)
        if (readings.length > 0) await take(readings)
      }
      onProgress(totals.rows)
    }
    await take(reader.end())
    await flush()
    while (under.length > 0) await settle()
  } catch (error) {
    // Whoever is asked to stop waits for what is under way, so that it need not be sent again.
    try {
      while (stop.aborted && under.length > 0) await settle()
    } finally {
      await Promise.allSettled(under.map(({ sent }) => sent))
    }
    throw error
  }
  return {
    rows: totals.rows,
    good: totals.good,
    bad: reasons.rows(),
    leftOut: leftOutReasons.rows(),
    reasons: reasons.sorted(),
    leftOutReasons: leftOutReasons.sorted(),
    made: reader.made(),
    stored: totals.stored,
    known: totals.known,
  }
}
