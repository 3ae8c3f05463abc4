import { normalizeCode } from '../offers/code.ts'
import type { OrderAnswer } from '../orders/schema.ts'
import type { Basket, StoredOrder } from './rows.ts'

type Line = Readonly<Record<string, unknown>>

/** Of a line stays what was sold, how much of it and for how much; its name, attributes and measure are free text. */
const erasedLine = (line: unknown): Line =>
  Object.fromEntries(
    Object.entries(line as Line).filter(
      ([field, value]) => typeof value === 'number' || field === 'id' || field === 'sku' || field === 'category',
    ),
  )

/**
 * An answer without the codes that were of no use: what somebody types into a box for codes may be anything. Codes that applied
 * stay, because uses are counted by them.
 */
export const erasedAnswer = (answer: OrderAnswer): OrderAnswer => ({
  ...answer,
  refused: answer.refused.filter(it => it.code === undefined),
})

/**
 * An order as it stands when the person it belongs to is erased: every amount, every use and what came back stay, and so does the
 * next return, which decides by the answer. Only what it would be decided with again goes: a return then says `notAsked`, as where
 * the facts of then were never kept.
 *
 *     eraseOrder(order).basket.lines   // [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }]
 */
export const eraseOrder = (
  order: Pick<StoredOrder, 'basket' | 'answer'>,
): Pick<StoredOrder, 'basket' | 'answer' | 'asThen'> => {
  const answer = erasedAnswer(JSON.parse(order.answer) as OrderAnswer)
  const used = answer.applied.flatMap(it => it.code ?? []).map(normalizeCode)
  const { lines, shipping, codes, tenders, choices, clerk } = order.basket
  const basket: Basket = {
    lines: lines.map(erasedLine),
    shipping,
    codes: codes.filter(code => used.includes(code)),
    ...(tenders && { tenders: tenders.map(it => ('code' in it ? { ...it, code: 'erased' } : it)) }),
    ...(choices && { choices }),
    ...(clerk !== undefined && { clerk }),
  }
  return { basket, answer: JSON.stringify(answer), asThen: null }
}
