import { expect, it } from 'vitest'
import { findArticle, quickKeys, readPriceList } from './price-list.ts'

it('reads a list as spreadsheets of any country write it', () => {
  const { articles, mistakes } = readPriceList('\ufeffname;sku;price;quick\r\n"Tea; green";TEA;1.003,20;x\r\n', 'EUR')
  expect(mistakes).toEqual([])
  expect(articles).toEqual([{ sku: 'TEA', name: 'Tea; green', price: 100_320, quick: true }])
})

it('names the lines that it leaves out', () => {
  const { articles, mistakes } = readPriceList('A,Apple,0.50\n,No sku,1\nB,,1\nC,Cake,free\nA,Again,1', 'EUR')
  expect(articles.map(it => it.sku)).toEqual(['A'])
  expect(mistakes).toEqual([
    { line: 2, what: 'sku' },
    { line: 3, what: 'name' },
    { line: 4, what: 'price' },
    { line: 5, what: 'twice' },
  ])
})

it('finds an article by its label or SKU, and gives keys to those that are marked', () => {
  const { articles } = readPriceList(
    'sku,name,price,barcode,quick\nA,Apple,0.50,4001,\nB,Bread,2,4002,x\nC,Cake,3,4003,',
    'EUR',
  )
  expect(findArticle(articles, ' 4003 ')?.sku).toBe('C')
  expect(findArticle(articles, 'a')?.sku).toBe('A')
  expect(findArticle(articles, '4004')).toBeUndefined()
  expect(quickKeys(articles).map(it => it.sku)).toEqual(['B'])
  expect(quickKeys(articles.filter(it => !it.quick)).map(it => it.sku)).toEqual(['A', 'C'])
})
