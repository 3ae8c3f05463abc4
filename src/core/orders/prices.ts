import { splitLargestRemainder } from '../kernel/money.ts'
import type { Basket, Effect, Given, Off } from '../offers/kinds/benefit-kind.ts'
import { lineQuantity, lineSubtotal, type OrderLine } from './schema.ts'

/**
 * What a basket costs while offers apply to it. Never changed, only replaced, so that a search can go back. `runs` holds the units of
 * lines that an offer told apart; it is kept by the stage of units only, which is the first.
 */
export type Prices = {
  readonly lines: readonly number[]
  readonly runs: readonly (readonly Run[] | undefined)[]
  readonly shipping: number
  /** Sum of `lines`. */
  readonly total: number
}

/** Units of a line that are alike. */
export type Run = {
  readonly count: number
  readonly initial: number
  readonly left: number
  readonly taken: boolean
  /** What was taken off each of them, and by whom. */
  readonly shares: readonly Share[]
}
export type Share = { readonly by: number; readonly amount: number }

type PricedOrder = { readonly lines: readonly OrderLine[]; readonly shipping: number; readonly currency: string }

export const pricesOf = ({ lines, shipping }: PricedOrder): Prices => {
  const prices = lines.map(lineSubtotal)
  return { lines: prices, runs: lines.map(() => undefined), shipping, total: prices.reduce((sum, it) => sum + it, 0) }
}

const unitPrice = (line: OrderLine): number => ('amount' in line ? line.amount : line.unitPrice)

export const runsOf = (line: OrderLine, runs: readonly Run[] | undefined): readonly Run[] =>
  runs ?? [{ count: lineQuantity(line), initial: unitPrice(line), left: unitPrice(line), taken: false, shares: [] }]

/** What only the candidate knows: what its filters match, what its amounts come to, what was chosen, how much is in stock. */
type Asked = Pick<Basket, 'matching' | 'amount' | 'choice' | 'stock'>

/** The basket at these prices, as a benefit sees it. */
export const basketAt = (order: PricedOrder, prices: Prices, base: 'initial' | 'running', asked: Asked): Basket => ({
  currency: order.currency,
  size: order.lines.length,
  id: line => order.lines[line]!.id,
  sku: line => order.lines[line]!.sku,
  price: line => (base === 'initial' ? lineSubtotal(order.lines[line]!) : prices.lines[line]!),
  left: line => prices.lines[line]!,
  units: line =>
    runsOf(order.lines[line]!, prices.runs[line]).map(({ count, initial, left, taken }) => ({
      count,
      price: base === 'initial' ? initial : left,
      left,
      taken,
    })),
  shipping: prices.shipping,
  ...asked,
})

/** What an effect comes to at these prices: never more than what there is to take. */
export type Applied = {
  readonly prices: Prices
  /** Money off, lines and shipping. */
  readonly amount: number
  readonly shipping: number
  readonly gives: readonly Given[]
  /** What came off the lines; `isShared` where the units of a line have still to share it (`shareOut`). */
  readonly offLines: readonly { readonly line: number; readonly amount: number; readonly isShared: boolean }[]
}

/**
 * Takes what an effect says off the prices, each `Off` capped at what its lines or units still cost and spread over that by largest
 * remainder; nothing goes below zero. `by` marks the shares of single units.
 */
export const applyEffect = (order: PricedOrder, prices: Prices, effect: Effect, by: number): Applied => {
  const lines = [...prices.lines]
  const offLines: { line: number; amount: number; isShared: boolean }[] = []
  const cuts = new Map<number, Cut[]>()
  const cutsOf = (line: number, run: number): Cut => {
    const ofLine = cuts.get(line) ?? []
    cuts.set(line, ofLine)
    ofLine[run] ??= { pieces: [], taken: 0 }
    return ofLine[run]
  }
  for (const off of effect.off ?? []) {
    if ('lines' in off.over) {
      const weights = off.over.lines.map(line => lines[line]!)
      const parts = spread(off, weights)
      for (const [index, amount] of parts.entries()) {
        if (amount === 0) continue
        const line = off.over.lines[index]!
        lines[line]! -= amount
        offLines.push({ line, amount, isShared: true })
      }
      continue
    }
    const picks = [...off.over.units].sort((a, b) => a.line - b.line || a.run - b.run)
    const parts = spread(
      off,
      picks.map(({ line, run, count }) => count * runsOf(order.lines[line]!, prices.runs[line])[run]!.left),
    )
    for (const [index, { line, run, count }] of picks.entries()) {
      const amount = parts[index] ?? 0
      if (amount === 0) continue
      cutsOf(line, run).pieces.push({ count, amount })
      lines[line]! -= amount
      offLines.push({ line, amount, isShared: false })
    }
  }
  for (const { line, run, count } of effect.takes ?? []) cutsOf(line, run).taken += count
  const runs = [...prices.runs]
  for (const [line, ofLine] of cuts)
    runs[line] = runsOf(order.lines[line]!, prices.runs[line]).flatMap((run, index) =>
      ofLine[index] ? cutRun(run, ofLine[index], by) : [run],
    )
  const offShipping = Math.min(effect.shipping ?? 0, prices.shipping)
  const amount = offLines.reduce((sum, it) => sum + it.amount, 0)
  return {
    prices: { lines, runs, shipping: prices.shipping - offShipping, total: prices.total - amount },
    amount: amount + offShipping,
    shipping: offShipping,
    gives: effect.gives ?? [],
    offLines,
  }
}

const spread = ({ amount }: Off, weights: readonly number[]): number[] => {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return all === 0 ? weights.map(() => 0) : splitLargestRemainder(Math.min(amount, all), weights)
}

/** What an effect does to one run: money off so many units, one piece after the other, and how many it takes. */
type Cut = { readonly pieces: { readonly count: number; readonly amount: number }[]; taken: number }

/** Cuts a run into units that are alike again: an amount that does not divide puts the larger shares first. */
const cutRun = (run: Run, { pieces, taken }: Cut, by: number): Run[] => {
  const shares = pieces.flatMap(({ count, amount }) => {
    const larger = amount % count
    const share = (amount - larger) / count
    return [
      { count: larger, share: share + 1 },
      { count: count - larger, share },
    ]
  })
  const rest = run.count - pieces.reduce((sum, piece) => sum + piece.count, 0)
  const cut: Run[] = []
  let untaken = taken
  for (const { count, share } of [...shares, { count: rest, share: 0 }]) {
    const first = Math.min(count, untaken)
    untaken -= first
    for (const [size, isTaken] of [
      [first, true],
      [count - first, run.taken],
    ] as const)
      if (size > 0)
        cut.push({
          ...run,
          count: size,
          taken: isTaken,
          left: run.left - share,
          shares: share === 0 ? run.shares : [...run.shares, { by, amount: share }],
        })
  }
  return cut
}

/** Spreads what came off a line over its units, by largest remainder over what each still costs; ties go to the earlier unit. */
export const shareOut = (runs: readonly Run[], amount: number, by: number): Run[] => {
  const all = runs.reduce((sum, run) => sum + run.count * run.left, 0)
  if (amount === 0 || all === 0) return [...runs]
  const parts = runs.map(({ left }) => quotient(amount, left, all))
  const larger = runs.map(() => 0)
  let rest = amount - parts.reduce((sum, { share }, index) => sum + share * runs[index]!.count, 0)
  const byRemainder = parts
    .map((_, index) => index)
    .sort((a, b) => (parts[a]!.rest === parts[b]!.rest ? a - b : parts[a]!.rest > parts[b]!.rest ? -1 : 1))
  for (const index of byRemainder) {
    larger[index] = Math.min(rest, runs[index]!.count)
    rest -= larger[index]!
  }
  const shared: Run[] = []
  for (const [index, run] of runs.entries()) {
    const { share } = parts[index]!
    const add = (count: number, each: number) => {
      if (count === 0) return
      const shares = each === 0 ? run.shares : [...run.shares, { by, amount: each }]
      shared.push({ ...run, count, left: run.left - each, shares })
    }
    add(larger[index]!, share + 1)
    add(run.count - larger[index]!, share)
  }
  return shared
}

/** `a * b / all` in whole numbers and what is left over; plain numbers, which are ten times as fast, where they are exact. */
const quotient = (a: number, b: number, all: number): { readonly share: number; readonly rest: number | bigint } => {
  const product = a * b
  if (Number.isSafeInteger(product)) {
    const rest = product % all
    return { share: (product - rest) / all, rest }
  }
  const exact = BigInt(a) * BigInt(b)
  return { share: Number(exact / BigInt(all)), rest: exact % BigInt(all) }
}
