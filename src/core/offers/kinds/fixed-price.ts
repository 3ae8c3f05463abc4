import { z } from 'zod'
import { currencyCode, minorUnits } from '../../kernel/schema.ts'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'
import { lineFilter, linesExpression, moneyText, unitCount } from './fields.ts'
import { dearestUnits, firstUnits, picksOf } from './unit-runs.ts'

const schema = z
  .strictObject({
    kind: z.literal('fixedPrice'),
    price: minorUnits,
    currency: currencyCode,
    lines: lineFilter.optional(),
    each: z
      .enum(['unit', 'line'])
      .optional()
      .meta({ description: '`unit` (where left out): each unit costs the price. `line`: each line as a whole does.' }),
    maxUnits: unitCount.optional().meta({ description: 'At most so many units, the dearest first' }),
  })
  .refine(({ each, maxUnits }) => maxUnits === undefined || each !== 'line', {
    path: ['maxUnits'],
    message: 'is for prices of units: leave "each" out or set it to "unit"',
  })
  .meta({ id: 'FixedPrice' })

export type FixedPrice = z.output<typeof schema>

/**
 * What is cheaper already keeps its price: an incentive never raises one. The price is what is left to pay, whatever the offer's base
 * is. It takes no units: a unit may have a fixed price and count for "buy 2, get 1 free".
 */
export const fixedPrice: BenefitKind<FixedPrice> = {
  kind: 'fixedPrice',
  schema,
  title: 'Fixed price',
  about: 'Chosen items cost a fixed price, each unit or the whole line',
  form: [
    { field: 'price', label: 'Price', input: 'money', help: 'What it costs then; never more than before' },
    { field: 'lines', label: 'Items', input: 'lines', help: 'Which items; all where left empty' },
    { field: 'each', label: 'For', input: 'choice', help: 'Each unit, or the whole line' },
    { field: 'maxUnits', label: 'At most units', input: 'number', help: 'How many units at most' },
  ],
  examples: [
    { kind: 'fixedPrice', price: 250, currency: 'EUR', lines: "line.category == 'coffee'", maxUnits: 2 },
    { kind: 'fixedPrice', price: 1000, currency: 'EUR', lines: "line.sku == 'CATERING'", each: 'line' },
  ],
  sentence: ({ price, currency, lines, each, maxUnits }) =>
    `${lines ? 'Chosen items' : 'Everything'} for ${moneyText(price, currency)} ${each === 'line' ? 'a line' : 'each'}${
      maxUnits ? `, at most ${maxUnits}` : ''
    }`,
  currency: ({ currency }) => currency,
  expressions: ({ lines }) => linesExpression(lines),
  moments: ['order'],
  stage: ({ each }) => (each === 'line' ? 'line' : 'unit'),
  shrinks: () => true,
  ofTotal: () => false,
  apply: ({ price, each, maxUnits }, basket) => {
    const lines = basket.matching('lines')
    if (each === 'line') {
      const dear = lines.filter(line => basket.left(line) > price)
      return { off: dear.map(line => ({ amount: basket.left(line) - price, over: { lines: [line] } })) }
    }
    const dear = dearestUnits(basket, lines, 'left').filter(({ left }) => left > price)
    return {
      off: firstUnits(dear, maxUnits ?? Number.POSITIVE_INFINITY).map(run => ({
        amount: (run.left - price) * run.count,
        over: { units: picksOf([run]) },
      })),
    }
  },
  undo: nothingApart,
}
