import type { Queryable } from '../../adapters/storage/database.ts'
import { makeId } from '../../core/kernel/id.ts'
import type { Period } from '../../core/kernel/time.ts'
import { type ActivityFact, type ActivityRow, startActivity } from '../../core/measurement/activity.ts'

export type ActivityGroup = 'channel' | 'location' | 'campaign' | 'offer'
export type ActivityAsked = {
  /** Epoch milliseconds; inclusive, exclusive. */
  readonly from: number
  readonly to: number
  readonly bucket: Period
  readonly timeZone: string
  readonly by: ActivityGroup | undefined
  readonly channel: string | undefined
  readonly location: string | undefined
  readonly campaign: string | undefined
  readonly offer: string | undefined
}

type Place = { channel: string; location: string | null }
type OrderRow = Place & {
  at: number
  id: string
  currency: string
  counts: boolean
  total: number
  uses: number
  returned: number
  discount: number
}
type UseRow = Place & {
  offer: string
  at: number
  id: string
  seq: number
  currency: string
  state: string
  amount: number
  returned: number
  revenue: number
}
type GrantRow = { offer: string; id: string; at: number }

/** 15 ms of the embedded store. */
const atOnce = 1000
/** Most offers of a large catalogue have a few uses, and a statement for each would take longer than the work. */
const offersAtOnce = 50
const firstOfEach = atOnce / offersAtOnce

const isUsed = (state: string): boolean => state === 'redeemed' || state === 'returned'

/** Orders by time, each with what offers it used. */
async function* ordersByTime(source: Queryable, workspaceId: string, from: number, to: number) {
  for (let after = { at: from, id: '' }; ; ) {
    const { rows } = await source.query<OrderRow>(
      `select o.*, u.uses, u.returned, u.discount from (
         select occurred_at as at, id, channel, location, currency, state in ('placed', 'returned') as counts,
           total - coalesce((returned->>'refunded')::int8, 0) as total
         from orders where workspace_id = $1 and (occurred_at, id) > (to_timestamp($2 / 1000.0), $3) and occurred_at < to_timestamp($4 / 1000.0)
         order by occurred_at, id limit ${atOnce}) o
       cross join lateral (
         select count(*) filter (where state in ('redeemed', 'returned')) as uses, count(*) filter (where state = 'returned') as returned,
           coalesce(sum(amount - returned) filter (where state in ('redeemed', 'returned')), 0)::int8 as discount
         from redemptions where workspace_id = $1 and order_id = o.id) u
       order by o.at, o.id`,
      [workspaceId, after.at, after.id, to],
    )
    yield rows
    if (rows.length < atOnce) return
    after = rows.at(-1)!
  }
}

const useColumns =
  'offer_id as offer, at, order_id as id, seq, channel, location, currency, state, amount, returned, revenue'

/** Uses of no order, by time: what events and moments gave. */
async function* usesApart(source: Queryable, workspaceId: string, from: number, to: number) {
  for (let after = { at: from, id: '', seq: -1 }; ; ) {
    const { rows } = await source.query<UseRow>(
      `select ${useColumns} from redemptions
       where workspace_id = $1 and position('/' in order_id) > 0
         and (at, order_id, seq) > (to_timestamp($2 / 1000.0), $3, $4) and at < to_timestamp($5 / 1000.0)
       order by at, order_id, seq limit ${atOnce}`,
      [workspaceId, after.at, after.id, after.seq, to],
    )
    yield rows
    if (rows.length < atOnce) return
    after = rows.at(-1)!
  }
}

/**
 * The rows of many offers in pieces; `read` answers at most `limit` of each offer after a row. Rows of an offer come one after the other, but
 * not the offers.
 */
async function* rowsOfOffers<R extends { offer: string }>(
  offers: readonly string[],
  read: (offers: readonly string[], limit: number, after?: R) => Promise<readonly R[]>,
): AsyncGenerator<readonly R[]> {
  for (let start = 0; start < offers.length; start += offersAtOnce) {
    const rows = await read(offers.slice(start, start + offersAtOnce), firstOfEach)
    yield rows
    const lastOf = new Map(rows.map(row => [row.offer, row]))
    const full = [...lastOf].filter(([offer]) => rows.filter(row => row.offer === offer).length === firstOfEach)
    for (const [offer, last] of full) {
      for (let after: R | undefined = last; after; ) {
        const more: readonly R[] = await read([offer], atOnce, after)
        yield more
        after = more.length === atOnce ? more.at(-1) : undefined
      }
    }
  }
}

const usesOf =
  (source: Queryable, workspaceId: string, from: number, to: number) =>
  async (offers: readonly string[], limit: number, after?: UseRow): Promise<readonly UseRow[]> => {
    const { rows } = await source.query<UseRow>(
      `select u.* from unnest($2::text[]) as k(id) cross join lateral (
         select ${useColumns} from redemptions
         where workspace_id = $1 and offer_id = k.id and (at, order_id, seq) > (to_timestamp($3 / 1000.0), $4, $5)
           and at < to_timestamp($6 / 1000.0)
         order by at, order_id, seq limit $7) u`,
      [workspaceId, offers, after?.at ?? from, after?.id ?? '', after?.seq ?? -1, to, limit],
    )
    return rows
  }

const noChance = new Uint8Array(10)
const grantsOf =
  (source: Queryable, workspaceId: string, from: number, to: number) =>
  async (offers: readonly string[], limit: number, after?: GrantRow): Promise<readonly GrantRow[]> => {
    // Their ids begin with the time they were issued at.
    const { rows } = await source.query<GrantRow>(
      `select g.* from unnest($2::text[]) as k(id) cross join lateral (
         select offer_id as offer, id, issued_at as at from grants
         where workspace_id = $1 and offer_id = k.id and id > $3 and id < $4 order by id limit $5) g`,
      [workspaceId, offers, after?.id ?? makeId('gra', from, noChance), makeId('gra', to, noChance), limit],
    )
    return rows
  }

type OfferRow = { id: string; campaign: string }
const offersOf = async (
  source: Queryable,
  workspaceId: string,
  { campaign, offer }: ActivityAsked,
): Promise<readonly OfferRow[]> => {
  const all: OfferRow[] = []
  for (let after = ''; ; ) {
    const { rows } = await source.query<OfferRow>(
      `select id, campaign_id as campaign from offers
       where workspace_id = $1 and id > $2 and ($3::text is null or campaign_id = $3) and ($4::text is null or id = $4)
       order by id limit ${atOnce}`,
      [workspaceId, after, campaign ?? null, offer ?? null],
    )
    all.push(...rows)
    if (rows.length < atOnce) return all
    after = rows.at(-1)!.id
  }
}

/** What happened, as stored rows tell it now: late orders and returns are in it at the time of their order. Read in short statements. */
export const readActivity = async (
  source: Queryable,
  workspaceId: string,
  asked: ActivityAsked,
): Promise<ActivityRow[]> => {
  const { from, to, bucket, timeZone, by, channel, location } = asked
  const { add, rows } = startActivity(bucket, timeZone)
  const isAsked = (place: Place): boolean =>
    (channel === undefined || place.channel === channel) && (location === undefined || place.location === location)
  const offers = await offersOf(source, workspaceId, asked)
  const campaignOf = new Map(offers.map(({ id, campaign }) => [id, campaign]))
  const groupOf = (place: Place | undefined, offer: string | undefined): string | null => {
    if (by === 'offer') return offer ?? null
    if (by === 'campaign') return offer === undefined ? null : campaignOf.get(offer)!
    return (by && place?.[by]) ?? null
  }
  const ids = offers.map(({ id }) => id)
  const isOfOffers = by === 'offer' || by === 'campaign' || asked.offer !== undefined || asked.campaign !== undefined
  if (isOfOffers) {
    /** An order counts once in a group, however many offers it used. */
    const counted = new Set<string>()
    for await (const uses of rowsOfOffers(ids, usesOf(source, workspaceId, from, to))) {
      for (const use of uses.filter(it => isUsed(it.state) && isAsked(it))) {
        const group = groupOf(use, use.offer)
        const key = `${use.id}\n${group ?? ''}`
        const isFirst = !use.id.includes('/') && !counted.has(key)
        if (isFirst) counted.add(key)
        add({ ...useFact(use, group), orders: Number(isFirst), revenue: isFirst ? use.revenue : 0 })
      }
    }
  } else {
    for await (const orders of ordersByTime(source, workspaceId, from - 1, to)) {
      for (const order of orders.filter(it => it.counts && it.at >= from && isAsked(it))) {
        const { at, currency, uses, returned, discount, total } = order
        const revenue = uses > 0 ? total : 0
        add({
          at,
          group: groupOf(order, undefined),
          currency,
          orders: 1,
          used: uses,
          returned,
          discount,
          sales: total,
          revenue,
        })
      }
    }
    for await (const uses of usesApart(source, workspaceId, from, to))
      for (const use of uses.filter(it => isUsed(it.state) && isAsked(it))) add(useFact(use, groupOf(use, undefined)))
  }
  // A grant is issued to a person, not at a place.
  if (by !== 'channel' && by !== 'location' && channel === undefined && location === undefined)
    for await (const grants of rowsOfOffers(ids, grantsOf(source, workspaceId, from, to)))
      for (const { at, offer } of grants) add({ at, group: groupOf(undefined, offer), currency: null, given: 1 })
  return rows()
}

const useFact = ({ at, currency, state, amount, returned }: UseRow, group: string | null): ActivityFact => ({
  at,
  group,
  currency: amount === 0 ? null : currency,
  used: 1,
  returned: Number(state === 'returned'),
  discount: amount - returned,
})
