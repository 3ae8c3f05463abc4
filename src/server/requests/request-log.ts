import type { Database } from '../../adapters/storage/database.ts'
import { type AnyEndpoint, isWrite } from '../../contract/endpoint.ts'
import { refusals } from '../../contract/refusals.ts'
import { listRequests, replayable } from '../../contract/requests.ts'
import { makeId } from '../../core/kernel/id.ts'
import type { Refusal } from '../../core/kernel/refusal.ts'
import type { Answered } from '../http/app.ts'
import { plainIssue } from '../sources/plain.ts'
import { isThere } from '../workspaces.ts'

/** Kept from one flush to the next, of one workspace: the log is for eyes. Refused calls have a share of their own, since they are looked for. */
const doneATurn = 20
const refusedATurn = 40
const mostATurn = 1_000
/** The last of a workspace that stay, and how many more there may be before the old ones are removed. */
const kept = 2_000
const keptOver = 400
const keptMs = 7 * 86_400_000
const longestBody = 16_000

export type RequestLog = {
  /** To be told of every call that was answered; costs next to nothing where it is not kept. */
  answered(call: Answered): void
  flush(): Promise<void>
}

type Line = {
  readonly workspaceId: string
  readonly at: number
  readonly body: object
  readonly call: string
  readonly actor: string
  readonly refused: boolean
  readonly sent: string | null
}

/** Ids that we make, and what is counted or dated, may be told; what a caller chose may be anybody's address, or a code worth money. */
const ownId = /^[a-z]+_[0-9a-hjkmnp-tv-z]{26}$/
const isPlain = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && (ownId.test(value) || /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)))

/** `/v1/people/email:ana@example.com/wallet` → `/v1/people/email:…/wallet`. */
export const plainPath = (endpoint: AnyEndpoint, params: unknown): string =>
  endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String((params as Record<string, unknown> | undefined)?.[name] ?? '')
    if (replayable.has(endpoint.name) || isPlain(value)) return value
    const [type, rest] = value.split(':')
    return rest === undefined || !/^[a-zA-Z]{1,40}$/.test(type!) ? '…' : `${type}:…`
  })

/** The refusal's own sentence, with what may be told filled in. */
export const plainSentence = ({ code, details }: Refusal): string =>
  (refusals.get(code)?.sentence ?? code).replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    isPlain(details[name]) ? String(details[name]) : '…',
  )

const issuesShown = 5

/**
 * The last calls of each workspace, gathered in this process and written down about once a second, so that no call costs a statement.
 * What was not written when the process ends is lost: nobody's money hangs on it.
 */
export const makeRequestLog = ({
  database,
  clock,
  random,
}: {
  readonly database: Pick<Database, 'query'>
  readonly clock: () => number
  readonly random: (bytes: number) => Uint8Array
}): RequestLog => {
  let lines: Line[] = []
  let writing: Promise<void> = Promise.resolve()
  /** Of this turn, by workspace. */
  let counts = new Map<string, { done: number; refused: number }>()
  /** Written since the old ones of a workspace were last removed. */
  const written = new Map<string, number>()

  const hasRoom = (workspaceId: string, outcome: 'done' | 'refused'): boolean => {
    if (lines.length >= mostATurn) return false
    let count = counts.get(workspaceId)
    if (!count) {
      count = { done: 0, refused: 0 }
      counts.set(workspaceId, count)
    }
    if (count[outcome] >= (outcome === 'done' ? doneATurn : refusedATurn)) return false
    count[outcome] += 1
    return true
  }

  const removeOld = async (workspaceId: string, now: number): Promise<void> => {
    written.delete(workspaceId)
    await database.query(
      `delete from request_log where workspace_id = $1 and (id < $3 or id < (
         select id from request_log where workspace_id = $1 order by id desc offset $2 limit 1))`,
      [workspaceId, kept - 1, makeId('rql', Math.max(0, now - keptMs), new Uint8Array(10))],
    )
  }

  const write = async (all: readonly Line[]): Promise<void> => {
    const now = clock()
    const ids = all.map(line => makeId('rql', line.at, random(10)))
    await database.query(
      `insert into request_log (workspace_id, id, at, call, actor, refused, body, sent)
       select n.workspace_id, n.id, to_timestamp(n.at / 1000.0), n.call, n.actor, n.refused, n.body::json, n.sent
       from unnest($1::text[], $2::text[], $3::int8[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[])
         as n(workspace_id, id, at, call, actor, refused, body, sent)
       where ${isThere}`,
      [
        all.map(it => it.workspaceId),
        ids,
        all.map(it => it.at),
        all.map(it => it.call),
        all.map(it => it.actor),
        all.map(it => it.refused),
        all.map(it => JSON.stringify(it.body)),
        all.map(it => it.sent),
      ],
    )
    for (const workspaceId of new Set(all.map(it => it.workspaceId))) {
      const count = (written.get(workspaceId) ?? 0) + all.filter(it => it.workspaceId === workspaceId).length
      written.set(workspaceId, count)
      if (count >= keptOver) await removeOld(workspaceId, now)
    }
  }

  return {
    answered: ({ endpoint, auth, params, url, bodyText, status, ms, requestId, refusal }) => {
      // What a console looks at all day long is nobody's news.
      if ((auth.member && !isWrite(endpoint)) || endpoint.name === listRequests.name) return
      const refused = status >= 400
      if (!hasRoom(auth.workspaceId, refused ? 'refused' : 'done')) return
      const mayReplay = replayable.has(endpoint.name) && bodyText.length <= longestBody
      lines.push({
        workspaceId: auth.workspaceId,
        at: clock(),
        call: endpoint.name,
        actor: auth.keyId,
        refused,
        sent: mayReplay ? JSON.stringify({ url, body: bodyText }) : null,
        body: {
          method: endpoint.method,
          path: plainPath(endpoint, params),
          status,
          ms: Math.round(ms * 10) / 10,
          requestId,
          refusal: refusal && {
            code: refusal.code,
            sentence: plainSentence(refusal),
            errors: (refusal.errors ?? []).slice(0, issuesShown).map(plainIssue),
          },
        },
      })
    },
    // One after the other: whoever looks after this has what another flush is about to write, too.
    flush: () => {
      const all = lines
      lines = []
      counts = new Map()
      writing = writing.catch(() => undefined).then(() => (all.length === 0 ? undefined : write(all)))
      return writing
    },
  }
}
