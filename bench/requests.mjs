import { identifyEvent, stormEvent } from './people.mjs'

/** How many people place orders, and how many send events. */
const buyers = 10_000
export const visitors = 1000

/** What visitors do, as often as it stands here. */
const doing = [
  ...['Product Viewed', 'Product Viewed', 'Product Viewed', 'Product Viewed', 'Product List Viewed'],
  ...['Product List Viewed', 'Product Viewed', 'Product Added', 'Cart Viewed', 'Checkout Started'],
]
export const eventNames = [...new Set(doing)]

/** Offers that `spread` deals its orders out to. */
export const spreadOffers = 50

/** Events of one call of `/v1/batch`. */
export const eventsPerBatch = 100

/** @param {number} n @param {number} digits */
const padded = (n, digits) => String(n).padStart(digits, '0')

/** The single-use code of order `n`. */
export const uniqueCode = (/** @type {number} */ n) => `UNIQUE-${padded(n, 8)}`
export const hotCode = 'HOT'
export const spreadCode = (/** @type {number} */ n) => `SPREAD-${padded(n % spreadOffers, 4)}`

const lines = JSON.stringify([
  { id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 },
  { id: '2', sku: 'CROISSANT', category: 'bakery', quantity: 1, unitPrice: 320 },
  { id: '3', sku: 'BEANS-1KG', category: 'coffee', quantity: 1, unitPrice: 1890 },
])

/** @param {number} n @param {string} code @param {boolean} [known] */
const order = (n, code, known = true) =>
  `{${known ? `"person":"loyaltyCard:${padded(n % buyers, 8)}",` : ''}"channel":"store","location":"store-12","currency":"EUR","state":"placed","codes":["${code}"],"lines":${lines}}`

/** @param {string} method @param {string} path @param {string} key @param {string} body ASCII */
const http = (method, path, key, body) =>
  `${method} ${path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`

/** @param {(n: number) => string} codeOf @param {boolean} [known] */
const placing = (codeOf, known) => ({
  /** @param {number} n @param {string} key */
  make: (n, key) => http('PUT', `/v1/orders/bench-${padded(n, 8)}`, key, order(n, codeOf(n), known)),
  // One code was given: nothing refused means that it was redeemed.
  /** @param {string} answer */
  isDone: answer => answer.endsWith('"refused":[]}'),
})

/** Whose points `ledger` moves about; one more gets what goes into one account. */
export const members = Number(process.env.BENCH_MEMBERS ?? 10_000)
export const hotMember = members
export const member = (/** @type {number} */ n) => `member-${padded(n, 6)}`
export const programme = 'club'
/** @type {`points:${string}`} */
export const asset = `points:${programme}`

/** To somebody else each time. @param {number} n */
export const otherMember = n => ((n % members) + 1 + ((n * 7919) % (members - 1))) % members

/** A point from one member to another. @param {(n: number) => number} toOf */
const giving = toOf => ({
  /** @param {number} n @param {string} key */
  make: (n, key) =>
    http(
      'POST',
      '/v1/transfers',
      key,
      `{"from":"loyaltyCard:${member(n % members)}","to":"loyaltyCard:${member(toOf(n))}","programme":"${programme}","points":1}`,
    ),
  isDone: () => true,
})

/** Who has a few lots, and who has very many. */
export const fewLots = { member: members + 1, lots: 10 }
export const manyLots = { member: members + 2, lots: 10_000 }

/** @param {number} who */
const looking = who => ({
  /** @param {number} _n @param {string} key */
  make: (_n, key) =>
    `GET /v1/people/loyaltyCard:${member(who)}/wallet HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${key}\r\n\r\n`,
  isDone: () => true,
})

/** An order of a member, somebody else each time, that earns points. */
const earning = {
  /** @param {number} n @param {string} key */
  make: (n, key) =>
    http(
      'PUT',
      `/v1/orders/earn-${padded(n, 8)}`,
      key,
      `{"person":"loyaltyCard:${member((n * 7919) % members)}","channel":"store","currency":"EUR","state":"placed","lines":${lines}}`,
    ),
  isDone: () => true,
}

/** @param {string} path */
const posting = path => ({
  /** @param {number} n @param {string} key */
  make: (n, key) => http('POST', path, key, order(n, uniqueCode(n))),
  isDone: () => true,
})

export const visitor = (/** @type {number} */ n) => `user-${padded(n % visitors, 6)}`

/** Every visitor does everything in turn. @param {number} n @param {string} at */
const event = (n, at) =>
  `{"type":"track","messageId":"bench-${padded(n, 10)}","userId":"${visitor(n)}","event":"${doing[(n + Math.floor(n / visitors)) % doing.length]}","timestamp":"${at}","properties":{"sku":"LATTE","category":"coffee","price":4.5,"position":3},"context":{"channel":"web"}}`

/** A call of `/v1/batch` with 100 events that such a function tells. @param {(n: number, at: string) => string} eventOf */
const batchOf = eventOf => ({
  /** @param {number} n @param {string} key */
  make: (n, key) => {
    const at = new Date().toISOString()
    const events = Array.from({ length: eventsPerBatch }, (_, index) => eventOf(n * eventsPerBatch + index, at))
    return http('POST', '/v1/batch', key, `{"batch":[${events.join(',')}],"sentAt":"${at}"}`)
  },
  /** @param {string} answer */
  isDone: answer => answer.endsWith(`"stored":${eventsPerBatch},"known":0}`),
})

/** What the load generator can send: request `n` as text, and whether an answer with status 200 did what was asked. */
export const requests = {
  /** An order of a known person with a code that only it has. */
  unique: placing(uniqueCode),
  /** The same from someone who does not say who they are. */
  anonymous: placing(uniqueCode, false),
  /** All with one code of one offer that limits its uses. */
  hot: placing(() => hotCode),
  /** The same over many such offers. */
  spread: placing(spreadCode),
  /** The same order to the call that reads it and does nothing. */
  noop: posting('/v1/noop'),
  /** The same bytes to a server that is not ours. */
  echo: posting('/echo'),
  /** A point from each of 10,000 to another. */
  transfer: giving(otherMember),
  /** A point from each of 10,000 to the same. */
  transferHot: giving(() => hotMember),
  /** An order of each of the members. */
  earning,
  /** The wallet of somebody with a few lots. */
  walletFew: looking(fewLots.member),
  /** The wallet of somebody with very many. */
  walletMany: looking(manyLots.member),
  /** Visitors' events. */
  batch: batchOf(event),
  /** People who tell who they are. */
  identify: batchOf(identifyEvent),
  /** Ever more browsers of one user id. */
  storm: batchOf(stormEvent),
}
