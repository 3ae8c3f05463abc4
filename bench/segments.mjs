// A hundred live segments for what the bench's visitors do, and the visitors that they are about.
import { setTimeout as sleep } from 'node:timers/promises'
import { eventNames, visitor, visitors } from './requests.mjs'

/** @typedef {ReturnType<typeof import('./caller.mjs').makeCaller>} Caller */

/** The segment that whoever goes to the checkout enters with that event. */
export const entered = 'checkout-1-in-7'
const enteredBy = 'Checkout Started'

/** @param {readonly [id: string, when: string][]} pairs */
const named = pairs => pairs.map(([id, when]) => ({ id, when }))

const slug = (/** @type {string} */ name) => (name === enteredBy ? 'checkout' : name.toLowerCase().replaceAll(' ', '-'))

const counting = eventNames.flatMap(name =>
  [
    [1, 1],
    [1, 7],
    [3, 7],
    [10, 7],
    [50, 7],
    [5, 30],
    [20, 30],
    [100, 90],
  ].map(([times, days]) => ({
    id: `${slug(name)}-${times}-in-${days}`,
    when: `events('${name}', ${days}) >= ${times}`,
  })),
)

const combining = eventNames.flatMap((name, index) => {
  const next = eventNames[(index + 1) % eventNames.length]
  return [
    { id: `${slug(name)}-and-next`, when: `events('${name}', 7) >= 2 && events('${next}', 30) < 5` },
    {
      id: `${slug(name)}-gold`,
      when: `events('${name}', 30) >= 3 && has(person.traits.plan) && person.traits.plan == 'gold'`,
    },
  ]
})

const buying = named([
  ['bought-once', 'orders(30) >= 1'],
  ['bought-twice', 'orders(30) >= 2'],
  ['bought-5-times', 'orders(90) >= 5'],
  ['bought-ever', 'person.orders.count > 0'],
  ['never-bought', 'person.orders.count == 0'],
  ['store', "ordersIn('store', 30) >= 1"],
  ['store-twice', "ordersIn('store', 30) >= 2"],
  ['web', "ordersIn('web', 30) >= 1"],
  ['web-never-store', "ordersIn('web', 30) >= 1 && ordersIn('store') == 0"],
  ['spent-10', 'spend(30) >= 1000'],
  ['spent-50', 'spend(90) >= 5000'],
  ['spent-500', 'spend(365) >= 50000'],
  ['coffee', "ordersOf('coffee', 30) >= 1"],
  ['coffee-twice', "ordersOf('coffee', 30) >= 2"],
  ['bakery', "unitsOf('bakery', 90) >= 3"],
  ['high-value', 'averageValue(90) >= 2500'],
  ['lapsing', 'person.orders.count > 0 && daysSince(person.orders.lastAt) > 30'],
  ['lapsed', 'person.orders.count > 0 && daysSince(person.orders.lastAt) > 90'],
  ['returns', 'person.returns > 0'],
  ['given-and-not-used', 'person.offers.received > person.offers.used'],
])

const being = named([
  ...['gold', 'silver', 'bronze'].map(
    plan => /** @type {const} */ ([plan, `has(person.traits.plan) && person.traits.plan == '${plan}'`]),
  ),
  ...['Milan', 'Rome', 'Turin', 'Naples', 'Bari', 'Genoa', 'Como'].map(
    city => /** @type {const} */ ([city.toLowerCase(), `has(person.traits.city) && person.traits.city == '${city}'`]),
  ),
  ...['email', 'phone', 'loyaltyCard', 'anonymousId'].map(
    type => /** @type {const} */ ([`has-${type}`, `'${type}' in person.identifiers`]),
  ),
  ...['marketing', 'service', 'research'].map(
    purpose => /** @type {const} */ ([`email-${purpose}`, `consented('email', '${purpose}')`]),
  ),
  ...['marketing', 'service', 'research'].map(
    purpose => /** @type {const} */ ([`no-sms-${purpose}`, `!consented('sms', '${purpose}')`]),
  ),
])

const within = named([
  ['gold-at-checkout', "inSegment('gold') && inSegment('checkout-1-in-7')"],
  ['looks-only', "inSegment('product-viewed-10-in-7') && !inSegment('checkout-1-in-7')"],
  ['buyers-who-look', "inSegment('bought-once') && inSegment('product-viewed-3-in-7')"],
  ['may-be-mailed', "inSegment('email-marketing') && inSegment('has-email')"],
  ['mail-about-cart', "inSegment('may-be-mailed') && inSegment('cart-viewed-1-in-7')"],
  ['busy', "inSegment('product-viewed-50-in-7') || inSegment('product-list-viewed-50-in-7')"],
  ['milan-buyers', "inSegment('milan') && orders(90) >= 1"],
  ['win-back', "inSegment('lapsed') && inSegment('may-be-mailed')"],
  ['new-and-busy', "inSegment('never-bought') && events('Product Viewed', 7) >= 3"],
  ['silver-in-store', "inSegment('silver') && inSegment('store')"],
])

const segments = [...counting, ...combining, ...buying, ...being, ...within]

/** Makes the segments, and waits until all count. @param {Caller} caller */
export const makeSegments = async ({ get, put }) => {
  for (const { id, when } of segments) await put(`/v1/segments/${id}`, { kind: 'live', when })
  for (;;) {
    const { data } = await get('/v1/segments?limit=1000')
    if (data.length === segments.length && data.every((/** @type {any} */ it) => it.state === 'ready')) return
    await sleep(200)
  }
}

const plans = ['gold', 'silver', 'bronze', 'none']
const cities = ['Milan', 'Rome', 'Turin', 'Naples', 'Bari', 'Genoa', 'Como', 'Trieste']

/** Visitors are people with an address and traits; some bought before, and some may be written to. @param {Caller} caller */
export const makeVisitors = async ({ post, put }) => {
  const all = Array.from({ length: visitors }, (_, n) => n)
  const identify = all.map(n => ({
    type: 'identify',
    messageId: `visitor-${n}`,
    userId: visitor(n),
    traits: { email: `visitor-${n}@example.com`, plan: plans[n % plans.length], city: cities[n % cities.length] },
  }))
  const bought = all
    .filter(n => n % 3 === 0)
    .map(n => ({
      type: 'track',
      messageId: `bought-${n}`,
      userId: visitor(n),
      event: 'Order Completed',
      properties: {
        order_id: `bought-${n}`,
        currency: 'EUR',
        total: 4.5 * (1 + (n % 10)),
        products: [{ sku: 'LATTE', category: 'coffee', price: 4.5, quantity: 1 + (n % 10) }],
      },
      context: { channel: n % 2 === 0 ? 'store' : 'web' },
    }))
  const batch = [...identify, ...bought]
  for (let from = 0; from < batch.length; from += 100) await post('/v1/batch', { batch: batch.slice(from, from + 100) })
  for (let n = 0; n < visitors; n += 20)
    await put(`/v1/people/email:visitor-${n}@example.com/consents`, {
      consents: [{ channel: 'email', purpose: 'marketing', state: 'given' }],
    })
}

/** How many segments have members, and how many memberships that is. @param {Caller} caller */
export const countMembers = async ({ get }) => {
  const sizes = []
  for (const { id } of segments) sizes.push((await get(`/v1/segments/${id}`)).size)
  return {
    segments: sizes.length,
    segmentsWithMembers: sizes.filter(it => it > 0).length,
    members: sizes.reduce((sum, it) => sum + it, 0),
  }
}

/**
 * Of so many new people: how many get what only members get with the first order after the event that makes them one, and did not
 * get it before.
 *
 * @param {Caller} caller @param {number} people
 */
export const countVisible = async ({ post, put }, people) => {
  const { id: campaign } = await post('/v1/campaigns', { name: 'Members' })
  const { id: offer } = await post('/v1/offers', {
    campaign,
    name: 'At the checkout',
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 10 },
    when: `inSegment('${entered}')`,
  })
  const lines = [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 1, unitPrice: 450 }]
  const isGiven = async (/** @type {number} */ n) => {
    const order = { person: `userId:newcomer-${n}`, channel: 'web', currency: 'EUR', state: 'open', lines }
    const { applied } = await put(`/v1/orders/newcomer-${n}?dryRun=true`, order)
    return applied.some((/** @type {any} */ it) => it.offer === offer)
  }
  let visible = 0
  for (let n = 0; n < people; n++) {
    const before = await isGiven(n)
    await post('/v1/track', { userId: `newcomer-${n}`, event: enteredBy })
    if (!before && (await isGiven(n))) visible++
  }
  return visible
}
