import { quantityReader, told, weighedAmount } from './past-cells.ts'
import type { PastColumns } from './past-columns.ts'
import type { PastHead } from './past-head.ts'
import type { PastLine, SetAsideReason } from './past-order.ts'

export type NoLine = { readonly reason: SetAsideReason; readonly why: string }

/** The longest SKU, category and order id that an order may have. */
export const longestText = 128
const longestName = 300

const unreadable = (why: string): NoLine => ({ reason: 'unreadable', why })

/**
 * Reads one row as the order line with the given id, or says why it is none; the first mistake is told. `isExact` is
 * false where the price was finer than the currency's minor unit.
 *
 *     rowReader(columns)(fields, head, '1')   // { line: { id: '1', sku: '71053', quantity: 6, unitPrice: 339, … }, isExact: true }
 *     // or { reason: 'cancelled', why: 'the quantity is "-6"' }
 */
export const rowReader = (
  columns: PastColumns,
  { anyItem = false }: { readonly anyItem?: boolean } = {},
): ((fields: readonly string[], head: PastHead, id: string) => { line: PastLine; isExact: boolean } | NoLine) => {
  const readQuantity = quantityReader()

  return (fields, { readMoney, decimals }, id) => {
    const sku = fields[columns.sku]!.trim()
    if ((sku === '' && !anyItem) || sku.length > longestText)
      return unreadable(`a SKU has 1 to ${longestText} letters: ${told(sku)}`)
    const category = columns.category === undefined ? undefined : fields[columns.category]!.trim() || undefined
    if (category !== undefined && category.length > longestText)
      return unreadable(`a category has at most ${longestText} letters: ${told(category)}`)
    const priceText = fields[columns.unitPrice]!
    const price = readMoney(priceText)
    if (price === undefined) return unreadable(`the price is no amount such as 12.50: ${told(priceText)}`)
    const costText = columns.unitCost === undefined ? '' : fields[columns.unitCost]!.trim()
    const cost = costText === '' ? undefined : readMoney(costText)
    if (costText !== '' && (cost === undefined || cost.minor < 0))
      return unreadable(`the cost is no amount such as 12.50: ${told(costText)}`)
    const quantityText = fields[columns.quantity]!
    const quantity = readQuantity(quantityText)
    if (quantity === undefined) return unreadable(`the quantity is no number such as 6: ${told(quantityText)}`)

    // The price is asked first: stock written off has a negative quantity and no price, and no customer cancelled it.
    if (price.minor < 0 || (price.minor === 0 && !anyItem))
      return { reason: 'withoutPrice', why: `the price is ${told(priceText)}` }
    if (quantity <= 0) return { reason: 'cancelled', why: `the quantity is ${told(quantityText)}` }

    const name = columns.name === undefined ? undefined : fields[columns.name]!.slice(0, longestName)
    if (Number.isInteger(quantity)) {
      const line = { id, sku, name, category, quantity, unitPrice: price.minor, unitCost: cost?.minor }
      return { line, isExact: price.isExact }
    }
    const unitPrice = weighedAmount(quantityText, priceText, decimals)
    if (unitPrice === undefined || (unitPrice === 0 && !anyItem))
      return { reason: 'withoutPrice', why: `${told(quantityText)} at ${told(priceText)} is no amount` }
    const unitCost = cost && weighedAmount(quantityText, costText, decimals)
    return { line: { id, sku, name, category, quantity: 1, unitPrice, unitCost }, isExact: price.isExact }
  }
}
