import type { z } from 'zod'
import type { Queryable } from '../../adapters/storage/database.ts'
import type { codeSet } from '../../contract/codes.ts'
import { formatInstant } from '../../core/kernel/time.ts'

type CodeSet = z.output<typeof codeSet>
type Piece = {
  job: string | null
  shared: boolean
  issued: boolean
  imported_at: number | null
  first_at: number
  codes: number
  used: number
  blocked: number
  example: string
  last: string
}

const codesAtOnce = 5000

/** Sets of an offer's codes, the newest first; counted in short statements, however many there are. */
export const readCodeSets = async (source: Queryable, workspaceId: string, offerId: string): Promise<CodeSet[]> => {
  const sets = new Map<string, CodeSet & { readonly firstAt: number }>()
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { rows }: { rows: Piece[] } = await source.query<Piece>(
      `select job_id as job, shared, grant_id is not null as issued,
         case when job_id is null and grant_id is null then created_at end as imported_at, min(created_at) as first_at,
         count(*)::int4 as codes, count(*) filter (where blocked_at is not null)::int4 as blocked,
         count(*) filter (where exists (
           select 1 from redemptions r where r.workspace_id = $1 and r.code = c.code and r.offer_id = $2
             and r.state in ('held', 'redeemed')))::int4 as used,
         min(given) as example, max(max(code)) over () as last
       from (select * from codes where workspace_id = $1 and offer_id = $2 and code > $3 order by code limit ${codesAtOnce}) c
       group by job_id, shared, grant_id is not null, imported_at`,
      [workspaceId, offerId, after],
    )
    for (const { job, shared, issued, imported_at, first_at, codes, used, blocked, example } of rows) {
      const key = [job, shared, issued, imported_at].join(' ')
      const known = sets.get(key)
      const firstAt = Math.min(first_at, known?.firstAt ?? first_at)
      sets.set(key, {
        kind: job === null ? (issued ? 'issued' : 'imported') : 'generated',
        job,
        shared,
        codes: codes + (known?.codes ?? 0),
        used: used + (known?.used ?? 0),
        blocked: blocked + (known?.blocked ?? 0),
        example: known?.example ?? example,
        createdAt: formatInstant(firstAt),
        firstAt,
      })
    }
    const seen = rows.reduce((sum, { codes }) => sum + codes, 0)
    after = seen === codesAtOnce ? rows[0]?.last : undefined
  }
  return [...sets.values()].sort((a, b) => b.firstAt - a.firstAt).map(({ firstAt: _, ...set }) => set)
}
