import type { Row } from '../../adapters/storage/database.ts'
import type { HouseholdMember } from '../../core/loyalty/household.ts'
import { byId, type Exported, each, fieldsOf, type Part, rowsOf } from './export-rows.ts'

const accountsOf = async ({ source, workspace }: Exported, holders: readonly string[]): Promise<readonly Row[]> => {
  const { rows } = await source.query(
    `select owner_id as holder, id as account, asset, kind, balance, opened_at, ends_at from accounts
     where workspace_id = $1 and owner_id = any($2::text[]) order by id`,
    [workspace.id, holders],
  )
  return rows
}

/** By its account, which stands in the place of a holder; what it came of is in the transaction. */
const postings = `select p.account_id as account, p.asset, p.amount, p.lot_id as lot, p.period, t.id as transaction, t.kind, t.effective_at,
    t.booked_at, t.order_id as "order", t.return_id as "return", t.message_id as message, t.decision_id as decision, t.offer_id as offer,
    t.offer_version, t.channel, t.location, t.actor, t.reason, t.reverses, t.ends_hold,
    p.booked_at::text as place_at, p.transaction_id || '/' || lpad(p.seq::text, 6, '0') as place_id
  from postings p join transactions t on t.workspace_id = $1 and t.id = p.transaction_id
  where p.workspace_id = $1 and p.account_id = $2 and p.booked_at >= $3::text::timestamptz
    and (p.booked_at, p.transaction_id || '/' || lpad(p.seq::text, 6, '0')) > ($3::text::timestamptz, $4)
  order by p.booked_at, p.transaction_id, p.seq`

const lots = `select owner_id as holder, id, asset, kind, amount, remaining, earned_at, active_at, awaits, expires_at, slides, from_lot,
    transaction_id as transaction, offer_id as offer, order_id as "order", asset as place_at, id as place_id
  from lots where workspace_id = $1 and owner_id = $2 and (asset, id) > (replace($3, '-infinity', ''), $4) order by asset, id`

/** Notes of what she got are not hers alone, but they were written to her. */
const given = `select id, programme_id as programme, 'given' as direction, points, fee, note, at, transaction_id as transaction,
    at::text as place_at, id as place_id
  from transfers where workspace_id = $1 and from_holder = $2 and (at, id) > ($3::text::timestamptz, $4) order by at, id`

/** Found by the lots they brought. */
const received = `select distinct on (l.transaction_id) f.id, f.programme_id as programme, 'received' as direction, f.points, f.fee, f.note,
    f.at, f.transaction_id as transaction, '' as place_at, l.transaction_id as place_id
  from lots l
  join transactions t on t.workspace_id = $1 and t.id = l.transaction_id
  join transfers f on f.workspace_id = $1 and f.id = t.details->>'transfer'
  where l.workspace_id = $1 and l.owner_id = $2 and l.from_lot is not null and $3::text is not null and l.transaction_id > $4
  order by l.transaction_id`

async function* transfers(exported: Exported, holders: readonly string[]): AsyncGenerator<Row> {
  yield* rowsOf(exported, holders, given)
  yield* rowsOf(exported, holders, received)
}

type HouseholdRow = Row & { members: readonly HouseholdMember[] }

/** Of the others in it, only how many they are. */
async function* households({ source, workspace }: Exported, holders: readonly string[]): AsyncGenerator<Row> {
  const { rows } = await source.query<HouseholdRow>(
    `select id, programme_id as programme, name, members, created_at from households where workspace_id = $1 and id in (
       select household_id from programme_members where workspace_id = $1 and holder_id = any($2::text[])) order by id`,
    [workspace.id, holders],
  )
  for (const { members, ...row } of rows) {
    const her = members.find(it => holders.includes(it.holderId))
    yield { ...fieldsOf(row), members: members.length, mayBurn: her?.mayBurn ?? false }
  }
}

/** What somebody has, had, gave and got, part by part. */
export async function* valueParts(exported: Exported, holders: readonly string[]): AsyncGenerator<Part> {
  const rows = (sql: string) => rowsOf(exported, holders, sql)
  const accounts = await accountsOf(exported, holders)
  yield {
    name: 'programmes',
    rows: rows(
      byId(
        `holder_id as holder, programme_id as programme, joined_at, left_at, source, terms, tier, tier_since, tier_until,
         household_id as household`,
        'programme_members',
        'programme_id',
      ),
    ),
  }
  yield { name: 'households', rows: households(exported, holders) }
  yield { name: 'accounts', rows: each(accounts.map(fieldsOf)) }
  yield { name: 'lots', rows: rows(lots) }
  yield {
    name: 'postings',
    rows: rowsOf(
      exported,
      accounts.map(it => it.account as string),
      postings,
    ),
  }
  yield {
    name: 'giftCards',
    rows: rows(
      byId(
        `holder_id as holder, id, code, currency, initial, state, issued_at, activated_at, expires_at, (
           select balance from accounts a where a.workspace_id = $1 and a.id = gift_cards.id || '/giftCard:' || currency || '/main') as balance`,
        'gift_cards',
      ),
    ),
  }
  yield { name: 'transfers', rows: transfers(exported, holders) }
  yield {
    name: 'adjustments',
    rows: rows(
      byId(
        `holder_id as holder, id, state, asset, amount, reason, note, effective_at, proposed_at, decided_at,
         transaction_id as transaction, reverses`,
        'adjustments',
      ),
    ),
  }
}
