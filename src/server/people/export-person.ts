import type { Row } from '../../adapters/storage/database.ts'
import { exportVersion } from '../../contract/rights.ts'
import { joinBody, type SplitBody } from '../../core/events/personal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { traitsOf } from '../../core/people/traits-of.ts'
import { type ErasureRow, erasureAnswer, erasureColumns } from './erase-person.ts'
import { byId, byTime, type Exported, each, fieldsOf, instant, type Part, rowsOf } from './export-rows.ts'
import { valueParts } from './export-value.ts'

type HolderRow = {
  id: string
  type: string
  value: string
  given: string
  person_id: string
  orders: number
  spend: Record<string, number>
  first_order_at: number | null
  last_order_at: number | null
  traits: Record<string, unknown>
  statistics: unknown
  preferences: Record<string, unknown>
  created_at: number
  erased_at: number | null
}

/** The person's own holders, and the browsers that are probably hers. */
const readHolders = async ({ source, workspace, person }: Exported): Promise<HolderRow[]> => {
  const { rows } = await source.query<HolderRow>(
    `select id, type, value, given, person_id, orders, spend, first_order_at, last_order_at, traits, statistics, preferences,
       created_at, erased_at
     from holders where workspace_id = $1 and (person_id = $2 or behaviour_id in (
       select id from holders where workspace_id = $1 and person_id = $2)) order by created_at, id`,
    [workspace.id, person],
  )
  return rows
}

const personOf = ({ person, computedTraits }: Exported, holders: readonly HolderRow[]) => {
  const own = holders.filter(holder => holder.person_id === person)
  const spend: Record<string, number> = {}
  for (const holder of own)
    for (const [currency, amount] of Object.entries(holder.spend)) spend[currency] = (spend[currency] ?? 0) + amount
  const times = (of: (holder: HolderRow) => number | null): number[] =>
    own.flatMap(holder => of(holder) ?? []).sort((a, b) => a - b)
  return {
    id: person,
    identifiers: holders.map(({ id, type, value, given, person_id, created_at, erased_at }) => ({
      type,
      value,
      given,
      holder: id,
      proven: person_id === person,
      createdAt: formatInstant(created_at),
      erasedAt: instant(erased_at),
    })),
    traits: traitsOf(own.map(holder => ({ ...holder, createdAt: holder.created_at }))),
    computedTraits,
    orders: own.reduce((sum, { orders }) => sum + orders, 0),
    spend,
    firstOrderAt: instant(times(it => it.first_order_at)[0]),
    lastOrderAt: instant(times(it => it.last_order_at).at(-1)),
  }
}

const link = (
  end: string,
): string => `select a, b, verified, source, cause, first_seen_at, suppressed, removed_at, created_at,
    '' as place_at, a || b || verified as place_id
  from links where workspace_id = $1 and ${end} = $2 and $3::text is not null and (a || b || verified) > $4`

const event = ({ properties, personal, ...row }: Row): Row => ({
  ...fieldsOf(row),
  body: joinBody({ properties, personal } as SplitBody),
})

const useColumns = `id, offer_id as offer, offer_version, campaign_id as campaign, code, grant_id as "grant", channel, location, currency,
  amount, given, arm, returned, state, held_until, at`

/** What an order, an event or a claim used and gave. */
const usesOf = async ({ source, workspace }: Exported, orderId: string): Promise<Row[]> => {
  const { rows } = await source.query(
    `select ${useColumns} from redemptions where workspace_id = $1 and order_id = $2 order by seq`,
    [workspace.id, orderId],
  )
  return rows.map(fieldsOf)
}

const order =
  (exported: Exported) =>
  async ({ answer, ...row }: Row): Promise<Row> => {
    const { source, workspace } = exported
    const { rows } = await source.query<{ answer: string }>(
      'select answer from returns where workspace_id = $1 and order_id = $2 order by seq',
      [workspace.id, row.id],
    )
    return {
      ...fieldsOf(row),
      answer: JSON.parse(answer as string) as unknown,
      uses: await usesOf(exported, row.id as string),
      returns: rows.map(it => JSON.parse(it.answer) as unknown),
    }
  }

const decision =
  (exported: Exported) =>
  async ({ answer, ...row }: Row): Promise<Row> => ({
    ...fieldsOf(row),
    answer: JSON.parse(answer as string) as unknown,
    uses: await usesOf(exported, row.kind === 'event' ? `event/${row.cause}` : `claim/${row.id}`),
  })

/** Draws lie by offer: each version that drew is asked for her. */
const draws = `select d.offer_id as offer, d.offer_version, d.period, d.draw, d.wins, d.out_of, d.cause, d.at,
    '' as place_at, d.offer_id || '/' || lpad(d.offer_version::text, 10, '0') || '/' || d.period as place_id
  from offer_versions v cross join lateral (
    select * from draws where workspace_id = $1 and offer_id = v.offer_id and offer_version = v.version and holder_id = $2 offset 0) d
  where v.workspace_id = $1 and v.body::jsonb ? 'chance' and $3::text is not null
    and d.offer_id || '/' || lpad(d.offer_version::text, 10, '0') || '/' || d.period > $4
  order by place_id`

async function* erasuresOf({ source, workspace }: Exported, holders: readonly string[]): AsyncGenerator<Row> {
  const { rows } = await source.query<ErasureRow>(
    `select ${erasureColumns} from erasures where workspace_id = $1
       and exists (select 1 from json_array_elements_text(holders) as h where h = any($2::text[])) order by id`,
    [workspace.id, holders],
  )
  for (const row of rows) yield erasureAnswer(workspace.id, row)
}

export /** A link between two of hers is read from both ends. */
async function* once(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  const seen = new Set<string>()
  for await (const row of rows) {
    const key = `${row.a} ${row.b} ${row.verified}`
    if (!seen.has(key)) yield row
    seen.add(key)
  }
}

async function* both(left: AsyncIterable<Row>, right: AsyncIterable<Row>): AsyncGenerator<Row> {
  yield* left
  yield* right
}

/**
 * Everything that is kept about a person, part by part and page by page, so that a hundred thousand events take no more memory than a
 * hundred and no statement holds the store for long. The fields are those of `personExport` in `contract/rights.ts`.
 */
export async function* exportParts(exported: Exported): AsyncGenerator<Part> {
  const holders = await readHolders(exported)
  const ids = holders.map(holder => holder.id)
  const rows = (sql: string, show?: (row: Row) => Row | Promise<Row>) => rowsOf(exported, ids, sql, show)
  const ends = (name: string, of: (end: string) => string): Part => ({
    name,
    rows: once(both(rows(`${of('a')} order by place_id`), rows(`${of('b')} order by place_id`))),
  })

  yield { name: 'schemaVersion', value: exportVersion }
  yield { name: 'exportedAt', value: formatInstant(exported.now) }
  yield { name: 'workspace', value: exported.workspace.id }
  yield { name: 'person', value: personOf(exported, holders) }
  yield ends('links', link)
  yield ends(
    'differentPeople',
    end => `select a, b, cause, created_at, '' as place_at, a || b as place_id from never_merge
      where workspace_id = $1 and ${end} = $2 and $3::text is not null and (a || b) > $4`,
  )
  yield { name: 'statistics', rows: each(holders.map(it => ({ holder: it.id, ...Object(it.statistics) }))) }
  yield {
    name: 'segments',
    rows: rows(
      byId('segment_id as segment, generation, entered_at', 'segment_members', "segment_id || '/' || generation"),
    ),
  }
  yield {
    name: 'preferences',
    rows: each(
      holders.flatMap(it => (Object.keys(it.preferences).length > 0 ? [{ holder: it.id, ...it.preferences }] : [])),
    ),
  }
  yield {
    name: 'consents',
    rows: rows(
      byId(
        'holder_id as holder, id, channel, purpose, state, at, how, text_version, language, by, personal as evidence, created_at',
        'consents',
      ),
    ),
  }
  yield { name: 'campaigns', rows: rows(byId('campaign_id as campaign, added_at', 'members', 'campaign_id')) }
  yield { name: 'exposures', rows: rows(byId('campaign_id as campaign, arm, at', 'exposures', 'campaign_id')) }
  yield { name: 'draws', rows: rows(draws) }
  yield {
    name: 'grants',
    rows: rows(
      byId(
        'id, offer_id as offer, state, code, order_id as "order", issued_at, expires_at, title, fulfilment',
        'grants',
      ),
    ),
  }
  yield {
    name: 'orders',
    rows: rows(
      byTime(
        `id, holder_id as holder, state, source, revision, channel, location, currency, subtotal, discount, shipping, total, occurred_at,
         opened_at, placed_at, cancelled_at, held_until, basket, returned, as_then as "factsThen", answer`,
        'orders',
        'occurred_at',
        'id',
      ),
      order(exported),
    ),
  }
  yield {
    name: 'decisions',
    rows: rows(
      byTime('id, holder_id as holder, kind, cause, channel, location, shown, at, answer', 'decisions', 'at', 'id'),
      decision(exported),
    ),
  }
  yield {
    name: 'events',
    rows: rows(
      byTime(
        `message_id, holder_id as holder, kind, name, channel, order_id as "order", occurred_at, received_at, source_id as source,
         properties, personal`,
        'events',
        'occurred_at',
        'message_id',
      ),
      event,
    ),
  }
  yield* valueParts(exported, ids)
  yield { name: 'erasures', rows: erasuresOf(exported, ids) }
}
