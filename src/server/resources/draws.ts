import type { listDraws } from '../../contract/draws.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { chanceSeed, drawOf, isWin } from '../../core/offers/chance.ts'
import { findOffer } from '../find-offer.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { digestFor } from '../workspaces.ts'

type DrawRow = {
  holder_id: string
  person_id: string
  type: string
  value: string
  offer_version: number
  period: string
  draw: number
  wins: number
  out_of: number
  cause: string
  at: number
}

/** A place in the list, in the order of the table's key: `1 hol_… month=2026-03`; '' is before any. */
const placeOf = (text: string): readonly [version: number, holderId: string, period: string] | undefined => {
  if (text === '') return [0, '', '']
  const [, version, holderId, period] = /^(\d{1,9}) (\S+) (\S+)$/.exec(text) ?? []
  return period === undefined ? undefined : [Number(version), holderId!, period]
}

export const drawsHandlers = ({ database, workspaces }: Services) => {
  const list: Handler<typeof listDraws> = async ({ params: { id }, query, auth: { workspaceId } }) => {
    const start = startAfter(query.cursor)
    if (!start.ok) return start
    const after = placeOf(start.value)
    if (!after)
      return { refusal: invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]) }
    const offer = await findOffer(database, workspaceId, id)
    if (!offer.ok) return offer
    const { rows } = await database.query<DrawRow>(
      `select d.holder_id, h.person_id, h.type, h.value, d.offer_version, d.period, d.draw, d.wins, d.out_of, d.cause, d.at
       from draws d join holders h on h.workspace_id = d.workspace_id and h.id = d.holder_id
       where d.workspace_id = $1 and d.offer_id = $2
         and (d.offer_version, d.holder_id, d.period) > ($3, $4, $5)
       order by d.offer_version, d.holder_id, d.period limit $6`,
      [workspaceId, id, ...after, query.limit + 1],
    )
    const { rows: sums } = await database.query<{ drawn: number; won: number; expected: number }>(
      `select count(*)::int as drawn, (count(*) filter (where draw < wins))::int as won,
         coalesce(sum(wins::float8 / out_of), 0) as expected
       from draws where workspace_id = $1 and offer_id = $2`,
      [workspaceId, id],
    )
    const { secret } = workspaces.known(workspaceId)
    const answer = (row: DrawRow) => {
      const anchor = `${row.type}:${row.value}`
      const seed = chanceSeed({ offerId: id, version: row.offer_version, anchor, period: row.period })
      return {
        person: row.person_id,
        version: row.offer_version,
        period: row.period,
        draw: row.draw,
        wins: row.wins,
        outOf: row.out_of,
        won: isWin(row),
        verified: drawOf(digestFor(secret, seed), row.out_of) === row.draw,
        cause: row.cause,
        at: formatInstant(row.at),
      }
    }
    const page = makePage(
      rows,
      query.limit,
      ({ offer_version, holder_id, period }) => `${offer_version} ${holder_id} ${period}`,
      answer,
    )
    // A sum of fractions such as 1/3 ends in noise after many draws.
    const { drawn, won, expected } = sums[0]!
    return { json: { ...page, totals: { drawn, won, expected: Math.round(expected * 1e6) / 1e6 } } }
  }
  return { listDraws: list }
}
