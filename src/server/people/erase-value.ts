import type { Queryable } from '../../adapters/storage/database.ts'
import type { Erasure } from '../../contract/rights.ts'
import { type Asset, accountId } from '../../core/ledger/account.ts'
import { forgive } from '../../core/ledger/forgive.ts'
import { ledgerOf } from '../../core/loop/world.ts'
import type { Services } from '../services.ts'

export type Counts = Pick<Erasure['counts'], 'programmes' | 'giftCards' | 'value'>

/** What an erasure of these holders does to value. */
export const countValue = async (
  source: Queryable,
  workspaceId: string,
  holders: readonly string[],
): Promise<Counts> => {
  const { rows } = await source.query<{ programmes: number; giftCards: number; value: Record<string, number> | null }>(
    `select (select count(distinct programme_id) from programme_members
         where workspace_id = $1 and holder_id = any($2::text[]) and left_at is null) as programmes,
       (select count(*) from gift_cards where workspace_id = $1 and holder_id = any($2::text[])) as "giftCards",
       (select json_object_agg(asset, amount order by asset) from (
         select asset, sum(balance)::int8 as amount from accounts
         where workspace_id = $1 and owner_id = any($2::text[]) and kind in ('main', 'pending', 'held')
         group by asset having sum(balance) > 0) a) as value`,
    [workspaceId, holders],
  )
  const { value, ...counts } = rows[0]!
  return { ...counts, value: value ?? {} }
}

/** The orders that hold something of these holders; one of somebody else's may, in a household. */
export const ordersHolding = async (
  source: Queryable,
  workspaceId: string,
  holders: readonly string[],
  limit: number,
): Promise<readonly string[]> => {
  const { rows } = await source.query<{ id: string }>(
    `select id from orders where workspace_id = $1 and holder_id = any($2::text[]) and held_until is not null
     union select order_id from open_holds where workspace_id = $1 and owner_id = any($2::text[])
     order by 1 limit $3`,
    [workspaceId, holders, limit],
  )
  return rows.map(row => row.id)
}

type Debt = { readonly ownerId: string; readonly asset: Asset }

/** What these holders owe: nobody will ever earn it. */
export const debtsOf = async (
  source: Queryable,
  workspaceId: string,
  holders: readonly string[],
): Promise<readonly Debt[]> => {
  const { rows } = await source.query<Debt>(
    `select owner_id as "ownerId", asset from accounts
     where workspace_id = $1 and owner_id = any($2::text[]) and kind = 'debt' and balance < 0 order by id limit ${atOnce}`,
    [workspaceId, holders],
  )
  return rows
}

const atOnce = 50

type Writes = Pick<Services, 'writer'> | { readonly writer: Pick<Services['writer'], 'submit'> }

/** Writes off what these accounts owe, in the books of the house. */
export const writeOff = ({ writer }: Writes, workspaceId: string, debts: readonly Debt[]) =>
  writer.submit({
    workspaceId,
    needs: {
      holders: [...new Set(debts.map(it => it.ownerId))],
      value: debts.map(({ asset, ownerId }) => ({ asset, ownerId, amount: 0 })),
    },
    fromBrowser: false,
    weight: debts.length * 6,
    bytes: debts.length * 300,
    decide: world => {
      for (const { ownerId, asset } of debts)
        if (world.book.accounts.has(accountId(ownerId, asset, 'debt')))
          forgive(ledgerOf(world), ownerId, asset, { holderId: ownerId, reason: 'erased' })
      return { text: '', status: 200 }
    },
  })

/** Whose value it is, and who asks for it to go. */
export type Owners = {
  readonly workspaceId: string
  readonly at: number
  /** Key id. */
  readonly by: string
  readonly holders: readonly string[]
}

/** Whom nobody finds can be named by nothing. */
const nameless = 'erased'

/**
 * Ends what these holders have and takes them out of all that they are in. Amounts stay as they were posted; all that is left in their lots
 * ends at `at`, so that the clock books it to the house as it books all that ends. Holds and debts of theirs must be gone.
 */
export const eraseValue = async (tx: Queryable, { workspaceId, at, by, holders }: Owners): Promise<void> => {
  const these = [workspaceId, holders]
  await tx.query(
    `update lots l set expires_at = e.ends, slides = false,
       active_at = case when l.active_at < e.ends then l.active_at end,
       due_at = case when l.active_at < e.ends then l.active_at else e.ends end
     from (
       select id, least(to_timestamp($3 / 1000.0), case when slides then (
         select ends_at from accounts where workspace_id = $1 and id = o.owner_id || '/' || o.asset || '/main') else expires_at end) as ends
       from lots o where workspace_id = $1 and owner_id = any($2::text[]) and live) e
     where l.workspace_id = $1 and l.id = e.id`,
    [...these, at],
  )
  // The number is raised where nothing is left, too: a batch that has read the account reads it again.
  await tx.query(
    `update accounts set revision = revision + 1,
       due_at = case when balance > 0 and kind in ('main', 'pending') then least(due_at, to_timestamp($3 / 1000.0)) else due_at end
     where workspace_id = $1 and owner_id = any($2::text[])`,
    [...these, at],
  )
  await tx.query(
    `update households h set name = '${nameless}', revision = revision + 1, updated_at = to_timestamp($3 / 1000.0),
       members = (select coalesce(json_agg(m), '[]') from json_array_elements(h.members) m where m->>'holderId' <> all($2::text[]))
     where workspace_id = $1 and id in (
       select household_id from household_people where workspace_id = $1 and holder_id = any($2::text[]))`,
    [...these, at],
  )
  await tx.query(
    `update programme_members m set left_at = coalesce(left_at, to_timestamp($3 / 1000.0)), source = '${nameless}', tier = null,
       tier_since = null, tier_until = null, falls_to = null, household_id = null, due_at = null, revision = revision + 1,
       terms = case when exists (
         select 1 from programme_versions v where v.workspace_id = $1 and v.programme_id = m.programme_id
           and v.body->'join'->>'terms' = m.terms) then terms end
     where workspace_id = $1 and holder_id = any($2::text[])`,
    [...these, at],
  )
  // Money on a card is whoever's who holds its code.
  await tx.query(
    'update gift_cards set holder_id = null, revision = revision + 1 where workspace_id = $1 and holder_id = any($2::text[])',
    these,
  )
  for (const end of ['from_holder', 'to_holder'])
    await tx.query(
      `update transfers set note = null where workspace_id = $1 and ${end} = any($2::text[]) and note is not null`,
      these,
    )
  await tx.query(
    `update adjustments set note = null, state = case state when 'proposed' then 'rejected' else state end,
       decided_by = case state when 'proposed' then $3 else decided_by end,
       decided_at = case state when 'proposed' then to_timestamp($4 / 1000.0) else decided_at end
     where workspace_id = $1 and holder_id = any($2::text[])`,
    [...these, by, at],
  )
}

/** Whether something of these holders is held, or they owe something. */
export const isHeldOrOwed = async (
  tx: Queryable,
  workspaceId: string,
  holders: readonly string[],
): Promise<boolean> => {
  const { rows } = await tx.query(
    `select 1 from orders where workspace_id = $1 and holder_id = any($2::text[]) and held_until is not null
     union all select 1 from open_holds where workspace_id = $1 and owner_id = any($2::text[])
     union all select 1 from accounts where workspace_id = $1 and owner_id = any($2::text[]) and kind = 'debt' and balance < 0
     limit 1`,
    [workspaceId, holders],
  )
  return rows.length > 0
}

/**
 * Has the clock book at once what ended with somebody who is erased: loading her accounts is all. Where the store is too busy, or the
 * process ends, the sweep of what is due comes to it.
 */
export const bookEnded = async (
  { database, writer }: Pick<Services, 'database'> & Writes,
  workspaceId: string,
  holders: readonly string[],
): Promise<void> => {
  const { rows } = await database.query<{ id: string }>(
    `select distinct owner_id as id from accounts
     where workspace_id = $1 and owner_id = any($2::text[]) and due_at is not null and balance > 0 order by 1`,
    [workspaceId, holders],
  )
  for (let start = 0; start < rows.length; start += atOnce) {
    const ids = rows.slice(start, start + atOnce).map(row => row.id)
    const outcome = await writer.submit({
      workspaceId,
      // Any asset will do, for all her accounts are there where one is asked for.
      needs: { holders: ids, value: [{ asset: 'credit:EUR', amount: 0 }] },
      fromBrowser: false,
      weight: ids.length * 10,
      bytes: ids.length * 300,
      decide: () => ({ text: '', status: 200 }),
    })
    if ('refusal' in outcome) return
  }
}

type SpentLot = { readonly id: string; readonly owner: string; readonly asset: string }

/**
 * Lets spent lots of these holders, so many after a place, end as their others did: what is given back to one of them is gone at once or
 * after the days of grace, and does not lie with nobody for as long as it would have lasted with her.
 */
export const endSpentLots = async (
  tx: Queryable,
  workspaceId: string,
  holders: readonly string[],
  after: LotPlace,
  limit: number,
): Promise<readonly SpentLot[]> => {
  const { rows } = await tx.query<SpentLot>(
    `select owner_id as owner, asset, id from lots
     where workspace_id = $1 and owner_id = any($2::text[]) and (owner_id, asset, id) > ($3, $4, $5)
     order by owner_id, asset, id limit $6`,
    [workspaceId, holders, ...after, limit],
  )
  if (rows.length === 0) return rows
  await tx.query(
    `update lots l set slides = false, expires_at = least(l.expires_at, h.erased_at) from holders h
     where l.workspace_id = $1 and l.id = any($2::text[]) and not l.live and h.workspace_id = $1 and h.id = l.owner_id`,
    [workspaceId, rows.map(row => row.id)],
  )
  await tx.query('update accounts set revision = revision + 1 where workspace_id = $1 and owner_id = any($2::text[])', [
    workspaceId,
    [...new Set(rows.map(row => row.owner))],
  ])
  return rows
}

/** Owner, asset and id of a lot. */
export type LotPlace = readonly [string, string, string]
