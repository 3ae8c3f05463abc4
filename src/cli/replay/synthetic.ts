/**
 * Makes up a year in the shape of the real "Complete Journey" data, small enough to play in seconds. Nothing in it is real.
 *
 * What is kept of the real year's shape (its figure in brackets; this one's follows from the seed and the number of households):
 * - 27 campaigns, overlapping, the first already running when the year begins and the last ending after it: 4 of type A with many
 *   coupons and households (181–209 coupons, 23–73 % of those ever sent to), 17 of type B and 6 of type C with few (1–34, 1–18 %).
 * - The same coupon in several campaigns (15 % of codes; here in at most three, so that for each code somebody is left who was not sent it), with nearly the same products, so that some redemptions fit two campaigns.
 * - Product lists from one product to a good part of the shop (half have at most 34, one in a hundred over 3,800); 4 % repeated rows.
 * - A quarter of the households that are sent campaigns redeem (26 %), nearly all in type A (82 % of redemptions), always inside the
 *   campaign's dates and by a household it was sent to.
 * - Baskets of which a sample kept 1 to 4 lines (1.6 on average), by all households, in time zone UTC, some just after the year's end.
 *
 * One thing is stricter than in the real year: a household redeems a code at most twice whatever the campaign, so that which campaign
 * wins can never use up a limit, and no redemption of a made-up year is refused.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Dice, diceFrom } from '../dice.ts'

export type SyntheticOptions = {
  /** Any 32-bit integer. The same seed and households give the same bytes. */
  seed: number
  /** At least 50: among fewer a coupon may well have been sent to everyone. */
  households: number
}

const yearStart = Date.UTC(2023, 0, 1)
const daysInYear = 365

/** The date of a day counted from the first of January, which is 0; may lie before or after the year. */
const dateOf = (day: number): string => new Date(yearStart + day * 86_400_000).toISOString().slice(0, 10)

type Range = readonly [low: number, high: number]
type CampaignType = 'Type A' | 'Type B' | 'Type C'

/** Length in days, coupons, per cent of all households it is sent to, coupons of it that a redeeming household uses. */
const types: Record<CampaignType, { days: Range; coupons: Range; reachPercent: Range; redeems: Range }> = {
  'Type A': { days: [45, 55], coupons: [34, 42], reachPercent: [30, 60], redeems: [1, 5] },
  'Type B': { days: [31, 60], coupons: [3, 8], reachPercent: [4, 16], redeems: [0, 2] },
  'Type C': { days: [32, 110], coupons: [2, 8], reachPercent: [3, 14], redeems: [0, 1] },
}

/** In the order of their starts; A is spread over the year. */
const campaignTypes = [...'CBBABBCBBCBABBBBBACBCBBABCB'].map(letter => `Type ${letter}` as CampaignType)

/** Sizes of product lists at equal steps of rank, so one in twelve is over 150 and half are at most 12: the real skew, a third of its size. */
const listSizes = [1, 2, 3, 4, 6, 8, 12, 16, 22, 30, 50, 150, 600]

const shelves = [
  {
    department: 'GROCERY',
    categories: ['SOFT DRINKS', 'COLD CEREAL', 'FRZN ICE', 'CANNED SOUPS', 'COFFEE', 'CRACKERS'],
  },
  { department: 'DRUG GM', categories: ['HAIR CARE PRODUCTS', 'ORAL HYGIENE PRODUCTS', 'LAUNDRY DETERGENTS'] },
  { department: 'PRODUCE', categories: ['APPLES', 'SALAD MIX', 'POTATOES'] },
  { department: 'MEAT', categories: ['BEEF', 'CHICKEN', 'BACON'] },
  { department: 'DELI', categories: ['CHEESES', 'DELI MEATS'] },
]
const sizes = ['', '12 OZ', '16 OZ', '1 LB', '22 LB', '6 CT', '.8 OZ']
const ages = ['19-24', '25-34', '35-44', '45-54', '55-64', '65+']
const incomes = ['Under 15K', '15-24K', '25-34K', '35-49K', '50-74K', '75-99K', '100-124K', '150-174K']
const homes = ['Homeowner', 'Renter', 'Unknown']
const comps = ['1 Adult No Kids', '1 Adult Kids', '2 Adults No Kids', '2 Adults Kids']

const productCount = 2_500
const storeCount = 40
const linesPerHousehold = 10

type Cell = string | number
type Coupon = { code: string; products: number[] }
type Campaign = { id: number; type: CampaignType; start: number; end: number; coupons: Coupon[]; sentTo: number[] }

/** Lines end in CRLF, as in the real files. */
const csv = (header: string, rows: Cell[][]): string =>
  `${[header, ...rows.map(row => row.join(','))].join('\r\n')}\r\n`

/** Increasing numbers with gaps, as ids have where a sample was drawn. */
const gappyIds = (dice: Dice, count: number, first: number, gap: number): number[] => {
  let id = first
  return Array.from({ length: count }, () => {
    id += dice.between(1, gap)
    return id
  })
}

const makeProducts = (dice: Dice): { ids: number[]; rows: Cell[][] } => {
  const ids = gappyIds(dice, productCount, 25_000, 4_000)
  const rows = ids.map(id => {
    const shelf = dice.pick(shelves)
    const category = dice.pick(shelf.categories)
    const brand = dice.chance(0.2) ? 'Private' : 'National'
    return [
      id,
      dice.between(1, 900),
      shelf.department,
      brand,
      category,
      `${category} - ${brand.toUpperCase()}`,
      dice.pick(sizes),
    ]
  })
  return { ids, rows }
}

/** Products of one list lie near each other on the shelf, as those of one maker do. */
const makeList = (dice: Dice, products: number[]): number[] => {
  const step = dice.between(0, listSizes.length - 2)
  const size = dice.between(listSizes[step]!, listSizes[step + 1]!)
  const from = dice.between(0, products.length - 1)
  const near = products.slice(from, from + size * 2)
  return dice.some(near, size)
}

const makeCoupons = (dice: Dice, type: CampaignType, earlier: Coupon[], products: number[]): Coupon[] => {
  const coupons = new Map<string, Coupon>()
  const count = dice.between(...types[type].coupons)
  while (coupons.size < count) {
    // The coupons of the campaigns just before, most of which still run: these make redemptions that fit two campaigns.
    const recent = earlier.length > 0 && dice.chance(0.25) ? dice.pick(earlier.slice(-60)) : undefined
    const again = earlier.filter(coupon => coupon.code === recent?.code).length < 3 ? recent : undefined
    if (again) {
      const kept = again.products.filter((_, index) => index === again.products.length - 1 || !dice.chance(0.1))
      coupons.set(again.code, { code: again.code, products: kept })
    } else {
      const code = `${dice.chance(0.3) ? 1 : 5}${String(dice.between(0, 9_999_999_999)).padStart(10, '0')}`
      coupons.set(code, { code, products: makeList(dice, products) })
    }
  }
  return [...coupons.values()]
}

const makeCampaigns = (dice: Dice, households: number[], products: number[]): Campaign[] => {
  const earlier: Coupon[] = []
  return campaignTypes.map((type, index) => {
    const shape = types[type]
    // From 25 days before the year to 5 before its end, evenly, up to 4 days early or late. No campaign is shorter than 31 days, so
    // every one has at least a day within the year on which it can be redeemed.
    const start = Math.round(-25 + ((daysInYear + 20) * index) / (campaignTypes.length - 1)) + dice.between(-4, 4)
    const coupons = makeCoupons(dice, type, earlier, products)
    earlier.push(...coupons)
    const reach = Math.ceil((households.length * dice.between(...shape.reachPercent)) / 100)
    const sentTo = dice.some(households, reach)
    return { id: index + 1, type, start, end: start + dice.between(...shape.days), coupons, sentTo }
  })
}

type Redemption = { household: number; code: string; campaign: number; day: number }

const makeRedemptions = (dice: Dice, campaigns: Campaign[], households: number[]): Redemption[] => {
  const redeemers = new Set(dice.some(households, Math.ceil(households.length * 0.26)))
  const used = new Map<string, number>()
  const redemptions: Redemption[] = []
  for (const campaign of campaigns) {
    const firstDay = Math.max(campaign.start, 0)
    const lastDay = Math.min(campaign.end, daysInYear - 1)
    for (const household of campaign.sentTo.filter(id => redeemers.has(id))) {
      const redeems = dice.between(...types[campaign.type].redeems)
      for (const { code } of dice.some(campaign.coupons, redeems)) {
        const times = dice.chance(0.05) ? 2 : 1
        for (let time = 0; time < times; time++) {
          const key = `${household} ${code}`
          const before = used.get(key) ?? 0
          if (before >= 2) continue
          used.set(key, before + 1)
          redemptions.push({ household, code, campaign: campaign.id, day: dice.between(firstDay, lastDay) })
        }
      }
    }
  }
  return redemptions.sort((a, b) => a.day - b.day)
}

/** As R prints it: no trailing zeros, `1.5` and `3`. */
const money = (cents: number): string => String(cents / 100)

const makeTransactions = (dice: Dice, households: number[], products: number[]): Cell[][] => {
  const lineCount = households.length * linesPerHousehold
  const stores = gappyIds(dice, storeCount, 280, 12)
  const rows: Cell[][] = []
  let basket = 31_000_000_000
  while (rows.length < lineCount) {
    basket += dice.between(1, 900_000)
    const household = dice.pick(households)
    // Few stores do most of the business.
    const store = stores[Math.min(dice.between(0, storeCount - 1), dice.between(0, storeCount - 1))]!
    // The chain's evening is past midnight in UTC, so the last day's baskets reach into the first hours of the next year.
    const second = dice.between(5 * 3600, daysInYear * 86_400 + 5 * 3600 - 1)
    const week = Math.min(53, Math.floor(second / (7 * 86_400)) + 1)
    const at = new Date(yearStart + second * 1000).toISOString().replace('T', ' ').replace('.000', '')
    const kept = Math.min(dice.pick([1, 1, 1, 1, 2, 2, 3, 4]), lineCount - rows.length)
    for (const product of dice.some(products, kept)) {
      const quantity = dice.pick([1, 1, 1, 1, 1, 2, 2, 3])
      const paid = quantity * dice.between(49, 699)
      const off = dice.chance(0.4) ? dice.between(5, 150) : 0
      rows.push([household, store, basket, product, quantity, money(paid), money(off), 0, 0, week, at])
    }
  }
  return rows
}

const makeDemographics = (dice: Dice, households: number[]): Cell[][] =>
  dice.some(households, Math.round(households.length / 3)).map(id => {
    const comp = dice.pick(comps)
    const adults = Number(comp[0])
    const kids = comp.endsWith('No Kids') ? 0 : dice.between(1, 3)
    const status = adults === 2 ? 'Married' : 'Unmarried'
    return [id, dice.pick(ages), dice.pick(incomes), dice.pick(homes), status, adults + kids, comp, kids]
  })

/** Repeats a few rows, as the real lists do: a reader must treat them as sets. */
const couponRows = (dice: Dice, campaigns: Campaign[]): Cell[][] =>
  campaigns.flatMap(campaign =>
    campaign.coupons.flatMap(({ code, products }) =>
      products.flatMap(product => {
        const row = [code, product, campaign.id]
        return dice.chance(0.04) ? [row, row] : [row]
      }),
    ),
  )

/**
 * Writes a made-up year as the seven CSV files into the folder, which is made if need be.
 *
 *     writeSyntheticJourney('data/synthetic', { seed: 1, households: 300 })   // seven files, always the same
 */
export const writeSyntheticJourney = (folder: string, { seed, households: householdCount }: SyntheticOptions): void => {
  const dice = diceFrom(seed)
  const households = gappyIds(dice, householdCount, 0, 8)
  const products = makeProducts(dice)
  const campaigns = makeCampaigns(dice, households, products.ids)
  const redemptions = makeRedemptions(dice, campaigns, households)

  const files: Record<string, string> = {
    'campaign_descriptions.csv': csv(
      'campaign_id,campaign_type,start_date,end_date',
      campaigns.map(({ id, type, start, end }) => [id, type, dateOf(start), dateOf(end)]),
    ),
    'campaigns.csv': csv(
      'campaign_id,household_id',
      campaigns.flatMap(({ id, sentTo }) => sentTo.map(household => [id, household])),
    ),
    'coupons.csv': csv('coupon_upc,product_id,campaign_id', couponRows(dice, campaigns)),
    'coupon_redemptions.csv': csv(
      'household_id,coupon_upc,campaign_id,redemption_date',
      redemptions.map(({ household, code, campaign, day }) => [household, code, campaign, dateOf(day)]),
    ),
    'demographics.csv': csv(
      'household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count',
      makeDemographics(dice, households),
    ),
    'products.csv': csv(
      'product_id,manufacturer_id,department,brand,product_category,product_type,package_size',
      products.rows,
    ),
    'transactions_sample.csv': csv(
      'household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp',
      makeTransactions(dice, households, products.ids),
    ),
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}
