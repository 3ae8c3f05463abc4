import type { Database } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import type { InputError, Refusal } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { SourceError, TailRow } from '../../core/workspaces/source.ts'
import type { Auth } from '../http/call.ts'
import { type Clock, isThere } from '../workspaces.ts'
import { plainIssue, plainMessage, plainPointer } from './plain.ts'

/** One event, order or refused call that came from a source: what of it may be shown to whoever looks after the source. */
export type Arrival = Pick<TailRow, 'outcome' | 'kind' | 'name' | 'messageId' | 'subject'> & {
  readonly issues?: readonly InputError[]
}

/**
 * What came from which source, counted in this process and written down about once a second, so that a call costs no statement.
 * Several processes add up. Counts survive an outage of the store for as long as the process lives; lines of the tail do not.
 */
export type SourceLog = {
  took(auth: Auth, arrivals: readonly Arrival[], latencyMs: number): void
  /** A call of a known key that was refused, or failed where there is no refusal. `call` is its name: `track`. */
  refused(auth: Auth, call: string, refusal: Refusal | undefined, latencyMs: number): void
  flush(): Promise<void>
  /** Waits until this process wrote lines, but no longer than so many milliseconds and not once it closes; false when it closes. */
  news(ms: number): Promise<boolean>
  /** Sends home who waits for news. What was counted is still written by `flush`. */
  close(): void
}

/** Lines kept from one flush to the next, of one source and of all: a tail is for eyes. */
const linesATurn = 50
const mostLines = 2_000
/** The last lines of a source that stay, and how many more there may be before the old ones are removed. */
const linesKept = 1_000
const linesOver = 200

const minuteMs = 60_000

type Count = {
  readonly workspaceId: string
  readonly sourceId: string
  readonly minute: number
  events: number
  errors: number
  lastEventAt: number | null
  lastErrorAt: number | null
  lastError: SourceError | null
}
type Line = { readonly workspaceId: string; readonly sourceId: string; readonly at: number; readonly body: object } & {
  readonly outcome: TailRow['outcome']
}

const keyOf = ({ workspaceId, sourceId, minute }: Pick<Count, 'workspaceId' | 'sourceId' | 'minute'>): string =>
  `${workspaceId}\n${sourceId}\n${minute}`

/** Pages are named by their titles, which sometimes hold an address. */
const plainName = (name: string | null): string | null => (name?.includes('@') ? '*' : name)

const issuesShown = 5

export const makeSourceLog = ({
  database,
  clock,
  random,
}: {
  readonly database: Pick<Database, 'query'>
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
}): SourceLog => {
  let counts = new Map<string, Count>()
  let lines: Line[] = []
  /** Lines of each source since the last flush. */
  const shown = new Map<string, number>()
  /** Lines of each source written since its old ones were last removed. */
  const written = new Map<string, number>()
  const waiting = new Set<() => void>()
  let closed = false

  const mayShow = (sourceId: string): boolean => {
    const count = shown.get(sourceId) ?? 0
    if (count >= linesATurn || lines.length >= mostLines) return false
    shown.set(sourceId, count + 1)
    return true
  }

  const countOf = (into: Map<string, Count>, workspaceId: string, sourceId: string, minute: number): Count => {
    const key = keyOf({ workspaceId, sourceId, minute })
    const known = into.get(key)
    if (known) return known
    const none = { events: 0, errors: 0, lastEventAt: null, lastErrorAt: null, lastError: null }
    const count: Count = { workspaceId, sourceId, minute, ...none }
    into.set(key, count)
    return count
  }

  /** The installation's own key is nobody's source, and neither is who is signed in, of the team or a customer. */
  const sourceOf = (auth: Auth): string | undefined =>
    auth.scope === 'admin' || auth.member || auth.wallet ? undefined : (auth.sourceId ?? auth.keyId)

  const show = (auth: Auth, sourceId: string, arrival: Arrival, code: string | null, latencyMs: number): void => {
    if (!mayShow(sourceId)) return
    const { outcome, kind, name, messageId, subject, issues = [] } = arrival
    const body = {
      kind,
      name: plainName(name),
      messageId,
      subject,
      code,
      issues: issues.slice(0, issuesShown).map(plainIssue),
      latencyMs,
    }
    lines.push({ workspaceId: auth.workspaceId, sourceId, at: clock(auth.workspaceId), outcome, body })
  }

  const writeCounts = async (all: readonly Count[]): Promise<void> => {
    if (all.length === 0) return
    // In one order, or two processes would wait for each other.
    const sorted = all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    await database.query(
      `insert into source_minutes as m
         (workspace_id, source_id, minute, events, errors, last_event_at, last_error_at, last_error)
       select n.workspace_id, n.source_id, to_timestamp(n.minute / 1000.0), n.events, n.errors,
              to_timestamp(n.event_at / 1000.0), to_timestamp(n.error_at / 1000.0), n.error::json
       from unnest($1::text[], $2::text[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::text[])
         as n(workspace_id, source_id, minute, events, errors, event_at, error_at, error)
       where ${isThere}
       on conflict (workspace_id, source_id, minute) do update set
         events = m.events + excluded.events,
         errors = m.errors + excluded.errors,
         last_event_at = greatest(m.last_event_at, excluded.last_event_at),
         last_error_at = greatest(m.last_error_at, excluded.last_error_at),
         last_error = coalesce(excluded.last_error, m.last_error)`,
      [
        sorted.map(it => it.workspaceId),
        sorted.map(it => it.sourceId),
        sorted.map(it => it.minute),
        sorted.map(it => it.events),
        sorted.map(it => it.errors),
        sorted.map(it => it.lastEventAt),
        sorted.map(it => it.lastErrorAt),
        sorted.map(it => (it.lastError ? JSON.stringify(it.lastError) : null)),
      ],
    )
  }

  const writeLines = async (all: readonly Line[]): Promise<void> => {
    if (all.length === 0) return
    const now = clock()
    // Numbered when they are written: who has seen a line has seen all that were written before it.
    const ids = all.map(() => makeId('tail', now, random(10))).toSorted()
    await database.query(
      `insert into source_tail (workspace_id, source_id, id, at, outcome, body)
       select n.workspace_id, n.source_id, n.id, to_timestamp(n.at / 1000.0), n.outcome, n.body::json
       from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::text[], $6::text[])
         as n(workspace_id, source_id, id, at, outcome, body)
       where ${isThere}`,
      [
        all.map(it => it.workspaceId),
        all.map(it => it.sourceId),
        ids,
        all.map(it => it.at),
        all.map(it => it.outcome),
        all.map(it => JSON.stringify(it.body)),
      ],
    )
    for (const { workspaceId, sourceId } of all) {
      const count = (written.get(sourceId) ?? 0) + 1
      written.set(sourceId, count)
      if (count >= linesOver) await removeOld(workspaceId, sourceId)
    }
  }

  const removeOld = async (workspaceId: string, sourceId: string): Promise<void> => {
    written.delete(sourceId)
    await database.query(
      `delete from source_tail where workspace_id = $1 and source_id = $2 and id < (
         select id from source_tail where workspace_id = $1 and source_id = $2 order by id desc offset $3 limit 1)`,
      [workspaceId, sourceId, linesKept - 1],
    )
  }

  /** What was counted but could not be written is counted again with what came since. */
  const putBack = (all: Iterable<Count>): void => {
    for (const old of all) {
      const count = countOf(counts, old.workspaceId, old.sourceId, old.minute)
      count.events += old.events
      count.errors += old.errors
      count.lastEventAt ??= old.lastEventAt
      count.lastErrorAt ??= old.lastErrorAt
      count.lastError ??= old.lastError
    }
  }

  const wake = (): void => {
    for (const done of [...waiting]) done()
  }

  return {
    took: (auth, arrivals, latencyMs) => {
      const sourceId = sourceOf(auth)
      if (sourceId === undefined || arrivals.length === 0) return
      const now = clock(auth.workspaceId)
      const count = countOf(counts, auth.workspaceId, sourceId, now - (now % minuteMs))
      count.events += arrivals.length
      count.lastEventAt = now
      for (const arrival of arrivals) show(auth, sourceId, arrival, null, latencyMs)
    },
    refused: (auth, call, refusal, latencyMs) => {
      const sourceId = sourceOf(auth)
      if (sourceId === undefined) return
      const now = clock(auth.workspaceId)
      const count = countOf(counts, auth.workspaceId, sourceId, now - (now % minuteMs))
      const code = refusal?.code ?? 'internal_error'
      const [first] = refusal?.errors ?? []
      const pointer = first ? plainPointer(first.pointer) : null
      const message = plainMessage(first?.message ?? refusal?.message ?? 'The server could not answer; see its log.')
      count.errors += 1
      count.lastErrorAt = now
      count.lastError = { at: formatInstant(now), code, pointer, message }
      const issues = refusal?.errors ?? [{ pointer: '', message }]
      const arrival = { outcome: 'refused', kind: call, name: null, messageId: null, subject: null, issues } as const
      show(auth, sourceId, arrival, code, latencyMs)
    },
    flush: async () => {
      const [counted, seen] = [counts, lines]
      counts = new Map()
      lines = []
      shown.clear()
      try {
        await writeCounts([...counted.values()])
      } catch (error) {
        putBack(counted.values())
        throw error
      }
      await writeLines(seen)
      if (seen.length > 0) wake()
    },
    news: async ms => {
      if (closed) return false
      await new Promise<void>(resolve => {
        const done = (): void => {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, ms)
        waiting.add(done)
      })
      return !closed
    },
    close: () => {
      closed = true
      wake()
    },
  }
}
