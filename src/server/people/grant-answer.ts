import type { z } from 'zod'
import { formatInstant } from '../../core/kernel/time.ts'
import { kindOf, shownBenefit } from '../../core/offers/kinds/index.ts'
import type { Fulfilment, GrantState, grant, OfferTerms } from '../../core/offers/schema.ts'

export type GrantRow = {
  id: string
  offer_id: string
  holder_id: string
  person_id: string
  state: GrantState
  code: string | null
  issued_at: number
  expires_at: number | null
  title: string | null
  fulfilment: Fulfilment | null
  body: OfferTerms
}

/** With the offer's terms and the person the holder belongs to now. */
export const grantColumns =
  'g.id, g.offer_id, g.holder_id, h.person_id, g.state, g.code, g.issued_at, g.expires_at, g.title, g.fulfilment, o.body'
export const grantTables = `grants g
  join offers o on o.workspace_id = g.workspace_id and o.id = g.offer_id
  join holders h on h.workspace_id = g.workspace_id and h.id = g.holder_id`

/** Nothing writes at the instant a grant ends, so its end is read from the clock. A held one ends with its hold. */
export const grantStateAt = ({ state, expires_at }: Pick<GrantRow, 'state' | 'expires_at'>, now: number): GrantState =>
  state === 'issued' && expires_at !== null && expires_at <= now ? 'expired' : state

/** A stored grant as the API shows it. */
export const grantAnswer = (row: GrantRow, now: number): z.output<typeof grant> => ({
  id: row.id,
  offer: row.offer_id,
  name: row.body.name,
  sentence: kindOf(row.body.benefit).sentence(row.body.benefit),
  benefit: shownBenefit(row.body.benefit),
  person: row.person_id,
  state: grantStateAt(row, now),
  code: row.code,
  issuedAt: formatInstant(row.issued_at),
  expiresAt: row.expires_at === null ? null : formatInstant(row.expires_at),
  ...(row.title !== null && { title: row.title }),
  ...(row.fulfilment !== null && { fulfilment: row.fulfilment }),
})
