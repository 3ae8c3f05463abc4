import { formatMoney } from '../../core/kernel/money.ts'
import type { CampaignReport } from '../../sdk/index.ts'
import { formatTable, grouped, share } from '../table.ts'
import type { OfferName } from './answers.ts'
import type { WrongAnswer } from './ask-wrongly.ts'
import type { Journey, JourneyRedemption } from './journey.ts'
import { currency } from './plan.ts'
import type { Identities, Phase, Replayed } from './replay.ts'
import { wrongKinds } from './wrong-questions.ts'

/** What the replay came to, for all campaigns or those of one type. */
export type Figures = {
  campaigns: number
  offers: number
  sends: number
  /** Distinct persons that were sent a campaign. */
  sentPeople: number
  redemptions: number
  redeemingPeople: number
  /** Redeeming people / people who were sent a campaign. */
  rate: number | null
  /** Minor units; from made-up face values. */
  discountMadeUp: number
}

export type Summary = Figures & {
  data: string
  refused: number
  /** Redemptions whose chosen campaign is the one in the data. */
  sameCampaign: number
  /** The others: two campaigns fit by person and date, and the rule chose the one that ends first. */
  otherCampaign: (JourneyRedemption & { chosen: string })[]
  refusals: (JourneyRedemption & { reason: string; message: string })[]
  currency: string
  types: Record<string, Figures>
  /** What the server's own report says; it must agree with the answers to the orders. */
  report: { redeemed: number; discount: number; revenue: number }
  seconds: number
  phases: readonly Phase[]
  madeUp: string
  identities?: Identities
  probes?: {
    asked: number
    applied: number
    reasons: Record<string, Record<string, number>>
    answers: readonly WrongAnswer[]
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const amountOf = (row: CampaignReport, what: 'discount' | 'revenue'): number =>
  sum(row.amounts.filter(amount => amount.currency === currency).map(amount => amount[what]))

const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000

type Campaign = { id: string; type: string; row: CampaignReport | undefined; members: ReadonlySet<string> }

const figuresOf = (campaigns: readonly Campaign[], { redeemed }: Replayed): Figures => {
  const ids = new Set(campaigns.map(campaign => campaign.id))
  const uses = redeemed.filter(({ chosen }) => chosen && ids.has(chosen.campaign))
  const sentPeople = new Set(campaigns.flatMap(({ members }) => [...members])).size
  const redeemingPeople = new Set(uses.map(({ person }) => person)).size
  return {
    campaigns: campaigns.length,
    offers: sum(campaigns.map(({ row }) => row?.offers.length ?? 0)),
    sends: sum(campaigns.map(({ members }) => members.size)),
    sentPeople,
    redemptions: uses.length,
    redeemingPeople,
    rate: rate(redeemingPeople, sentPeople),
    discountMadeUp: sum(campaigns.map(({ row }) => (row ? amountOf(row, 'discount') : 0))),
  }
}

const isOther = (chosen: OfferName | undefined, campaign: string): chosen is OfferName =>
  chosen !== undefined && chosen.campaign !== campaign

/** Puts what was replayed and what the server reports into one value, that of `--json`. */
export const summarize = (
  title: string,
  journey: Journey,
  replayed: Replayed,
  report: readonly CampaignReport[],
  isProbed: boolean,
): Summary => {
  const campaigns = journey.campaigns.map(({ id, type }): Campaign => {
    const row = report.find(it => it.campaign === replayed.campaigns.get(id))
    return { id, type, row, members: replayed.members.get(id) ?? new Set() }
  })
  const types = [...new Set(campaigns.map(campaign => campaign.type))].sort()
  const { redeemed, wrong, phases, identities } = replayed
  const rows = campaigns.flatMap(({ row }) => row ?? [])
  const reasons: Record<string, Record<string, number>> = {}
  for (const { kind, answer } of wrong) {
    const told = 'applies' in answer ? 'applies' : answer.refused
    const counts = reasons[kind] ?? {}
    reasons[kind] = { ...counts, [told]: (counts[told] ?? 0) + 1 }
  }
  return {
    data: title,
    ...figuresOf(campaigns, replayed),
    refused: redeemed.filter(({ chosen }) => !chosen).length,
    sameCampaign: redeemed.filter(({ chosen, redemption }) => chosen?.campaign === redemption.campaign).length,
    otherCampaign: redeemed.flatMap(({ redemption, chosen }) =>
      isOther(chosen, redemption.campaign) ? [{ ...redemption, chosen: chosen.campaign }] : [],
    ),
    refusals: redeemed.flatMap(({ redemption, chosen, refusal }) =>
      chosen ? [] : [{ ...redemption, reason: refusal?.code ?? 'none', message: refusal?.message ?? '' }],
    ),
    currency,
    types: Object.fromEntries(
      types.map(type => [
        type,
        figuresOf(
          campaigns.filter(campaign => campaign.type === type),
          replayed,
        ),
      ]),
    ),
    report: {
      redeemed: sum(rows.map(row => row.redeemed)),
      discount: sum(rows.map(row => amountOf(row, 'discount'))),
      revenue: sum(rows.map(row => amountOf(row, 'revenue'))),
    },
    seconds: Math.round(sum(phases.map(phase => phase.seconds)) * 10) / 10,
    phases,
    madeUp: identities
      ? 'Face values of coupons, prices of products that no basket shows, and all online identities are not in the data: they are made up.'
      : 'Face values of coupons, and prices of products that no basket shows, are not in the data: they are made up.',
    ...(identities && { identities }),
    ...(isProbed
      ? {
          probes: {
            asked: wrong.length,
            applied: wrong.filter(it => 'applies' in it.answer).length,
            reasons,
            answers: wrong,
          },
        }
      : {}),
  }
}

/** True where the replay ended as a right engine must end it. */
export const isAsItMustBe = ({ refused, redemptions, report, probes }: Summary): boolean =>
  refused === 0 && report.redeemed === redemptions && (probes?.applied ?? 0) === 0

const shownAtMost = 20

const listed = <T>(items: readonly T[], head: string, line: (item: T) => string): string[] =>
  items.length === 0
    ? []
    : [
        '',
        head,
        ...items.slice(0, shownAtMost).map(item => `  ${line(item)}`),
        ...(items.length > shownAtMost ? [`  … and ${items.length - shownAtMost} more, all with --json`] : []),
      ]

const words = { time: 'in the order of time', reversed: 'newest first', shuffled: 'in no order' } as const

/** The summary for people: a table per campaign type and overall, what is worth a look, the time of each phase. */
export const describeSummary = (summary: Summary): string => {
  const row = (name: string, figures: Figures): string[] => [
    name,
    grouped(figures.campaigns),
    grouped(figures.offers),
    grouped(figures.sends),
    grouped(figures.sentPeople),
    grouped(figures.redemptions),
    grouped(figures.redeemingPeople),
    share(figures.rate),
    `${formatMoney(figures.discountMadeUp, currency)} ${currency}`,
  ]
  const head = ['', 'campaigns', 'offers', 'sends', 'people', 'redemptions', 'redeeming people', 'rate', 'discount*']
  const table = formatTable(
    head.map((text, index) => ({ head: text, isNumber: index > 0 })),
    [...Object.entries(summary.types).map(([type, figures]) => row(type, figures)), null, row('all', summary)],
  )
  const phases = formatTable(
    [
      { head: 'phase' },
      { head: 'new', isNumber: true },
      { head: 'were there', isNumber: true },
      { head: 'seconds', isNumber: true },
    ],
    [
      ...summary.phases.map(({ name, added, known, seconds }) => [
        name,
        grouped(added),
        grouped(known),
        seconds.toFixed(1),
      ]),
      null,
      ['in all', '', '', summary.seconds.toFixed(1)],
    ],
  )
  const { identities, probes, redemptions, refused, sameCampaign, otherCampaign, refusals, report } = summary
  return [
    '',
    table,
    `* ${summary.madeUp}`,
    '',
    `${grouped(redemptions)} coupons redeemed, ${grouped(refused)} refused; ${grouped(sameCampaign)} by the campaign that the data names.`,
    ...(identities
      ? [
          `${grouped(identities.identifiers)} identifiers in ${grouped(identities.events)} made-up events, which came ${words[identities.arrival]}, are ${grouped(identities.persons)} persons (${identities.digest.slice(0, 16)}).`,
        ]
      : []),
    ...(report.redeemed === redemptions
      ? []
      : [
          `The server reports ${grouped(report.redeemed)} uses of these campaigns, the replay made ${grouped(redemptions)}.`,
        ]),
    ...listed(
      otherCampaign,
      `Fit two campaigns, and the one that ends first was chosen (${otherCampaign.length}):`,
      it => `${it.date} household ${it.household} coupon ${it.code}: campaign ${it.chosen}, in the data ${it.campaign}`,
    ),
    ...listed(
      refusals,
      'Refused:',
      it =>
        `${it.date} household ${it.household} coupon ${it.code}, campaign ${it.campaign}: ${it.message} (${it.reason})`,
    ),
    ...(probes
      ? [
          '',
          `${grouped(probes.asked)} wrong questions, ${grouped(probes.applied)} of them got a discount:`,
          ...wrongKinds.flatMap(kind =>
            Object.entries(probes.reasons[kind] ?? {}).map(([told, count]) => `  ${kind}: ${grouped(count)} × ${told}`),
          ),
        ]
      : []),
    '',
    phases,
    '',
  ].join('\n')
}
