import { expect, it } from 'vitest'
import { customerRefs, readScan } from './scan.ts'

const articles = [{ sku: 'LATTE', name: 'Caffè latte', price: 450, barcode: '8001' }]

it.each([
  ['8001', { what: 'article', article: articles[0], quantity: 1 }],
  ['3*latte', { what: 'article', article: articles[0], quantity: 3 }],
  ['7k2mq-0012', { what: 'receipt', number: '7K2MQ-0012' }],
  ['tw1.a.b.c', { what: 'walletToken', token: 'tw1.a.b.c' }],
  [' ana@example.com ', { what: 'customer', ref: 'email:ana@example.com' }],
  ['0039 333 123 4567', { what: 'customer', ref: 'phone:+393331234567' }],
  ['ANA-7KQ2', { what: 'unknown', text: 'ANA-7KQ2' }],
  ['4711', { what: 'unknown', text: '4711' }],
])('%s is told for what it is', (text, scanned) => {
  expect(readScan(text, articles)).toEqual(scanned)
})

it.each([
  ['4711', ['loyaltyCard:4711']],
  ['333 123 4567', ['loyaltyCard:333 123 4567', 'phone:3331234567']],
  ['+39 333 1234567', ['phone:+393331234567']],
  ['ana@example.com', ['email:ana@example.com']],
  ['  ', []],
])('somebody is looked for by “%s”', (text, refs) => {
  expect(customerRefs(text)).toEqual(refs)
})
