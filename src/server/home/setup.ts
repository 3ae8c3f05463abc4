import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { setupStep } from '../../contract/home.ts'
import { formatInstant } from '../../core/kernel/time.ts'

type Step = z.output<typeof setupStep>

/** What each step asks the store (whether, and since when), and what to do where it has not happened. */
const steps: Record<Step['step'], { readonly sql: string; readonly next: string }> = {
  key: {
    sql: 'select true as done, min(created_at) as at from api_keys where workspace_id = $1 having count(*) > 0',
    next: 'Make a key for your shop or server: POST /v1/keys.',
  },
  event: {
    // Which came first no index tells, so it is the first minute of a source; events of the admin key have none.
    sql: `select true as done, (select min(minute) from source_minutes where workspace_id = $1 and events > 0) as at
      from events where workspace_id = $1 limit 1`,
    next: 'Send a first event with the key: POST /v1/track, or any Segment library.',
  },
  offer: {
    sql: `select true as done, min(o.created_at) as at from offers o
      join campaigns c on c.workspace_id = $1 and c.id = o.campaign_id and c.state = 'live'
      where o.workspace_id = $1 and o.state = 'live' having count(*) > 0`,
    next: 'Make a campaign with an offer: POST /v1/campaigns, POST /v1/offers.',
  },
  redemption: {
    sql: `select true as done, min(r.at) as at from (
        select id from offers where workspace_id = $1 order by id limit 200) o
      cross join lateral (
        select at from redemptions where workspace_id = $1 and offer_id = o.id and state in ('redeemed', 'returned')
        order by at, order_id limit 1) r having count(*) > 0`,
    next: 'Place an order to which the offer applies: PUT /v1/orders/{id}.',
  },
}

/** The steps of the set-up, in their order. */
export const readSetup = async (source: Queryable, workspaceId: string): Promise<Step[]> => {
  const told: Step[] = []
  for (const [step, { sql, next }] of Object.entries(steps) as [Step['step'], (typeof steps)[Step['step']]][]) {
    const { rows } = await source.query<{ done: boolean; at: number | null }>(sql, [workspaceId])
    const [row] = rows
    const at = row?.at == null ? null : formatInstant(row.at)
    told.push({ step, done: row !== undefined, at, next: row ? null : next })
  }
  return told
}
