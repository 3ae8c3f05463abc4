import { beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../src/adapters/storage/database.ts'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import { canonicalJson } from '../src/core/kernel/canonical.ts'
import { chanceSeed, drawOf, isWin } from '../src/core/offers/chance.ts'
import { normalizeCode } from '../src/core/offers/code.ts'
import { isHeldOut } from '../src/core/offers/holdout.ts'
import { decideLocally } from '../src/sdk/browser.ts'
import { digestFor } from '../src/server/workspaces.ts'
import { serve, type TestServer } from '../test/server.ts'
import {
  type Answer,
  campaignNames,
  casesByFile,
  type DecisionCase,
  type Json,
  localInputOf,
  offerBody,
  timeOf,
  toldAnswer,
  usageOf,
} from './decision-case.ts'

/** What a server cannot be brought to, why, and how many cases ask for it. */
const notOverHttp: readonly (readonly [why: string, asks: (given: DecisionCase) => boolean, cases: number])[] = [
  ['offers are issued and end on the clock of now', ({ person }) => person?.did?.some(it => 'grant' in it) === true, 3],
]

// A clock that stands after the last case and moves only when something is made, so that ids sort as things were made.
const time = { now: Date.UTC(2030, 0, 1) }
let server: TestServer
let database: Database

beforeAll(async () => {
  server = await serve('postgres', { clock: () => time.now })
  database = openPostgres({ url: server.databaseUrl!, poolSize: 4 })
  return () => database.close()
})

const cases = casesByFile.map(
  ([file, all]) => [file, all.filter(given => !notOverHttp.some(([, asks]) => asks(given)))] as const,
)

it.each(notOverHttp)('leaves out what cannot be said over HTTP: %s', (_why, asks, count) => {
  expect(casesByFile.flatMap(([, all]) => all).filter(asks)).toHaveLength(count)
})

describe.each(cases)('%s', (_file, given) => {
  it.concurrent.each(given)('$name', async asked => {
    const answer = await askServer(asked)
    expect(toldAnswer(answer, new Map(), asked)).toEqual({ applied: [], available: [], refused: [], ...asked.expect })
    const { input, names } = localInputOf(asked)
    expect(canonicalJson(answer)).toBe(canonicalJson(inNames(decideLocally(input), names)))
  })
})

let workspaces = 0

/** Makes the world of the case in a workspace of its own and asks for the order; the answer names things as the case does. */
const askServer = async (given: DecisionCase): Promise<Answer> => {
  workspaces += 1
  const workspace = `case-${workspaces}`
  const call = async (method: string, path: string, body?: unknown) => {
    time.now += 1
    const { status, json, text } = await server.call(method, path, body, {
      headers: path === '/v1/workspaces' ? {} : { 'tessera-workspace': workspace },
    })
    if (status >= 300) throw new Error(`${method} ${path}: ${text}`)
    return json
  }
  const { timeZone = 'UTC', combination, campaigns = {}, offers, codes = {}, collections = {}, grants = {} } = given
  await call('POST', '/v1/workspaces', { id: workspace, name: given.name.slice(0, 60), timeZone })
  if (combination) await call('PATCH', `/v1/workspaces/${workspace}`, { combination })
  for (const [collection, skus] of Object.entries(collections))
    await call('PUT', `/v1/collections/${collection}`, { skus })
  const campaignIds = new Map<string, string>()
  for (const name of campaignNames(given)) {
    const { id } = await call('POST', '/v1/campaigns', { ...campaigns[name], name: name || 'Everything' })
    campaignIds.set(name, id)
  }
  // What she did before is done before there are offers, which would apply to it.
  await doBefore(given, call)
  const asked = JSON.stringify(offers).matchAll(/inSegment\('([a-z-]+)'\)/gi)
  const segments = [...new Set([...(given.person?.segments ?? []), ...[...asked].map(it => it[1]!)])]
  for (const segment of segments) await call('PUT', `/v1/segments/${segment}`, { kind: 'list' })
  const ids = new Map<string, string>()
  for (const name of Object.keys(offers)) {
    const { state: _, ...body } = offerBody(given, name, campaignIds, ids)
    const { id } = await call('POST', '/v1/offers', body)
    ids.set(name, id)
  }
  // Offers that name each other know the others' ids only when all are made.
  for (const name of Object.keys(offers)) {
    const { stacking } = offerBody(given, name, campaignIds, ids) as { readonly stacking?: Json }
    if (stacking?.combinesWith) await call('PATCH', `/v1/offers/${ids.get(name)}`, { stacking })
  }
  const names = new Map([...ids].map(([name, id]) => [id, name]))

  const person = await findPerson(given, workspace, campaignIds, ids)
  if (given.person?.did && person !== somebody) throw new Error(`what ${given.name} did was done by somebody else`)
  if (person) await introduce(given, person, call)
  for (const segment of given.person?.segments ?? [])
    await call('PATCH', `/v1/segments/${segment}/people`, { add: [person], remove: [] })
  for (const deed of given.person?.did ?? [])
    for (let time = 0; 'event' in deed && time < (deed.times ?? 1); time += 1)
      await call('POST', '/v1/track', { userId: 'p0', event: deed.event, timestamp: timeOf(deed) })
  for (const name of given.person?.memberOf ?? [])
    await call('POST', `/v1/campaigns/${campaignIds.get(name)}/members`, { people: [person] })
  for (const [code, claimed] of Object.entries(codes))
    for (const name of claimed) await call('POST', `/v1/offers/${ids.get(name)}/codes`, { codes: [code], shared: true })
  for (const [name, { offer, of, code = null, state = 'issued', expiresAt = null }] of Object.entries(grants)) {
    const people = [of === undefined && person ? person : 'userId:another']
    const { data } = await call('POST', `/v1/offers/${ids.get(offer)}/grants`, { people, withCode: code !== null })
    names.set(data[0].id, name)
    // The API draws the code, and lets nobody choose how a grant ends.
    await database.query(
      'update grants set state = $3, expires_at = $4::timestamptz, code = $5 where workspace_id = $1 and id = $2',
      [workspace, data[0].id, state, expiresAt, code],
    )
    if (code !== null)
      await database.query('update codes set code = $3, given = $4 where workspace_id = $1 and grant_id = $2', [
        workspace,
        data[0].id,
        normalizeCode(code),
        code,
      ])
  }
  // Last: what has ended takes no codes and grants any more.
  for (const [name, { state }] of Object.entries(offers))
    if (state !== undefined) await call('PATCH', `/v1/offers/${ids.get(name)}`, { state })
  await use(given, workspace, campaignIds, ids, person)

  const { choices, ...order } = given.order
  // Surprises are drawn when an order is placed, and never by a dry run.
  const isPlaced = given.draws !== undefined
  const answer = await call('PUT', `/v1/orders/order-1${isPlaced ? '' : '?dryRun=true'}`, {
    channel: 'store',
    ...order,
    ...(choices && { choices: Object.fromEntries(Object.entries(choices).map(([name, sku]) => [ids.get(name), sku])) }),
    ...(person && { person }),
    state: isPlaced ? 'placed' : 'open',
    occurredAt: given.at,
  })
  return inNames(decided(answer), names)
}

/** Of an order's answer what was decided, without what only a stored order has. */
const decided = ({ totals, lines, applied, available, refused, withheld, combination }: Json): Answer =>
  JSON.parse(
    JSON.stringify({ totals, lines, applied, available, refused, withheld, combination }, (key, value) =>
      key === 'redemption' || key === 'grants' ? undefined : value,
    ),
  )

const inNames = (answer: Answer, names: ReadonlyMap<string, string>): Answer =>
  JSON.parse(JSON.stringify(answer), (_, value) => (typeof value === 'string' ? (names.get(value) ?? value) : value))

/** Somebody whom the hash holds out as the case says, and whose draws come out as it says. */
const findPerson = async (
  given: DecisionCase,
  workspace: string,
  campaignIds: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
): Promise<string | undefined> => {
  if (!given.person) return undefined
  const { heldOut = [] } = given.person
  const { rows } = await database.query<{ secret: string }>('select secret from workspaces where id = $1', [workspace])
  const secret = Buffer.from(rows[0]!.secret, 'base64')
  const fits = (anchor: string): boolean =>
    Object.entries(given.campaigns ?? {}).every(
      ([name, { holdout = 0 }]) =>
        isHeldOut(campaignIds.get(name)!, anchor, holdout as number) === heldOut.includes(name),
    ) &&
    Object.entries(given.draws ?? {}).every(([name, draw]) => {
      const { wins, outOf } = given.offers[name]!.chance as { readonly wins: number; readonly outOf: number }
      const seed = chanceSeed({ offerId: ids.get(name)!, version: 1, anchor, period: 'ever' })
      return isWin({ draw: drawOf(digestFor(secret, seed), outOf), wins }) === (draw !== 'lost')
    })
  for (let tried = 0; tried < 100_000; tried += 1) if (fits(`userId:p${tried}`)) return `userId:p${tried}`
  throw new Error(`nobody fits ${given.name}`)
}

type Call = (method: string, path: string, body?: unknown) => Promise<Json>

/** Whoever is asked for where no hash has to hold her out. */
const somebody = 'userId:p0'

/** Her orders of before and what came back, and the computed traits there are. */
const doBefore = async ({ person, traits = [] }: DecisionCase, call: Call): Promise<void> => {
  const values: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(traits.map(name => [name, undefined])),
    ...person?.computed,
  }
  for (const [name, value] of Object.entries(values)) {
    // One without a value is one whose expression fails.
    const expression = value === undefined ? 'daysSince(person.id) > 0' : JSON.stringify(value).replaceAll('"', "'")
    await call('PUT', `/v1/traits/${name}`, { kind: 'cel', expression })
  }
  for (const [index, deed] of (person?.did ?? []).entries()) {
    if (!('order' in deed)) continue
    const { channel = 'store' } = deed
    const lines = Object.entries(deed.order).map(([category, [quantity, cost]]) => ({
      id: category,
      sku: category,
      category,
      quantity,
      unitPrice: cost / quantity,
    }))
    const order = { person: somebody, state: 'placed', channel, lines, occurredAt: timeOf(deed) }
    await call('PUT', `/v1/orders/did-${index}`, order)
    if (deed.returned === undefined) continue
    const back = lines.map(({ id, quantity }) => ({ id, quantity }))
    const occurredAt = timeOf({ on: deed.returned })
    await call('POST', `/v1/orders/did-${index}/returns`, { id: 'all', lines: back, occurredAt })
  }
}

/** Tells the server who she is and what she bought. */
const introduce = async ({ person = {} }: DecisionCase, ref: string, call: Call): Promise<void> => {
  const { traits = {}, identifiers = [], birthday, orders = { count: 0, spend: 0 } } = person
  const userId = ref.slice('userId:'.length)
  const told = {
    ...(identifiers.includes('email') && { email: 'ana@example.com' }),
    ...(identifiers.includes('phone') && { phone: '+393331234567' }),
    ...(birthday !== undefined && { birthday }),
  }
  await call('POST', '/v1/identify', { userId, traits: { ...traits, ...told } })
  const { count, spend, firstAt = '2025-06-01', lastAt = firstAt } = orders
  for (let order = 0; order < count; order += 1)
    await call('POST', '/v1/track', {
      userId,
      event: 'Order Completed',
      timestamp: `${order === 0 ? firstAt : lastAt}T12:00:00Z`,
      properties: {
        order_id: `before-${order}`,
        currency: 'EUR',
        total: (Math.floor(spend / count) + (order === 0 ? spend % count : 0)) / 100,
      },
    })
}

/** What was used before: rows as the server itself would have written them. */
const use = async (
  given: DecisionCase,
  workspace: string,
  campaignIds: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
  person: string | undefined,
): Promise<void> => {
  const rows: { offer: string; code: string | null; useNo: number | null; own: boolean; at: string }[] = []
  for (const [name, { uses, budget, perPerson, perCode, buckets = {}, gifts = {} }] of usageOf(given)) {
    const offer = ids.get(name)!
    const counts = { ...buckets, ...Object.fromEntries(Object.entries(gifts).map(([sku, n]) => [`gift=${sku}`, n])) }
    await database.query(
      `insert into counters (workspace_id, offer_id, bucket, used, budget_used)
       select $1, $2, n.bucket, n.used, n.budget from unnest($3::text[], $4::int8[], $5::int8[]) as n(bucket, used, budget)
       on conflict (workspace_id, offer_id, bucket) do update set used = excluded.used, budget_used = excluded.budget_used`,
      [
        workspace,
        offer,
        ['', ...Object.keys(counts)],
        [uses, ...Object.values(counts)],
        [budget, ...Object.values(counts).map(() => 0)],
      ],
    )
    const earlier = (given.earlier ?? []).filter(it => it.offer === name && it.by === undefined)
    const ownEarlier = earlier.flatMap(({ at, times = 1 }) => Array<string>(times).fill(at))
    for (const at of ownEarlier) rows.push({ offer, code: null, useNo: null, own: true, at })
    for (let count = ownEarlier.length; count < perPerson; count += 1)
      rows.push({ offer, code: null, useNo: null, own: true, at: '2020-01-01T00:00:00Z' })
    for (const [code, claimed] of Object.entries(given.codes ?? {}))
      for (let useNo = 1; claimed.includes(name) && useNo <= perCode; useNo += 1)
        rows.push({ offer, code: normalizeCode(code), useNo, own: false, at: '2020-01-01T00:00:00Z' })
  }
  for (const [name, draw] of Object.entries(given.draws ?? {}))
    if (draw === 'used')
      rows.push({ offer: ids.get(name)!, code: null, useNo: null, own: true, at: '2020-01-01T00:00:00Z' })
  await database.query(
    `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, holder_id, code, use_no,
       channel, currency, amount, revenue, state, at, changed_at)
     select $1, 'earlier', n.seq, 'red_' || n.seq, n.offer, 1, $2, h.id, n.code, n.use_no,
       'store', 'EUR', 0, 0, 'redeemed', n.at, n.at
     from unnest($3::int[], $4::text[], $5::text[], $6::int[], $7::bool[], $8::timestamptz[])
       as n(seq, offer, code, use_no, own, at)
     left join holders h on n.own and h.workspace_id = $1 and h.type = 'userId' and h.value = $9`,
    [
      workspace,
      campaignIds.get(''),
      rows.map((_, index) => index + 1),
      rows.map(row => row.offer),
      rows.map(row => row.code),
      rows.map(row => row.useNo),
      rows.map(row => row.own),
      rows.map(row => row.at),
      person?.slice('userId:'.length) ?? null,
    ],
  )
}
