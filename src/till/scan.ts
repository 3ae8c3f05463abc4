import { type Article, findArticle } from './price-list.ts'

/** What a scanned or typed text can be told to be by itself; `unknown` may be a card, a code, or an article without a price. */
export type Scanned =
  | { readonly what: 'walletToken'; readonly token: string }
  | { readonly what: 'receipt'; readonly number: string }
  | { readonly what: 'article'; readonly article: Article; readonly quantity: number }
  | { readonly what: 'customer'; readonly ref: string }
  | { readonly what: 'unknown'; readonly text: string }

/** `7K2MQ-0012`: which till, and its sales counted. */
const receiptShape = /^[0-9A-HJKMNP-TV-Z]{5}-\d{4,9}$/
const timesShape = /^(\d{1,3})\s*[*x×]\s*(.+)$/i

/**
 * Reads what came from the scanner or the field.
 *
 *     readScan('3*LATTE', articles)          // { what: 'article', article: { sku: 'LATTE', … }, quantity: 3 }
 *     readScan('ana@example.com', articles)  // { what: 'customer', ref: 'email:ana@example.com' }
 */
export const readScan = (given: string, articles: readonly Article[]): Scanned => {
  const text = given.trim()
  if (text.startsWith('tw1.')) return { what: 'walletToken', token: text }
  if (receiptShape.test(text.toUpperCase())) return { what: 'receipt', number: text.toUpperCase() }
  const article = findArticle(articles, text)
  if (article) return { what: 'article', article, quantity: 1 }
  const [, times, rest] = timesShape.exec(text) ?? []
  const several = rest === undefined ? undefined : findArticle(articles, rest)
  if (several) return { what: 'article', article: several, quantity: Math.max(1, Number(times)) }
  const ref = customerRef(text)
  return ref === undefined ? { what: 'unknown', text } : { what: 'customer', ref }
}

/** An e-mail address, or a phone number that says its country: what nothing else looks like. */
const customerRef = (text: string): string | undefined => {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `email:${text}`
  if (/^(\+|00)[\d\s().-]{7,20}$/.test(text)) return `phone:${text.replace(/^00/, '+').replace(/[^\d+]/g, '')}`
  return undefined
}

/**
 * Whom a text may mean, in the order to be asked: cards before phones, because a card is scanned and a phone typed.
 *
 *     customerRefs('4711')   // ['loyaltyCard:4711']
 */
export const customerRefs = (text: string): readonly string[] => {
  const sure = customerRef(text.trim())
  if (sure !== undefined) return [sure]
  const plain = text.trim()
  const digits = plain.replace(/[\s().-]/g, '')
  return [...(plain === '' ? [] : [`loyaltyCard:${plain}`]), ...(/^\d{7,15}$/.test(digits) ? [`phone:${digits}`] : [])]
}
