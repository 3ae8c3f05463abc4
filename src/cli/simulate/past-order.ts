import { MAX_LINES, MAX_UNITS } from '../../core/orders/schema.ts'

/** One line of a past order; a weighed line (quantity 0.734) is one unit at the price of the whole line. */
export type PastLine = {
  readonly id: string
  readonly sku: string
  readonly name?: string
  readonly category?: string
  readonly quantity: number
  /** Minor units, as is `unitCost`. */
  readonly unitPrice: number
  readonly unitCost?: number
}

/** An order as it was placed, within the limits that a live order has. What holds for the whole order is told by its first row. */
export type PastOrder = {
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  /** As a caller of the API names people: 'customerId:17850', 'email:ana@example.com'. */
  readonly person?: string
  readonly channel: string
  readonly location?: string
  readonly country?: string
  readonly currency: string
  readonly codes: readonly string[]
  readonly lines: readonly PastLine[]
  readonly shipping: number
}

/** Why a row is no part of a past order, in the order in which it is asked. */
export const setAsideReasons = {
  unreadable: 'rows that cannot be read',
  split: 'rows of an order that had already ended; sort the file by order',
  withoutPrice: 'lines without a price',
  cancelled: 'cancellations: quantities of 0 or less',
  tooLarge: `orders of more than ${MAX_LINES} lines or ${MAX_UNITS} units`,
} as const
export type SetAsideReason = keyof typeof setAsideReasons

export type SetAside = {
  rows: number
  /** Orders of which nothing remained, counted under the reason of their first row that was set aside. */
  orders: number
  /** The first such row: 'line 7: the date "1/7/2011" …'. */
  first?: string
}

/** What was read so far; complete once the orders have ended. */
export type PastOrdersTally = {
  /** Of the file as it lies there, packed or not. */
  bytesRead: number
  readonly bytes: number
  /** Rows below the header. */
  rows: number
  orders: number
  lines: number
  withoutPerson: number
  /** Orders earlier than the one before them: limits of a period and budgets meet such orders in the wrong order. */
  outOfOrder: number
  /** Lines whose price was finer than the currency's minor unit and was rounded half to even. */
  roundedPrices: number
  readonly setAside: { readonly [R in SetAsideReason]: SetAside }
}

export type PastOrdersOptions = {
  /** Of rows that name none. */
  readonly currency: string
  /** Whose clock the times without a zone were read from. */
  readonly timeZone: string
  /** Of rows that name none. */
  readonly channel?: string
  /** For what is kept and not decided about: a line may have no SKU (its is ''), and may cost nothing. */
  readonly anyItem?: true
}

/** `emptyTally(2_048)` has nothing read of a file of 2,048 bytes. */
export const emptyTally = (bytes: number): PastOrdersTally => {
  const none = (): SetAside => ({ rows: 0, orders: 0 })
  return {
    bytesRead: 0,
    bytes,
    rows: 0,
    orders: 0,
    lines: 0,
    withoutPerson: 0,
    outOfOrder: 0,
    roundedPrices: 0,
    setAside: { unreadable: none(), split: none(), withoutPrice: none(), cancelled: none(), tooLarge: none() },
  }
}
