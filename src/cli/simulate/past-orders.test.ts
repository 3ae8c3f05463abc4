import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { describeRealData } from '../../../test/real-data.ts'
import { freshFolder } from '../../../test/stores.ts'
import { orderInput } from '../../core/orders/schema.ts'
import { ordersOpen } from './group-rows.ts'
import type { PastOrder, PastOrdersOptions } from './past-order.ts'
import { readPastOrders } from './past-orders.ts'

const london: PastOrdersOptions = { currency: 'GBP', timeZone: 'Europe/London' }

const readAll = async (path: string, options = london) => {
  const { orders, tally } = await readPastOrders(path, options)
  const read: PastOrder[] = []
  for await (const order of orders) read.push(order)
  return { orders: read, tally }
}

const fileOf = (content: string | Uint8Array): string => {
  const path = join(freshFolder(), 'orders.csv')
  writeFileSync(path, content)
  return path
}
const read = async (content: string | Uint8Array, options = london) => readAll(fileOf(content), options)

const header = 'order,sku,quantity,price,date'
const row = (order: string, sku = 'TEA', quantity = '1', price = '2.50', date = '2026-03-01 10:00') =>
  [order, sku, quantity, price, date].join(',')
const rows = (...lines: string[]): string => [header, ...lines, ''].join('\n')

const skusOf = (orders: readonly PastOrder[]) => orders.map(({ id, lines }) => `${id}: ${lines.map(({ sku }) => sku)}`)

describe('past orders', () => {
  const invoices = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,"HEART, WHITE",6,2011-07-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,LANTERN,6,2011-07-01 08:26:00,3.39,17850.0,United Kingdom
536366,22633,HAND WARMER,2,2011-07-01 08:28:00,1.85,,France
`
  const invoiceOrders = [
    {
      id: '536365',
      at: Date.parse('2011-07-01T07:26:00Z'),
      person: 'customerId:17850',
      channel: 'web',
      country: 'United Kingdom',
      currency: 'GBP',
      codes: [],
      lines: [
        { id: '1', sku: '85123A', name: 'HEART, WHITE', quantity: 6, unitPrice: 255 },
        { id: '2', sku: '71053', name: 'LANTERN', quantity: 6, unitPrice: 339 },
      ],
      shipping: 0,
    },
    {
      id: '536366',
      at: Date.parse('2011-07-01T07:28:00Z'),
      channel: 'web',
      country: 'France',
      currency: 'GBP',
      codes: [],
      lines: [{ id: '1', sku: '22633', name: 'HAND WARMER', quantity: 2, unitPrice: 185 }],
      shipping: 0,
    },
  ]

  it.each([
    ['a plain file', invoices],
    ['a gzipped one', gzipSync(invoices)],
    ['one with CRLF and a byte order mark', `\uFEFF${invoices.replaceAll('\n', '\r\n')}`],
  ])('come out of %s', async (_, content) => {
    const { orders, tally } = await read(content)
    expect(orders).toEqual(invoiceOrders)
    expect(tally).toMatchObject({ rows: 3, orders: 2, lines: 3, withoutPerson: 1, outOfOrder: 0 })
    expect(tally.bytesRead).toBe(tally.bytes)
  })

  it('carry all that a file can tell', async () => {
    const content = `order,person,channel,location,currency,codes,sku,category,quantity,price,cost,date,shipping
a-1,email:Ana@Example.com,store,store-12,jpy,"SUMMER; ANA-7KQ2",TEA,drinks,2,450,300,2026-03-01T10:00:00Z,500
a-1,email:Ana@Example.com,store,store-12,jpy,SUMMER|MORE,CUP,,1,900,,2026-03-01T10:00:00Z,500
`
    expect((await read(content)).orders).toEqual([
      {
        id: 'a-1',
        at: Date.parse('2026-03-01T10:00:00Z'),
        person: 'email:ana@example.com',
        channel: 'store',
        location: 'store-12',
        currency: 'JPY',
        codes: ['SUMMER', 'ANA-7KQ2', 'MORE'],
        lines: [
          { id: '1', sku: 'TEA', category: 'drinks', quantity: 2, unitPrice: 450, unitCost: 300 },
          { id: '2', sku: 'CUP', quantity: 1, unitPrice: 900 },
        ],
        shipping: 500,
      },
    ])
  })

  it.each([
    ['17850', 'customerId:17850'],
    ['17850.0', 'customerId:17850'],
    ['loyaltyCard: 00-42', 'loyaltyCard:00-42'],
    ['per_01kjm6jm000000000000000000', 'per_01kjm6jm000000000000000000'],
    ['email:nobody', undefined],
    ['', 'email:ana@example.com'],
  ])('of customer %j belong to %s', async (customer, person) => {
    const content = `${header},customer,email\n${row('1')},${customer},Ana@example.com\n`
    expect((await read(content)).orders[0]).toMatchObject({ person })
  })

  it.each([
    ['2', '2.55', 'GBP', 2, 255, 0],
    ['6.0', '2.5', 'GBP', 6, 250, 0],
    ['1', '1005', 'JPY', 1, 1005, 0],
    ['1', '1.005', 'KWD', 1, 1005, 0],
    ['1', '1.0050', 'KWD', 1, 1005, 0],
    ['1', '0.125', 'GBP', 1, 12, 1],
    ['0.734', '12.50', 'GBP', 1, 918, 0],
  ])('%s at %s %s is %i at %i minor units', async (quantity, price, currency, units, unitPrice, roundedPrices) => {
    const { orders, tally } = await read(rows(row('1', 'TEA', quantity, price)), { ...london, currency })
    expect(orders[0]!.lines).toEqual([{ id: '1', sku: 'TEA', quantity: units, unitPrice }])
    expect(tally.roundedPrices).toBe(roundedPrices)
  })

  it('keep their rows where tills take turns', async () => {
    const { orders } = await read(rows(row('1', 'A'), row('2', 'B'), row('1', 'C'), row('3', 'D'), row('2', 'E')))
    expect(skusOf(orders)).toEqual(['1: A,C', '2: B,E', '3: D'])
  })

  it('that come back long after they ended are not taken for new ones', async () => {
    const others = Array.from({ length: ordersOpen }, (_, index) => row(`other-${index}`))
    const { orders, tally } = await read(rows(row('1', 'A'), ...others, row('1', 'B')))
    expect(skusOf(orders.slice(0, 2))).toEqual(['1: A', 'other-0: TEA'])
    expect(orders).toHaveLength(1 + ordersOpen)
    expect(tally.setAside.split).toEqual({
      rows: 1,
      orders: 0,
      first: `line ${ordersOpen + 3}: order "1" comes again after 64 others or more`,
    })
  })

  it('earlier than the one before are counted', async () => {
    const late = row('1', 'TEA', '1', '2.50', '2026-03-02')
    expect((await read(rows(late, row('2'), row('3')))).tally.outOfOrder).toBe(1)
  })
})

describe('a row is set aside', () => {
  it.each([
    ['a price of nothing', row('1', 'TEA', '1', '0.0'), 'withoutPrice', 'the price is "0.0"'],
    ['a price below nothing', row('1', 'B', '1', '-9.5'), 'withoutPrice', 'the price is "-9.5"'],
    ['a price below the minor unit', row('1', 'B', '1', '0.001'), 'withoutPrice', 'the price is "0.001"'],
    ['stock written off', row('1', 'TEA', '-5', '0'), 'withoutPrice', 'the price is "0"'],
    ['a weight that costs nothing', row('1', 'B', '0.001', '1'), 'withoutPrice', '"0.001" at "1" is no amount'],
    ['a cancellation', row('C1', 'TEA', '-5'), 'cancelled', 'the quantity is "-5"'],
    ['a quantity of nothing', row('1', 'TEA', '0'), 'cancelled', 'the quantity is "0"'],
    ['too many units', row('1', 'TEA', '10001'), 'tooLarge', 'order "1" grows beyond that'],
    ['no order', row(' '), 'unreadable', 'an order id has 1 to 128 letters: ""'],
    ['no SKU', row('1', ''), 'unreadable', 'a SKU has 1 to 128 letters: ""'],
    ['a decimal comma', row('1', 'TEA', '1', '"2,50"'), 'unreadable', 'the price is no amount such as 12.50: "2,50"'],
    ['no number of units', row('1', 'TEA', 'x'), 'unreadable', 'the quantity is no number such as 6: "x"'],
    [
      'a date of two readings',
      row('1', 'TEA', '1', '1', '1/7/2011 9:26'),
      'unreadable',
      'the date is no time such as 2010-12-01 08:26:00: "1/7/2011 9:26"',
    ],
    ['a missing field', '1,TEA,1,2.50', 'unreadable', '4 fields where the header has 5'],
  ] as const)('for %s', async (_, line, reason, why) => {
    const { orders, tally } = await read(rows(row('0'), line))
    expect(skusOf(orders)).toEqual(['0: TEA'])
    expect(tally.setAside[reason]).toMatchObject({ rows: 1, first: `line 3: ${why}` })
  })

  it.each([
    ['currency', 'EURO', 'no ISO 4217 currency: "EURO"'],
    ['channel', 'the web', 'the channel is no short name such as web: "the web"'],
    ['location', 'x'.repeat(81), `a location has at most 80 letters: "${'x'.repeat(40)}…"`],
    ['shipping', '-1', 'the shipping is no amount such as 4.90: "-1"'],
    ['cost', '-1', 'the cost is no amount such as 12.50: "-1"'],
    ['category', 'x'.repeat(129), `a category has at most 128 letters: "${'x'.repeat(40)}…"`],
  ])('for a %s such as %s', async (column, cell, why) => {
    const { orders, tally } = await read(`${header},${column}\n${row('1')},${cell}\n`)
    expect(orders).toEqual([])
    expect(tally.setAside.unreadable).toEqual({ rows: 1, orders: 1, first: `line 2: ${why}` })
  })

  it('and the rest of its order stays', async () => {
    const { orders, tally } = await read(
      rows(row('1', 'GONE', '-1'), row('1', 'A'), row('1', 'FREE', '1', '0'), row('1', 'B')),
    )
    expect(orders[0]!.lines.map(({ id, sku }) => `${id} ${sku}`)).toEqual(['1 A', '2 B'])
    expect(tally.setAside).toMatchObject({ cancelled: { rows: 1, orders: 0 }, withoutPrice: { rows: 1, orders: 0 } })
  })

  it('with its whole order where that has too many lines', async () => {
    const many = Array.from({ length: 1003 }, (_, index) => row('1', `SKU-${index}`))
    const { orders, tally } = await read(rows(...many.slice(0, 1000), row('2'), ...many.slice(1000)))
    expect(skusOf(orders)).toEqual(['2: TEA'])
    expect(tally.setAside.tooLarge).toMatchObject({ rows: 1003, orders: 1 })
  })
})

describe('a file is refused', () => {
  it.each([
    ['that is empty', '', 'orders.csv is empty; its first line must name the columns'],
    ['that is gzipped and empty', gzipSync(''), 'orders.csv is empty'],
    ['without a needed column', 'a;b\n', 'orders.csv needs a column order (or orderid'],
    ['whose quotes are wrong', `${rows(row('1'))}2,T"EA\n`, 'orders.csv, line 3: a quote inside a field'],
    ['that is not UTF-8', Buffer.from(`${header}\n1,CAF\xc9,1,1,2026-03-01\n`, 'latin1'), 'not UTF-8'],
    ['that is cut short', gzipSync(rows(row('1'))).subarray(0, 40), 'damaged or cut short'],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
    await expect(read(content)).rejects.toMatchObject({ name: 'CsvError' })
  })

  it('that is not there, as Node says it', async () => {
    await expect(readAll(join(freshFolder(), 'none.csv'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describeRealData('a year of invoices', 'online-retail', folder => {
  it('is read to the last row', async () => {
    const { orders, tally } = await readAll(join(folder, 'online-retail.csv.gz'))
    const { bytes: _bytes, bytesRead: _bytesRead, ...counts } = tally
    expect(counts).toEqual({
      rows: 541_909,
      orders: 19_946,
      lines: 528_008,
      withoutPerson: 1_425,
      outOfOrder: 0,
      roundedPrices: 0,
      setAside: {
        unreadable: { rows: 0, orders: 0 },
        split: { rows: 0, orders: 0 },
        withoutPrice: { rows: 2_521, orders: 2_104, first: 'line 624: the price is "0.0"' },
        cancelled: { rows: 9_288, orders: 3_836, first: 'line 143: the quantity is "-1"' },
        tooLarge: { rows: 2_092, orders: 14, first: 'line 61621: order "541431" grows beyond that' },
      },
    })
    const setAside = Object.values(tally.setAside)
    expect(tally.lines + setAside.reduce((sum, { rows }) => sum + rows, 0)).toBe(tally.rows)
    expect(tally.orders + setAside.reduce((sum, { orders }) => sum + orders, 0)).toBe(25_900)

    // Every one is an order that the live system would take.
    const refused = orders.filter(
      ({ person, channel, currency, codes, lines, shipping }) =>
        !orderInput.safeParse({
          person,
          channel,
          currency,
          codes,
          shipping,
          state: 'placed',
          lines: lines.map(({ id, sku, name, quantity, unitPrice }) => ({ id, sku, name, quantity, unitPrice })),
        }).success,
    )
    expect(refused.map(({ id }) => id)).toEqual([])
  })
})
