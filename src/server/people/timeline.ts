import type { Queryable } from '../../adapters/storage/database.ts'
import type { TimelineEntry } from '../../contract/people.ts'
import { formatInstant } from '../../core/kernel/time.ts'

export type TimelineRow = {
  at: number
  what: TimelineEntry['what']
  channel: string | null
  id: string
  key: string
  details: Record<string, unknown>
}

/**
 * What can stand in a timeline, each as (at, what, channel, id, details) of the holders `$2`. An order that an event alone made
 * stands there as that event. Every entry has its place: its time, then its key, so pages neither miss nor repeat.
 */
const sources = {
  // Of each holder only as many as a page takes: this is the one source that may hold very many.
  event: `select e.* from unnest($2::text[]) as h(id) cross join lateral (
      select occurred_at as at, channel, message_id as id,
        json_build_object('kind', kind, 'name', name, 'order', order_id, 'properties', properties) as details
      from events where workspace_id = $1 and holder_id = h.id and occurred_at <= to_timestamp($3 / 1000.0)
        and (occurred_at, 'event ' || message_id collate "C") < (to_timestamp($3 / 1000.0), $4)
      order by occurred_at desc, message_id collate "C" desc limit $5) e`,
  orderOpened: orderAt('opened_at'),
  // A late till or a history says when it happened, which is what a timeline tells.
  orderPlaced: orderAt('occurred_at', 'placed_at'),
  orderCancelled: orderAt('cancelled_at'),
  redemption: `select r.at, r.channel, r.id, json_build_object('offer', r.offer_id, 'campaign', r.campaign_id, 'order', r.order_id,
      'code', r.code, 'grant', r.grant_id, 'currency', r.currency, 'amount', r.amount, 'state', r.state) as details
    from orders o join redemptions r on r.workspace_id = o.workspace_id and r.order_id = o.id
    where o.workspace_id = $1 and o.holder_id = any($2::text[]) and r.state in ('redeemed', 'cancelled')`,
  // What a moment or an event was answered; what either gave is part of it.
  decision: `select at, channel, id, json_build_object('kind', kind, 'cause', cause, 'location', location, 'shown', shown,
      'answer', answer::json) as details
    from decisions where workspace_id = $1 and holder_id = any($2::text[])`,
  grant: `select issued_at as at, null as channel, id,
      json_build_object('offer', offer_id, 'state', state, 'title', title, 'fulfilment', fulfilment) as details
    from grants where workspace_id = $1 and holder_id = any($2::text[])`,
  campaign: `select min(added_at) as at, null as channel, campaign_id as id, json_build_object('campaign', campaign_id) as details
    from members where workspace_id = $1 and holder_id = any($2::text[]) group by campaign_id`,
} satisfies { [W in TimelineEntry['what']]: string }

function orderAt(time: string, reached = time): string {
  return `select ${time} as at, channel, id, json_build_object('currency', currency, 'subtotal', subtotal,
      'discount', discount, 'shipping', shipping, 'total', total, 'location', location, 'state', state) as details
    from orders where workspace_id = $1 and holder_id = any($2::text[]) and source = 'put' and ${reached} is not null`
}

const statement = `select * from (
  ${Object.entries(sources)
    .map(
      ([what, source]) =>
        `select at, '${what}' as what, channel, id, ('${what} ' || id) collate "C" as key, details from (${source}) as s_${what}`,
    )
    .join('\n union all ')}
) as entries where (at, key) < (to_timestamp($3 / 1000.0), $4) order by at desc, key desc limit $5`

/** Later than anything: the last millisecond of ECMAScript's time, and a key after any other. */
export const newest = { at: 8_640_000_000_000_000, key: '~' }

/** What happened with these holders before a place in time, newest first. */
export const readTimeline = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  before: { readonly at: number; readonly key: string },
  limit: number,
): Promise<TimelineRow[]> => {
  const { rows } = await source.query<TimelineRow>(statement, [workspaceId, holderIds, before.at, before.key, limit])
  return rows
}

export const timelineEntry = ({ at, what, channel, id, details }: TimelineRow): TimelineEntry => ({
  at: formatInstant(at),
  what,
  channel,
  id,
  details,
})
