/** A use as the report counts it; held ones only while their hold lives. */
export type UseFact = {
  /** null: an event or a moment gave it, not an order. */
  readonly orderId: string | null
  /** null: the buyer is not known. */
  readonly personId: string | null
  readonly channel: string
  readonly currency: string
  /** Discount, less what returns have given back of it, in minor units. */
  readonly amount: number
  /** Total of the order, less what was refunded. */
  readonly revenue: number
  readonly state: 'held' | 'redeemed' | 'returned'
  /** What it used up: the id of a grant, or a code of its own, that was issued in the period; null: neither. */
  readonly issued: string | null
}

export type Amounts = { readonly currency: string; readonly discount: number; readonly revenue: number }
export type Figures = {
  readonly held: number
  readonly redeemed: number
  readonly returned: number
  readonly people: number
  readonly orders: number
  readonly amounts: Amounts[]
}

/**
 * A part of a whole, rounded half up to 4 decimals; null without a whole.
 *
 *     shareOf(1, 3)   // 0.3333
 */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.floor((20_000 * part + whole) / (2 * whole)) / 10_000

const byCodeUnits = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const startRow = () => {
  let held = 0
  let redeemed = 0
  let returned = 0
  const people = new Set<string>()
  const orders = new Set<string>()
  const usedUp = new Set<string>()
  const amounts = new Map<string, { discount: number; revenue: number }>()
  return {
    add: (use: UseFact): void => {
      if (use.state === 'held') {
        held += 1
        return
      }
      if (use.state === 'returned') {
        returned += 1
        return
      }
      redeemed += 1
      if (use.personId !== null) people.add(use.personId)
      if (use.issued !== null) usedUp.add(use.issued)
      const sum = amounts.get(use.currency) ?? { discount: 0, revenue: 0 }
      sum.discount += use.amount
      amounts.set(use.currency, sum)
      if (use.orderId === null || orders.has(use.orderId)) return
      sum.revenue += use.revenue
      orders.add(use.orderId)
    },
    /** Of the members who redeemed; without members, of what was issued that was used. Never more than one. */
    redemptionRate: (members: ReadonlySet<string>, issued: number): number | null =>
      members.size > 0
        ? shareOf([...people].filter(it => members.has(it)).length, members.size)
        : shareOf(usedUp.size, issued),
    figures: (): Figures => ({
      held,
      redeemed,
      returned,
      people: people.size,
      orders: orders.size,
      amounts: [...amounts]
        .map(([currency, sum]) => ({ currency, ...sum }))
        .sort((left, right) => byCodeUnits(left.currency, right.currency)),
    }),
  }
}

const startRowWithChannels = () => {
  const all = startRow()
  const channels = new Map<string, ReturnType<typeof startRow>>()
  return {
    add: (use: UseFact): void => {
      all.add(use)
      const channel = channels.get(use.channel) ?? startRow()
      channels.set(use.channel, channel)
      channel.add(use)
    },
    redemptionRate: all.redemptionRate,
    figures: () => ({
      ...all.figures(),
      channels: [...channels]
        .map(([channel, row]) => ({ channel, ...row.figures() }))
        .sort((left, right) => byCodeUnits(left.channel, right.channel)),
    }),
  }
}

/**
 * Counts one campaign, one offer after the other. What is kept in memory is the distinct people and orders of the campaign and of the
 * offer at hand; an offer's are let go with it.
 *
 *     const campaign = startCampaign({ members: new Set(['per_ana', 'per_ben']) })
 *     const coffee = campaign.startOffer({ issued: 0 })
 *     coffee.add({ orderId: 'web-1', personId: 'per_ana', channel: 'store', currency: 'EUR', amount: 180, revenue: 720, state: 'redeemed', issued: null })
 *     coffee.figures()     // { issued: 0, redemptionRate: 0.5, redeemed: 1, people: 1, … channels: [{ channel: 'store', … }] }
 *     campaign.figures()   // the same of all its offers
 */
export const startCampaign = ({ members }: { readonly members: ReadonlySet<string> }) => {
  const campaign = startRowWithChannels()
  let issuedInAll = 0
  return {
    startOffer: ({ issued }: { readonly issued: number }) => {
      const offer = startRowWithChannels()
      issuedInAll += issued
      return {
        add: (use: UseFact): void => {
          offer.add(use)
          campaign.add(use)
        },
        figures: () => ({ issued, redemptionRate: offer.redemptionRate(members, issued), ...offer.figures() }),
      }
    },
    figures: () => ({
      members: members.size,
      issued: issuedInAll,
      redemptionRate: campaign.redemptionRate(members, issuedInAll),
      ...campaign.figures(),
    }),
  }
}
