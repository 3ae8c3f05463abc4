import type { TFunction } from 'i18next'
import { formatList, formatMoney, formatNumber, formatTime, formatWeekday } from '../../faces/format.ts'
import type { Language } from '../../faces/languages.ts'
import type { OrderStory } from '../../sdk/index.ts'
import { itemsWords } from '../offers/benefit-words.ts'

type Words = { readonly t: TFunction; readonly language: Language }
type Given = OrderStory['uses'][number]['gives'][number]

/** What only the workspace knows of what is given: how its offers are called, its programmes, their points. */
type Names = {
  readonly nameOf: (offer: string) => string
  readonly assets: {
    readonly name: (asset: string) => string
    readonly amount: (asset: string, value: number) => string
  }
}

/** What an offer gives besides money off: a gift, points, an offer for later. */
export const givenWords = (given: Given, { t, language }: Words, { nameOf, assets }: Names): string => {
  switch (given.what) {
    case 'gift':
      return t('orders.gives.gift', { quantity: given.quantity, name: given.name ?? given.sku })
    case 'offer':
      return t('orders.gives.offer', { quantity: given.quantity, name: nameOf(given.offer) })
    case 'entitlement':
      return t('orders.gives.entitlement', { name: given.title })
    case 'cashback':
      return t('orders.gives.cashback', { amount: formatMoney(given.amount, given.currency, language) })
    case 'points': {
      const asset = `points:${given.programme}`
      return t('orders.gives.points', {
        amount: assets.amount(asset, given.points),
        programme: assets.name(asset),
      })
    }
  }
}

const numbersOf = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((it): it is number => typeof it === 'number') : []

/** `[7, 8, 9, 15]` is `7:00–10:00, 15:00–16:00`. */
const hoursOf = (hours: readonly number[]): string =>
  hours
    .filter(hour => !hours.includes(hour - 1))
    .map(from => {
      let to = from + 1
      while (hours.includes(to)) to += 1
      return `${from}:00–${to}:00`
    })
    .join(', ')

/** What is all that an offer lacks: `{ subtotal: 1100 }` is `11.00 € more`, `{ weekday: [1, 2] }` `a Monday or Tuesday`. */
export const missingWords = (
  missing: Readonly<Record<string, unknown>>,
  currency: string,
  { t, language }: Words,
): string =>
  formatList(
    Object.entries(missing).map(([measure, amount]) => {
      if (measure === 'item')
        return t('orders.missing.item', { items: itemsWords(String(amount), { t, language }, 'gives.anything') })
      if (measure === 'weekday') {
        const days = numbersOf(amount).map(day => formatWeekday(day, language))
        return t('orders.missing.weekday', { days: formatList(days, language, 'disjunction') })
      }
      if (measure === 'hour') return t('orders.missing.hour', { hours: hoursOf(numbersOf(amount)) })
      if (measure === 'date')
        return t('orders.missing.date', { date: formatTime(`${amount}T12:00:00Z`, 'date', language) })
      if (typeof amount !== 'number') return `${measure}: ${String(amount)}`
      if (measure === 'quantity')
        return t('orders.missing.quantity', { count: amount, value: formatNumber(amount, language) })
      if (measure === 'points')
        return t('orders.missing.points', { count: amount, value: formatNumber(amount, language) })
      return t('orders.missing.money', { amount: formatMoney(amount, currency, language) })
    }),
    language,
  )

type Unit = { readonly unit: number; readonly each: number }

/**
 * What each unit of a line cost in the end, from 1: those of a line that all cost the same differ by a rounding at most, and are told only where
 * the answer tells them.
 */
export const unitsOf = (line: OrderStory['order']['lines'][number]): readonly Unit[] =>
  (line.units ?? [])
    .flatMap(({ quantity, each }) => Array.from({ length: quantity }, () => each))
    .map((each, index) => ({ unit: index + 1, each }))

/** The fields of a line as it was sent that pages show; the body is the caller's. */
export type SentLine = {
  readonly name: string
  readonly sku: string
  readonly category: string | undefined
  /** 1 for what was weighed. */
  readonly quantity: number
  /** Of weighed goods there is none. */
  readonly unitPrice: number | undefined
  readonly measure: string | undefined
  /** Minor units a unit, where a supervisor gave another price. */
  readonly priceWas: number | undefined
  readonly attributes: readonly (readonly [name: string, value: string])[]
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const wholeOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** A line of the basket, by its id; what is not there is left open. */
export const sentLine = (story: OrderStory, id: string): SentLine => {
  const line = story.basket.lines.find(it => it.id === id) ?? {}
  const sku = textOf(line.sku) ?? id
  const told = (line.attributes ?? {}) as Record<string, unknown>
  return {
    name: textOf(line.name) ?? sku,
    sku,
    category: textOf(line.category),
    quantity: wholeOf(line.quantity) ?? 1,
    unitPrice: wholeOf(line.unitPrice),
    measure: textOf(line.measure),
    priceWas: wholeOf(told.priceWas),
    attributes: Object.entries(told).flatMap(([name, value]) =>
      name === 'priceWas' && typeof value === 'number' ? [] : [[name, String(value)]],
    ),
  }
}
