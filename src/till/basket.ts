import type { OrderInput } from '../sdk/index.ts'
import type { Article } from './price-list.ts'

/** Why a supervisor let a price be another one. */
export const overrideReasons = ['damaged', 'wrongLabel', 'priceMatch', 'goodwill', 'other'] as const
export type OverrideReason = (typeof overrideReasons)[number]

export type Override = {
  /** Minor units, each: what the price list says. */
  readonly priceWas: number
  readonly reason: OverrideReason
  /** The clerk's id; left out where the business has no clerks. */
  readonly supervisor?: string
}

export type Line = {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly category?: string
  readonly quantity: number
  /** Minor units, each. */
  readonly unitPrice: number
  readonly override?: Override
}

export type Customer = {
  /** As the server is asked: a person id or `type:value`. */
  readonly ref: string
  readonly name?: string
  /** False: nobody could ask the server. */
  readonly isKnown: boolean
}

export type StoredTender = {
  readonly type: 'points' | 'giftCard' | 'credit' | 'cashback'
  readonly programme?: string
  /** Of a gift card: its code, or the id of one that lies in the customer's wallet. */
  readonly code?: string
  readonly card?: string
}

/** What is being sold; `id` is the receipt's number, which makes retries safe. */
export type Sale = {
  readonly id: string
  readonly lines: readonly Line[]
  readonly customer?: Customer
  readonly codes: readonly string[]
  readonly tenders: readonly StoredTender[]
}

export const emptySale = (id: string): Sale => ({ id, lines: [], codes: [], tenders: [] })

/**
 * Another buyer, or nobody in particular: what would pay out of the wallet of the one before goes with her. The code of a gift card is
 * whoever's holds it.
 */
export const withCustomer = ({ customer: _, tenders, ...sale }: Sale, customer?: Customer): Sale => ({
  ...sale,
  tenders: tenders.filter(it => it.code !== undefined),
  ...(customer && { customer }),
})

/** Pays with it; where it would already, no longer. */
export const toggleTender = (sale: Sale, tender: StoredTender): Sale => ({
  ...sale,
  tenders: sale.tenders.some(it => isSameTender(it, tender))
    ? sale.tenders.filter(it => !isSameTender(it, tender))
    : [...sale.tenders, tender],
})

export const isSameTender = (a: StoredTender, b: StoredTender): boolean =>
  a.type === b.type && a.programme === b.programme && a.code === b.code && a.card === b.card

export const subtotalOf = ({ lines }: Pick<Sale, 'lines'>): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)

const mostUnits = 10_000

const nextLineId = (lines: readonly Line[]): string => String(Math.max(0, ...lines.map(it => Number(it.id))) + 1)

/** Puts an article into the basket: onto the line of the same article and price where there is one. */
export const addArticle = (sale: Sale, { sku, name, price, category }: Article, quantity = 1): Sale => {
  const same = sale.lines.find(it => it.sku === sku && it.unitPrice === price && it.name === name && !it.override)
  if (same) return setQuantity(sale, same.id, same.quantity + quantity)
  const line: Line = {
    id: nextLineId(sale.lines),
    sku,
    name,
    quantity,
    unitPrice: price,
    ...(category !== undefined && { category }),
  }
  return { ...sale, lines: [...sale.lines, line] }
}

/** None of it is no line. */
export const setQuantity = (sale: Sale, id: string, quantity: number): Sale => ({
  ...sale,
  lines: sale.lines.flatMap(line =>
    line.id !== id ? [line] : quantity <= 0 ? [] : [{ ...line, quantity: Math.min(quantity, mostUnits) }],
  ),
})

/** A price that a supervisor allows, each. */
export const changePrice = (sale: Sale, id: string, unitPrice: number, by: Omit<Override, 'priceWas'>): Sale => ({
  ...sale,
  lines: sale.lines.map(line =>
    line.id === id
      ? { ...line, unitPrice, override: { priceWas: line.override?.priceWas ?? line.unitPrice, ...by } }
      : line,
  ),
})

/** Parts of an amount in proportion to weights, to the minor unit; the largest remainders first, ties by order. */
const spread = (amount: number, weights: readonly number[]): number[] => {
  const total = weights.reduce((sum, it) => sum + it, 0)
  const exact = weights.map(it => (amount * it) / total)
  const parts = exact.map(Math.floor)
  const left = amount - parts.reduce((sum, it) => sum + it, 0)
  const byRest = exact.map((it, index) => [it - Math.floor(it), index] as const).sort((a, b) => b[0] - a[0])
  for (const [, index] of byRest.slice(0, left)) parts[index]! += 1
  return parts
}

/**
 * An amount off the whole basket that a supervisor allows, laid on the prices: an order knows prices and offers, and a discount that is no
 * offer is a price. A line whose units cannot share evenly becomes two.
 *
 *     takeOff(sale, 100, { reason: 'goodwill' })   // 3 × 450 becomes 2 × 417 and 1 × 416
 */
export const takeOff = (sale: Sale, amount: number, by: Omit<Override, 'priceWas'>): Sale => {
  const subtotal = subtotalOf(sale)
  const off = Math.min(amount, subtotal)
  if (off <= 0) return sale
  const parts = spread(
    off,
    sale.lines.map(it => it.quantity * it.unitPrice),
  )
  let next = Number(nextLineId(sale.lines))
  const lines = sale.lines.flatMap((line, index): Line[] => {
    const part = parts[index]!
    if (part === 0) return [line]
    const override = { priceWas: line.override?.priceWas ?? line.unitPrice, ...by }
    const each = Math.floor(part / line.quantity)
    const more = part - each * line.quantity
    const rest: Line = { ...line, quantity: line.quantity - more, unitPrice: line.unitPrice - each, override }
    if (more === 0) return [rest]
    const cheaper: Line = { ...rest, id: String(next++), quantity: more, unitPrice: line.unitPrice - each - 1 }
    return [rest, cheaper]
  })
  return { ...sale, lines }
}

/** Lines as an order has them; what a supervisor allowed stands in their attributes, for whoever looks at the order later. */
export const orderLines = (lines: readonly Line[]): OrderInput['lines'] =>
  lines.map(({ id, sku, name, category, quantity, unitPrice, override }) => ({
    id,
    sku,
    name,
    quantity,
    unitPrice,
    ...(category !== undefined && { category }),
    ...(override && {
      attributes: {
        priceWas: override.priceWas,
        priceReason: override.reason,
        ...(override.supervisor !== undefined && { supervisor: override.supervisor }),
      },
    }),
  }))
