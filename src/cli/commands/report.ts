import { formatMoney } from '../../core/kernel/money.ts'
import type { CampaignReport } from '../../sdk/index.ts'
import { defineCommand, jsonOption, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { formatTable, grouped, share } from '../table.ts'

type Row = Pick<CampaignReport, 'issued' | 'held' | 'redeemed' | 'people' | 'redemptionRate' | 'amounts'>

const money = (amounts: Row['amounts'], what: 'discount' | 'revenue'): string =>
  amounts.map(amount => `${formatMoney(amount[what], amount.currency)} ${amount.currency}`).join(', ') || '–'

const cells = (name: string, members: string, row: Row): string[] => [
  name,
  members,
  grouped(row.issued),
  grouped(row.held),
  grouped(row.redeemed),
  grouped(row.people),
  share(row.redemptionRate),
  money(row.amounts, 'discount'),
  money(row.amounts, 'revenue'),
]

const heads = ['campaign', 'members', 'issued', 'held', 'redeemed', 'people', 'rate', 'discount', 'revenue']

/** The report as a table; with `offers` each campaign's offers under it. */
export const describeReport = (campaigns: readonly CampaignReport[], { offers }: { offers: boolean }): string =>
  campaigns.length === 0
    ? 'There are no campaigns yet.'
    : formatTable(
        heads.map((head, index) => ({ head, isNumber: index > 0 })),
        campaigns.flatMap(campaign => [
          cells(campaign.name, grouped(campaign.members), campaign),
          ...(offers ? campaign.offers.map(offer => cells(`  ${offer.name}`, '', offer)) : []),
        ]),
      )

export const report = defineCommand({
  name: 'report',
  summary: 'Show what came of the campaigns',
  usage: ['[--offers] [--from <time>] [--to <time>] [--campaign <id>] [--json] [--url <address>]'],
  words: 0,
  options: {
    offers: { type: 'boolean', says: 'each offer under its campaign' },
    from: { type: 'string', value: 'time', says: 'orders from this time on, such as 2026-03-01T00:00:00Z' },
    to: { type: 'string', value: 'time', says: 'orders before this time' },
    campaign: { type: 'string', value: 'id', says: 'one campaign only' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera report',
    'tessera report --offers --from 2026-03-01T00:00:00Z',
    'tessera report --json | jq .data',
  ],
  run: async ({ values: { offers = false, json, url, from, to, campaign }, terminal }) => {
    const { tessera } = await connect(url)
    const answer = await tessera.getCampaignReport({ from, to, campaign })
    terminal.out.write(json ? `${JSON.stringify(answer)}\n` : `${describeReport(answer.data, { offers })}\n`)
    return 0
  },
})
