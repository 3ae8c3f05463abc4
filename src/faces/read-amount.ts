import { currencyDecimals } from '../core/kernel/money.ts'

/**
 * An amount as people type it, in minor units; undefined where it is none. The last point or comma before one or two (or as many as the
 * currency has) digits parts the decimals, others part thousands.
 *
 *     readAmount('1.234,50', 'EUR')   // 123450
 *     readAmount('15.000', 'IDR')     // 1500000
 */
export const readAmount = (text: string, currency: string): number | undefined => {
  const plain = text.trim().replace(/[\s'’\u00a0\u202f]/g, '')
  if (!/^\d[\d.,]*$/.test(plain)) return undefined
  const decimals = currencyDecimals(currency)
  const cut = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','))
  const after = cut < 0 ? '' : plain.slice(cut + 1)
  const isDecimal = cut >= 0 && after.length <= decimals
  const whole = (isDecimal ? plain.slice(0, cut) : plain).replace(/[.,]/g, '')
  const minor = Number(`${whole}${(isDecimal ? after : '').padEnd(decimals, '0')}`)
  return Number.isSafeInteger(minor) ? minor : undefined
}
