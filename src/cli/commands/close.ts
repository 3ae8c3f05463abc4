import { closing as closingOf } from '../../contract/finance.ts'
import { formatMoney } from '../../core/kernel/money.ts'
import type { Closing, Job } from '../../sdk/index.ts'
import { CommandFailed, defineCommand, jsonOption, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { formatTable, grouped } from '../table.ts'
import { untilDone } from '../until-done.ts'

const lines = [
  ['opening', 'opening'],
  ['issued', 'issued'],
  ['earned', 'earned'],
  ['given back', 'givenBack'],
  ['taken back', 'takenBack'],
  ['spent', 'burned'],
  ['expired', 'expired'],
  ['adjusted', 'adjusted'],
  ['fees', 'fees'],
  ['revalued', 'revalued'],
  ['closing', 'closing'],
  ['  of it pending', 'pending'],
  ['  of it held', 'held'],
  ['  owed by people', 'debt'],
] as const

/** The roll-forward of a month: a line a movement, and for each asset a column of points and one of money. */
export const describeClosing = ({ period, rows }: Pick<Closing, 'period' | 'rows'>): string => {
  if (rows.length === 0) return `Nothing was owed in ${period}.`
  const columns = rows.flatMap(row => {
    const { money } = row
    const isMoney = !row.asset.startsWith('points:')
    return [
      ...(isMoney ? [] : [{ head: row.asset, cell: (key: string) => numberIn(row, key, grouped) }]),
      ...(money
        ? [
            {
              head: isMoney ? row.asset : `in ${money.currency}`,
              cell: (key: string) => numberIn(money, key, minor => formatMoney(minor, money.currency)),
            },
          ]
        : []),
    ]
  })
  return formatTable(
    [{ head: period }, ...columns.map(({ head }) => ({ head, isNumber: true }))],
    lines.map(([name, key]) => [name, ...columns.map(({ cell }) => cell(key))]),
  )
}

const numberIn = (row: object, key: string, format: (value: number) => string): string => {
  const value: unknown = Object.entries(row).find(([name]) => name === key)?.[1]
  return typeof value === 'number' ? format(value) : ''
}

export const close = defineCommand({
  name: 'close',
  summary: 'Close the books of a month: it takes no more postings',
  usage: ['<month> [--dry-run] [--json] [--url <address>]'],
  words: 1,
  options: {
    'dry-run': { type: 'boolean', says: 'show the month as it stands and what is in the way; close nothing' },
    json: jsonOption,
    url: urlOption,
  },
  examples: ['tessera close 2026-10 --dry-run', 'tessera close 2026-10'],
  run: async ({ values: { json, url, 'dry-run': dryRun = false }, positionals: [period], terminal }) => {
    const { out } = terminal
    if (period === undefined || !/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
      throw new UsageError(`"${period ?? ''}" is no month; it takes one such as 2026-10.`)
    const { tessera } = await connect(url)
    const answer = await tessera.createClosing({ period }, dryRun ? { dryRun } : {})
    const stopped = async ({ id }: Job) => `The job ${id} goes on in the server; the same command waits for it again.`
    const closing =
      'period' in answer
        ? answer
        : closingOf.parse((await untilDone(tessera, answer, terminal, { what: 'rows', stopped })).result)
    if (json) out.write(`${JSON.stringify(closing)}\n`)
    else {
      // A job's closing that was refused reads as one that the call refused.
      if (!dryRun && closing.blockers[0]) throw new CommandFailed(closing.blockers[0].message)
      out.write(`${describeClosing(closing)}\n\n`)
      const { blockers, closedBy, closedAt } = closing
      if (closing.state === 'closed') out.write(`${period} is closed, by ${closedBy} at ${closedAt}.\n`)
      else if (blockers.length === 0) out.write(`${period} can be closed.\n`)
      else out.write(`${period} cannot be closed yet:\n${blockers.map(it => `  ${it.message}\n`).join('')}`)
    }
    return closing.blockers.length === 0 ? 0 : 1
  },
})
