import { TesseraRefusal } from '../sdk/errors.ts'
import type { OrderBasket, OrderNow, Return } from '../sdk/index.ts'
import { isOnline, isUnreachable, reach } from './till-api.ts'
import { keepReceipt, type Receipt, readReceipt } from './till-db.ts'

/** An order and what it sold. */
export type OrderSold = { readonly order: OrderNow; readonly basket: OrderBasket }

export type Sold = {
  readonly lines: readonly {
    readonly id: string
    readonly name: string
    /** Units that came back already. */
    readonly gone: number
    /** Units that have not come back. */
    readonly left: number
    /** What a unit cost in the end, on the average. */
    readonly each: number
  }[]
}

/** Units that come back, by line. */
export type Back = Readonly<Record<string, number>>

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** What of an order can come back, and what has. */
export const findSold = ({ order: { lines, returned }, basket }: OrderSold): Sold => ({
  lines: lines.map(({ id, total }) => {
    const sent = basket.lines.find(it => it.id === id)
    const quantity = typeof sent?.quantity === 'number' ? sent.quantity : 1
    const gone = Math.min(quantity, returned?.lines[id] ?? 0)
    const name = textOf(sent?.name) ?? textOf(sent?.sku) ?? id
    return { id, name, gone, left: quantity - gone, each: Math.round(total / quantity) }
  }),
})

/** An order by its receipt's number; without a network the receipt that this till has kept. */
export const askSold = async (number: string): Promise<OrderSold | { readonly receipt: Receipt }> => {
  if (isOnline()) {
    try {
      const [order, basket] = await Promise.all([
        reach(api => api.getOrder(number)),
        reach(api => api.getOrderBasket(number)),
      ])
      return { order, basket }
    } catch (error) {
      if (!isUnreachable(error)) throw error
    }
  }
  const receipt = await readReceipt(number)
  if (!receipt) throw new TesseraRefusal(404, { code: 'receipt_not_here' })
  return { receipt }
}

/** What comes of a return, or with `dryRun` what would. The till's own receipt does not come back whole after it, also without a network. */
export const askReturn = async (
  order: string,
  {
    id,
    back,
    reason,
    dryRun,
  }: { readonly id: string; readonly back: Back; readonly reason: string; readonly dryRun: boolean },
): Promise<Return> => {
  const lines = Object.entries(back).flatMap(([line, quantity]) => (quantity > 0 ? [{ id: line, quantity }] : []))
  const answer = await reach(api => api.createReturn(order, { id, lines, reason }, { dryRun }))
  const receipt = dryRun ? undefined : await readReceipt(order)
  if (receipt) await keepReceipt({ ...receipt, state: 'returned' })
  return answer
}
