import { type Asset, assetParts } from '../ledger/account.ts'
import { nextMonth } from '../ledger/book.ts'

/**
 * What moved what a business owes, as lines of a roll-forward. `givenBack` are points and money that came back to people with goods they
 * had paid with them, `takenBack` what goods that came back took with them.
 */
export const movements = [
  'issued',
  'earned',
  'givenBack',
  'takenBack',
  'burned',
  'expired',
  'adjusted',
  'fees',
] as const
export type Movement = (typeof movements)[number]

/** Where what is owed lies: what people can spend, what waits, what is set aside, and what they owe in turn (never above zero). */
export const places = ['spendable', 'pending', 'held', 'debt'] as const
export type Place = (typeof places)[number]

/** What postings of one month come to: changes of what is owed, by what moved it and by where it lies. */
export type MonthSums = { readonly [K in Movement | Place]: number }

export const noSums: MonthSums = {
  issued: 0,
  earned: 0,
  givenBack: 0,
  takenBack: 0,
  burned: 0,
  expired: 0,
  adjusted: 0,
  fees: 0,
  spendable: 0,
  pending: 0,
  held: 0,
  debt: 0,
}

/** What so many points were worth from an instant on; null: nothing. */
export type RateFrom = {
  readonly from: number
  readonly rate: {
    readonly points: number
    readonly worth: { readonly amount: number; readonly currency: string }
  } | null
}

export type LiabilityMoney = MonthSums & {
  readonly currency: string
  readonly opening: number
  /** What another rate than that of the month before made of the opening, and what rounding to whole units leaves over. */
  readonly revalued: number
  readonly closing: number
}

export type LiabilityRow = MonthSums & {
  readonly asset: Asset
  readonly period: string
  readonly opening: number
  readonly closing: number
  /** Closing less opening and movements: zero, unless rows were changed by hand. */
  readonly unexplained: number
  readonly rate: RateFrom['rate']
  readonly money: LiabilityMoney | null
}

/**
 * A month's line from the account that a posting is in: house accounts are what moves what is owed, the other way round, and accounts of
 * owners are where it lies.
 *
 *     sumsOf([{ account: 'earned', amount: -100, above: 0 }, { account: 'main', amount: 100, above: 100 }])   // earned: 100, spendable: 100
 */
export const sumsOf = (
  totals: readonly {
    /** The last part of an account's id. */
    readonly account: string
    readonly amount: number
    /** The sum of those above zero. */
    readonly above: number
  }[],
): MonthSums => {
  const sums: { -readonly [K in keyof MonthSums]: number } = { ...noSums }
  for (const { account, amount, above } of totals) {
    if (account === 'returned') {
      sums.takenBack -= above
      sums.givenBack -= amount - above
    } else if (account === 'main') sums.spendable += amount
    else if (account === 'pending' || account === 'held' || account === 'debt') sums[account] += amount
    else if (isMovement(account)) sums[account] -= amount
    else throw new Error(`${account} is no account of a roll-forward`)
  }
  return plain(sums)
}

const isMovement = (account: string): account is Movement => movements.some(it => it === account)

/** Without the zeros below zero that subtracting makes. */
const plain = <T extends Readonly<Record<string, number>>>(sums: T): T =>
  Object.fromEntries(Object.entries(sums).map(([key, value]) => [key, value === 0 ? 0 : value])) as T

export const addSums = (left: MonthSums, right: MonthSums): MonthSums =>
  Object.fromEntries(
    Object.entries(left).map(([key, value]) => [key, value + right[key as keyof MonthSums]]),
  ) as MonthSums

const owedOf = (sums: MonthSums): number => places.reduce((all, place) => all + sums[place], 0)

/** `worthOf(150, { points: 100, worth: { amount: 99, currency: 'EUR' } })` is 148: rounded half to even, exact. */
export const worthOf = (points: number, { points: per, worth }: NonNullable<RateFrom['rate']>): number => {
  const product = BigInt(points) * BigInt(worth.amount)
  const unit = BigInt(per)
  const quotient = product / unit
  const rest = product % unit
  const twice = 2n * (rest < 0n ? -rest : rest)
  const isAway = twice > unit || (twice === unit && quotient % 2n !== 0n)
  return Number(isAway ? quotient + (product < 0n ? -1n : 1n) : quotient)
}

/** Money is worth itself. */
const rateOf = (asset: Asset, rates: readonly RateFrom[], end: number): RateFrom['rate'] => {
  const { kind, of } = assetParts(asset)
  if (kind === 'qualifying') return null
  if (kind !== 'points') return { points: 1, worth: { amount: 1, currency: of } }
  // Before there was any, the first: points were booked for a time before the programme was set up here.
  return (rates.findLast(it => it.from < end) ?? rates[0])?.rate ?? null
}

const moneyOf = (
  sums: MonthSums,
  { opening, closing }: { readonly opening: number; readonly closing: number },
  rate: RateFrom['rate'],
  before: RateFrom['rate'],
): LiabilityMoney | null => {
  if (!rate) return null
  const { currency } = rate.worth
  const worth = Object.fromEntries(
    Object.entries(sums).map(([key, points]) => [key, worthOf(points, rate)]),
  ) as unknown as MonthSums
  const openingWorth = before?.worth.currency === currency ? worthOf(opening, before) : 0
  const closingWorth = worthOf(closing, rate)
  const moved = movements.reduce((all, key) => all + worth[key], 0)
  return {
    ...worth,
    currency,
    opening: openingWorth,
    revalued: closingWorth - openingWorth - moved,
    closing: closingWorth,
  }
}

/**
 * The roll-forward of one asset, month by month: what was owed, what moved it, what is owed. The closing of a month is the opening of
 * the next, in points and in money: a month is valued at the rate that stood at its end, and what another rate makes of the opening
 * is a line of its own.
 *
 *     rollForward({ asset: 'points:club', months: [{ period: '2026-10', end, sums }], before: noSums, rates: [], start })
 */
export const rollForward = ({
  asset,
  months,
  before,
  rates,
  start,
}: {
  readonly asset: Asset
  /** One after the other; `end` is the first instant after the month. */
  readonly months: readonly { readonly period: string; readonly end: number; readonly sums: MonthSums }[]
  /** Of all months before, together. */
  readonly before: MonthSums
  /** Of the programme, the oldest first. */
  readonly rates: readonly RateFrom[]
  /** The first instant of the first month. */
  readonly start: number
}): readonly LiabilityRow[] => {
  const rows: LiabilityRow[] = []
  let standing = before
  let rateBefore = rateOf(asset, rates, start)
  for (const { period, end, sums } of months) {
    const opening = owedOf(standing)
    standing = addSums(standing, sums)
    const closing = owedOf(standing)
    const rate = rateOf(asset, rates, end)
    const shown: MonthSums = { ...sums, ...plain(Object.fromEntries(places.map(it => [it, standing[it]]))) }
    rows.push({
      asset,
      period,
      opening,
      ...shown,
      closing,
      unexplained: closing - opening - movements.reduce((all, key) => all + sums[key], 0),
      rate,
      money: moneyOf(shown, { opening, closing }, rate, rateBefore),
    })
    rateBefore = rate
  }
  return rows
}

/** `monthsBetween('2026-11', '2027-01')` is ['2026-11', '2026-12', '2027-01']. */
export const monthsBetween = (from: string, to: string): readonly string[] => {
  const months: string[] = []
  for (let month = from; month <= to; month = nextMonth(month)) months.push(month)
  return months
}
