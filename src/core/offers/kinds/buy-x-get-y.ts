import { z } from 'zod'
import { percentOf } from '../../kernel/money.ts'
import { type Basket, type BenefitKind, nothingApart } from './benefit-kind.ts'
import { lineFilter, linesExpression, percent, timesText, unitCount } from './fields.ts'
import { countOf, dearestUnits, firstUnits, moneyOf, type PlacedRun, picksOf } from './unit-runs.ts'

const schema = z
  .strictObject({
    kind: z.literal('buyXGetY'),
    buy: z.strictObject({ quantity: unitCount, lines: lineFilter.optional() }),
    get: z.strictObject({
      quantity: unitCount,
      lines: lineFilter
        .optional()
        .meta({ description: 'CEL over `line`: what is got. The same items where left out.' }),
      percent: percent.optional().meta({ description: 'Off what is got; 100, which is free, where left out' }),
      pick: z
        .enum(['cheapest', 'dearest'])
        .optional()
        .meta({ description: 'Which units are got; the cheapest where left out' }),
    }),
    times: unitCount.optional().meta({ description: 'At most so many times an order; no limit where left out' }),
  })
  .meta({ id: 'BuyXGetY' })

export type BuyXGetY = z.output<typeof schema>

type Split = { readonly paid: readonly PlacedRun[]; readonly got: readonly PlacedRun[] }

/** Whether what is got comes from the items that are bought. */
const isSame = ({ buy, get }: BuyXGetY): boolean => get.lines === undefined || get.lines === buy.lines

/**
 * The same items: units in groups of buy + get from the dearest down, and of each group the cheapest (or dearest) are got. With buy 2
 * get 1 of 9, 8, 7, 3, 2, 1 the 7 and the 1 are free. Other systems free the cheapest of the whole basket, here the 2 and the 1;
 * then whoever pays twice gets more than whoever pays once, and cashiers are asked to. Groups from the dearest down give at
 * least what any splitting of the basket into several orders gives. Units that fill no group are left out: they are the cheapest.
 */
const ofTheSame = ({ buy, get, times }: BuyXGetY, basket: Basket): Split => {
  const runs = dearestUnits(basket, basket.matching('buy/lines'), 'price').filter(({ taken }) => !taken)
  const size = buy.quantity + get.quantity
  const groups = Math.min(Math.floor(countOf(runs) / size), times ?? Number.POSITIVE_INFINITY)
  const firstGot = get.pick === 'dearest' ? 0 : buy.quantity
  /** How many of the first units are got. */
  const gotAmong = (units: number): number =>
    Math.floor(units / size) * get.quantity + Math.min(Math.max((units % size) - firstGot, 0), get.quantity)
  let seen = 0
  const split = firstUnits(runs, groups * size).map(run => {
    const got = gotAmong(seen + run.count) - gotAmong(seen)
    seen += run.count
    return { run, got }
  })
  return {
    paid: split.map(({ run, got }) => ({ ...run, count: run.count - got })),
    got: split.flatMap(({ run, got }) => (got === 0 ? [] : [{ ...run, count: got }])),
  }
}

/**
 * Other items: as many times as there are units to pay and units to get. Units that only count as paid are paid first, the dearest
 * first. Where units that could be got must be paid as well, they are taken from the other end than what is got: the
 * cheapest are got because the dearest of them were paid, and the other way round.
 */
const ofOthers = ({ buy, get, times }: BuyXGetY, basket: Basket): Split => {
  const toBuy = new Set(basket.matching('buy/lines'))
  const toGet = new Set(basket.matching('get/lines'))
  const runs = dearestUnits(basket, [...new Set([...toBuy, ...toGet])], 'price').filter(({ taken }) => !taken)
  const onlyBuy = runs.filter(({ line }) => !toGet.has(line))
  const onlyGet = runs.filter(({ line }) => !toBuy.has(line))
  const either = runs.filter(({ line }) => toBuy.has(line) && toGet.has(line))
  const groups = Math.min(
    Math.floor(countOf([...onlyBuy, ...either]) / buy.quantity),
    Math.floor(countOf([...onlyGet, ...either]) / get.quantity),
    Math.floor(countOf(runs) / (buy.quantity + get.quantity)),
    times ?? Number.POSITIVE_INFINITY,
  )
  const sign = get.pick === 'dearest' ? -1 : 1
  const ranked = (runs: readonly PlacedRun[]) =>
    runs.toSorted((a, b) => sign * (a.price - b.price) || a.line - b.line || a.run - b.run)
  const paid = firstUnits([...onlyBuy, ...ranked(either).toReversed()], groups * buy.quantity)
  const notPaid = Math.min(countOf(either), countOf([...onlyBuy, ...either]) - groups * buy.quantity)
  const free = [...onlyGet, ...firstUnits(ranked(either), notPaid)]
  return { paid, got: firstUnits(ranked(free), groups * get.quantity) }
}

/**
 * Only complete groups count, and a unit counts once: paid and got units are taken, so no other benefit of single units can use
 * them. A percentage is rounded once, half to even, over all units got. Money off goes back with the unit that got it.
 */
export const buyXGetY: BenefitKind<BuyXGetY> = {
  kind: 'buyXGetY',
  schema,
  title: 'Buy X, get Y',
  about: 'Who buys some items gets others, or more of the same, free or for less',
  form: [
    { field: 'buy/quantity', label: 'Buy', input: 'number', help: 'How many units are paid' },
    { field: 'buy/lines', label: 'Of', input: 'lines', help: 'Which items; all where left empty' },
    { field: 'get/quantity', label: 'Get', input: 'number', help: 'How many units are got' },
    { field: 'get/lines', label: 'Of', input: 'lines', help: 'Which items; the same where left empty' },
    { field: 'get/percent', label: 'Percent off', input: 'percent', help: 'Free where left empty' },
    { field: 'get/pick', label: 'Which', input: 'choice', help: 'The cheapest or the dearest' },
    { field: 'times', label: 'At most times', input: 'number', help: 'No limit where left empty' },
  ],
  examples: [
    { kind: 'buyXGetY', buy: { quantity: 2, lines: "line.category == 'coffee'" }, get: { quantity: 1 } },
    {
      kind: 'buyXGetY',
      buy: { quantity: 1, lines: "line.category == 'coffee'" },
      get: { quantity: 1, lines: "line.category == 'pastry'", percent: 50 },
      times: 2,
    },
  ],
  sentence: benefit => {
    const { buy, get, times } = benefit
    const bought = `${buy.quantity}${buy.lines ? (buy.quantity === 1 ? ' chosen item' : ' chosen items') : ''}`
    const got = `${get.quantity}${isSame(benefit) ? '' : get.quantity === 1 ? ' other item' : ' other items'}`
    const less = (get.percent ?? 100) === 100 ? 'free' : `at ${get.percent} % off`
    return `Buy ${bought}, get ${got} ${less}${timesText(times)}`
  },
  currency: () => undefined,
  expressions: ({ buy, get }) => [
    ...linesExpression(buy.lines, 'buy/lines'),
    ...linesExpression(get.lines, 'get/lines'),
  ],
  moments: ['order'],
  stage: () => 'unit',
  // Of others not: when another offer takes the cheapest unit, a dearer one is got.
  shrinks: isSame,
  ofTotal: () => false,
  apply: (benefit, basket) => {
    const { paid, got } = isSame(benefit) ? ofTheSame(benefit, basket) : ofOthers(benefit, basket)
    if (got.length === 0) return undefined
    return {
      off: [{ amount: percentOf(moneyOf(got, 'price'), benefit.get.percent ?? 100), over: { units: picksOf(got) } }],
      // What is got comes first, as a pick is the first ones of its run.
      takes: picksOf([...got, ...paid]).filter(({ count }) => count > 0),
    }
  },
  undo: nothingApart,
}
