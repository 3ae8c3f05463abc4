import { z } from 'zod'
import { currencyCode, minorUnits } from '../../kernel/schema.ts'
import { type Basket, type BenefitKind, nothingApart } from './benefit-kind.ts'
import { lineFilter, linesExpression, moneyText, timesText, unitCount } from './fields.ts'
import { countOf, dearestUnits, moneyOf, type PlacedRun, picksOf } from './unit-runs.ts'

/** How many units make one bundle. */
const partsOf = (items: readonly { readonly quantity: number }[]): number =>
  items.reduce((sum, { quantity }) => sum + quantity, 0)

const schema = z
  .strictObject({
    kind: z.literal('bundle'),
    items: z
      .array(z.strictObject({ lines: lineFilter.optional(), quantity: unitCount }))
      .min(1)
      .max(10),
    price: minorUnits.meta({ description: 'What one of each item, in its quantity, costs together' }),
    currency: currencyCode,
    times: unitCount.optional().meta({ description: 'At most so many bundles an order; no limit where left out' }),
  })
  .refine(({ items }) => partsOf(items) !== 1, {
    path: ['items'],
    message: 'a bundle has at least two units: name two items, or one with a quantity of 2 or more',
    params: { code: 'bundle_too_small' },
  })
  .meta({ id: 'Bundle' })

export type Bundle = z.output<typeof schema>

/** Units of a line, with the set of items that they match, a bit each. */
type Fitting = PlacedRun & { readonly fits: number }

/**
 * The sets of items in which units compete for places: what some units match, and unions of these that overlap. Items that share no
 * unit need no check together, so a menu of ten courses has ten sets and not a thousand.
 */
const competitionsOf = (units: readonly Fitting[]): number[] => {
  const distinct = [...new Set(units.map(({ fits }) => fits))]
  const sets = new Set(distinct)
  // A set that is added on the way is visited, too.
  for (const set of sets) for (const fits of distinct) if ((set & fits) !== 0) sets.add(set | fits)
  return [...sets]
}

/**
 * Chooses the dearest units that make up so many whole bundles; undefined where there are too few. A unit may match several items.
 * Units can all find a place exactly if, for every set of items, no more of them match nothing outside it than it has places
 * (Hall's theorem). Such choices form a matroid, in which taking the dearest unit that still has a place, again and again, is the
 * best choice and not only a good one.
 */
const bundlesFrom = (units: readonly Fitting[], items: Bundle['items']) => {
  const sets = competitionsOf(units)
  const sizes = sets.map(set => items.reduce((sum, { quantity }, item) => sum + (set & (1 << item) ? quantity : 0), 0))
  const setsAround = new Map(
    units.map(({ fits }) => [fits, [...sets.keys()].filter(at => (sets[at]! & fits) === fits)]),
  )
  return (bundles: number): PlacedRun[] | undefined => {
    const places = sizes.map(size => size * bundles)
    const chosen: PlacedRun[] = []
    let missing = partsOf(items) * bundles
    for (const { fits, ...run } of units) {
      if (missing === 0) break
      const around = setsAround.get(fits)!
      let count = run.count
      for (const at of around) count = Math.min(count, places[at]!)
      if (count === 0) continue
      for (const at of around) places[at]! -= count
      missing -= count
      chosen.push({ ...run, count })
    }
    return missing === 0 ? chosen : undefined
  }
}

/**
 * As many bundles as save something: the next bundle is of cheaper units and never saves more than the one before, so the number can be
 * found by halving.
 */
const bestBundles = ({ items, price, times }: Bundle, basket: Basket): readonly PlacedRun[] => {
  const fits = new Map<number, number>()
  items.forEach((_, item) => {
    for (const line of basket.matching(`items/${item}/lines`)) fits.set(line, (fits.get(line) ?? 0) | (1 << item))
  })
  const units = dearestUnits(basket, [...fits.keys()], 'left')
    .filter(({ taken }) => !taken)
    .map(run => ({ ...run, fits: fits.get(run.line)! }))
  const choose = bundlesFrom(units, items)
  const saves = (bundles: number): number => {
    const chosen = choose(bundles)
    return chosen === undefined ? Number.NEGATIVE_INFINITY : moneyOf(chosen, 'left') - price * bundles
  }
  let bundles = 0
  let most = Math.min(Math.floor(countOf(units) / partsOf(items)), times ?? Number.POSITIVE_INFINITY)
  while (bundles < most) {
    const middle = Math.ceil((bundles + most) / 2)
    if (saves(middle) > saves(middle - 1)) bundles = middle
    else most = middle - 1
  }
  return choose(bundles) ?? []
}

/**
 * Units go into bundles so that the customer saves the most, also where a unit fits several items; it counts once, and no other benefit of
 * single units can use it. The price is what is left to pay, whatever the offer's base is, and what is saved is spread over all
 * units of the bundles. A bundle that would cost as much as its parts or more is not formed.
 */
export const bundle: BenefitKind<Bundle> = {
  kind: 'bundle',
  schema,
  title: 'Bundle',
  about: 'These items together for one price: a menu, a set, 3 for 10',
  form: [
    { field: 'items', label: 'Items', input: 'items', help: 'What belongs to the bundle and how many of it' },
    { field: 'price', label: 'Price', input: 'money', help: 'What the bundle costs' },
    { field: 'times', label: 'At most times', input: 'number', help: 'No limit where left empty' },
  ],
  examples: [
    {
      kind: 'bundle',
      items: [
        { lines: "line.category == 'coffee'", quantity: 1 },
        { lines: "line.category == 'pastry'", quantity: 1 },
      ],
      price: 600,
      currency: 'EUR',
    },
    {
      kind: 'bundle',
      items: [{ lines: "line.category == 'tea'", quantity: 3 }],
      price: 1000,
      currency: 'EUR',
      times: 2,
    },
  ],
  sentence: ({ items, price, currency, times }) =>
    `${partsOf(items)}${items.length > 1 ? ' together' : ''} for ${moneyText(price, currency)}${timesText(times)}`,
  currency: ({ currency }) => currency,
  expressions: ({ items }) => items.flatMap(({ lines }, item) => linesExpression(lines, `items/${item}/lines`)),
  moments: ['order'],
  stage: () => 'unit',
  shrinks: () => true,
  ofTotal: () => false,
  apply: (benefit, basket) => {
    const chosen = bestBundles(benefit, basket)
    if (chosen.length === 0) return undefined
    const units = picksOf(chosen)
    const amount = moneyOf(chosen, 'left') - (countOf(chosen) / partsOf(benefit.items)) * benefit.price
    return { off: [{ amount, over: { units } }], takes: units }
  },
  undo: nothingApart,
}
