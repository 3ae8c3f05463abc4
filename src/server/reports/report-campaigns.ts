import type { Queryable } from '../../adapters/storage/database.ts'
import type { CampaignRow } from '../../contract/reports.ts'
import type { Arm } from '../../core/loop/world.ts'
import { startCampaign, type UseFact } from '../../core/measurement/campaign-report.ts'
import type { LifeState } from '../../core/offers/schema.ts'
import { issuedOfOffers, type Period } from './issued-of-offers.ts'
import { type StoredUse, usesOfOffers } from './uses-of-offers.ts'

export type NamedCampaign = { id: string; name: string; state: LifeState }
type NamedOffer = { id: string; name: string; state: LifeState }

const rowsAtOnce = 1000

/** Every row of a list in pieces by id; `statement` takes the id to start after as its last parameter. */
async function* byId<R extends { id: string }>(
  source: Queryable,
  statement: string,
  params: readonly unknown[],
): AsyncGenerator<R> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { rows }: { rows: R[] } = await source.query<R>(`${statement} limit ${rowsAtOnce}`, [...params, after])
    yield* rows
    after = rows.length === rowsAtOnce ? rows.at(-1)!.id : undefined
  }
}

export const allCampaigns = (source: Queryable, workspaceId: string): AsyncGenerator<NamedCampaign> =>
  byId(source, 'select id, name, state from campaigns where workspace_id = $1 and id > $2 order by id', [workspaceId])

const membersOf = async (source: Queryable, workspaceId: string, campaignId: string): Promise<Set<string>> => {
  const people = new Set<string>()
  const members = byId<{ id: string; person_id: string }>(
    source,
    `select m.holder_id as id, h.person_id from members m
     join holders h on h.workspace_id = m.workspace_id and h.id = m.holder_id
     where m.workspace_id = $1 and m.campaign_id = $2 and m.holder_id > $3 order by m.holder_id`,
    [workspaceId, campaignId],
  )
  for await (const { person_id } of members) people.add(person_id)
  return people
}

/** Persons among those met in more than one arm. */
const countConflicts = async (source: Queryable, workspaceId: string, campaignId: string): Promise<number> => {
  const arms = new Map<string, Arm>()
  const conflicts = new Set<string>()
  const exposures = byId<{ id: string; person_id: string; arm: Arm }>(
    source,
    `select e.holder_id as id, h.person_id, e.arm from exposures e
     join holders h on h.workspace_id = e.workspace_id and h.id = e.holder_id
     where e.workspace_id = $1 and e.campaign_id = $2 and e.holder_id > $3 order by e.holder_id`,
    [workspaceId, campaignId],
  )
  for await (const { person_id, arm } of exposures) {
    const known = arms.get(person_id) ?? arm
    arms.set(person_id, known)
    if (known !== arm) conflicts.add(person_id)
  }
  return conflicts.size
}

/** What came of written-off packs and found no room, since ever, by offer. */
const overrunsOf = async (source: Queryable, workspaceId: string, ids: readonly string[]) => {
  const { rows } = await source.query<{ offer: string; limit: string; uses: number; budget: number }>(
    `select c.offer_id as offer, c.bucket as "limit", c.overrun as uses, c.budget_overrun as budget
     from unnest($2::text[]) as k(id) cross join lateral (
       select * from counters where workspace_id = $1 and offer_id = k.id and (overrun > 0 or budget_overrun > 0) offset 0) c
     order by c.offer_id, c.bucket`,
    [workspaceId, ids],
  )
  const byOffer = new Map<string, { limit: string; uses: number; budget: number }[]>()
  for (const { offer, ...overrun } of rows) byOffer.set(offer, [...(byOffer.get(offer) ?? []), overrun])
  return byOffer
}

const isWithin = ({ from = -Infinity, to = Infinity }: Period, at: number): boolean => from <= at && at < to

const counts = (use: StoredUse, period: Period, now: number): boolean =>
  isWithin(period, use.at) &&
  (use.state === 'redeemed' ||
    use.state === 'returned' ||
    (use.state === 'held' && use.held_until !== null && use.held_until > now))

/**
 * The report of one campaign. All reading is in short statements, so the figures of a busy campaign are those of a short while, not of one
 * instant.
 */
export const reportCampaign = async (
  source: Queryable,
  workspaceId: string,
  campaign: NamedCampaign,
  period: Period,
  now: number,
): Promise<CampaignRow> => {
  const offers: NamedOffer[] = []
  const stored = byId<NamedOffer>(
    source,
    `select id, body->>'name' as name, state from offers
     where workspace_id = $1 and campaign_id = $2 and id > $3 order by id`,
    [workspaceId, campaign.id],
  )
  for await (const offer of stored) offers.push(offer)
  const ids = offers.map(({ id }) => id)

  const members = await membersOf(source, workspaceId, campaign.id)
  const issued = await issuedOfOffers(source, workspaceId, ids, period)
  const overruns = await overrunsOf(source, workspaceId, ids)
  const report = startCampaign({ members })
  const rows: CampaignRow['offers'] = []
  const pieces = usesOfOffers(source, workspaceId, ids)
  let piece = await pieces.next()
  for (const { id, name, state } of offers) {
    const row = report.startOffer({ issued: issued.get(id) ?? 0 })
    for (; !piece.done && piece.value.offerId === id; piece = await pieces.next()) {
      for (const use of piece.value.uses) {
        if (!counts(use, period, now)) continue
        row.add({
          // What an event or a moment gave stands under `event/…` and `claim/…`; no order has a slash in its id.
          orderId: use.order_id.includes('/') ? null : use.order_id,
          personId: use.person_id,
          channel: use.channel,
          currency: use.currency,
          amount: use.amount - use.returned,
          revenue: use.revenue,
          state: use.state as UseFact['state'],
          issued: use.issued_at !== null && isWithin(period, use.issued_at) ? use.issued : null,
        })
      }
    }
    const beyond = overruns.get(id)
    rows.push({ offer: id, name, state, ...row.figures(), ...(beyond && { overruns: beyond }) })
  }
  return {
    campaign: campaign.id,
    name: campaign.name,
    state: campaign.state,
    conflicts: await countConflicts(source, workspaceId, campaign.id),
    ...report.figures(),
    offers: rows,
  }
}
