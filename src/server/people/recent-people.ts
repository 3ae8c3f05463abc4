import type { Queryable } from '../../adapters/storage/database.ts'
import { idTime } from '../../core/kernel/id.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import type { Find, Finds } from './search-people.ts'

/** Something that somebody did: she ordered, or one of her identifiers was seen for the first time. */
type Entry = { at: number; key: string; holderId: string; personId: string; isErased: boolean }

const atOnce = 200
/** A page ends early where the same few people did all of the last ten thousand things. */
const mostReads = 50

type Place = { readonly at: number; readonly order: string; readonly holder: string }

/** Before the newest of both. */
const newest: Place = { at: Date.UTC(9999, 11, 31), order: '~', holder: 'hol_~' }
const placeOf = (text: string): Place | undefined => {
  if (text === '') return newest
  const [, instant, order, holder] = /^(\S+) (.*) (hol_\S+)$/s.exec(text) ?? []
  const at = instant === undefined ? undefined : parseInstant(instant)
  return at === undefined ? undefined : { at, order: order!, holder: holder! }
}

const readOrders = (source: Queryable, workspaceId: string, { at, order }: Place) =>
  source.query<Entry>(
    `select o.at, o.key, o.holder_id as "holderId", h.person_id as "personId", h.erased_at is not null as "isErased" from (
       select occurred_at as at, id as key, holder_id from orders
       where workspace_id = $1 and (occurred_at, id) < (to_timestamp($2 / 1000.0), $3)
       order by occurred_at desc, id desc limit ${atOnce}) o
     left join holders h on h.workspace_id = $1 and h.id = o.holder_id
     order by o.at desc, o.key desc`,
    [workspaceId, at, order],
  )

// Ids tell the time they were made at, and are in its order.
const readHolders = (source: Queryable, workspaceId: string, { holder }: Place) =>
  source.query<Entry>(
    `select 0 as at, id as key, id as "holderId", person_id as "personId", erased_at is not null as "isErased" from holders
     where workspace_id = $1 and id < $2 order by id desc limit ${atOnce}`,
    [workspaceId, holder],
  )

/** The newest order of each person and her newest holder: she is shown at the newer of the two alone. */
const newestOf = async (source: Queryable, workspaceId: string, personIds: readonly string[]) => {
  const { rows } = await source.query<{ personId: string; at: number | null; key: string | null; holder: string }>(
    `select p.id as "personId", o.at, o.key, max(h.id) as holder from unnest($2::text[]) as p(id)
     join holders h on h.workspace_id = $1 and h.person_id = p.id
     left join lateral (
       select o.occurred_at as at, o.id as key from holders i cross join lateral (
         select occurred_at, id from orders where workspace_id = $1 and holder_id = i.id order by occurred_at desc, id desc limit 1) o
       where i.workspace_id = $1 and i.person_id = p.id order by 1 desc, 2 desc limit 1) o on true
     group by p.id, o.at, o.key`,
    [workspaceId, personIds],
  )
  return new Map(
    rows.map(({ personId, at, key, holder }) => [personId, at !== null && at >= idTime(holder)! ? key! : holder]),
  )
}

/** Everybody, whoever did something last first. Two lists are walked side by side, so nothing is kept for it. */
export const recentPeople = async (
  source: Queryable,
  workspaceId: string,
  after: string,
  limit: number,
): Promise<Finds | undefined> => {
  const first = placeOf(after)
  if (!first) return undefined
  let place: Place = first
  const finds: Find[] = []
  for (let reads = 0; reads < mostReads; reads++) {
    const [orders, holders] = await Promise.all([
      readOrders(source, workspaceId, place),
      readHolders(source, workspaceId, place),
    ])
    const entries = [
      ...orders.rows.map(it => ({ ...it, isOrder: true })),
      ...holders.rows.map(it => ({ ...it, at: idTime(it.key)!, isOrder: false })),
    ].sort((a, b) => b.at - a.at || Number(b.isOrder) - Number(a.isOrder))
    // Beyond the end of what was read of one list the other may not be taken.
    const ends = [orders.rows, holders.rows].map(rows => (rows.length === atOnce ? rows.at(-1)! : undefined))
    const known = entries.findIndex(it => ends.some(end => end?.key === it.key))
    const taken = known < 0 ? entries : entries.slice(0, known + 1)
    const shownAt = await newestOf(source, workspaceId, [...new Set(taken.flatMap(it => it.personId ?? []))])
    for (const { at, key, isOrder, personId, isErased } of taken) {
      if (personId !== null && !isErased && shownAt.get(personId) === key) {
        if (finds.length === limit) return { finds, place: `${formatInstant(place.at)} ${place.order} ${place.holder}` }
        finds.push({ personId, matched: null })
      }
      place = isOrder ? { ...place, at, order: key } : { ...place, holder: key }
    }
    if (known < 0) return { finds, place: null }
  }
  return { finds, place: `${formatInstant(place.at)} ${place.order} ${place.holder}` }
}
