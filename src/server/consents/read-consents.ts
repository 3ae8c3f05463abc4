import type { Queryable } from '../../adapters/storage/database.ts'
import type { ConsentState, ConsentStates, ConsentWay } from '../../core/consent/consent.ts'
import { effectivePreferences, type Preferences } from '../../core/consent/preferences.ts'

/** An address of a person: an identifier with what was said of it. */
export type Address = {
  readonly id: string
  readonly type: string
  readonly value: string
  readonly given: string
  readonly consents: ConsentStates
  readonly preferences: Preferences
}

/** The addresses of a person, the oldest first. */
export const readAddresses = async (
  source: Queryable,
  workspaceId: string,
  personId: string,
): Promise<readonly Address[]> => {
  const { rows } = await source.query<Address>(
    `select id, type, value, given, consents, preferences from holders
     where workspace_id = $1 and person_id = $2 and erased_at is null order by created_at, id`,
    [workspaceId, personId],
  )
  return rows
}

/** The person who has an address now; undefined: nobody, or she was erased. */
export const personOfHolder = async (
  source: Queryable,
  workspaceId: string,
  holderId: string,
): Promise<string | undefined> => {
  const { rows } = await source.query<{ person_id: string }>(
    'select person_id from holders where workspace_id = $1 and id = $2 and erased_at is null',
    [workspaceId, holderId],
  )
  return rows[0]?.person_id
}

export const wishesOf = (addresses: readonly Address[]): Preferences =>
  effectivePreferences(addresses.map(address => address.preferences))

export type ConsentRow = {
  id: string
  holder_id: string
  channel: string
  purpose: string
  state: ConsentState
  at: number
  how: ConsentWay
  text_version: string | null
  language: string | null
  by: string
  personal: Record<string, unknown>
  created_at: number
}

const columns = 'id, holder_id, channel, purpose, state, at, how, text_version, language, "by", personal, created_at'

/** The entries that count, of each address, channel and purpose one; the order is `withEntry`'s. */
export const readStanding = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
): Promise<readonly ConsentRow[]> => {
  const { rows } = await source.query<ConsentRow>(
    `select distinct on (holder_id, channel, purpose) ${columns} from consents
     where workspace_id = $1 and holder_id = any($2::text[])
     order by holder_id, channel, purpose, state = 'requested', at desc, state = 'withdrawn' desc, id`,
    [workspaceId, holderIds],
  )
  return rows
}

/** Entries in the order they were recorded, from behind one. */
export const readLedger = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  after: string,
  limit: number,
): Promise<readonly ConsentRow[]> => {
  const { rows } = await source.query<ConsentRow>(
    `select ${columns} from consents
     where workspace_id = $1 and holder_id = any($2::text[]) and id > $3 order by id limit $4`,
    [workspaceId, holderIds, after, limit],
  )
  return rows
}
