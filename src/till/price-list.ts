import { readAmount } from '../faces/read-amount.ts'
import { readCsv } from '../faces/read-csv.ts'

/** What the till knows of an article: there is no catalogue on the server, so the list lies on the till. */
export type Article = {
  readonly sku: string
  readonly name: string
  /** Minor units of the till's currency. */
  readonly price: number
  readonly category?: string
  /** What its label says where that is not the SKU. */
  readonly barcode?: string
  /** Has a key of its own on the screen. */
  readonly quick?: boolean
}

/** What keeps a line of a file from being an article; `line` counts from 1. */
export type ListMistake = { readonly line: number; readonly what: 'sku' | 'name' | 'price' | 'twice' }

export type ReadList = { readonly articles: readonly Article[]; readonly mistakes: readonly ListMistake[] }

/** As the first line of a file may name them, in the order that counts without one. */
export const columns = ['sku', 'name', 'price', 'category', 'barcode', 'quick'] as const
type Column = (typeof columns)[number]

/** A first line that names `sku` says where each column stands; without one they stand in this order. */
const columnsOf = (
  first: readonly string[],
): { readonly at: ReadonlyMap<Column, number>; readonly hasHead: boolean } => {
  const names = first.map(text => text.trim().toLowerCase())
  const hasHead = names.includes('sku')
  const at = columns.flatMap((column, index): [Column, number][] => {
    const place = hasHead ? names.indexOf(column) : index
    return place < 0 ? [] : [[column, place]]
  })
  return { at: new Map(at), hasHead }
}

const isYes = (text: string): boolean => /^(1|x|y|yes|true)$/i.test(text)

/**
 * Reads a price list as spreadsheets write it; lines with a mistake are named and left out.
 *
 *     readPriceList('sku,name,price\nLATTE,Caffè latte,4.50', 'EUR').articles   // [{ sku: 'LATTE', name: 'Caffè latte', price: 450 }]
 */
export const readPriceList = (text: string, currency: string): ReadList => {
  const rows = readCsv(text)
  const { at, hasHead } = columnsOf(rows[0] ?? [])
  const articles = new Map<string, Article>()
  const mistakes: ListMistake[] = []
  for (const [index, row] of rows.entries()) {
    if (hasHead && index === 0) continue
    const field = (column: Column): string => (row[at.get(column) ?? -1] ?? '').trim()
    const [sku, name, price] = [field('sku'), field('name'), readAmount(field('price'), currency)]
    const wrong =
      sku === '' || sku.length > 128
        ? 'sku'
        : name === '' || name.length > 300
          ? 'name'
          : price === undefined
            ? 'price'
            : articles.has(sku)
              ? 'twice'
              : undefined
    if (wrong !== undefined || price === undefined) {
      mistakes.push({ line: index + 1, what: wrong ?? 'price' })
      continue
    }
    articles.set(sku, {
      sku,
      name,
      price,
      ...(field('category') !== '' && { category: field('category') }),
      ...(field('barcode') !== '' && { barcode: field('barcode') }),
      ...(isYes(field('quick')) && { quick: true }),
    })
  }
  return { articles: [...articles.values()], mistakes }
}

/** The article of a label or a typed SKU, in any case of letters. */
export const findArticle = (articles: readonly Article[], text: string): Article | undefined => {
  const wanted = text.trim().toLowerCase()
  return articles.find(({ sku, barcode }) => sku.toLowerCase() === wanted || barcode?.toLowerCase() === wanted)
}

/** At most so many keys fit one hand's way. */
const mostKeys = 24

/** The articles with keys of their own; where none is marked, the first of the list. */
export const quickKeys = (articles: readonly Article[]): readonly Article[] => {
  const marked = articles.filter(it => it.quick)
  return (marked.length > 0 ? marked : articles).slice(0, mostKeys)
}
