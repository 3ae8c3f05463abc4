// A shop to decide baskets of: its products, people, offers that may match its orders and any number that cannot.
import { liveCampaign, liveOffer } from '../dist/core/offers/live-offer.js'
import { offerInput } from '../dist/core/offers/schema.js'
import { termsMistakes, termsOf } from '../dist/core/offers/terms.js'
import { noUsage } from '../dist/core/orders/limits.js'
import { defaultCombination } from '../dist/core/workspaces/schema.js'

export const linesOfBasket = 10
/** At most so many of the offers that need no claim can match an order, however many there are. */
export const mayMatch = 20
export const grantsOfPerson = 20

const at = Date.UTC(2026, 2, 2, 17)
/** What people buy; nobody buys of the other categories, and offers about them can never match. */
const bought = ['coffee', 'bakery', 'fruit', 'dairy', 'drinks', 'household']
const skusOfCategory = 10
const otherCategories = 200
const otherLocations = 300

/** Numbers of mulberry32, the same ones each time: `dice(7)()` is between 0 and 1. */
const dice = (/** @type {number} */ seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

/** @param {string} category @param {number} n */
const sku = (category, n) => `${category.toUpperCase()}-${n}`
const products = bought.flatMap(category =>
  Array.from({ length: skusOfCategory }, (_, n) => ({ sku: sku(category, n), category })),
)

/** @param {string} category */
const only = category => `line.category == '${category}'`
/** @param {string} category */
const some = category => `order.lines.exists(item, item.category == '${category}')`
/** @param {number} amount */
const euro = amount => ({ amount, currency: 'EUR' })

/** What a shop runs at a time and any basket may get; the first half is what runs where there are few. */
const open = [
  { benefit: { kind: 'percentOff', percent: 10, lines: only('coffee') }, stacking: { priority: 3 } },
  {
    benefit: { kind: 'percentOff', percent: 5 },
    when: 'order.subtotal >= 10000',
    channels: { redeem: ['store', 'web'] },
  },
  { benefit: { kind: 'buyXGetY', buy: { quantity: 2, lines: only('bakery') }, get: { quantity: 1 } } },
  { benefit: { kind: 'freeShipping' }, when: 'order.subtotal >= 8000' },
  { benefit: { kind: 'amountOff', amount: 300, currency: 'EUR' }, when: `order.subtotal >= 6000 && ${some('fruit')}` },
  {
    benefit: { kind: 'percentOff', percent: 15, lines: only('dairy'), max: euro(800) },
    stacking: { group: 'fresh', exclusive: 'group' },
  },
  {
    benefit: { kind: 'percentOff', percent: 20, lines: "line.sku in ['FRUIT-1', 'FRUIT-2', 'DAIRY-3']" },
    stacking: { group: 'fresh' },
  },
  {
    benefit: {
      kind: 'tieredSpend',
      tiers: [
        { spend: 5000, amount: 200 },
        { spend: 12000, amount: 700 },
      ],
      currency: 'EUR',
    },
  },
  { benefit: { kind: 'amountOff', amount: 50, currency: 'EUR', lines: only('drinks'), each: 'unit' } },
  { benefit: { kind: 'percentOff', percent: 8 }, when: 'order.total >= 9000', stacking: { group: 'evening' } },
  { benefit: { kind: 'fixedPrice', price: 99, currency: 'EUR', lines: "line.sku == 'BAKERY-4'", maxUnits: 2 } },
  {
    benefit: {
      kind: 'bundle',
      items: [
        { lines: only('coffee'), quantity: 1 },
        { lines: only('bakery'), quantity: 1 },
      ],
      price: 350,
      currency: 'EUR',
    },
  },
  { benefit: { kind: 'percentOff', percent: 12, lines: "inCollection(line.sku, 'breakfast')" } },
  { benefit: { kind: 'percentOff', percent: 3 }, when: "location == 'store-12' && between(local.hour, 17, 18)" },
  {
    benefit: { kind: 'freeItem', items: [{ sku: 'MUG', stock: 1000 }] },
    when: 'order.quantity >= 15',
    worth: euro(200),
  },
  {
    benefit: { kind: 'percentOff', percent: 7, lines: only('household') },
    when: "has(person.traits.plan) && person.traits.plan == 'gold'",
  },
  {
    benefit: { kind: 'amountOff', amount: 500, currency: 'EUR' },
    when: 'person.orders.count >= 5 && order.subtotal >= 9000',
  },
  { benefit: { kind: 'percentOff', percent: 25, lines: only('fruit') }, stacking: { exclusive: 'order' } },
  { benefit: { kind: 'shippingOff', amount: 200, currency: 'EUR' }, when: "channel == 'web'" },
  {
    benefit: { kind: 'percentOff', percent: 10, lines: 'line.quantity >= 3' },
    limits: { uses: 100000, perPerson: 3 },
  },
]

/** Issued to the person; half of them are about what she does not buy, or ask for more than she spends. */
const granted = Array.from({ length: grantsOfPerson }, (_, n) => {
  const category = bought[n % bought.length] ?? ''
  const elsewhere = `category-${n}`
  return [
    { benefit: { kind: 'percentOff', percent: 5 + n, lines: only(category) } },
    { benefit: { kind: 'amountOff', amount: 100 + 20 * n, currency: 'EUR' }, when: 'order.subtotal >= 40000' },
    { benefit: { kind: 'percentOff', percent: 30, lines: only(elsewhere) } },
    { benefit: { kind: 'amountOff', amount: 150 + 10 * n, currency: 'EUR', lines: only(category) } },
  ][n % 4]
})

/** Offer `n` of those that cannot match an order here, for one of the reasons that offers have. */
const foreign = (/** @type {number} */ n) => {
  const category = `category-${n % otherCategories}`
  const percent = { kind: 'percentOff', percent: 5 + (n % 30) }
  const inStock = { ...percent, lines: only(bought[n % bought.length] ?? '') }
  return [
    { benefit: { ...percent, lines: `line.sku == '${sku(category, n)}'` } },
    { benefit: { ...percent, lines: `${only(category)} && line.unitPrice >= 500` } },
    { benefit: { ...percent, lines: `line.sku in ['${sku(category, n)}', '${sku(category, n + 1)}']` } },
    { benefit: { kind: 'buyXGetY', buy: { quantity: 2, lines: only(category) }, get: { quantity: 1 } } },
    { benefit: { ...percent, lines: `inCollection(line.sku, 'season-${n}')` } },
    { benefit: percent, when: `${some(category)} && order.subtotal >= 5000` },
    { benefit: inStock, when: `location == 'store-${1000 + (n % otherLocations)}'` },
    { benefit: percent, when: `order.subtotal >= 3000 && location in ['store-${2000 + n}', 'store-${3000 + n}']` },
    { benefit: inStock, when: `inSegment('segment-${n % 50}') && person.orders.count > 2` },
    { benefit: inStock, channels: { redeem: ['whatsapp', 'callCentre'] } },
    { benefit: inStock, validity: { from: '2026-04-01T00:00:00Z', to: '2026-05-01T00:00:00Z' } },
    { benefit: { kind: 'amountOff', amount: 100, currency: 'CHF', lines: only(category) } },
    { benefit: inStock, campaign: 'club' },
  ][n % 13]
}

const campaignOf = (/** @type {string} */ name, /** @type {'everyone' | 'members'} */ audience) =>
  liveCampaign({ id: `cmp_${name.padStart(26, '0')}`, name, state: 'live', body: { audience } })
const campaigns = { everybody: campaignOf('everybody', 'everyone'), club: campaignOf('club', 'members') }

/** @param {number} n @param {Record<string, unknown>} body @param {'basket' | 'grant'} on */
const anOffer = (n, { campaign: name = 'everybody', ...body }, on) => {
  const campaign = campaigns[/** @type {keyof typeof campaigns} */ (name)]
  const input = { ...body, name: `Offer ${n}`, trigger: { on }, campaign: campaign.id }
  const terms = termsOf(offerInput.parse(input))
  const offer = liveOffer(
    { id: `off_${String(n).padStart(26, '0')}`, version: 1, state: 'live', body: terms },
    campaign,
  )
  const mistakes = termsMistakes(terms)
  if (offer.broken || mistakes.length > 0) throw new Error(JSON.stringify([input, mistakes]))
  return offer
}

/** So many offers that need no claim; those that may match lie scattered among the others. */
export const openOffers = (/** @type {number} */ count) => {
  const matching = Math.min(mayMatch, count)
  const every = count / matching
  return Array.from({ length: count }, (_, n) => {
    const which = Math.floor(n / every)
    const isFirst = n === Math.ceil(which * every)
    return anOffer(n, (isFirst ? open[which] : foreign(n)) ?? {}, 'basket')
  })
}

/** What was issued to the person, as the decision is given it. */
export const grantedCandidates = () =>
  granted.map((body, n) => ({
    offer: anOffer(1_000_000 + n, body ?? {}, 'grant'),
    usage: noUsage,
    isMember: false,
    grant: { id: `gra_${n}`, state: /** @type {const} */ ('issued'), expiresAt: null, isOwn: true },
  }))

const breakfast = new Set([sku('coffee', 0), sku('coffee', 1), sku('bakery', 0), sku('dairy', 0), sku('fruit', 0)])
/** @param {string} sku @param {string} collection */
const inCollection = (sku, collection) => collection === 'breakfast' && breakfast.has(sku)

/** Baskets of ten lines, the same ones each time; without the offers that need no claim. */
export const baskets = (/** @type {number} */ count) => {
  const next = dice(1)
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit)
  return Array.from({ length: count }, (_, n) => {
    const left = [...products]
    const lines = Array.from({ length: linesOfBasket }, (_, index) => {
      const [product] = left.splice(below(left.length), 1)
      return {
        id: `${index + 1}`,
        ...(product ?? { sku: '', category: '' }),
        quantity: 1 + below(4),
        unitPrice: 99 + 50 * below(24),
      }
    })
    return {
      at,
      timeZone: 'Europe/Rome',
      combination: defaultCombination,
      order: {
        id: `order-${n}`,
        currency: 'EUR',
        channel: below(2) === 0 ? 'store' : 'web',
        location: below(2) === 0 ? 'store-12' : 'store-13',
        lines,
        shipping: 490,
      },
      person: {
        id: 'per_1',
        known: true,
        identifiers: ['email', 'loyaltyCard'],
        segments: ['regulars'],
        orders: { count: below(12), spend: 30_000 },
        traits: { plan: below(2) === 0 ? 'gold' : 'silver' },
      },
      codes: [],
      inCollection,
    }
  })
}
