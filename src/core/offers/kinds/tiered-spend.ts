import { z } from 'zod'
import { formatMoney, percentOf } from '../../kernel/money.ts'
import { currencyCode } from '../../kernel/schema.ts'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'
import { lineFilter, linesExpression, moneyText, percent, positiveMinor, sumOf } from './fields.ts'

const tier = z.strictObject({
  spend: positiveMinor.meta({ description: 'Reached when the items cost so much or more' }),
  amount: positiveMinor.optional().meta({ description: 'Minor units off' }),
  percent: percent.optional().meta({ description: 'Or a percentage of what the items cost' }),
})

const schema = z
  .strictObject({
    kind: z.literal('tieredSpend'),
    tiers: z.array(tier).min(1).max(20),
    currency: currencyCode,
    lines: lineFilter.optional(),
  })
  .superRefine(({ tiers }, context) => {
    const complain = (at: number, field: string, message: string, code?: string) =>
      context.addIssue({ code: 'custom', path: ['tiers', at, field], message, params: { code } })
    tiers.forEach((tier, at) => {
      const before = tiers[at - 1]
      const [gives, other] =
        tiers[0]!.amount === undefined ? (['percent', 'amount'] as const) : (['amount', 'percent'] as const)
      if (tier[gives] === undefined || tier[other] !== undefined)
        complain(at, tier[gives] === undefined ? gives : other, 'each tier gives an amount, or each gives a percent')
      if (before === undefined) return
      if (tier.spend <= before.spend)
        complain(at, 'spend', 'must be more than the spend of the tier before', 'above_the_tier_before')
      if (tier[gives]! < before[gives]!)
        complain(at, gives, 'must not be less than the tier before gives: who spends more never gets less')
    })
  })
  .meta({ id: 'TieredSpend' })

export type TieredSpend = z.output<typeof schema>

/** Only the highest tier reached gives; tiers do not add up. What counts is what the items cost at the offer's base price. */
export const tieredSpend: BenefitKind<TieredSpend> = {
  kind: 'tieredSpend',
  schema,
  title: 'Spend and save',
  about: 'The more the order or chosen items cost, the more comes off',
  form: [
    { field: 'tiers', label: 'Tiers', input: 'tiers', help: 'From what spend how much comes off' },
    { field: 'lines', label: 'Items', input: 'lines', help: 'Which items count and get cheaper; all where left empty' },
  ],
  examples: [
    {
      kind: 'tieredSpend',
      tiers: [
        { spend: 5000, amount: 500 },
        { spend: 10000, amount: 1500 },
      ],
      currency: 'EUR',
    },
    { kind: 'tieredSpend', tiers: [{ spend: 3000, percent: 5 }], currency: 'EUR', lines: "line.category == 'tea'" },
  ],
  sentence: ({ tiers, currency, lines }) =>
    tiers
      .map(({ spend, amount, percent }, at) => {
        // The first tier names the currency and what counts, the others need not.
        const text = (minor: number) => (at === 0 ? moneyText(minor, currency) : formatMoney(minor, currency))
        const gives = amount === undefined ? `${percent} %` : text(amount)
        return at === 0
          ? `Spend ${text(spend)}${lines ? ' on chosen items' : ''} get ${gives} off`
          : `${text(spend)} get ${gives}`
      })
      .join(', '),
  currency: ({ currency }) => currency,
  expressions: ({ lines }) => linesExpression(lines),
  moments: ['order'],
  stage: ({ lines }) => (lines === undefined ? 'order' : 'line'),
  shrinks: () => true,
  // 49.99 leaves 49.99 where 50.00 leaves 45.00.
  ofTotal: () => false,
  apply: ({ tiers }, basket) => {
    const lines = basket.matching('lines')
    const spend = sumOf(lines, basket.price)
    const reached = tiers.findLast(tier => tier.spend <= spend)
    if (reached === undefined) return undefined
    return { off: [{ amount: reached.amount ?? percentOf(spend, reached.percent ?? 0), over: { lines } }] }
  },
  undo: nothingApart,
}
