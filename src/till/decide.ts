import type { Order, OrderInput } from '../sdk/index.ts'
import type { OfflineDecision, OfflineOrder } from '../sdk/offline.ts'
import { orderLines, type Sale } from './basket.ts'
import { decideHere } from './packs.ts'
import { isOnline, isUnreachable, reach } from './till-api.ts'
import type { Receipt } from './till-db.ts'
import { till } from './till-state.ts'

export type PlainTender = 'cash' | 'card'

export type Reason = {
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

/** What a basket comes to: by the server, or by the till itself. */
export type Answer = {
  readonly isOffline: boolean
  readonly totals: Order['totals']
  readonly lines: readonly { readonly id: string; readonly total: number; readonly discount: number }[]
  readonly applied: readonly {
    readonly offer: string
    readonly name: string
    readonly code?: string
    readonly amount: number
    readonly gives?: Order['applied'][number]['gives']
  }[]
  readonly earned: Receipt['earned']
  readonly available: Order['available']
  readonly refused: readonly { readonly code?: string; readonly offer?: string; readonly reason: Reason }[]
  /** What may apply, or give something, once the server has the order. */
  readonly onlineOnly: OfflineDecision['onlineOnly']
  readonly paid: NonNullable<Order['paid']>
  /** What is left to pay by cash or card. */
  readonly due: number
}

/** An order of a sale as the server is asked. */
export const orderOf = (
  { lines, customer, codes, tenders }: Sale,
  { state, tender }: { readonly state: 'open' | 'placed'; readonly tender?: PlainTender | undefined },
): OrderInput => ({
  state,
  currency: till().pack!.currency,
  lines: orderLines(lines),
  codes,
  ...(customer && { person: customer.ref }),
  ...((tenders.length > 0 || tender !== undefined) && {
    tenders: [...tenders, ...(tender === undefined ? [] : [{ type: tender }])],
  }),
})

/** The same as the till itself is asked: stored money waits for a network. */
export const offlineOrderOf = (
  { id, lines, customer, codes }: Sale,
  { at, tender }: { readonly at: number; readonly tender?: PlainTender | undefined },
): OfflineOrder => ({
  id,
  at,
  lines: orderLines(lines) as OfflineOrder['lines'],
  codes,
  currency: till().pack!.currency,
  ...(customer && { person: customer.ref }),
  ...(tender !== undefined && { tenders: [tender] }),
})

export const onlineAnswer = (order: Order): Answer => ({
  isOffline: false,
  totals: order.totals,
  lines: order.lines,
  applied: order.applied,
  earned: order.earned ?? [],
  available: order.available,
  refused: order.refused,
  onlineOnly: [],
  paid: order.paid ?? [],
  due: order.due ?? order.totals.total,
})

export const offlineAnswer = (decision: OfflineDecision): Answer => ({
  isOffline: true,
  totals: decision.totals,
  lines: decision.lines,
  applied: decision.applied as Answer['applied'],
  earned: decision.earned ?? [],
  available: decision.available,
  refused: decision.refused,
  onlineOnly: decision.onlineOnly,
  paid: [],
  due: decision.totals.total,
})

/** Decides a basket as it stands, storing nothing; without an answer of the server the till does it by its pack. */
export const decide = async (
  sale: Sale,
  { tender, signal }: { readonly tender?: PlainTender | undefined; readonly signal?: AbortSignal } = {},
): Promise<Answer> => {
  if (isOnline()) {
    try {
      const body = orderOf(sale, { state: 'open', tender })
      const options = signal === undefined ? {} : { signal }
      return onlineAnswer(await reach(api => api.putOrder(sale.id, body, { dryRun: true }, options)))
    } catch (error) {
      if (!isUnreachable(error)) throw error
    }
  }
  return offlineAnswer(await decideHere(offlineOrderOf(sale, { at: Date.now(), tender })))
}
