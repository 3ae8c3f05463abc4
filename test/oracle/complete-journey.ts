/**
 * Predicts, from the Complete Journey CSV files alone, what Tessera must answer to every coupon redemption of the year and to
 * four wrong questions about each. It shares no code with Tessera: plain lines, maps and sets, so that the two can only agree by
 * both being right.
 *
 * The business being modelled: each coupon × campaign pair is one offer on its list of products; its audience are the households
 * the campaign was sent to; it is valid from the campaign's first to its last day, both included, in UTC; a person may use it twice.
 *
 * What the data leave open is fixed here, and a replay has to do the same:
 * - Redemptions happen in order of date; within a date in the order of the file.
 * - The product bought is not in the data: it is the numerically first product on the list of the row's own coupon × campaign.
 * - Each redemption is an order at noon UTC of its day, with the coupon's code and one unit of that product.
 * - Of several offers of one code that apply, the one that ends first wins, then the one made first. Offers are made in the
 *   order of (campaign number, coupon).
 * - If none applies, the refusal told is that of the offer that got furthest through the checks (`reasons` below); among
 *   equals again the one that ends first, then the one made first.
 * - Wrong questions are asked as dry runs right after their redemption was placed, so they see its use and all before it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const usesPerPerson = 2

/** The checks of an offer, in the order they are made; a later one means the offer got further. */
export const reasons = [
  'offer_not_started',
  'offer_expired',
  'not_in_audience',
  'lines_not_matching',
  'limit_reached',
] as const

export type Reason = (typeof reasons)[number]

export type Campaign = { id: string; type: string; start: string; end: string }
export type Offer = { campaign: Campaign; code: string; products: Set<string>; firstProduct: string }
/** `row` counts the data rows of the file from 1. */
export type Redemption = { row: number; household: string; code: string; campaign: string; date: string }

export type Journey = {
  campaigns: Map<string, Campaign>
  /** Campaign → the households it was sent to. */
  sends: Map<string, Set<string>>
  /** Code → its offers, in the order they are made. */
  offers: Map<string, Offer[]>
  /** In the order they happen. */
  redemptions: Redemption[]
  /** Every household that was sent something, and every product on some offer's list; in numeric order. */
  households: string[]
  products: string[]
  productRows: number
  baskets: { lines: number; baskets: number; households: number; stores: number; salesMinor: number }
}

export type OfferName = { campaign: string; code: string }
/** `applies`: that offer gives its benefit. `refused`: the order gets nothing, and this is the reason told for the code. */
export type Answer = { applies: OfferName } | { refused: Reason; offer: OfferName }
/** A basket of one unit of `product`, with `code`, bought by `household` at `at`. */
export type Question = { household: string; code: string; product: string; at: string }

/**
 * - `notSent`: the next household, in numeric order and round again, that was sent no campaign with this code.
 * - `dayAfter`: the day after the end of the last campaign with this code that was sent to the household.
 * - `otherBasket`: instead of the product, the next one, in numeric order and round again, that is on another code's list and on none
 *   of this code's.
 * - `pastLimit`: the redemption's own question, asked when every use it could have had is taken. `fill` names the offers that
 *   further orders with the same content would use, in turn; a replay places these, asks, and cancels them.
 */
export type ProbeKind = 'notSent' | 'dayAfter' | 'otherBasket' | 'pastLimit'
export type Probe = { kind: ProbeKind; question: Question; fill: OfferName[]; answer: Answer }

export type Prediction = {
  redemption: Redemption
  question: Question
  /** The offers of the code that fit by person and date, whatever the product and the uses so far. */
  fitting: OfferName[]
  answer: Answer
  probes: Probe[]
}

type Row = Record<string, string>

/** The files hold no quotes, so a line is its fields between commas; a quote would make that wrong, so it stops the reading. */
const readRows = (folder: string, file: string): Row[] => {
  const text = readFileSync(join(folder, file), 'utf8')
  if (text.includes('"')) throw new Error(`${file} has a quoted field, which this reader does not know`)
  const [header, ...lines] = text.split(/\r?\n/).filter(line => line !== '')
  const names = header!.split(',')
  return lines.map((line, index) => {
    const fields = line.split(',')
    if (fields.length !== names.length) throw new Error(`${file}: data row ${index + 1} has ${fields.length} fields`)
    return Object.fromEntries(names.map((name, at) => [name, fields[at]!]))
  })
}

/** Ids are whole numbers as text. R wrote the product 900000 as `9e+05` in every file, which `Number` reads and text order would not. */
const numerically = (a: string, b: string): number => Number(a) - Number(b)

const groupBy = <T>(items: T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}

/**
 * Reads the folder of CSV files.
 *
 *     readJourney('../shared/data/complete-journey').campaigns.size   // 27
 */
export const readJourney = (folder: string): Journey => {
  const campaigns = new Map<string, Campaign>()
  for (const row of readRows(folder, 'campaign_descriptions.csv')) {
    const id = row.campaign_id!
    campaigns.set(id, { id, type: row.campaign_type!, start: row.start_date!, end: row.end_date! })
  }

  const sendRows = readRows(folder, 'campaigns.csv')
  const sends = new Map<string, Set<string>>()
  for (const [campaign, rows] of groupBy(sendRows, row => row.campaign_id!))
    sends.set(campaign, new Set(rows.map(row => row.household_id!)))

  const couponRows = readRows(folder, 'coupons.csv')
  const made = [...groupBy(couponRows, row => `${row.campaign_id} ${row.coupon_upc}`).values()]
    .map((rows): Offer => {
      const products = rows.map(row => row.product_id!).sort(numerically)
      const campaign = campaigns.get(rows[0]!.campaign_id!)!
      return { campaign, code: rows[0]!.coupon_upc!, products: new Set(products), firstProduct: products[0]! }
    })
    .sort((a, b) => numerically(a.campaign.id, b.campaign.id) || numerically(a.code, b.code))

  const redemptions = readRows(folder, 'coupon_redemptions.csv')
    .map((row, index) => ({
      row: index + 1,
      household: row.household_id!,
      code: row.coupon_upc!,
      campaign: row.campaign_id!,
      date: row.redemption_date!,
    }))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.row - b.row))

  const lines = readRows(folder, 'transactions_sample.csv')
  return {
    campaigns,
    sends,
    offers: groupBy(made, offer => offer.code),
    redemptions,
    households: [...new Set(sendRows.map(row => row.household_id!))].sort(numerically),
    products: [...new Set(couponRows.map(row => row.product_id!))].sort(numerically),
    productRows: couponRows.length,
    baskets: {
      lines: lines.length,
      baskets: new Set(lines.map(row => row.basket_id)).size,
      households: new Set(lines.map(row => row.household_id)).size,
      stores: new Set(lines.map(row => row.store_id)).size,
      salesMinor: lines.reduce((sum, row) => sum + Math.round(Number(row.sales_value) * 100), 0),
    },
  }
}

const nameOf = (offer: Offer): OfferName => ({ campaign: offer.campaign.id, code: offer.code })

/** Ends first, then made first; the list is already in the order of making, and the first of equals stays. */
const endsFirst = (offers: Offer[]): Offer =>
  offers.reduce((best, offer) => (offer.campaign.end < best.campaign.end ? offer : best))

const noon = (date: string): string => `${date}T12:00:00Z`

const dayAfter = (date: string): string => new Date(Date.parse(noon(date)) + 86_400_000).toISOString().slice(0, 10)

/** The first item after `start` that passes, going round; `start` itself need not be in the sorted list. */
const nextAfter = (sorted: string[], start: string, passes: (item: string) => boolean): string => {
  const after = sorted.findIndex(item => numerically(item, start) > 0)
  const from = Math.max(after, 0)
  for (let step = 0; step < sorted.length; step++) {
    const item = sorted[(from + step) % sorted.length]!
    if (passes(item)) return item
  }
  throw new Error(`nothing after ${start} passes`)
}

/**
 * Predicts the answer to every redemption, in the order they happen, and to four wrong questions about each.
 *
 *     predict(readJourney('../shared/data/complete-journey'))[0].answer
 *     // { applies: { campaign: '26', code: '51380041013' } }
 */
export const predict = (journey: Journey): Prediction[] => {
  const isSent = (offer: Offer, household: string): boolean =>
    journey.sends.get(offer.campaign.id)?.has(household) ?? false
  const useKey = (offer: OfferName, household: string): string => `${household} ${offer.campaign} ${offer.code}`

  /** Why this offer does not apply, or undefined when it does. */
  const objection = (offer: Offer, asked: Question, uses: Map<string, number>): Reason | undefined => {
    const date = asked.at.slice(0, 10)
    if (date < offer.campaign.start) return 'offer_not_started'
    if (date > offer.campaign.end) return 'offer_expired'
    if (!isSent(offer, asked.household)) return 'not_in_audience'
    if (!offer.products.has(asked.product)) return 'lines_not_matching'
    if ((uses.get(useKey(nameOf(offer), asked.household)) ?? 0) >= usesPerPerson) return 'limit_reached'
    return undefined
  }

  const answerTo = (asked: Question, uses: Map<string, number>): Answer => {
    const offers = journey.offers.get(asked.code)!
    const verdicts = offers.map(offer => ({ offer, reason: objection(offer, asked, uses) }))
    const applying = verdicts.filter(verdict => verdict.reason === undefined)
    if (applying.length > 0) return { applies: nameOf(endsFirst(applying.map(verdict => verdict.offer))) }
    const furthest = reasons.findLast(reason => verdicts.some(verdict => verdict.reason === reason))!
    const nearest = verdicts.filter(verdict => verdict.reason === furthest).map(verdict => verdict.offer)
    return { refused: furthest, offer: nameOf(endsFirst(nearest)) }
  }

  const use = (offer: OfferName, household: string, uses: Map<string, number>): void => {
    const key = useKey(offer, household)
    uses.set(key, (uses.get(key) ?? 0) + 1)
  }

  const uses = new Map<string, number>()

  const probesOf = (asked: Question): Probe[] => {
    const offers = journey.offers.get(asked.code)!
    const lastEnd = offers
      .filter(offer => isSent(offer, asked.household))
      .map(offer => offer.campaign.end)
      .sort()
      .at(-1)!

    const notSent = nextAfter(journey.households, asked.household, other => !offers.some(offer => isSent(offer, other)))
    const otherProduct = nextAfter(
      journey.products,
      asked.product,
      other => !offers.some(offer => offer.products.has(other)),
    )
    const wrong: [ProbeKind, Question][] = [
      ['notSent', { ...asked, household: notSent }],
      ['dayAfter', { ...asked, at: noon(dayAfter(lastEnd)) }],
      ['otherBasket', { ...asked, product: otherProduct }],
    ]
    const probes = wrong.map(
      ([kind, question]): Probe => ({ kind, question, fill: [], answer: answerTo(question, uses) }),
    )

    const fill: OfferName[] = []
    const filled = new Map(uses)
    let answer = answerTo(asked, filled)
    while ('applies' in answer) {
      fill.push(answer.applies)
      use(answer.applies, asked.household, filled)
      answer = answerTo(asked, filled)
    }
    return [...probes, { kind: 'pastLimit', question: asked, fill, answer }]
  }

  return journey.redemptions.map(redemption => {
    const { household, code, date } = redemption
    const offers = journey.offers.get(code) ?? []
    const own = offers.find(offer => offer.campaign.id === redemption.campaign)
    if (!own) throw new Error(`redemption row ${redemption.row}: campaign ${redemption.campaign} has no coupon ${code}`)

    const question: Question = { household, code, product: own.firstProduct, at: noon(date) }
    const fitting = offers
      .filter(offer => isSent(offer, household) && offer.campaign.start <= date && date <= offer.campaign.end)
      .map(nameOf)
    if (fitting.length === 0) throw new Error(`redemption row ${redemption.row} fits no campaign by person and date`)
    const answer = answerTo(question, uses)
    if ('applies' in answer) use(answer.applies, household, uses)
    return { redemption, question, fitting, answer, probes: probesOf(question) }
  })
}

export type Totals = {
  campaigns: number
  sends: number
  sentPeople: number
  redemptions: number
  redeemingPeople: number
  refused: number
  /** Redemptions that fit two or more campaigns by person and date. */
  ambiguous: number
  /** Redemptions for which the chosen campaign is the one in the data. */
  sameCampaign: number
}

/**
 * The figures a replay of the year must print.
 *
 *     totals(journey, predict(journey)).redemptions   // 2102 on the real data
 */
export const totals = (journey: Journey, predictions: Prediction[]): Totals => {
  const placed = predictions.filter(({ answer }) => 'applies' in answer)
  const agrees = ({ answer, redemption }: Prediction): boolean =>
    'applies' in answer && answer.applies.campaign === redemption.campaign
  return {
    campaigns: journey.campaigns.size,
    sends: [...journey.sends.values()].reduce((sum, households) => sum + households.size, 0),
    sentPeople: journey.households.length,
    redemptions: placed.length,
    redeemingPeople: new Set(placed.map(({ redemption }) => redemption.household)).size,
    refused: predictions.length - placed.length,
    ambiguous: predictions.filter(({ fitting }) => fitting.length > 1).length,
    sameCampaign: predictions.filter(agrees).length,
  }
}
