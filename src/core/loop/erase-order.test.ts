import { expect, it } from 'vitest'
import type { OrderAnswer } from '../orders/schema.ts'
import { eraseOrder } from './erase-order.ts'

const basket = {
  lines: [
    {
      id: '1',
      sku: 'RING',
      category: 'gifts',
      name: 'Ring for Ana',
      attributes: { engraving: 'Ana' },
      quantity: 1,
      unitPrice: 900,
    },
    { id: '2', sku: 'TEA', amount: 700, measure: 'Ana’s bag' },
  ],
  shipping: 500,
  codes: ['SUMMER', 'ANAROSSI'],
  tenders: [{ type: 'card' }],
}
const noCode = { code: 'offer_paused', message: 'The offer is paused at the moment.', details: {} }
const answer = {
  id: 'web-1',
  totals: { subtotal: 1600, discount: 160, shipping: 500, shippingDiscount: 0, total: 1940 },
  applied: [{ offer: 'off_1', name: 'Summer', code: 'sum-mer', amount: 160 }],
  refused: [
    { code: 'Ana Rossi', reason: { code: 'code_unknown', message: 'The code is not known.', details: {} } },
    { offer: 'off_2', reason: noCode },
  ],
}

it('keeps goods, amounts and the codes that applied, and nothing that somebody wrote', () => {
  const erased = eraseOrder({ basket, answer: JSON.stringify(answer) })
  expect(erased.basket).toEqual({
    lines: [
      { id: '1', sku: 'RING', category: 'gifts', quantity: 1, unitPrice: 900 },
      { id: '2', sku: 'TEA', amount: 700 },
    ],
    shipping: 500,
    codes: ['SUMMER'],
    tenders: [{ type: 'card' }],
  })
  const { refused, ...rest } = JSON.parse(erased.answer) as OrderAnswer
  expect(refused).toEqual([{ offer: 'off_2', reason: noCode }])
  const { refused: _, ...before } = answer
  expect(rest).toEqual(before)
  expect(erased.asThen).toBeNull()
})

it('comes to the same when it is done twice', () => {
  const once = eraseOrder({ basket, answer: JSON.stringify(answer) })
  expect(eraseOrder(once)).toEqual(once)
})
