import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { identifierOf, personsInTurn, type SegmentMembers } from './persons.ts'
import type { ExportRow } from './rows.ts'

export const consentColumns = [
  'address',
  'channel',
  'purpose',
  'state',
  'at',
  'how',
  'text_version',
  'language',
  'by',
  'evidence',
  'person',
  'erased_at',
] as const

type EntryRow = Row & {
  id: string
  holderId: string
  channel: string
  purpose: string
  state: string
  at: number
  how: string
  textVersion: string | null
  language: string | null
  by: string
  personal: Record<string, unknown>
}

const entriesAtOnce = 500

/** The ledger of some holders, holder by holder, in the order in which the entries came. */
async function* ledgerOf(
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  since: number,
): AsyncGenerator<readonly EntryRow[], void> {
  for (let after = { holderId: '', id: '' }; ; ) {
    const { rows } = await source.query<EntryRow>(
      `select holder_id as "holderId", id, channel, purpose, state, at, how, text_version as "textVersion", language, by, personal
       from consents where workspace_id = $1 and holder_id = any($2::text[]) and (holder_id, id) > ($3, $4)
       order by holder_id, id limit ${entriesAtOnce}`,
      [workspaceId, holderIds, after.holderId, after.id],
    )
    yield rows.filter(({ at }) => at >= since)
    if (rows.length < entriesAtOnce) return
    after = rows.at(-1)!
  }
}

export async function* consentRows(
  source: Queryable,
  workspaceId: string,
  members: SegmentMembers | undefined,
  since: number,
) {
  for await (const persons of personsInTurn(source, workspaceId, members)) {
    const holders = new Map(persons.flatMap(person => person.holders.map(holder => [holder.id, holder] as const)))
    for await (const entries of ledgerOf(source, workspaceId, [...holders.keys()], since))
      yield entries.map((entry): ExportRow<(typeof consentColumns)[number]> => {
        const holder = holders.get(entry.holderId)!
        return {
          address: identifierOf(holder),
          channel: entry.channel,
          purpose: entry.purpose,
          state: entry.state,
          at: formatInstant(entry.at),
          how: entry.how,
          text_version: entry.textVersion,
          language: entry.language,
          by: entry.by,
          evidence: entry.personal,
          person: holder.personId,
          erased_at: holder.erasedAt === null ? null : formatInstant(holder.erasedAt),
        }
      })
  }
}
