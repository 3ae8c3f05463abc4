import { createHash } from 'node:crypto'
import type { Database } from '../adapters/storage/database.ts'
import { commonRefusals } from '../contract/common-refusals.ts'
import { no, ok, type Result, refuse } from '../core/kernel/refusal.ts'
import { keyMemoryMs } from './authenticate.ts'
import { makeRecent } from './recent.ts'
import { makeThrottle } from './throttle.ts'

/** How exactly the last use of a session is kept: a write for every call would be one too many. */
const seenEveryMs = 300_000
const sessionsRemembered = 10_000

/** Only this of a token is ever stored. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** A token with 256 bits of chance: the prefix, `_` and 43 characters. */
export const makeToken = (prefix: 'tss' | 'tsi' | 'tws', random: (bytes: number) => Uint8Array): string =>
  `${prefix}_${Buffer.from(random(32)).toString('base64url')}`

/** What every table of sessions has. Times in epoch milliseconds. */
export type SessionRow = { id: string; started_at: number; seen_at: number; ends_at: number }

export type KnownSessions<Row> = {
  /** The session of a token. One that ended here is refused at once, one that ended elsewhere after 5 seconds; who guesses has to wait. */
  find(token: string, remoteAddress: string): Promise<Result<Row>>
  /** What is remembered is read again: sessions ended, roles changed. */
  forget(): void
}

/** Sessions by their cookies' tokens, remembered for a while, so that most calls read nothing. Team and wallet have one each. */
export const makeKnownSessions = <Row extends SessionRow>({
  database,
  clock,
  table,
  read,
  idleMs,
  longestMs,
  ended,
}: {
  readonly database: Database
  readonly clock: () => number
  readonly table: 'team_sessions' | 'wallet_sessions'
  readonly read: (hash: string) => Promise<Row | undefined>
  /** A session ends so long after its last use … */
  readonly idleMs: number
  /** … and so long after its start however much it is used. */
  readonly longestMs: number
  /** What whoever comes with an ended or unknown token is told. */
  readonly ended: Result<never>
}): KnownSessions<Row> => {
  type Known = { readonly row: Row; readonly endsAt: number; readonly readAt: number; readonly generation: number }
  const known = makeRecent<string, Known>(sessionsRemembered)
  let generation = 0
  const wrong = makeThrottle({ capacity: 20, refillPerSecond: 0.5, maxNames: 10_000, clock })
  const tooMany = (retryAfterSeconds: number) => no(refuse(commonRefusals.too_many_attempts, { retryAfterSeconds }))

  const load = async (hash: string): Promise<Known | undefined> => {
    const readAt = clock()
    const readIn = generation
    const row = await read(hash)
    if (!row) {
      known.delete(hash)
      return undefined
    }
    let endsAt = row.ends_at
    if (readAt < endsAt && readAt - row.seen_at >= seenEveryMs) {
      endsAt = Math.min(row.started_at + longestMs, readAt + idleMs)
      await database.query(
        `update ${table} set seen_at = to_timestamp($2 / 1000.0), ends_at = to_timestamp($3 / 1000.0) where id = $1`,
        [row.id, readAt, endsAt],
      )
    }
    const entry = { row, endsAt, readAt, generation: readIn }
    known.set(hash, entry)
    return entry
  }

  const admit = (entry: Known | undefined, remoteAddress: string): Result<Row> => {
    if (entry && entry.endsAt > clock()) return ok(entry.row)
    const taken = wrong.take(remoteAddress)
    return taken.ok ? ended : tooMany(taken.retryAfterSeconds)
  }

  return {
    find: async (token, remoteAddress) => {
      const hash = hashOfToken(token)
      const entry = known.get(hash)
      if (entry?.generation === generation && clock() - entry.readAt < keyMemoryMs) return admit(entry, remoteAddress)
      // What was forgotten is read again, but that it was good lately still counts: only strangers wait.
      if (!entry) {
        const may = wrong.peek(remoteAddress)
        if (!may.ok) return tooMany(may.retryAfterSeconds)
      }
      return admit(await load(hash), remoteAddress)
    },
    forget: () => {
      generation += 1
    },
  }
}
