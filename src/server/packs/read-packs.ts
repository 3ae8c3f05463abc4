import type { Database } from '../../adapters/storage/database.ts'
import type { PackSeen } from '../../contract/packs.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { instantOrNull, type Lease, type StoredPack } from '../../core/loop/world.ts'
import { leaseColumns, packColumns, selectList } from '../commit/tables.ts'

type Row = StoredPack & { name: string | null; waiting: number; different: number; people: number }

/** Packs as an operator sees them: `where` may name `p`, and its parameters follow the first, the workspace. */
export const readPacks = async (
  database: Database,
  workspaceId: string,
  where: string,
  params: readonly unknown[],
): Promise<readonly PackSeen[]> => {
  const { rows } = await database.query<Row>(
    `select ${selectList(packColumns, 'p')}, k.name,
       (select count(*) from pack_entries e where e.workspace_id = $1 and e.pack_id = p.id and e.state = 'waiting')::int4 as waiting,
       (select count(*) from pack_entries e where e.workspace_id = $1 and e.pack_id = p.id and json_array_length(e.differences) > 0)::int4
         as different,
       (select count(*) from redemptions r where r.workspace_id = $1 and r.order_id = 'pack/' || p.id and r.state = 'leased')::int4 as people
     from packs p left join api_keys k on k.id = p.key_id
     where p.workspace_id = $1 and ${where}`,
    [workspaceId, ...params],
  )
  const leases = await database.query<Lease>(
    `select ${selectList(leaseColumns, 'l')} from unnest($2::text[]) as k(id)
     cross join lateral (select * from leases where workspace_id = $1 and pack_id = k.id offset 0) l order by l.offer_id, l.bucket`,
    [workspaceId, rows.map(it => it.id)],
  )
  return rows.map(row => ({
    id: row.id,
    key: row.keyId,
    name: row.name,
    device: row.deviceKey,
    channel: row.channel,
    location: row.location,
    state: row.state,
    revision: row.revision,
    issuedAt: formatInstant(row.issuedAt),
    renewedAt: formatInstant(row.renewedAt),
    expiresAt: formatInstant(row.expiresAt),
    endedAt: instantOrNull(row.endedAt),
    endedBy: row.endedBy,
    entries: row.entries,
    missing: missingOf(row),
    waiting: row.waiting,
    differences: row.different,
    people: row.people,
    slices: leases.rows.filter(it => it.packId === row.id).map(sliceAnswer),
  }))
}

/** Places of a journal that are empty, up to the last one that is known of. */
export const missingOf = ({ entries, lastSequence }: Pick<StoredPack, 'entries' | 'lastSequence'>): number =>
  lastSequence - entries

const sliceAnswer = (it: Lease): PackSeen['slices'][number] => ({
  offer: it.offerId,
  limit: it.bucket.replace('!', ''),
  leased: it.uses,
  used: it.charged,
  back: it.back,
  left: it.uses - it.charged - it.back,
  overrun: it.overrun,
  ...(it.budget + it.budgetOverrun > 0 && {
    budget: {
      leased: it.budget,
      used: it.budgetCharged,
      back: it.budgetBack,
      left: it.budget - it.budgetCharged - it.budgetBack,
      overrun: it.budgetOverrun,
    },
  }),
})
