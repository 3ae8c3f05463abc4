import { describe, expect, it } from 'vitest'
import { csvLine } from '../core/kernel/csv.ts'
import { csvMoney, tableCsv } from './table-csv.ts'

const orders = [
  { id: 'web-1', discount: -250, total: 1250, currency: 'EUR' },
  { id: '=1+1', discount: 0, total: 1500, currency: 'JPY' },
]
const columns = [
  { title: 'Order', csv: (it: (typeof orders)[number]) => it.id },
  { title: 'Picture' },
  { title: 'Discount', csv: (it: (typeof orders)[number]) => csvMoney(it.discount, it.currency) },
  { title: 'Total', csv: (it: (typeof orders)[number]) => csvMoney(it.total, it.currency) },
]

describe('the CSV of a table', () => {
  it('has money as plain decimals with the currency of the row in the last column, and text that runs nowhere', () => {
    expect(tableCsv(columns, orders, 'Currency').map(csvLine)).toEqual([
      'Order,Discount,Total,Currency\r\n',
      'web-1,-2.5,12.5,EUR\r\n',
      "'=1+1,0,1500,JPY\r\n",
    ])
  })

  it('has no column of currencies where nothing is money, nor one for what the file does not have', () => {
    expect(tableCsv(columns.slice(0, 2), orders, 'Currency')).toEqual([['Order'], ['web-1'], ['=1+1']])
  })

  it('leaves the currency empty where a row has no amount', () => {
    const maybe = [{ title: 'Worth', csv: (minor: number | null) => (minor === null ? null : csvMoney(minor, 'KWD')) }]
    expect(tableCsv(maybe, [1005, null], 'Currency')).toEqual([
      ['Worth', 'Currency'],
      [1.005, 'KWD'],
      [null, ''],
    ])
  })
})
