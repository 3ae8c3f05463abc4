import { z } from 'zod'
import { currencyCode, minorUnits } from '../../kernel/schema.ts'
import { type Basket, type BenefitKind, nothingApart } from './benefit-kind.ts'
import { lineFilter, linesExpression, moneyText, timesText, unitCount } from './fields.ts'
import { countOf, dearestUnits, moneyOf, type PlacedRun, picksOf } from './unit-runs.ts'

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
  .refine(({ items }) => items.reduce((sum, { quantity }) => sum + quantity, 0) !== 1, {
    path: ['items'],
    message: 'a bundle has at least two units: name two items, or one with a quantity of 2 or more',
  })
  .meta({ id: 'Bundle' })

export type Bundle = z.output<typeof schema>

/**
 * The dearest units that make up so many whole bundles, undefined where there are too few. Units may match several items, so they are
 * counted by the set of items they match (a bit each): units can all find a place exactly if, for every set of items, no more of them match
 * nothing outside it than it has places (Hall's theorem). Such choices form a matroid, in which taking the dearest unit that
 * still has a place, again and again, is the best choice and not only a good one.
 */
const dearestBundles = (
  units: readonly (PlacedRun & { readonly fits: number })[],
  placesOf: readonly number[],
  bundles: number,
): PlacedRun[] | undefined => {
  const places = placesOf.map(count => count * bundles)
  const chosen = units.flatMap(({ fits, ...run }) => {
    const sets = places.flatMap((_, set) => ((set & fits) === fits ? [set] : []))
    const count = sets.reduce((least, set) => Math.min(least, places[set]!), run.count)
    for (const set of sets) places[set]! -= count
    return count === 0 ? [] : [{ ...run, count }]
  })
  return places.at(-1) === 0 ? chosen : undefined
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
  const placesOf = Array.from({ length: 1 << items.length }, (_, set) =>
    items.reduce((sum, { quantity }, item) => sum + (set & (1 << item) ? quantity : 0), 0),
  )
  const choose = (bundles: number) => dearestBundles(units, placesOf, bundles)
  const saves = (bundles: number): number => {
    const chosen = choose(bundles)
    return chosen === undefined ? Number.NEGATIVE_INFINITY : moneyOf(chosen, 'left') - price * bundles
  }
  let bundles = 0
  let most = Math.min(Math.floor(countOf(units) / placesOf.at(-1)!), times ?? Number.POSITIVE_INFINITY)
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
  sentence: ({ items, price, currency, times }) => {
    const units = items.reduce((sum, { quantity }) => sum + quantity, 0)
    return `${units}${items.length > 1 ? ' together' : ''} for ${moneyText(price, currency)}${timesText(times)}`
  },
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
    const parts = benefit.items.reduce((sum, { quantity }) => sum + quantity, 0)
    const amount = moneyOf(chosen, 'left') - (countOf(chosen) / parts) * benefit.price
    return { off: [{ amount, over: { units } }], takes: units }
  },
  undo: nothingApart,
}
