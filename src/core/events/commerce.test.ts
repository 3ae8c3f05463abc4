import { describe, expect, test } from 'vitest'
import { commerceKind, readOrder } from './commerce.ts'

const facts = (properties: Record<string, unknown>, currency = 'EUR') => readOrder(properties, currency).facts
const issues = (properties: Record<string, unknown>, currency?: string) => readOrder(properties, currency).issues

test.each([
  ['Order Completed', 'orderCompleted'],
  ['order completed', 'orderCompleted'],
  ['Order Refunded', 'orderRefunded'],
  ['Order Cancelled', 'orderCancelled'],
  ['Order Updated', undefined],
  ['constructor', undefined],
])('%s is %s', (name, kind) => {
  expect(commerceKind(name)).toBe(kind)
})

test('the example of Segment’s V2 specification', () => {
  const properties = {
    checkout_id: 'fksdjfsdjfisjf9sdfjsd9f',
    order_id: '50314b8e9bcf000000000000',
    affiliation: 'Google Store',
    total: 27.5,
    subtotal: 22.5,
    revenue: 25.0,
    shipping: 3,
    tax: 2,
    discount: 2.5,
    coupon: 'hasbros',
    currency: 'USD',
    products: [
      { product_id: '507f1f77', sku: '45790-32', name: 'Monopoly', price: 19, quantity: 1, category: 'Games' },
      { product_id: '505bd76785ebb509fc183733', name: 'Uno', price: '3.00', quantity: '2', category: 'Games' },
    ],
  }
  expect(readOrder(properties, 'EUR')).toEqual({
    facts: {
      orderId: '50314b8e9bcf000000000000',
      currency: 'USD',
      totalMinor: 2750,
      subtotalMinor: 2250,
      discountMinor: 250,
      shippingMinor: 300,
      taxMinor: 200,
      location: 'Google Store',
      coupon: 'hasbros',
      lines: [
        { sku: '45790-32', name: 'Monopoly', category: 'Games', quantity: 1, unitPriceMinor: 1900, amountMinor: 1900 },
        {
          sku: '505bd76785ebb509fc183733',
          name: 'Uno',
          category: 'Games',
          quantity: 2,
          unitPriceMinor: 300,
          amountMinor: 600,
        },
      ],
    },
  })
})

describe('the total is', () => {
  const products = [{ price: 2.5, quantity: 2 }]
  test.each([
    ['total, whatever else is there', { total: 9, revenue: 1, value: 1, products }, 900],
    ['revenue with shipping and tax', { revenue: 5, shipping: 1, tax: 0.5, value: 1 }, 650],
    ['value', { value: '7.10', products }, 710],
    ['what the products add up to', { products, discount: 1, shipping: 0.5 }, 450],
  ])('%s', (_, properties, total) => {
    expect(facts({ order_id: 'A-1', ...properties })?.totalMinor).toBe(total)
  })
})

test.each([
  ['JPY', 1500, 1500],
  ['KWD', '1.234', 1234],
  ['eur', 3.86, 386],
])('%s has its own decimals: %j is %j', (currency, total, minor) => {
  expect(facts({ order_id: 1001, currency, total })).toMatchObject({ orderId: '1001', totalMinor: minor })
})

test('weighed goods are one unit with their measure', () => {
  expect(facts({ order_id: 'A', products: [{ sku: 'HAM', price: 19.9, quantity: 0.215 }] })?.lines).toEqual([
    { sku: 'HAM', quantity: 1, measure: '0.215', unitPriceMinor: 1990, amountMinor: 428 },
  ])
})

test('an event that names no currency is in the workspace’s', () => {
  expect(facts({ order_id: 'A', total: 5 }, 'JPY')).toMatchObject({ currency: 'JPY', totalMinor: 5 })
})

describe('what is not understood is said with its place', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['no order id', { total: 1 }, ['/properties/order_id']],
    ['an order id that no order can have', { order_id: 'a b', total: 1 }, ['/properties/order_id']],
    ['no money at all', { order_id: 'A' }, ['/properties/total']],
    ['a decimal comma', { order_id: 'A', total: '3,86' }, ['/properties/total']],
    ['an unknown currency', { order_id: 'A', currency: 'EURO', total: 1 }, ['/properties/currency']],
    ['products that are no list', { order_id: 'A', total: 1, products: {} }, ['/properties/products']],
    ['a product without a price', { order_id: 'A', total: 1, products: [{}] }, ['/properties/products/0/price']],
    [
      'half of a good list',
      { order_id: 'A', total: 1, products: [{ price: 1 }, null, { price: 1, quantity: -1 }] },
      ['/properties/products/1', '/properties/products/2/quantity'],
    ],
  ])('%s', (_, properties, pointers) => {
    expect(issues(properties, 'EUR')?.map(issue => issue.pointer)).toEqual(pointers)
  })
})
