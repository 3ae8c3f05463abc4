/**
 * The year that `tessera replay complete-journey` plays: a grocery chain's coupon campaigns as seven CSV files, the shape of
 * dunnhumby's public "Complete Journey". Reads them into the rows that the replay sends, and checks what it relies on, so that a wrong
 * file is told by its line before anything is sent.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { CsvError, type CsvRow, readCsv } from '../csv.ts'

/** First and last day, both included, as local dates of the workspace (UTC for this data). */
export type JourneyCampaign = { id: string; type: string; startDate: string; endDate: string }
export type JourneySend = { campaign: string; household: string }
/** One coupon × campaign: what becomes an offer. `products` are distinct and in numeric order. */
export type JourneyCoupon = { campaign: string; code: string; products: string[] }
/** `row` counts the data rows of the file from 1; the same coupon may be redeemed twice on a day, so nothing else is a key. */
export type JourneyRedemption = { row: number; household: string; code: string; campaign: string; date: string }
export type JourneyHousehold = { id: string; age: string; income: string; size: string; kids: string }
export type JourneyProduct = {
  id: string
  department: string
  brand: string
  category: string
  type: string
  packageSize: string
}
/**
 * `salesMinor` is what was paid for the whole line, in cents. `quantity` is as the till wrote it: 0 for some returns and free goods, and
 * tens of thousands where fuel was counted in thousandths of a gallon, so it is no multiplier for a unit price.
 */
export type JourneyLine = { product: string; quantity: number; salesMinor: number }
export type JourneyBasket = { id: string; household: string; store: string; at: string; lines: JourneyLine[] }

export type Journey = {
  /** In numeric order of their ids. */
  campaigns: JourneyCampaign[]
  sends: JourneySend[]
  /** In the order of (campaign number, code): the order in which offers are made, which settles ties between them. */
  coupons: JourneyCoupon[]
  /** In the order they happened: by date, within a date as in the file. */
  redemptions: JourneyRedemption[]
  /** Every household that any file names, in numeric order; with its traits where the file of demographics has it. */
  households: { id: string; traits?: JourneyHousehold }[]
  products: Map<string, JourneyProduct>
  /** By time. */
  baskets: JourneyBasket[]
}

/** The files and the columns read from each; others may stand between them. */
const columns = {
  'campaign_descriptions.csv': ['campaign_id', 'campaign_type', 'start_date', 'end_date'],
  'campaigns.csv': ['campaign_id', 'household_id'],
  'coupons.csv': ['coupon_upc', 'product_id', 'campaign_id'],
  'coupon_redemptions.csv': ['household_id', 'coupon_upc', 'campaign_id', 'redemption_date'],
  'demographics.csv': ['household_id', 'age', 'income', 'household_size', 'kids_count'],
  'products.csv': ['product_id', 'department', 'brand', 'product_category', 'product_type', 'package_size'],
  'transactions_sample.csv': [
    'household_id',
    'store_id',
    'basket_id',
    'product_id',
    'quantity',
    'sales_value',
    'transaction_timestamp',
  ],
} as const

type FileName = keyof typeof columns
type Row<F extends FileName> = CsvRow<(typeof columns)[F][number]>

const whereToGetIt =
  'The data is the R package github.com/bradleyboehmke/completejourney, its tables saved as CSV; or play a made-up year with --synthetic.'

const checkFolder = (folder: string): void => {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new CsvError(`There is no folder ${folder}. ${whereToGetIt}`)
  const missing = Object.keys(columns).filter(
    file => !statSync(join(folder, file), { throwIfNoEntry: false })?.isFile(),
  )
  if (missing.length > 0) throw new CsvError(`The folder ${folder} has no ${missing.join(', ')}. ${whereToGetIt}`)
}

/** Ids are whole numbers written as text, some as R prints them (`9e+05`); they are kept as written and ordered as numbers. */
const numerically = (a: string, b: string): number => Number(a) - Number(b)
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const read = <F extends FileName>(folder: string, file: F): AsyncGenerator<Row<F>, void> =>
  readCsv<(typeof columns)[F][number]>(join(folder, file), columns[file])

const mistake = (file: FileName, line: number, problem: string): never => {
  throw new CsvError(`${file}, line ${line}: ${problem}`)
}

const dateIn = (file: FileName, line: number, column: string, text: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
    ? text
    : mistake(file, line, `${column} is "${text}", not a date like 2017-01-31`)

const numberIn = (file: FileName, line: number, column: string, text: string): number => {
  const value = Number(text)
  return text !== '' && Number.isFinite(value) && value >= 0
    ? value
    : mistake(file, line, `${column} is "${text}", not a number of 0 or more`)
}

const readCampaigns = async (folder: string): Promise<JourneyCampaign[]> => {
  const file = 'campaign_descriptions.csv'
  const campaigns: JourneyCampaign[] = []
  for await (const { line, row } of read(folder, file)) {
    const startDate = dateIn(file, line, 'start_date', row.start_date)
    const endDate = dateIn(file, line, 'end_date', row.end_date)
    if (endDate < startDate) mistake(file, line, `campaign ${row.campaign_id} ends before it starts`)
    campaigns.push({ id: row.campaign_id, type: row.campaign_type, startDate, endDate })
  }
  return campaigns.sort((a, b) => numerically(a.id, b.id))
}

const readSends = async (folder: string, known: Set<string>): Promise<JourneySend[]> => {
  const file = 'campaigns.csv'
  const sends: JourneySend[] = []
  for await (const { line, row } of read(folder, file)) {
    if (!known.has(row.campaign_id)) mistake(file, line, `campaign_descriptions.csv has no campaign ${row.campaign_id}`)
    sends.push({ campaign: row.campaign_id, household: row.household_id })
  }
  return sends
}

const couponKey = (campaign: string, code: string): string => `${campaign} ${code}`

const readCoupons = async (folder: string, known: Set<string>): Promise<Map<string, JourneyCoupon>> => {
  const file = 'coupons.csv'
  const lists = new Map<string, { campaign: string; code: string; products: Set<string> }>()
  for await (const { line, row } of read(folder, file)) {
    if (!known.has(row.campaign_id)) mistake(file, line, `campaign_descriptions.csv has no campaign ${row.campaign_id}`)
    const key = couponKey(row.campaign_id, row.coupon_upc)
    const list = lists.get(key)
    if (list) list.products.add(row.product_id)
    else lists.set(key, { campaign: row.campaign_id, code: row.coupon_upc, products: new Set([row.product_id]) })
  }
  const inOrder = [...lists].sort(([, a], [, b]) => numerically(a.campaign, b.campaign) || numerically(a.code, b.code))
  return new Map(
    inOrder.map(([key, { campaign, code, products }]) => [
      key,
      { campaign, code, products: [...products].sort(numerically) },
    ]),
  )
}

const readRedemptions = async (folder: string, coupons: Map<string, JourneyCoupon>): Promise<JourneyRedemption[]> => {
  const file = 'coupon_redemptions.csv'
  const redemptions: JourneyRedemption[] = []
  for await (const { line, row } of read(folder, file)) {
    const { household_id: household, coupon_upc: code, campaign_id: campaign } = row
    if (!coupons.has(couponKey(campaign, code)))
      mistake(file, line, `coupons.csv has no coupon ${code} in campaign ${campaign}`)
    const date = dateIn(file, line, 'redemption_date', row.redemption_date)
    redemptions.push({ row: redemptions.length + 1, household, code, campaign, date })
  }
  return redemptions.sort((a, b) => byText(a.date, b.date))
}

const readHouseholds = async (folder: string): Promise<Map<string, JourneyHousehold>> => {
  const households = new Map<string, JourneyHousehold>()
  for await (const { row } of read(folder, 'demographics.csv')) {
    const { household_id: id, age, income, household_size: size, kids_count: kids } = row
    households.set(id, { id, age, income, size, kids })
  }
  return households
}

const readProducts = async (folder: string): Promise<Map<string, JourneyProduct>> => {
  const products = new Map<string, JourneyProduct>()
  for await (const { row } of read(folder, 'products.csv')) {
    const { product_id: id, department, brand, product_category: category, product_type: type } = row
    products.set(id, { id, department, brand, category, type, packageSize: row.package_size })
  }
  return products
}

const readBaskets = async (folder: string): Promise<JourneyBasket[]> => {
  const file = 'transactions_sample.csv'
  const baskets = new Map<string, JourneyBasket>()
  for await (const { line, row } of read(folder, file)) {
    const at = row.transaction_timestamp.replace(' ', 'T')
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(at) || Number.isNaN(Date.parse(at)))
      mistake(
        file,
        line,
        `transaction_timestamp is "${row.transaction_timestamp}", not a time like 2017-01-28 19:06:53Z`,
      )
    const bought: JourneyLine = {
      product: row.product_id,
      quantity: numberIn(file, line, 'quantity', row.quantity),
      salesMinor: Math.round(numberIn(file, line, 'sales_value', row.sales_value) * 100),
    }
    const basket = baskets.get(row.basket_id)
    if (!basket) {
      baskets.set(row.basket_id, {
        id: row.basket_id,
        household: row.household_id,
        store: row.store_id,
        at,
        lines: [bought],
      })
      continue
    }
    if (basket.household !== row.household_id || basket.store !== row.store_id || basket.at !== at)
      mistake(file, line, `basket ${row.basket_id} has another household, store or time than in an earlier line`)
    basket.lines.push(bought)
  }
  return [...baskets.values()].sort((a, b) => byText(a.at, b.at) || byText(a.id, b.id))
}

/**
 * Reads the seven files of the folder.
 *
 *     (await readJourney('../shared/data/complete-journey')).coupons.length   // 1197
 *
 * Throws a `CsvError` whose message says which folder, file or line is wrong and what to do.
 */
export const readJourney = async (folder: string): Promise<Journey> => {
  checkFolder(folder)
  const campaigns = await readCampaigns(folder)
  const known = new Set(campaigns.map(campaign => campaign.id))
  const sends = await readSends(folder, known)
  const coupons = await readCoupons(folder, known)
  const redemptions = await readRedemptions(folder, coupons)
  const traits = await readHouseholds(folder)
  const products = await readProducts(folder)
  const baskets = await readBaskets(folder)

  const ids = new Set(traits.keys())
  for (const { household } of [...sends, ...redemptions, ...baskets]) ids.add(household)
  const households = [...ids].sort(numerically).map(id => ({ id, traits: traits.get(id) }))
  return { campaigns, sends, coupons: [...coupons.values()], redemptions, households, products, baskets }
}
