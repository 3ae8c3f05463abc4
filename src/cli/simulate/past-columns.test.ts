import { expect, test } from 'vitest'
import { findPastColumns } from './past-columns.ts'

test.each([
  [
    'Online Retail’s',
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    { order: 0, sku: 1, name: 2, quantity: 3, date: 4, unitPrice: 5, customer: 6, country: 7 },
  ],
  [
    'a web shop’s',
    'order_id,Occurred At,customer_email,sku,qty,price,cost,coupon code,store,till',
    { order: 0, date: 1, email: 2, sku: 3, quantity: 4, unitPrice: 5, unitCost: 6, codes: 7, location: 8 },
  ],
  [
    'the API’s own, where a name that says less stands beside it',
    'time,occurredAt,product,sku,order,quantity,unitPrice,person,channel,currency,category,shipping',
    {
      date: 1,
      sku: 3,
      order: 4,
      quantity: 5,
      unitPrice: 6,
      customer: 7,
      channel: 8,
      currency: 9,
      category: 10,
      shipping: 11,
    },
  ],
])('finds %s columns', (_, header, places) => {
  expect(findPastColumns(header.split(','), 'a.csv')).toEqual(places)
})

test('a file without a needed column is refused with what it has and what it needs', () => {
  expect(() => findPastColumns(['Invoice', 'Item', 'Amount', 'Date'], 'till.csv')).toThrow(
    'till.csv needs a column quantity (or qty, units), and one unitPrice (or price, itemprice). ' +
      'It has: Invoice, Item, Amount, Date. Each line of orders needs order, sku, quantity, unitPrice, date; ' +
      'the first line of the file names the columns, between commas.',
  )
})
