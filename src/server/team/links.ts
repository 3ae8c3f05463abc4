import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { hashOfToken, makeToken } from '../known-sessions.ts'

/** A sign-in link works for a day, and once. */
const linkMs = 86_400_000

export type LinkRow = { id: string; kind: 'first' | 'invitation' | 'visit'; member_id: string | null; ends_at: number }

const hasTeam = async (tx: Queryable): Promise<boolean> =>
  (await tx.query('select member_id from team_roles limit 1')).rows.length > 0

type Made = { readonly link: string; readonly expiresAt: string }

const insertLink = async (
  tx: Queryable,
  { kind, memberId, by }: { readonly kind: LinkRow['kind']; readonly memberId: string | null; readonly by: string },
  {
    now,
    random,
    origin,
  }: { readonly now: number; readonly random: (bytes: number) => Uint8Array; readonly origin: string },
): Promise<Made> => {
  const token = makeToken('tsi', random)
  const endsAt = now + linkMs
  await tx.query('delete from sign_in_links where ends_at < to_timestamp($1 / 1000.0)', [now - linkMs])
  await tx.query(
    `insert into sign_in_links (id, hash, kind, member_id, made_by, made_at, ends_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), to_timestamp($7 / 1000.0))`,
    [makeId('sil', now, random(10)), hashOfToken(token), kind, memberId, by, now, endsAt],
  )
  // Behind the #, so that it goes to the browser alone: not into a log, nor to whoever looks at what is linked.
  return { link: `${origin}/sign-in#token=${token}`, expiresAt: formatInstant(endsAt) }
}

type Means = { readonly now: number; readonly random: (bytes: number) => Uint8Array; readonly origin: string }

/** A link for a team member to set a password with, or to look at a demo with; those she had before are no longer good. */
export const makeInvitation = async (
  tx: Queryable,
  memberId: string,
  by: string,
  means: Means,
  kind: 'invitation' | 'visit' = 'invitation',
): Promise<Made> => {
  await tx.query('delete from sign_in_links where member_id = $1', [memberId])
  return insertLink(tx, { kind, memberId, by }, means)
}

/** The link that lets the first one in; undefined where somebody is in the team already. */
export const makeFirstLink = async (database: Database, means: Means): Promise<string | undefined> =>
  database.transaction(async tx => {
    if (await hasTeam(tx)) return undefined
    return (await insertLink(tx, { kind: 'first', memberId: null, by: 'start' }, means)).link
  })

/** The link of a token, where it is still good; locked, so that it works once. */
export const readLink = async (
  tx: Queryable,
  token: string,
  now: number,
  lock: '' | 'for update' = '',
): Promise<LinkRow | undefined> => {
  const { rows } = await tx.query<LinkRow>(
    `select id, kind, member_id, ends_at from sign_in_links where hash = $1 and ends_at > to_timestamp($2 / 1000.0) ${lock}`,
    [hashOfToken(token), now],
  )
  const [row] = rows
  if (row?.kind !== 'first') return row
  // Each process prints one at its start; all are for the time when there is nobody, so they are used one after the other.
  if (lock) await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', ['first team member'])
  return (await hasTeam(tx)) ? undefined : row
}

/** A link that was used is gone, and with it every other of hers; with the first, all that were printed at a start. */
export const useLink = async (tx: Queryable, { id, kind, member_id }: LinkRow): Promise<void> => {
  await tx.query(
    `delete from sign_in_links where id = $1 or (kind in ('invitation', 'visit') and member_id = $2) or (kind = 'first' and $3)`,
    [id, member_id, kind === 'first'],
  )
}
