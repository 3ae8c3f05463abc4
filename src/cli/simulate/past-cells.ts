import { multiply, parseDecimal, toMinorUnits } from '../../core/events/decimal.ts'

/** Money as a cell tells it; `isExact` is false where it was finer than the minor unit and had to be rounded. */
export type CellMoney = { readonly minor: number; readonly isExact: boolean }

/**
 * A text that may outlive the piece of the file it was read from: V8 copies a part of up to 12 characters, a longer one is a
 * view that keeps the whole piece in memory.
 */
export const ownCopy = (text: string): string => (text.length <= 12 ? text : Buffer.from(text).toString())

const mostRemembered = 10_000

/** What stands in cells comes again and again, and to look it up is quicker than to read it. */
export const remembering = <T>(read: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>()
  return text => {
    let value = known.get(text)
    if (value === undefined) {
      value = read(text)
      if (known.size === mostRemembered) known.clear()
      known.set(ownCopy(text), value)
    }
    return value
  }
}

/** Eleven digits and the four decimals of the finest currency stay far below 2^53. */
const longestPlain = 11
const digitZero = 48
const point = 46

/**
 * Units of 10^-decimals of a cell such as 12.50, as nearly all are, read four times as fast as any other is looked up. Undefined
 * for the others.
 */
const readPlain = (text: string, decimals: number): number | undefined => {
  if (text.length > longestPlain) return undefined
  let units = 0
  let fraction = -1
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    const digit = char - digitZero
    if (digit >= 0 && digit <= 9) {
      units = units * 10 + digit
      if (fraction >= 0) fraction++
    } else if (char === point && fraction < 0 && at > 0) {
      fraction = 0
    } else {
      return undefined
    }
  }
  if (text === '' || fraction > decimals) return undefined
  for (let place = Math.max(0, fraction); place < decimals; place++) units *= 10
  return units
}

/**
 * Reads decimals in major units, exactly: never through a float. Undefined for what is none.
 *
 *     moneyReader(2)('2.55')    // { minor: 255, isExact: true }
 *     moneyReader(2)('0.125')   // { minor: 12, isExact: false }, half to even
 *     moneyReader(2)('2,55')    // undefined
 */
export const moneyReader = (decimals: number): ((text: string) => CellMoney | undefined) => {
  const readAny = remembering((text): CellMoney | undefined => {
    const decimal = parseDecimal(text)
    const minor = decimal && toMinorUnits(decimal, decimals)
    if (decimal === undefined || minor === undefined) return undefined
    const surplus = BigInt(Math.max(0, decimal.scale - decimals))
    return { minor, isExact: decimal.digits % 10n ** surplus === 0n }
  })
  return text => {
    const minor = readPlain(text, decimals)
    return minor === undefined ? readAny(text) : { minor, isExact: true }
  }
}

/** `quantityReader()('6.0')` is 6; weighed goods have a fraction. Undefined for what is no number. */
export const quantityReader = (): ((text: string) => number | undefined) => {
  const readAny = remembering(text => (parseDecimal(text) ? Number(text) : undefined))
  return text => readPlain(text, 0) ?? readAny(text)
}

/** Minor units of a weighed line, rounded half to even: `weighedAmount('0.734', '12.50', 2)` is 918. */
export const weighedAmount = (quantity: string, price: string, decimals: number): number | undefined => {
  const measure = parseDecimal(quantity)
  const perMeasure = parseDecimal(price)
  return measure && perMeasure && toMinorUnits(multiply(measure, perMeasure), decimals)
}

/** A cell inside a sentence, cut where it is long: `told('abc')` is '"abc"'. */
export const told = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
