import { TesseraRefusal } from '../sdk/errors.ts'
import { emptySale, type Sale } from './basket.ts'
import {
  type Answer,
  decide,
  offlineAnswer,
  offlineOrderOf,
  onlineAnswer,
  orderOf,
  type PlainTender,
} from './decide.ts'
import { isSaleWaiting, returnHere, sellHere } from './packs.ts'
import { isOnline, isUnreachable, reach } from './till-api.ts'
import * as db from './till-db.ts'
import { setTill, till } from './till-state.ts'

/** Changes the basket, and keeps it: a tab that crashes loses nothing. */
export const setSale = (change: (sale: Sale) => Sale): void => {
  const sale = change(till().sale)
  setTill({ sale })
  void db.keep('sale', sale)
}

/** The next receipt's number is taken before it is shown, so that no two sales have one. */
export const newSale = async (): Promise<void> => {
  const number = ((await db.read('receipts')) ?? 0) + 1
  await db.keep('receipts', number)
  const sale = emptySale(`${till().pairing!.prefix}-${String(number).padStart(4, '0')}`)
  await db.keep('sale', sale)
  setTill({ sale })
}

const keepAside = async (aside: readonly Sale[]): Promise<void> => {
  setTill({ aside })
  await db.keep('aside', aside)
}

/** The basket waits for a customer who is not ready; the next one is served. Pressed twice it waits once. */
export const setAside = async (): Promise<void> => {
  const { sale, aside } = till()
  if (aside.some(({ id }) => id === sale.id)) return
  await keepAside([...aside, sale])
  await newSale()
}

/** A basket that was set aside is sold after all, in the place of one that is empty. */
export const takeUp = async (waiting: Sale): Promise<void> => {
  setSale(() => waiting)
  await throwAway(waiting)
}

export const throwAway = ({ id }: Sale): Promise<void> => keepAside(till().aside.filter(it => it.id !== id))

/** How the rest is paid, and how much cash was handed over for it. */
export type Paying = { readonly tender: PlainTender; readonly given?: number | undefined }

const receiptOf = (sale: Sale, answer: Answer, { tender, given }: Paying): db.Receipt => ({
  id: sale.id,
  at: Date.now(),
  lines: sale.lines,
  currency: till().pack!.currency,
  subtotal: answer.totals.subtotal,
  total: answer.totals.total,
  applied: answer.applied.flatMap(({ name, amount }) => (amount > 0 ? [{ name, amount }] : [])),
  earned: answer.earned.map(({ programme, points }) => ({ programme, points })),
  paid: answer.paid.map(({ type, amount }) => ({ type, amount })),
  due: answer.due,
  tender: answer.due === 0 ? 'none' : tender,
  ...(tender === 'cash' && given !== undefined && given >= answer.due && { given }),
  ...(till().clerk && { clerk: till().clerk!.name }),
  isOffline: answer.isOffline,
  state: 'sold',
})

const servedBy = (): object => (till().clerk === undefined ? {} : { clerk: till().clerk!.id })

/** Not sold: the total has changed since it was told, to this. */
export type Placed = { readonly isSold: true } | { readonly isSold: false; readonly answer: Answer }

const show = async (receipt: db.Receipt): Promise<Placed> => {
  setTill({ receipt })
  await newSale()
  return { isSold: true }
}

/**
 * Sells what was told. Whether the server got an order of which no answer came does not matter: the journal names it too, and it is booked once.
 */
export const place = async (sale: Sale, told: Answer, paying: Paying): Promise<Placed> => {
  const { tender } = paying
  if (isOnline()) {
    try {
      const body = { ...orderOf(sale, { state: 'placed', tender }), expectTotal: told.totals.total, ...servedBy() }
      const answer = onlineAnswer(await reach(api => api.putOrder(sale.id, body)))
      const receipt = receiptOf(sale, answer, paying)
      await db.keepReceipt(receipt)
      return await show(receipt)
    } catch (error) {
      if (error instanceof TesseraRefusal && error.code === 'total_changed')
        return { isSold: false, answer: await decide(sale, { tender }) }
      if (!isUnreachable(error)) throw error
      // Points and gift cards have paid, or they have not: only the server knows.
      if (sale.tenders.length > 0) throw error
    }
  }
  const order = offlineOrderOf(sale, { at: Date.now(), tender })
  let receipt: db.Receipt | undefined
  const sold = await sellHere(order, {
    expected: told.totals.total,
    receipt: decision => {
      receipt = receiptOf(sale, offlineAnswer(decision), paying)
      return receipt
    },
    more: servedBy(),
  })
  return sold.isSold ? show(receipt!) : { isSold: false, answer: offlineAnswer(sold.decision) }
}

/** For so long a sale can be undone by whoever made it. */
export const undoMs = 60_000

/**
 * As if it had never been: uses, budget and points are back, and so is the money. Where no answer comes it may be repeated, with a network or
 * without: it is undone once.
 */
export const undo = async (receipt: db.Receipt): Promise<void> => {
  if (isOnline() && !isSaleWaiting(receipt.id)) {
    await reach(api => api.putOrder(receipt.id, { state: 'cancelled' }))
    await db.keepReceipt({ ...receipt, state: 'undone' })
  } else await returnHere(receipt, { reason: 'undo' })
  setTill({ receipt: { ...receipt, state: 'undone' } })
}
