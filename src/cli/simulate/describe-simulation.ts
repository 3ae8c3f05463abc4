import { formatMoney } from '../../core/kernel/money.ts'
import { dayNumber } from '../../core/kernel/time.ts'
import type { SimulationReport } from '../../core/simulation/schema.ts'
import { formatTable, grouped, share } from '../table.ts'
import { type PastOrdersTally, setAsideReasons } from './past-order.ts'

const dayMs = 86_400_000
const dateOf = (instant: string): string => instant.slice(0, 10)
const groupedMoney = (amount: string): string => {
  const [whole = '', fraction] = amount.split('.')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`
}

/** Monday of a local date: '2026-03-04' → '2026-03-02'. */
const weekOf = (date: string): string => {
  const day = dayNumber(date)!
  return dateOf(new Date((day - ((day + 3) % 7)) * dayMs).toISOString())
}

type Row = readonly string[]
/** A title over a table; nothing where there are no rows. */
const section = (title: string, heads: readonly string[], rows: readonly Row[]): string[] => {
  if (rows.length === 0) return []
  const isNumber = (column: number) => column > 0 && rows.every(row => /^[-\d,.–]+( %)?$/.test(row[column]!))
  return [
    '',
    title,
    '',
    formatTable(
      heads.map((head, column) => ({ head, isNumber: isNumber(column) })),
      rows,
    ),
  ]
}

/** Points and cashback: what the business owes then. */
const givenForLater = (
  { name, points, cashback }: SimulationReport['offers'][number],
  currency: string,
): Row | undefined => {
  const told = (amount: number, of: string) => `${groupedMoney(formatMoney(amount, of))} ${of}`
  if (points)
    return [name, grouped(points.points), points.worth ? told(points.worth.amount, points.worth.currency) : '–']
  return cashback === undefined ? undefined : [name, '–', told(cashback, currency)]
}

/**
 * A report for its reader; `tally` tells what of a file was no order.
 *
 *     describeSimulation(report)   // '19,946 orders of 4,337 people, 2010-12-01 to 2011-12-09 …'
 */
export const describeSimulation = (report: SimulationReport, tally?: Readonly<PastOrdersTally>): string => {
  const { currency, orders, people, revenue, discount, offers, days, margin } = report
  const plain = (minor: number): string => groupedMoney(formatMoney(minor, currency))
  const money = (minor: number): string => `${plain(minor)} ${currency}`
  const nameOf = new Map(offers.map(({ offer, name }) => [offer, name]))
  if (orders === 0 || report.firstAt === null || report.lastAt === null) return 'There are no orders to simulate.'
  const of = (part: number, whole: number): string => share(whole === 0 ? null : part / whole)
  const isMargin = margin !== null

  const weeks = new Map<string, { orders: number; before: number; discount: number }>()
  for (const day of days) {
    const week = weeks.get(weekOf(day.date)) ?? { orders: 0, before: 0, discount: 0 }
    weeks.set(weekOf(day.date), week)
    week.orders += day.orders
    week.before += day.revenueBefore
    week.discount += day.discount
  }
  const setAside: Row[] = [
    ...(tally
      ? (Object.keys(setAsideReasons) as (keyof typeof setAsideReasons)[]).flatMap(reason => {
          const { rows, orders: whole, first } = tally.setAside[reason]
          return rows === 0 ? [] : [[setAsideReasons[reason], grouped(rows), grouped(whole), first ?? '']]
        })
      : []),
    ...(report.setAside.otherCurrency > 0
      ? [[`orders that are not in ${currency}`, '', grouped(report.setAside.otherCurrency), '']]
      : []),
  ]
  return [
    `${grouped(orders)} orders of ${grouped(people)} people, ${dateOf(report.firstAt)} to ${dateOf(report.lastAt)}: ${money(revenue.before)}`,
    `Discount ${money(discount)}, ${of(discount, revenue.before)}, on ${grouped(report.ordersTouched)} orders (${of(report.ordersTouched, orders)})`,
    ...(report.ordersWithoutPerson > 0
      ? [
          `${grouped(report.ordersWithoutPerson)} orders do not say who bought: nobody is known there, and people leaves them out`,
        ]
      : []),
    ...(isMargin
      ? [
          `Margin ${money(margin.before)} → ${money(margin.after)} of lines for ${money(margin.revenue)} whose cost is known`,
        ]
      : []),
    `${grouped(report.over.orders)} orders get more than ${report.over.percent} % off`,
    ...(report.notProved > 0
      ? [`${grouped(report.notProved)} orders had too many fitting offers to try every combination`]
      : []),
    ...section(
      'Offers',
      [
        'offer',
        'benefit',
        'uses',
        'people',
        'of orders',
        'discount',
        'of revenue',
        'revenue before',
        ...(isMargin ? ['margin before', 'after'] : []),
      ],
      offers.map(it => [
        `${it.name}${it.isDraft ? '' : ' (live)'}`,
        it.sentence,
        grouped(it.redemptions),
        grouped(it.people),
        share(it.share),
        plain(it.discount),
        of(it.discount, it.revenue.before),
        plain(it.revenue.before),
        ...(isMargin ? [it.margin ? plain(it.margin.before) : '–', it.margin ? plain(it.margin.after) : '–'] : []),
      ]),
    ),
    ...section(
      'Given for later',
      ['offer', 'points', 'worth'],
      offers.map(it => givenForLater(it, currency)).filter(it => it !== undefined),
    ),
    ...section(
      'Limits that were reached',
      ['offer', 'limit', 'allowed', 'ran dry', 'turned away'],
      offers.flatMap(it =>
        it.limits.map(({ limit, allowed, ranDryAt, turnedAway }) => [
          it.name,
          limit,
          limit === 'budget' ? plain(allowed) : grouped(allowed),
          ranDryAt.slice(0, 16).replace('T', ' '),
          grouped(turnedAway),
        ]),
      ),
    ),
    ...section(
      'Instead of each other',
      ['offer', 'stood back for', 'orders'],
      report.beats.map(({ winner, loser, beaten, excluded }) => [
        nameOf.get(loser) ?? loser,
        nameOf.get(winner) ?? winner,
        grouped(beaten + excluded),
      ]),
    ),
    ...section(
      'The most expensive orders',
      ['order', 'date', 'before', 'discount', '', 'by'],
      report.mostExpensive.map(it => [
        it.id,
        dateOf(it.at),
        plain(it.before),
        plain(it.discount),
        of(it.discount, it.before),
        it.offers.map(({ offer, amount }) => `${nameOf.get(offer)} ${plain(amount)}`).join(', '),
      ]),
    ),
    ...section(
      'Week by week',
      ['from', 'orders', 'revenue before', 'discount', ''],
      [...weeks].map(([monday, week]) => [
        monday,
        grouped(week.orders),
        plain(week.before),
        plain(week.discount),
        of(week.discount, week.before),
      ]),
    ),
    ...section('Set aside', ['what', 'rows', 'whole orders', 'first'], setAside),
    ...(tally && tally.outOfOrder > 0
      ? [
          '',
          `${grouped(tally.outOfOrder)} orders are older than the one before them; sort the file by date for exact limits.`,
        ]
      : []),
    '',
    'Taken for granted',
    '',
    ...report.assumptions.map(({ message }) => `- ${message}`),
  ].join('\n')
}
