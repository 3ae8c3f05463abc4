import { isCurrency } from '../kernel/money.ts'
import type { InputError } from '../kernel/refusal.ts'
import { isTimeZone } from '../kernel/time.ts'
import type { ProgrammeInput } from './schema.ts'

type Check = readonly [isWrong: boolean, pointer: string, message: string, code: string, bound?: number]

/** Days within which points certainly end; undefined: nobody can say before they are earned. */
const longestDays = ({ expiry }: ProgrammeInput): number | undefined => {
  if (!expiry || expiry.kind === 'sliding') return undefined
  if (expiry.kind === 'after') return expiry.days ?? expiry.months! * 31
  return (expiry.periods + 1) * (expiry.period === 'month' ? 31 : 366)
}

const levelChecks = ({ levels }: NonNullable<ProgrammeInput['tiers']>): readonly Check[] =>
  levels.flatMap(({ id, threshold }, index): Check[] => {
    const before = levels[index - 1]
    return [
      [
        levels.findIndex(it => it.id === id) < index,
        `/tiers/levels/${index}/id`,
        `“${id}” stands on two levels`,
        'listed_twice',
      ],
      [
        before !== undefined && threshold <= before.threshold,
        `/tiers/levels/${index}/threshold`,
        `must be more than ${before?.threshold}, that of the level below: levels stand from the lowest to the highest`,
        'above_the_tier_before',
      ],
    ]
  })

/**
 * What the schema alone cannot see in a programme's terms.
 *
 *     programmeMistakes({ ...terms, timeZone: 'Rome' })   // [{ pointer: '/timeZone', message: 'is no IANA time zone such as "Europe/Rome"' }]
 */
export const programmeMistakes = (terms: ProgrammeInput): InputError[] => {
  const { timeZone, rate, tiers, pending, burning, returns, leaving, transfers, households } = terms
  const waits = pending?.days
  const lasts = longestDays(terms)
  const checks: readonly Check[] = [
    [
      timeZone !== undefined && !isTimeZone(timeZone),
      '/timeZone',
      'is no IANA time zone such as "Europe/Rome"',
      'no_time_zone',
    ],
    [
      rate !== undefined && !isCurrency(rate.worth.currency),
      '/rate/worth/currency',
      `${rate?.worth.currency} is no currency of ISO 4217`,
      'no_currency',
    ],
    [rate !== undefined && rate.worth.amount === 0, '/rate/worth/amount', 'must be more than 0', 'more_than', 0],
    [
      waits !== undefined && lasts !== undefined && waits > lasts,
      '/pending/days',
      `is longer than points last (${lasts} days): nobody could ever spend them`,
      'longer_than_points_last',
      lasts,
    ],
    [
      burning.maximum !== undefined && burning.maximum < burning.minimum,
      '/burning/maximum',
      `is less than the minimum, ${burning.minimum}`,
      'at_least',
      burning.minimum,
    ],
    [
      returns.maxDebt !== undefined && returns.earned !== 'unlimited',
      '/returns/maxDebt',
      'is for "unlimited" only: else nobody ever owes points',
      'only_where_points_are_owed',
    ],
    [
      leaving.days > 0 && leaving.points === 'keep',
      '/leaving/days',
      'is for "forfeit" only',
      'only_where_points_are_lost',
    ],
    [
      transfers.between === 'household' && households === undefined,
      '/transfers/between',
      'is "household", but the programme has none: set "households"',
      'households_needed',
    ],
    ...(tiers ? levelChecks(tiers) : []),
  ]
  return checks.flatMap(([isWrong, pointer, message, code, bound]) =>
    isWrong ? [{ pointer, message, code, ...(bound !== undefined && { details: { bound } }) }] : [],
  )
}
