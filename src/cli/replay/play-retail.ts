/**
 * Plays Online Retail as a points programme through the HTTP API of a server whose clock follows the data: 1 point per whole pound of goods,
 * cancellations return, points last six months. On today's clock every point of 2011 would have ended before its goods could come back; so
 * the days go by as they did, and what the clock does to points it does on its day. Everything is named by the data, so playing it again
 * adds nothing.
 */
import type { LiabilityRow, Tessera } from '../../sdk/index.ts'
import type { Progress } from '../progress.ts'
import { formatTable, grouped } from '../table.ts'
import { inParallel } from './in-parallel.ts'
import type { Retail, RetailEvent, RetailRules, RetailSale } from './retail.ts'

export const retailProgramme = 'club'
const currency = 'GBP'
const name = 'Online Retail'

/** What the year came to. Points. */
export type RetailSummary = {
  readonly data: 'Online Retail'
  readonly members: number
  readonly sales: number
  readonly returns: number
  readonly earned: number
  readonly takenBack: number
  readonly expired: number
  readonly closing: number
  readonly months: readonly {
    readonly period: string
    readonly earned: number
    readonly takenBack: number
    readonly expired: number
    readonly closing: number
    /** Minor units of the currency. */
    readonly worth: number
  }[]
  /** What the auditor found off; 0 is the only good answer. */
  readonly audit: number
  readonly rules: RetailRules
  readonly seconds: number
}

type Playing = {
  readonly tessera: Tessera
  readonly retail: Retail
  /** Moves the server's clock; epoch milliseconds. */
  readonly setClock: (now: number) => void
  readonly progress: Progress
  readonly stop: AbortSignal
}

/** Customers at a time; what one customer does goes one after the other. */
const customersInFlight = 64

const dayOf = (event: RetailEvent): string => (event.kind === 'sale' ? event.sale.at : event.back.at).slice(0, 10)
const customerOf = (event: RetailEvent): string => (event.kind === 'sale' ? event.sale.customer : event.back.customer)

/** The last millisecond of a day. */
export const endOfDay = (day: string): number => Date.parse(`${day}T23:59:59.999Z`)

const personOf = (customer: string): string => `userId:online-retail-${customer}`
const orderId = (invoice: string): string => `online-retail-${invoice}`

/** The programme and its offer, where they are not there. */
const setUp = async (tessera: Tessera): Promise<void> => {
  const there = new Set<string>()
  for await (const { id } of tessera.listProgrammes({ limit: 100 })) there.add(id)
  if (!there.has(retailProgramme))
    await tessera.putProgramme(retailProgramme, {
      name,
      timeZone: 'UTC',
      rate: { points: 100, worth: { amount: 100, currency } },
      join: { on: 'firstOrder' },
      expiry: { kind: 'after', months: 6 },
      returns: { earned: 'unlimited' },
    })
  for await (const campaign of tessera.listCampaigns({ limit: 1000 })) if (campaign.name === name) return
  const campaign = await tessera.createCampaign({ name })
  await tessera.createOffer({
    campaign: campaign.id,
    name: '1 point a pound',
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: retailProgramme, per: { amount: 100, currency, points: 1 } },
  })
}

const lineOf = (isWhole: boolean, { row, product, quantity, pence }: RetailSale['lines'][number]) => {
  const common = { id: `row-${row}`, sku: product }
  return isWhole ? { ...common, amount: quantity * pence } : { ...common, quantity, unitPrice: pence }
}

const tell = async (tessera: Tessera, event: RetailEvent): Promise<void> => {
  if (event.kind === 'sale') {
    const { invoice, customer, at, lines, isWhole } = event.sale
    await tessera.putOrder(orderId(invoice), {
      state: 'placed',
      person: personOf(customer),
      channel: 'web',
      currency,
      occurredAt: at,
      lines: lines.map(line => lineOf(isWhole, line)),
    })
    return
  }
  const { invoice, of, at, lines } = event.back
  await tessera.createReturn(orderId(of), {
    id: orderId(invoice),
    occurredAt: at,
    lines: lines.map(({ row, quantity }) => ({ id: `row-${row}`, quantity })),
  })
}

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}

/** Tells everything that happened, day by day; what one customer did in its order. */
export const playRetail = async ({ tessera, retail, setClock, progress, stop }: Playing): Promise<void> => {
  const days = groupBy(retail.events, dayOf)
  let done = 0
  let isSetUp = false
  for (const [day, events] of days) {
    setClock(endOfDay(day))
    if (!isSetUp) await setUp(tessera)
    isSetUp = true
    await inParallel([...groupBy(events, customerOf).values()], customersInFlight, async ofCustomer => {
      for (const event of ofCustomer) {
        stop.throwIfAborted()
        await tell(tessera, event)
        done += 1
        progress.step('invoices', done, retail.events.length, ` (${day})`)
      }
    })
  }
}

const asMonth = ({ period, earned, takenBack, expired, closing, money }: LiabilityRow) => ({
  period,
  earned,
  takenBack: 0 - takenBack,
  expired: 0 - expired,
  closing,
  worth: money?.closing ?? 0,
})

/** What came of it, as the API tells. */
export const summarizeRetail = async (
  tessera: Tessera,
  retail: Retail,
  { audit, seconds }: { readonly audit: number; readonly seconds: number },
): Promise<RetailSummary> => {
  const { data } = await tessera.getLiability({ programme: retailProgramme })
  const months = data.map(asMonth)
  const sum = (field: 'earned' | 'takenBack' | 'expired'): number => months.reduce((all, it) => all + it[field], 0)
  let members = 0
  for await (const _ of tessera.listProgrammeMembers(retailProgramme, { limit: 1000 })) members += 1
  const sales = retail.events.filter(it => it.kind === 'sale').length
  return {
    data: 'Online Retail',
    members,
    sales,
    returns: retail.events.length - sales,
    earned: sum('earned'),
    takenBack: sum('takenBack'),
    expired: sum('expired'),
    closing: months.at(-1)?.closing ?? 0,
    months,
    audit,
    rules: retail.rules,
    seconds,
  }
}

const ruleLines: readonly (readonly [keyof RetailRules, string])[] = [
  ['rows', 'rows of the file'],
  ['noCustomer', 'without a customer: nobody’s'],
  ['notInSample', 'of customers or days left out'],
  ['notGoods', 'no goods: postage, manual entries, discounts, charges'],
  ['noPrice', 'with the price 0'],
  ['sold', 'sold'],
  ['cancelled', 'cancelled'],
  ['unitsBack', 'units that came back'],
  ['withoutSale', 'cancelled rows of which units found no sale'],
  ['unitsWithoutSale', 'units of these: nothing comes back'],
  ['wholeLines', 'invoices of more than 10,000 units: each line is one'],
]

/** The summary as a person reads it. */
export const describeRetail = (summary: RetailSummary): string => {
  const { months, rules } = summary
  const figures = formatTable(
    [
      { head: 'month' },
      ...['earned', 'taken back', 'expired', 'owed', 'in GBP'].map(head => ({ head, isNumber: true })),
    ],
    [
      ...months.map(({ period, earned, takenBack, expired, closing, worth }) => [
        period,
        ...[earned, takenBack, expired, closing].map(grouped),
        (worth / 100).toLocaleString('en', { minimumFractionDigits: 2 }),
      ]),
      null,
      ['all', ...[summary.earned, summary.takenBack, summary.expired, summary.closing].map(grouped), ''],
    ],
  )
  const read = formatTable(
    [{ head: 'rule' }, { head: 'count', isNumber: true }],
    ruleLines.map(([key, says]) => [says, grouped(rules[key])]),
  )
  const audited = summary.audit === 0 ? 'The auditor found nothing.' : `The auditor found ${summary.audit} wrong.`
  return (
    `${grouped(summary.members)} members, ${grouped(summary.sales)} sales, ${grouped(summary.returns)} returns, ` +
    `in ${grouped(Math.round(summary.seconds))} s. ${audited}\n\n${figures}\n\n${read}\n`
  )
}
