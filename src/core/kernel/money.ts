/**
 * Money is an integer of minor units (`number` within ±(2^53 − 1)) beside its ISO 4217 currency; nothing here ever
 * holds a fraction. Where a product may pass 2^53 the arithmetic is bigint inside and a number again outside.
 */

// ISO 4217 list one (alphabetic codes), with codes retired since 2018 that orders of past years still carry
// (ANG, BGN, CUC, HRK, SLL, ZWL). Metals, test codes and the bond-market units are no order currency.
const twoDecimals =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW ' +
  'CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG ' +
  'HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK ' +
  'MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE ' +
  'SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ' +
  'ZMW ZWG ZWL'
const noDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
const threeDecimals = 'BHD IQD JOD KWD LYD OMR TND'
const fourDecimals = 'CLF UYW'

const decimalsByCode: ReadonlyMap<string, number> = new Map(
  (
    [
      [twoDecimals, 2],
      [noDecimals, 0],
      [threeDecimals, 3],
      [fourDecimals, 4],
    ] as const
  ).flatMap(([codes, decimals]) => codes.split(' ').map(code => [code, decimals] as const)),
)

/** `isCurrency('EUR')` is true, `isCurrency('eur')` and `isCurrency('XXX')` are not: codes are upper case. */
export const isCurrency = (code: string): boolean => decimalsByCode.has(code)

/** The decimals of a currency's minor unit (ISO 4217): `currencyDecimals('JPY')` is 0, of 'KWD' 3, of 'EUR' 2. */
export const currencyDecimals = (code: string): number => decimalsByCode.get(code) ?? 2

/** Plain decimal text, no grouping, no symbol: `formatMoney(1234, 'EUR')` is '12.34', `formatMoney(-5, 'KWD')` '-0.005'. */
export const formatMoney = (minor: number, currency: string): string => {
  assertInteger(minor, 'amount')
  const decimals = currencyDecimals(currency)
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0')
  const sign = minor < 0 ? '-' : ''
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/**
 * Spreads a whole over parts in proportion to their weights by the largest-remainder method (Hamilton): every part is
 * within one unit of its exact share and the parts sum to the whole (promise 7). Equal remainders go to the earlier
 * part. A part of weight zero gets nothing, unless all weigh zero: then all weigh the same.
 *
 *     splitLargestRemainder(100, [1, 1, 1])   // [34, 33, 33]
 */
export const splitLargestRemainder = (total: number, weights: readonly number[]): number[] => {
  assertInteger(total, 'total')
  for (const weight of weights) {
    assertInteger(weight, 'weight')
    if (weight < 0) throw new RangeError(`a weight must not be negative: ${weight}`)
  }
  if (weights.length === 0) {
    if (total !== 0) throw new RangeError(`${total} cannot be split over nothing`)
    return []
  }
  const sumOfWeights = weights.reduce((left, right) => left + right, 0)
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  // Where no product passes 2^53 plain numbers are exact too, and ten times as fast.
  if (sumOfWeights > 0 && Number.isSafeInteger(sumOfWeights) && Number.isSafeInteger(Math.abs(total) * heaviest))
    return splitSmall(total, weights, sumOfWeights)
  const shares = weights.some(weight => weight > 0) ? weights.map(BigInt) : weights.map(() => 1n)
  const sum = shares.reduce((left, right) => left + right)
  const whole = BigInt(Math.abs(total))
  const parts = shares.map((share, index) => ({
    index,
    amount: (whole * share) / sum,
    remainder: (whole * share) % sum,
  }))
  let rest = whole - parts.reduce((given, part) => given + part.amount, 0n)
  const byRemainder = [...parts].sort((left, right) =>
    left.remainder === right.remainder ? left.index - right.index : left.remainder > right.remainder ? -1 : 1,
  )
  for (const part of byRemainder) {
    if (rest === 0n) break
    part.amount += 1n
    rest -= 1n
  }
  const sign = total < 0 ? -1n : 1n
  return parts.map(part => Number(sign * part.amount))
}

const splitSmall = (total: number, weights: readonly number[], sum: number): number[] => {
  const whole = Math.abs(total)
  const parts: number[] = []
  const remainders: number[] = []
  let rest = whole
  for (const weight of weights) {
    const product = whole * weight
    const remainder = product % sum
    const part = (product - remainder) / sum
    parts.push(part)
    remainders.push(remainder)
    rest -= part
  }
  if (rest > 0) {
    const byRemainder = parts.map((_, index) => index).sort((a, b) => remainders[b]! - remainders[a]! || a - b)
    for (const index of byRemainder.slice(0, rest)) parts[index]! += 1
  }
  return total < 0 ? parts.map(part => (part === 0 ? 0 : -part)) : parts
}

const percentScale = 10_000

/** A percentage we calculate exactly: at least 0, with at most four decimals. `isPercent(33.3333)` but not `1 / 3`. */
export const isPercent = (percent: number): boolean => {
  const scaled = Math.round(percent * percentScale)
  // Both sides are the double nearest to the same decimal, so equality is exact, no tolerance is needed.
  return percent >= 0 && Number.isSafeInteger(scaled) && scaled / percentScale === percent
}

/**
 * A percentage of an amount, rounded half to even (so that rounding has no drift): `percentOf(25, 10)` is 2,
 * `percentOf(35, 10)` is 4. The percent is taken as the decimal number it was written as: 1.005 % of 100000 is 1005,
 * where floats would say 1004.99….
 */
export const percentOf = (amount: number, percent: number): number => {
  assertInteger(amount, 'amount')
  if (!isPercent(percent)) throw new RangeError(`a percent has at most 4 decimals and is not negative: ${percent}`)
  const small = amount * Math.round(percent * percentScale)
  if (Number.isSafeInteger(small)) return halfEven(small, 100 * percentScale)
  const product = BigInt(amount) * BigInt(Math.round(percent * percentScale))
  const unit = BigInt(100 * percentScale)
  const quotient = product / unit
  const remainder = product % unit
  const twice = 2n * (remainder < 0n ? -remainder : remainder)
  const awayFromZero = twice > unit || (twice === unit && quotient % 2n !== 0n)
  const rounded = Number(awayFromZero ? quotient + (product < 0n ? -1n : 1n) : quotient)
  assertInteger(rounded, 'percentage')
  return rounded
}

/** `product / unit`, rounded half to even; both whole and safe. */
const halfEven = (product: number, unit: number): number => {
  const remainder = product % unit
  const quotient = (product - remainder) / unit
  const twice = 2 * Math.abs(remainder)
  const isUp = twice > unit || (twice === unit && quotient % 2 !== 0)
  return isUp ? quotient + Math.sign(product) : quotient
}

const assertInteger = (value: number, what: string): void => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`the ${what} must be a whole number within 2^53 − 1: ${value}`)
}
