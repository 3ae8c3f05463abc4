import { splitLargestRemainder } from '../kernel/money.ts'

/** A fraction of whole numbers; nothing of a point is lost or made before an order's points are rounded, once. */
type Fraction = { readonly over: bigint; readonly under: bigint }

const whole = (value: number | bigint): Fraction => ({ over: BigInt(value), under: 1n })
const none = whole(0)
const plus = (a: Fraction, b: Fraction): Fraction =>
  a.under === b.under
    ? { over: a.over + b.over, under: a.under }
    : { over: a.over * b.under + b.over * a.under, under: a.under * b.under }
const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under })
const least = (a: Fraction, b: Fraction): Fraction => (a.over * b.under <= b.over * a.under ? a : b)
/** A decimal number of at most two decimals, as it was written. */
const decimal = (value: number): Fraction => ({ over: BigInt(Math.round(value * 100)), under: 100n })

export const roundings = ['down', 'nearest', 'up'] as const
export type Rounding = (typeof roundings)[number]

/** Never below zero, so down is towards zero; a half is rounded up. */
const round = ({ over, under }: Fraction, rounding: Rounding): number => {
  const added = rounding === 'down' ? 0n : rounding === 'up' ? under - 1n : under / 2n
  return Number((over + added) / under)
}

/** No order or event earns more by one offer: what is counted stays countable. */
export const mostPoints = 1_000_000_000_000

/** How an offer reckons points, all in the smallest unit of the programme's: exactly one of the first four. */
export type Reckoning = {
  readonly per?: { readonly amount: number; readonly points: number; readonly whole?: boolean | undefined } | undefined
  readonly perUnit?: number | undefined
  readonly fixed?: number | undefined
  /** Times what the others give by amount and unit: 2 gives as much again. */
  readonly multiply?: number | undefined
  /** How many qualifying points it gives for each point. */
  readonly qualifying: number
  /** Lines by their place; undefined: all of the order. */
  readonly lines: ReadonlySet<number> | undefined
  readonly most: number | undefined
}

/** An order as points are reckoned on it: what each unit costs in the end, in minor units. */
export type EarningSale = {
  readonly lines: readonly { readonly units: readonly { readonly quantity: number; readonly each: number }[] }[]
  /** What is paid for shipping, where that earns; else 0. */
  readonly shipping: number
  /** What was paid with something that earns nothing. */
  readonly paidOtherwise: number
}

/** What is not returned; left out: everything. */
export type Kept = {
  /** How many units of a line are kept, of those from number `first` (counted from 1) on. */
  readonly units: (line: number, first: number, count: number) => number
  readonly shipping: boolean
  /** Whether a fixed number of points stays, by offer. */
  readonly fixed: (offer: number) => boolean
}

const everything: Kept = { units: (_line, _first, count) => count, shipping: true, fixed: () => true }

/** Units that are alike: each earns on `base`. Shipping stands on the line −1. */
type Run = { readonly line: number; readonly first: number; readonly count: number; readonly base: number }

export type EarnedShares = {
  readonly points: number
  readonly qualifying: number
  /** Of each offer; they add up to the totals. */
  readonly shares: readonly { readonly points: number; readonly qualifying: number }[]
}

/**
 * The points of one programme that an order earns. What was paid otherwise is taken off what the units cost, spread by largest remainder;
 * each offer then gives its fraction, and their sum is rounded once. The same for what is kept of an order says what stays when goods
 * come back: it only depends on what is back, and only falls.
 *
 *     const sale = { lines: [{ units: [{ quantity: 2, each: 999 }] }], shipping: 0, paidOtherwise: 0 }
 *     earnedOn(sale, [{ per: { amount: 100, points: 1 }, qualifying: 1, lines: undefined, most: undefined }], 'down').points   // 19
 */
export const earnedOn = (
  sale: EarningSale,
  offers: readonly Reckoning[],
  rounding: Rounding,
  kept: Kept = everything,
): EarnedShares => {
  const runs = keptRuns(runsOf(sale), kept)
  const fractions = offers.map((offer, index) => {
    const given =
      offer.fixed !== undefined
        ? kept.fixed(index)
          ? whole(offer.fixed)
          : none
        : offer.multiply !== undefined
          ? times(
              moreBy(offer.multiply),
              sumOf(offers.map(other => (isBase(other) ? byUnits(other, runs, offer.lines) : none))),
            )
          : byUnits(offer, runs, undefined)
    return least(given, whole(Math.min(offer.most ?? mostPoints, mostPoints)))
  })
  const points = share(fractions, rounding)
  const isSame = offers.every(offer => offer.qualifying === 1)
  const qualifying = isSame
    ? points
    : share(
        fractions.map((fraction, index) => times(fraction, decimal(offers[index]!.qualifying))),
        rounding,
      )
  return {
    points: points.total,
    qualifying: qualifying.total,
    shares: offers.map((_, index) => ({ points: points.shares[index]!, qualifying: qualifying.shares[index]! })),
  }
}

const isBase = ({ per, perUnit }: Reckoning): boolean => per !== undefined || perUnit !== undefined
const moreBy = (multiply: number): Fraction => decimal(multiply - 1)
const sumOf = (fractions: readonly Fraction[]): Fraction => fractions.reduce(plus, none)

/** What an offer gives by amount or unit, on the lines of both. */
const byUnits = (
  { per, perUnit, lines, most }: Reckoning,
  runs: readonly Run[],
  among: ReadonlySet<number> | undefined,
): Fraction => {
  const its = runs.filter(({ line }) =>
    line < 0 ? !lines && !among : (!lines || lines.has(line)) && (!among || among.has(line)),
  )
  const given = per ? byAmount(per, its) : whole(BigInt(perUnit!) * countOf(its))
  return most === undefined ? given : least(given, whole(most))
}

const byAmount = (
  { amount, points, whole: isWhole }: NonNullable<Reckoning['per']>,
  runs: readonly Run[],
): Fraction => {
  const base = runs.reduce((sum, run) => sum + BigInt(run.base) * BigInt(run.count), 0n)
  return isWhole
    ? whole((base / BigInt(amount)) * BigInt(points))
    : { over: base * BigInt(points), under: BigInt(amount) }
}

/** Units on which something is left to earn on: what is free, or paid with points, earns nothing by the unit either. */
const countOf = (runs: readonly Run[]): bigint =>
  BigInt(runs.reduce((sum, { line, count, base }) => sum + (line >= 0 && base > 0 ? count : 0), 0))

/** Rounds the sum once; each offer has its whole points, and what is left goes to the largest fractions, the earlier of equals. */
const share = (fractions: readonly Fraction[], rounding: Rounding) => {
  const total = round(sumOf(fractions), rounding)
  const shares = fractions.map(({ over, under }) => Number(over / under))
  let rest = total - shares.reduce((sum, it) => sum + it, 0)
  const restOf = (index: number): Fraction => ({
    over: fractions[index]!.over % fractions[index]!.under,
    under: fractions[index]!.under,
  })
  const byRest = fractions
    .map((_, index) => index)
    .sort((a, b) => {
      const [left, right] = [restOf(a), restOf(b)]
      const difference = right.over * left.under - left.over * right.under
      return difference > 0n ? 1 : difference < 0n ? -1 : a - b
    })
  for (const index of byRest) {
    if (rest === 0) break
    shares[index]! += 1
    rest -= 1
  }
  return { total, shares }
}

const keptRuns = (runs: readonly Run[], kept: Kept): readonly Run[] =>
  runs.map(run => ({
    ...run,
    count: run.line < 0 ? (kept.shipping ? 1 : 0) : kept.units(run.line, run.first, run.count),
  }))

/** What each unit earns on. */
const runsOf = ({ lines, shipping, paidOtherwise }: EarningSale): readonly Run[] => {
  const runs: Run[] = lines.flatMap(({ units }, line) => {
    let first = 1
    return units.map(({ quantity, each }) => {
      const run = { line, first, count: quantity, base: each }
      first += quantity
      return run
    })
  })
  if (shipping > 0) runs.push({ line: -1, first: 1, count: 1, base: shipping })
  const worth = runs.map(({ count, base }) => count * base)
  const all = worth.reduce((sum, it) => sum + it, 0)
  const otherwise = Math.min(paidOtherwise, all)
  if (otherwise === 0) return runs
  const shares = splitLargestRemainder(otherwise, worth)
  return runs.flatMap((run, index) => {
    const larger = shares[index]! % run.count
    const each = (shares[index]! - larger) / run.count
    // Of units that are alike the first carry what does not divide.
    return [
      { ...run, count: larger, base: run.base - each - 1 },
      { ...run, first: run.first + larger, count: run.count - larger, base: run.base - each },
    ].filter(it => it.count > 0)
  })
}
