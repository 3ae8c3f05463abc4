import type { AuditFinding } from '../../contract/audits.ts'
import type { OfferTerms } from '../../core/offers/schema.ts'
import { bucketLimits, isCounted, stockOf } from '../../core/orders/limits.ts'
import { countedSql, counts, leasedSql, type Uses } from '../count-again.ts'
import type { Audited, Check } from './check.ts'

const offersAtOnce = 100
/** About 20 ms of the embedded store. */
const usesAtOnce = 2000

type Counts = Record<(typeof counts)[number], number>
type Counted = ReadonlyMap<string, Counts>

const nothing = Object.fromEntries(counts.map(it => [it, 0])) as Counts

/** Promise 2: what offers count as used and held is what their redemptions come to. */
export const limits: Check = {
  name: 'limits',
  holds:
    'What each limited offer counts as used and held, also of its budget, is what its redemptions and what is leased to tills come to',
  piece: async (audited, after) => {
    const { database, workspace } = audited
    const { rows } = await database.query<{ id: string; body: OfferTerms }>(
      'select id, body from offers where workspace_id = $1 and id > $2 order by id limit $3',
      [workspace.id, after, offersAtOnce],
    )
    const findings: AuditFinding[] = []
    let looked = 0
    for (const { id, body } of rows)
      if (isCounted(body) || bucketLimits(body).length > 0 || Object.keys(stockOf(body)).length > 0) {
        looked += 1
        const off = await auditOffer(audited, id, body)
        // Somebody may have changed what it limits since its terms were read: then its counters were made anew.
        if (off.length > 0) findings.push(...(await auditOffer(audited, id, await termsNow(audited, id))))
      }
    return { rows: looked, findings, after: rows.length < offersAtOnce ? null : rows.at(-1)!.id }
  },
}

const termsNow = async ({ database, workspace }: Audited, id: string): Promise<OfferTerms> =>
  (
    await database.query<{ body: OfferTerms }>('select body from offers where workspace_id = $1 and id = $2', [
      workspace.id,
      id,
    ])
  ).rows[0]!.body

const auditOffer = async (audited: Audited, id: string, terms: OfferTerms): Promise<AuditFinding[]> => {
  const { database, workspace } = audited
  const many = await database.query(
    'select 1 from redemptions where workspace_id = $1 and offer_id = $2 limit 1 offset $3',
    [workspace.id, id, usesAtOnce],
  )
  if (many.rows.length === 0) return compare(id, terms, ...(await atOneInstant(audited, id, terms)))
  // In pieces what changes meanwhile is missed or counted twice. That is never the same twice, and what is really off always is.
  let found = await inPieces(audited, id, terms)
  for (let again = 0; found.length > 0 && again < 2; again += 1) {
    const then = new Set(found.map(it => it.says))
    found = (await inPieces(audited, id, terms)).filter(it => then.has(it.says))
  }
  return found
}

const atOneInstant = async (
  { database, workspace }: Audited,
  id: string,
  terms: OfferTerms,
): Promise<[stored: Counted, counted: Counted]> => {
  const { sql, params } = countedSql(workspace.id, id, terms, workspace.timeZone)
  const { rows } = await database.query<Counts & { bucket: string; is: 'stored' | 'counted' }>(
    `select 'counted' as is, * from (${sql}) as again
     union all select 'stored', bucket, ${counts.join(', ')} from counters where workspace_id = $1 and offer_id = $2`,
    params,
  )
  const of = (is: string) => new Map(rows.filter(row => row.is === is).map(row => [row.bucket, row]))
  return [of('stored'), of('counted')]
}

const inPieces = async (audited: Audited, id: string, terms: OfferTerms): Promise<AuditFinding[]> => {
  const { database, workspace } = audited
  const counted = new Map<string, Counts>()
  const add = (row: Counts & { bucket: string }): void => {
    const sum = { ...(counted.get(row.bucket) ?? nothing) }
    for (const count of counts) sum[count] += row[count]
    counted.set(row.bucket, sum)
  }
  for await (const uses of pieces(audited, id)) {
    const { sql, params } = countedSql(workspace.id, id, terms, workspace.timeZone, uses)
    const { rows } = await database.query<Counts & { bucket: string }>(sql, params)
    for (const row of rows) add(row)
  }
  const leased = await database.query<Counts & { bucket: string }>(leasedSql, [workspace.id, id])
  for (const row of leased.rows) add(row)
  const { rows } = await database.query<Counts & { bucket: string }>(
    `select bucket, ${counts.join(', ')} from counters where workspace_id = $1 and offer_id = $2`,
    [workspace.id, id],
  )
  return compare(id, terms, new Map(rows.map(row => [row.bucket, row])), counted)
}

type Key = { readonly holder_id: string | null; readonly order_id: string; readonly seq: number }

/** An offer's redemptions by holder, then those of nobody known: NULL has no place in a comparison of rows. */
async function* pieces({ database, workspace }: Audited, id: string): AsyncGenerator<Uses> {
  for (const [key, whose] of [
    ['(holder_id, order_id, seq)', 'holder_id is not null'],
    ["('', order_id, seq)", 'holder_id is null'],
  ] as const) {
    let from: Key | undefined = { holder_id: '', order_id: '', seq: -1 }
    while (from) {
      const edges: { rows: Key[] } = await database.query<Key>(
        `select holder_id, order_id, seq from redemptions
         where workspace_id = $1 and offer_id = $2 and ${whose} and ${key} > ($3, $4, $5)
         order by holder_id, order_id, seq limit 1 offset ${usesAtOnce - 1}`,
        [workspace.id, id, from.holder_id ?? '', from.order_id, from.seq],
      )
      const edge: Key | undefined = edges.rows[0]
      yield {
        where: `${whose} and ${key} > ($7, $8, $9) ${edge ? `and ${key} <= ($10, $11, $12)` : ''}`,
        params: [from, ...(edge ? [edge] : [])].flatMap(it => [it.holder_id ?? '', it.order_id, it.seq]),
      }
      from = edge
    }
  }
}

const words: Readonly<Record<(typeof counts)[number], string>> = {
  used: 'uses',
  held: 'held uses',
  leased: 'uses leased to tills',
  overrun: 'uses beyond its limit',
  budget_used: 'of its budget as used',
  budget_held: 'of its budget as held',
  budget_leased: 'of its budget as leased to tills',
  budget_overrun: 'beyond its budget',
}

const compare = (id: string, terms: OfferTerms, stored: Counted, counted: Counted): AuditFinding[] =>
  [...new Set([...stored.keys(), ...counted.keys()])].sort().flatMap(bucket => {
    // An offer that limits only buckets counts no whole.
    if (bucket === '' && !isCounted(terms)) return []
    const [is, should] = [stored.get(bucket) ?? nothing, counted.get(bucket) ?? nothing]
    return counts.flatMap(what =>
      is[what] === should[what]
        ? []
        : [
            {
              promise: 2 as const,
              what,
              subject: id,
              is: is[what],
              should: should[what],
              says: `Offer ${id} counts ${is[what]} ${words[what]}${bucket && ` at ${bucket}`}; its ${/leased|overrun/.test(what) ? 'leases' : 'redemptions'} come to ${should[what]}.`,
            },
          ],
    )
  })
