import type { Database } from '../../adapters/storage/database.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import type { Workspaces } from '../workspaces.ts'
import {
  addResolving,
  type EraseServices,
  type ErasureRow,
  eraseIn,
  erasureColumns,
  goOnErasing,
  withoutHolds,
} from './erase-person.ts'
import { bookEnded } from './erase-value.ts'
import type { ErasureJournal, JournalEntry } from './erasure-journal.ts'

export const journalEntry = (workspace: string, row: ErasureRow): JournalEntry => ({
  workspace,
  id: row.id,
  at: formatInstant(row.at),
  by: row.by,
  reason: row.reason,
  requestId: row.request_id,
  person: row.person_id,
  holders: row.holders,
})

const pageSize = 1000

/** Writes into the journal what is erased in the store and not in it yet: a crash came in between, or another process did it. */
export const journalErasures = async (database: Database, journal: ErasureJournal): Promise<void> => {
  let after = ['', '']
  for (;;) {
    const { rows } = await database.query<ErasureRow & { workspace_id: string }>(
      `select workspace_id, ${erasureColumns} from erasures where (workspace_id, id) > ($1, $2)
       order by workspace_id, id limit ${pageSize}`,
      after,
    )
    await journal.add(rows.map(row => journalEntry(row.workspace_id, row)))
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = [last.workspace_id, last.id]
  }
}

/** The entries that a store does not know and that name somebody in it. */
const unknownTo = async (database: Database, entries: readonly JournalEntry[]): Promise<JournalEntry[]> => {
  const found: JournalEntry[] = []
  for (let start = 0; start < entries.length; start += pageSize) {
    const page = entries.slice(start, start + pageSize)
    const { rows } = await database.query<{ place: number }>(
      `select place from unnest($1::text[], $2::text[], $3::text[]) with ordinality as n(workspace, id, holders, place)
       where not exists (select 1 from erasures e where e.workspace_id = n.workspace and e.id = n.id)
         and exists (select 1 from json_array_elements_text(n.holders::json) as i(id)
           join holders h on h.workspace_id = n.workspace and h.id = i.id and h.erased_at is null)`,
      [page.map(it => it.workspace), page.map(it => it.id), page.map(it => JSON.stringify(it.holders))],
    )
    const places = new Set(rows.map(row => row.place))
    found.push(...page.filter((_, index) => places.has(index + 1)))
  }
  return found
}

/**
 * Erases again whom a store still knows because it was loaded from a dump that is older than her erasure. Tells how many. What the store was
 * never told of, as the people of another store, is left alone.
 */
export const eraseAgain = async (
  services: EraseServices & { readonly workspaces: Workspaces },
  entries: readonly JournalEntry[],
): Promise<number> => {
  const { database, workspaces, random, clock } = services
  const unknown = await unknownTo(database, entries)
  for (const { workspace: workspaceId, id, at, by, reason, requestId, person, holders } of unknown) {
    await workspaces.get(workspaceId)
    const of = { person, holders }
    const erased = await withoutHolds(services, workspaceId, of, () =>
      database.transaction(async tx => {
        const request = { workspaceId, id, at: parseInstant(at)!, by, reason, requestId, of }
        const result = await eraseIn(tx, services, request)
        // Others may have been one person with her then; who they are now, the links that are left must say.
        if (result.ok && result.value.counts.links > 0) await addResolving(tx, { random, clock }, workspaceId)
        return result
      }),
    )
    if ('refusal' in erased) throw new Error(`The erasure ${id} could not be done again: ${erased.refusal.message}`)
    await bookEnded(services, workspaceId, erased.ok ? erased.value.holders : [])
    for (let isDone = false; !isDone; ) isDone = (await goOnErasing(services, workspaceId, id)).isDone
  }
  return unknown.length
}
