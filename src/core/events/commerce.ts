import { currencyDecimals, isCurrency } from '../kernel/money.ts'
import type { InputError } from '../kernel/refusal.ts'
import { callerId } from '../kernel/schema.ts'
import { type Decimal, multiply, parseDecimal, toMinorUnits } from './decimal.ts'

/** The Segment V2 e-commerce events that say something about an order. Only `orderCompleted` has an effect so far. */
export type CommerceKind = 'orderCompleted' | 'orderRefunded' | 'orderCancelled'

export type OrderFactsLine = {
  readonly sku?: string
  readonly name?: string
  readonly category?: string
  /** 1 where the sender's quantity was no whole number (weighed goods); `measure` is then what the sender wrote. */
  readonly quantity: number
  readonly measure?: string
  /** Of one unit; of weighed goods, of one measure. */
  readonly unitPriceMinor: number
  /** Price × quantity, rounded once. */
  readonly amountMinor: number
}

/** What an `Order Completed` says, money in minor units of `currency`. */
export type OrderFacts = {
  readonly orderId: string
  readonly currency: string
  readonly totalMinor: number
  readonly subtotalMinor?: number
  readonly discountMinor?: number
  readonly shippingMinor?: number
  readonly taxMinor?: number
  readonly location?: string
  readonly coupon?: string
  readonly lines: readonly OrderFactsLine[]
}

/** An event with mistakes is stored all the same, without facts: `issues` say what was not understood. */
export type OrderReading =
  | { readonly facts: OrderFacts; readonly issues?: undefined }
  | { readonly facts?: undefined; readonly issues: readonly InputError[] }

const kindsByName: ReadonlyMap<string, CommerceKind> = new Map([
  ['order completed', 'orderCompleted'],
  ['order refunded', 'orderRefunded'],
  ['order cancelled', 'orderCancelled'],
])

/** `commerceKind('Order Completed')` is 'orderCompleted'; case does not matter; of other events it is undefined. */
export const commerceKind = (eventName: string): CommerceKind | undefined =>
  kindsByName.get(eventName.trim().toLowerCase())

type Json = Readonly<Record<string, unknown>>

/**
 * Reads the properties of an `Order Completed`. `defaultCurrency` is the workspace's, for events that name none.
 * `total` is what the customer pays; where it is missing it is `revenue` + `shipping` + `tax` (revenue is without both
 * in Segment's spec), else `value`, else what the products add up to.
 *
 *     readOrder({ order_id: 'A-1', currency: 'EUR', total: 3.86, products: [] }, 'USD')
 *       // { facts: { orderId: 'A-1', currency: 'EUR', totalMinor: 386, lines: [] } }
 */
export const readOrder = (properties: Json, defaultCurrency: string | undefined): OrderReading => {
  const issues: InputError[] = []
  const flaw = (pointer: string, message: string): void => void issues.push({ pointer, message })

  const orderId = textOf(properties.order_id ?? properties.orderId)
  if (!callerId.safeParse(orderId).success) {
    flaw('/properties/order_id', 'must be 1–128 letters, digits or . : @ ~ + - _')
  }
  const currency = textOf(properties.currency)?.toUpperCase() ?? defaultCurrency
  const known = currency !== undefined && isCurrency(currency)
  if (!known) flaw('/properties/currency', 'must be an ISO 4217 code such as "EUR"')
  const decimals = known ? currencyDecimals(currency) : 2

  const minor = (decimal: Decimal | undefined, pointer: string): number | undefined => {
    const amount = decimal && toMinorUnits(decimal, decimals)
    if (amount === undefined) flaw(pointer, 'must be a decimal number')
    return amount
  }
  const amountOf = (name: string): number | undefined => {
    const value = properties[name]
    return isAbsent(value) ? undefined : minor(parseDecimal(value), `/properties/${name}`)
  }
  const lineOf = (product: unknown, index: number): OrderFactsLine | undefined => {
    const pointer = `/properties/products/${index}`
    if (!isObject(product)) return void flaw(pointer, 'must be an object')
    const price = parseDecimal(product.price)
    const quantity = parseDecimal(product.quantity ?? 1)
    if (!quantity || quantity.digits <= 0n) return void flaw(`${pointer}/quantity`, 'must be a positive number')
    const unitPriceMinor = minor(price, `${pointer}/price`)
    const amountMinor = price && minor(multiply(price, quantity), `${pointer}/price`)
    if (unitPriceMinor === undefined || amountMinor === undefined) return undefined
    const isWhole = quantity.scale === 0 || quantity.digits % 10n ** BigInt(quantity.scale) === 0n
    const wholeUnits = isWhole ? toMinorUnits(quantity, 0) : undefined
    return {
      ...optional('sku', textOf(product.sku) ?? textOf(product.product_id ?? product.productId)),
      ...optional('name', textOf(product.name)),
      ...optional('category', textOf(product.category)),
      quantity: wholeUnits ?? 1,
      ...optional('measure', wholeUnits === undefined ? textOf(product.quantity) : undefined),
      unitPriceMinor,
      amountMinor,
    }
  }

  const products = properties.products ?? []
  if (!Array.isArray(products)) flaw('/properties/products', 'must be a list')
  const lines = Array.isArray(products) ? products.map(lineOf).filter(line => line !== undefined) : []

  const discount = amountOf('discount')
  const shipping = amountOf('shipping')
  const tax = amountOf('tax')
  const revenue = amountOf('revenue')
  const beside = (shipping ?? 0) + (tax ?? 0)
  const totalMinor =
    amountOf('total') ??
    (revenue === undefined ? undefined : revenue + beside) ??
    amountOf('value') ??
    (lines.length > 0 ? lines.reduce((sum, line) => sum + line.amountMinor, beside - (discount ?? 0)) : undefined)
  const subtotal = amountOf('subtotal')
  if (totalMinor !== undefined && !Number.isSafeInteger(totalMinor)) flaw('/properties/total', 'is too large')
  // Only where nothing else explains it: a price that was not understood is the mistake, not the missing sum.
  if (totalMinor === undefined && issues.length === 0) flaw('/properties/total', 'is needed')

  if (issues.length > 0 || orderId === undefined || currency === undefined || totalMinor === undefined) {
    return { issues }
  }
  return {
    facts: {
      orderId,
      currency,
      totalMinor,
      ...optional('subtotalMinor', subtotal),
      ...optional('discountMinor', discount),
      ...optional('shippingMinor', shipping),
      ...optional('taxMinor', tax),
      ...optional(
        'location',
        textOf(properties.location) ??
          textOf(properties.store) ??
          textOf(properties.store_id) ??
          textOf(properties.affiliation),
      ),
      ...optional('coupon', textOf(properties.coupon)),
      lines,
    },
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined => {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim()
  return text === '' ? undefined : text
}

/** Leaves a key out where there is nothing to say, so that facts compare and store without undefined. */
const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V })
