import type { Queryable } from '../../adapters/storage/database.ts'
import type { PersonLimit, Side } from '../../core/loop/merge-preview.ts'
import { readExposures } from './exposures.ts'
import { type GrantRow, grantColumns, grantStateAt, grantTables } from './grant-answer.ts'

const mostGrants = 1000
/** Offers that one statement looks up for all holders of a person: the embedded store must not be held long. */
const offersAtOnce = 200

type Use = { offer: string; at: number }

/** What two people have beyond their holders; asked for in short statements, so of a short while, not of one instant. */
export const readSide = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  limits: readonly PersonLimit[],
  now: number,
): Promise<Pick<Side, 'uses' | 'grants' | 'exposures'>> => {
  const offers = [...new Set(limits.map(it => it.offer))]
  const uses: Use[] = []
  for (let start = 0; start < offers.length; start += offersAtOnce) {
    const { rows } = await source.query<Use>(
      `select r.offer_id as offer, r.at
       from unnest($2::text[]) as o(id) cross join unnest($3::text[]) as h(id) cross join lateral (
         select offer_id, at from redemptions
         where workspace_id = $1 and offer_id = o.id and holder_id = h.id
           and (state = 'redeemed' or (state = 'held' and held_until > to_timestamp($4 / 1000.0))) offset 0) r`,
      [workspaceId, offers.slice(start, start + offersAtOnce), holderIds, now],
    )
    uses.push(...rows)
  }
  const grants = await source.query<GrantRow>(
    `select ${grantColumns} from ${grantTables}
     where g.workspace_id = $1 and g.holder_id = any($2::text[]) order by g.issued_at, g.id limit ${mostGrants}`,
    [workspaceId, holderIds],
  )
  return {
    uses,
    grants: grants.rows.map(row => ({
      id: row.id,
      offer: row.offer_id,
      name: row.body.name,
      perPerson: row.body.limits.perPerson,
      state: grantStateAt(row, now),
      issuedAt: row.issued_at,
    })),
    exposures: await readExposures(source, workspaceId, holderIds),
  }
}

const mostCards = 1000

type CardRow = {
  card: string
  holder: string
  code: string
  state: 'issued' | 'active' | 'blocked'
  currency: string
  balance: number
}

/** Gift cards in the wallets of two people. What has ended by now is not counted, whether or not the clock's work is booked. */
export const readCards = async (
  source: Queryable,
  workspaceId: string,
  [first, second]: readonly [readonly string[], readonly string[]],
  now: number,
) => {
  const { rows } = await source.query<CardRow>(
    `select g.id as card, g.holder_id as holder, g.code, g.state, g.currency, coalesce(l.balance, 0)::int8 as balance
     from gift_cards g left join lateral (
       select sum(remaining) as balance from lots
       where workspace_id = $1 and owner_id = g.id and asset = 'giftCard:' || g.currency and kind = 'main' and live
         and (expires_at is null or expires_at > to_timestamp($3 / 1000.0))) l on true
     where g.workspace_id = $1 and g.holder_id = any($2::text[]) order by g.issued_at, g.id limit ${mostCards}`,
    [workspaceId, [...first, ...second], now],
  )
  return rows.map(({ holder, code, ...card }) => ({
    ...card,
    of: first.includes(holder) ? ('first' as const) : ('second' as const),
    lastFour: code.slice(-4),
  }))
}
