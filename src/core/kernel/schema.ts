import { z } from 'zod'
import { isCurrency } from './money.ts'

/** Shapes that every domain shares: instants, money, ids, names. `meta.id` names the component in OpenAPI. */

export const MAX_SAFE = Number.MAX_SAFE_INTEGER

/** Integer minor units of a currency, e.g. 1250 for 12.50 EUR or 1250 for 1,250 JPY. */
export const minorUnits = z.int().min(0).max(MAX_SAFE)

export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "EUR"')
  .meta({ description: 'ISO 4217 code', examples: ['EUR'] })

/** The same where value is made in it: of codes that no country has, nobody could ever spend what was given. */
export const knownCurrency = currencyCode.refine(isCurrency, 'is no currency of ISO 4217')

export const money = z
  .strictObject({ amount: minorUnits, currency: currencyCode })
  .meta({ id: 'Money', description: 'Integer minor units and their currency: 500 EUR is 5.00 euros.' })

/** RFC 3339 with a zone, e.g. `2026-03-01T09:00:00Z`; answers are always UTC with milliseconds. */
export const instant = z.iso.datetime({
  offset: true,
  error: 'must be an RFC 3339 time with a zone, such as "2026-03-01T09:00:00Z"',
})

/** An id that the caller chooses: 1–128 printable characters without spaces or slashes. */
export const callerId = z.string().regex(/^[\w.:@~+-]{1,128}$/, 'must be 1–128 letters, digits or . : @ ~ + - _')

export const name = z.string().trim().min(1).max(200)

export const channelName = z
  .string()
  .regex(/^[a-zA-Z][\w-]{0,39}$/, 'must be a short name such as "store", "web" or "whatsapp"')
  .meta({ description: 'Where contact happens', examples: ['store'] })

/** One page of a list: `{ "data": […], "nextCursor": … }`, nextCursor null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() })

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(500).optional(),
})

/** A code as a customer types it: letters, digits, dashes and spaces; case and separators do not count. */
export const codeText = z.string().trim().min(1).max(64)
