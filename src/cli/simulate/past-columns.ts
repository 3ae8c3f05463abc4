import { CsvError } from '../csv.ts'

/**
 * What a file of past order lines can hold, and the names under which shops export it. A header is compared by its letters and
 * digits only, in small letters: `Order ID`, `order_id` and `orderId` are one. Where two names of one list stand in
 * a file the earlier in the list is read.
 */
export const orderColumnNames = {
  order: 'order orderid orderno ordernumber invoiceno invoice invoiceid invoicenumber transactionid basketid receipt',
  sku: 'sku stockcode productid product itemid item',
  quantity: 'quantity qty units',
  unitPrice: 'unitprice price itemprice',
  date: 'date orderdate invoicedate occurredat placedat createdat timestamp time',
  name: 'name description productname itemname title',
  category: 'category productcategory department',
  unitCost: 'unitcost cost costprice',
  customer: 'person customerid customer customernumber',
  email: 'email customeremail',
  country: 'country',
  channel: 'channel',
  location: 'location store storeid',
  currency: 'currency currencycode',
  codes: 'codes code couponcodes couponcode coupon discountcode vouchercode promocode',
  shipping: 'shipping shippingcost shippingprice freight',
} as const

type Column = keyof typeof orderColumnNames
const needed = ['order', 'sku', 'quantity', 'unitPrice', 'date'] as const satisfies readonly Column[]
type Needed = (typeof needed)[number]

/** A column's name by its letters and digits only: `columnKey('Order ID')` is 'orderid'. */
export const columnKey = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Where each column stands in a record, from 0; undefined for one that the file does not have. */
export type PastColumns = { readonly [C in Needed]: number } & { readonly [C in Exclude<Column, Needed>]?: number }

/**
 * Finds the columns of a header line, in any order and among others.
 *
 *     findPastColumns(['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice'], 'retail.csv')
 *     // { order: 0, sku: 1, quantity: 2, date: 3, unitPrice: 4 }
 *
 * Throws a `CsvError` that names what is missing, what the file has and which names would do.
 */
export const findPastColumns = (header: readonly string[], file: string): PastColumns => {
  const found = header.map(columnKey)
  const places: { [C in Column]?: number } = {}
  for (const column of Object.keys(orderColumnNames) as Column[]) {
    const name = orderColumnNames[column].split(' ').find(synonym => found.includes(synonym))
    if (name !== undefined) places[column] = found.indexOf(name)
  }
  const { order, sku, quantity, unitPrice, date } = places
  if (
    order === undefined ||
    sku === undefined ||
    quantity === undefined ||
    unitPrice === undefined ||
    date === undefined
  ) {
    const missing = needed.filter(column => places[column] === undefined)
    const wanted = missing.map(column => `${column} (or ${orderColumnNames[column].split(' ').slice(1).join(', ')})`)
    throw new CsvError(
      `${file} needs a column ${wanted.join(', and one ')}. It has: ${header.join(', ')}. ` +
        `Each line of orders needs ${needed.join(', ')}; the first line of the file names the columns, between commas.`,
    )
  }
  return { ...places, order, sku, quantity, unitPrice, date }
}
