/** A decimal number as it was written: `digits` / 10^`scale`. 3.86 is 386 / 10^2. */
export type Decimal = { readonly digits: bigint; readonly scale: number }

const written = /^([+-]?)(\d{1,30})(?:\.(\d{0,30}))?(?:[eE]([+-]?\d{1,2}))?$/

/**
 * Reads a number or decimal text without ever calculating in floats. JSON numbers are read as their shortest decimal,
 * which is how they were written: 3.86 is exactly 3.86.
 *
 *     parseDecimal('3.860')   // { digits: 3860n, scale: 3 }
 *     parseDecimal('3,86')    // undefined
 */
export const parseDecimal = (value: unknown): Decimal | undefined => {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const match = written.exec(String(value).trim())
  if (!match) return undefined
  const fraction = match[3] ?? ''
  const digits = BigInt(match[2] + fraction) * (match[1] === '-' ? -1n : 1n)
  const scale = fraction.length - Number(match[4] ?? 0)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

export const multiply = (left: Decimal, right: Decimal): Decimal => ({
  digits: left.digits * right.digits,
  scale: left.scale + right.scale,
})

/**
 * In units of 10^-decimals, rounded half to even; undefined beyond ±(2^53 − 1).
 *
 *     toMinorUnits({ digits: 386n, scale: 2 }, 2)    // 386
 *     toMinorUnits({ digits: 1005n, scale: 3 }, 2)   // 100: 1.005 lies half-way, 100 is even
 */
export const toMinorUnits = ({ digits, scale }: Decimal, decimals: number): number | undefined => {
  const scaled =
    scale === decimals
      ? digits
      : scale < decimals
        ? digits * 10n ** BigInt(decimals - scale)
        : halfEven(digits, scale - decimals)
  const minor = Number(scaled)
  return Number.isSafeInteger(minor) ? minor : undefined
}

const halfEven = (digits: bigint, surplus: number): bigint => {
  const unit = 10n ** BigInt(surplus)
  const size = digits < 0n ? -digits : digits
  const quotient = size / unit
  const twice = 2n * (size % unit)
  const rounded = twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient
  return digits < 0n ? -rounded : rounded
}
