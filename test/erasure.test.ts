import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import pino from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import type { Database } from '../src/adapters/storage/database.ts'
import { openStore } from '../src/adapters/storage/open.ts'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import { loadFrom } from '../src/server/backup.ts'
import { type RunningServer, startServer } from '../src/server/compose.ts'
import { journalFile } from '../src/server/people/erasure-journal.ts'
import { freshData } from './clusters.ts'
import { latte, makeOffer, serve, type TestServer } from './server.ts'
import { freshFolder, freshPostgres } from './stores.ts'
import { auditRows } from './torture/audit.mjs'
import { readPostgres } from './torture/stored.mjs'

/** Erasures beside everything else that happens: other people’s writes, other processes, older dumps. */

const marker = 'quokkabell'

const open: Database[] = []
afterAll(() => Promise.all(open.map(database => database.close())))

const dumpOf = async ({ url, adminKey }: TestServer): Promise<string[]> => {
  const response = await fetch(`${url}/v1/dump`, { headers: { authorization: `Bearer ${adminKey}` } })
  return (await response.text()).trimEnd().split('\n')
}

async function* each(lines: readonly string[]) {
  yield* lines
}

describe('two processes that write for people who are being erased', () => {
  it('leave nothing of what they wrote with those who are gone', async () => {
    const databaseUrl = await freshPostgres()
    const servers = [await serve('postgres', { databaseUrl }), await serve('postgres', { databaseUrl })]
    const [one] = servers as [TestServer]
    const { offer } = await makeOffer(one, { limits: { uses: 100_000 } })
    await one.call('POST', `/v1/offers/${offer}/codes`, { codes: ['RACE'], shared: true })

    let going = true
    const count = { events: 0, orders: 0, erased: 0 }
    const people = Array.from({ length: 6 }, (_, index) => `racer-${index}`)
    const write = async (server: TestServer, turn: number): Promise<void> => {
      for (let number = 0; going; number += 1) {
        const userId = people[(turn + number) % people.length]!
        const id = `${turn}-${number}`
        const properties = { note: marker }
        const sent = [
          server.call('POST', '/v1/track', { userId, event: 'Seen', properties, context: { ip: marker } }),
          server.call('POST', '/v1/identify', { userId, anonymousId: `a-${userId}`, traits: { name: marker } }),
          server.call('PUT', `/v1/orders/${id}`, {
            person: `userId:${userId}`,
            channel: 'web',
            state: number % 2 === 0 ? 'open' : 'placed',
            codes: ['RACE', marker],
            ...(number % 2 === 0 && { hold: { seconds: 600 } }),
            lines: [{ ...latte, name: marker }],
          }),
        ]
        for (const answer of await Promise.all(sent)) expect(answer.status, answer.text).toBe(200)
        count.events += 2
        count.orders += 1
      }
    }
    const erase = async (server: TestServer, turn: number): Promise<void> => {
      for (let number = turn; going; number += 2) {
        const ref = `userId:${people[number % people.length]}`
        const { status, text } = await server.call('POST', `/v1/people/${ref}/erase`, { reason: 'requested' })
        expect([200, 202, 404], text).toContain(status)
        if (status !== 404) count.erased += 1
      }
    }
    const all = [
      ...servers.flatMap((server, index) => [write(server, index), write(server, index + 2), erase(server, index)]),
    ]
    await expect.poll(() => count.erased, { timeout: 60_000, interval: 100 }).toBeGreaterThan(40)
    going = false
    await Promise.all(all)
    expect(count.orders).toBeGreaterThan(20)

    const database = openPostgres({ url: databaseUrl })
    open.push(database)
    const left = async (sql: string): Promise<number> => (await database.query<{ n: number }>(sql)).rows[0]!.n
    const erased = 'holders h where h.erased_at is not null'
    await expect
      .poll(() => left(`select count(*) as n from erasures where progress is not null`), { timeout: 20_000 })
      .toBe(0)
    const rows = (table: string, where: string) =>
      left(`select count(*) as n from ${table} t where ${where} and holder_id in (select id from ${erased})`)
    expect(await left(`select count(*) as n from ${erased}`)).toBeGreaterThan(40)
    expect(await rows('events', 'true')).toBeGreaterThan(40)
    expect(await rows('events', `(t.properties::text <> '{}' or t.personal::text <> '{}')`)).toBe(0)
    expect(
      await rows('orders', `(t.basket::text || t.answer || coalesce(t.as_then::text, '')) ilike '%${marker}%'`),
    ).toBe(0)
    expect(await rows('orders', 't.held_until is not null')).toBe(0)
    expect(
      await left(`select count(*) as n from ${erased} and (h.traits::text <> '{}' or h.value <> 'erased:' || h.id)`),
    ).toBe(0)
    // Books, counters, statistics, grants and persons are as exact as before.
    const { stored } = await readPostgres(databaseUrl)
    expect(stored.orders.length).toBeGreaterThan(20)
    expect(auditRows(stored, [{ id: offer, codes: ['RACE'], limits: { uses: 100_000 } }], [], new Map())).toEqual([])
  })
})

it('an event that another process has taken for somebody goes with her, though it is stored while she is erased', async () => {
  const databaseUrl = await freshPostgres()
  const [one, other] = [await serve('postgres', { databaseUrl }), await serve('postgres', { databaseUrl })] as const
  const userId = 'late'
  await one.call('POST', '/v1/identify', { userId })
  await other.call('GET', '/health')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const waiting = async (): Promise<number> => {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows[0]!.n
  }
  // The batch has looked up whose the event is, and cannot store it yet.
  await client.query('begin; lock table events in share mode')
  const stored = other.call('POST', '/v1/track', { userId, event: 'Seen', properties: { note: marker } })
  await expect.poll(waiting).toBe(1)
  let isErased = false
  const erasing = one.call('POST', `/v1/people/userId:${userId}/erase`, { reason: 'requested' }).then(answer => {
    isErased = true
    return answer
  })
  await expect.poll(async () => isErased || (await waiting()) === 2).toBe(true)
  await client.query('rollback')
  expect((await stored).status).toBe(200)
  expect((await erasing).json).toMatchObject({ state: 'done', counts: { events: 2 } })
  const { rows } = await client.query('select distinct properties::text, personal::text from events')
  await client.end()
  expect(rows).toEqual([{ properties: '{}', personal: '{}' }])
})

describe.each(['pglite', 'postgres'] as const)('an older dump that is loaded into %s', store => {
  const target = async () => ({
    folder: join(freshFolder(), 'data'),
    databaseUrl: store === 'postgres' ? await freshPostgres() : undefined,
  })

  it('is loaded without those who were erased since, by the journal or by a list of them', async () => {
    const server = await serve('pglite')
    const { call } = server
    const { offer } = await makeOffer(server, { limits: { uses: 5 } })
    await call('POST', `/v1/offers/${offer}/codes`, { codes: ['HELD'], shared: true })
    for (const userId of ['ana', 'ben', 'cleo'])
      await call('POST', '/v1/identify', { userId: `${userId}-${marker}`, traits: { name: `${userId} ${marker}` } })
    const held = {
      person: `userId:ana-${marker}`,
      channel: 'web',
      state: 'open',
      codes: ['HELD'],
      hold: { seconds: 6000 },
    }
    await call('PUT', '/v1/orders/held-1', { ...held, lines: [{ ...latte, name: marker }] })
    const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
    const terms = { name: 'Club', rate, households: { members: 4 }, transfers: { between: 'anyone' } }
    await call('PUT', '/v1/programmes/club', terms)
    const refs = ['ana', 'ben', 'cleo'].map(userId => `userId:${userId}-${marker}`)
    for (const ref of refs) {
      await call('PUT', `/v1/programmes/club/members/${ref}`, { source: marker })
      await call('POST', '/v1/adjustments', {
        person: ref,
        programme: 'club',
        amount: 100,
        reason: 'other',
        note: marker,
      })
    }
    const [ana, ben, cleo] = refs as [string, string, string]
    const gift = { programme: 'club', points: 10, note: marker }
    await call('POST', '/v1/transfers', { ...gift, from: cleo, to: ana })
    const members = [{ person: ben }, { person: cleo }]
    expect((await call('POST', '/v1/households', { programme: 'club', name: marker, members })).status).toBe(201)
    const old = await dumpOf(server)
    for (const userId of ['ana', 'ben'])
      await call('POST', `/v1/people/userId:${userId}-${marker}/erase`, { reason: 'requested' })
    const [first, second] = readFileSync(journalFile(server.folder), 'utf8').split('\n') as [string, string]

    const into = await target()
    // Ana is in the journal beside the store, Ben in a list that somebody kept; nobody of either was ever here.
    const stranger = { ...JSON.parse(first), id: 'ers_0', holders: ['hol_00000000000000000000000000'] }
    const list = join(freshFolder(), 'list.ndjson')
    writeFileSync(list, `${second}\n${JSON.stringify(stranger)}\n`)
    mkdirSync(into.folder)
    writeFileSync(journalFile(into.folder), `${first}\n`)
    expect(await loadFrom(into, each(old), () => undefined, list)).toMatchObject({ erased: 2 })
    expect(readFileSync(journalFile(into.folder), 'utf8').split('\n').sort()).toEqual(['', first, second].sort())

    const database = await openStore(into)
    open.push(database)
    const { rows } = await database.query<{ value: string; traits: unknown; erased_at: number | null }>(
      'select value, traits, erased_at from holders order by id',
    )
    expect(rows.map(row => [row.value.split(':')[0], Object.keys(Object(row.traits)).length])).toEqual([
      ['erased', 0],
      ['erased', 0],
      [`cleo-${marker}`, 1],
    ])
    const value = await database.query(
      `select h.erased_at is not null as gone, sum(a.balance)::int as balance, count(m.left_at)::int as left,
         count(*) filter (where m.source = '${marker}')::int as marked
       from holders h join accounts a on a.owner_id = h.id join programme_members m on m.holder_id = h.id group by h.id, h.erased_at order by h.id`,
    )
    expect(value.rows).toEqual([
      { gone: true, balance: 0, left: 1, marked: 0 },
      { gone: true, balance: 0, left: 1, marked: 0 },
      { gone: false, balance: 90, left: 0, marked: 1 },
    ])
    const notes = 'select (select note from transfers) as note, (select name from households) as name'
    expect((await database.query(notes)).rows).toEqual([{ note: null, name: 'erased' }])
    const expired = `select sum(amount)::int as ended from postings where account_id = 'house/points:club/expired'`
    expect((await database.query(expired)).rows).toEqual([{ ended: 210 }])
    const erasures = await database.query('select id, at, reason, progress from erasures order by id')
    expect(erasures.rows).toEqual(
      [first, second].map(line => {
        const { id, at, reason } = JSON.parse(line)
        return { id, at: Date.parse(at), reason, progress: null }
      }),
    )
    expect((await database.query('select held from counters')).rows).toEqual([{ held: 0 }])
    const orders = await database.query<{ basket: string }>('select basket::text as basket, held_until from orders')
    expect(orders.rows).toMatchObject([{ basket: expect.not.stringContaining(marker), held_until: null }])
  })

  it('is not loaded at all where the list of erasures is damaged', async () => {
    const into = await target()
    const list = join(freshFolder(), 'list.ndjson')
    writeFileSync(list, 'nonsense\n')
    await expect(loadFrom(into, each([]), () => undefined, list)).rejects.toThrow(
      /Line 1 of .*list\.ndjson is no erasure/,
    )
  })
})

const adminKey = 'the-admin-key-of-tests'

const freshPlace = async (store: 'pglite' | 'postgres') =>
  store === 'pglite'
    ? { folder: await freshData(), databaseUrl: undefined }
    : { folder: freshFolder(), databaseUrl: await freshPostgres() }

const startIn = (store: { folder: string; databaseUrl: string | undefined }, clock: () => number = Date.now) =>
  startServer(
    { host: '127.0.0.1', port: 0, ...store, adminKey, logLevel: 'silent', trustProxy: undefined, bench: false },
    { logger: pino({ level: 'silent' }), strict: true, clock },
  )

const ask = async ({ url }: RunningServer, method: string, path: string, body?: object, key = adminKey) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return JSON.parse(await response.text())
}

it('a server that starts erases again whom its store forgot, and journals whom its journal forgot', async () => {
  const databaseUrl = await freshPostgres()
  const start = (folder: string) => startIn({ folder, databaseUrl })
  const [folder, otherFolder] = [freshFolder(), freshFolder()]
  const first = await start(folder)
  await ask(first, 'POST', '/v1/identify', { userId: 'dora', traits: { name: 'Dora' } })
  const erased = await ask(first, 'POST', '/v1/people/userId:dora/erase', { reason: 'requested' })
  await first.close()

  const database = openPostgres({ url: databaseUrl })
  open.push(database)
  // As after a crash between the commit of a load and what comes after it.
  await database.query(`update holders set erased_at = null, value = 'dora', traits = '{"name":"Dora"}'`)
  await database.query('delete from erasures')
  await (await start(folder)).close()
  const { rows } = await database.query('select id, person_id from erasures')
  expect(rows).toEqual([{ id: erased.id, person_id: erased.person }])
  expect((await database.query('select traits from holders')).rows).toEqual([{ traits: {} }])
  expect((await database.query(`select 1 from holders where value = 'dora'`)).rows).toEqual([])

  await (await start(otherFolder)).close()
  expect(readFileSync(journalFile(otherFolder), 'utf8')).toContain(erased.id)
})

describe.each(['pglite', 'postgres'] as const)('somebody with thousands of browsers on %s', store => {
  /** More than ten commits of the job take. */
  const browsers = Array.from({ length: 2100 }, (_, index) => `b-${marker}-${index}`)

  it('is gone at once, and they soon, wherever the process ends and whatever they do meanwhile', async () => {
    const place = await freshPlace(store)
    const inStore = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
      const database = await openStore(place)
      return work(database).finally(() => database.close())
    }
    const first = await startIn(place)
    const { id: campaign } = await ask(first, 'POST', '/v1/campaigns', { name: 'A campaign' })
    const { id: offer } = await ask(first, 'POST', '/v1/offers', {
      campaign,
      name: '1.00 off',
      trigger: { on: 'code' },
      benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
      limits: { uses: 5 },
    })
    await ask(first, 'POST', `/v1/offers/${offer}/codes`, { codes: ['HELD'], shared: true })
    const { key } = await ask(first, 'POST', '/v1/keys', { name: 'Web', scope: 'publishable', channel: 'web' })
    await ask(first, 'POST', '/v1/identify', { userId: marker, traits: { name: marker } })
    const said = browsers.flatMap((anonymousId, index) => [
      { type: 'identify', anonymousId, userId: marker, messageId: `i-${index}` },
      { type: 'track', anonymousId, messageId: `t-${index}`, event: 'Seen', properties: { note: marker } },
    ])
    for (let from = 0; from < said.length; from += 300)
      expect(await ask(first, 'POST', '/v1/batch', { batch: said.slice(from, from + 300) }, key)).toMatchObject({
        stored: 300,
      })
    const { id: person } = await ask(first, 'GET', `/v1/people/userId:${marker}`)
    const erasure = await ask(first, 'POST', `/v1/people/${person}/erase`, { reason: 'requested' })
    expect(erasure).toMatchObject({ state: 'erasing', person, counts: { identifiers: 2101, events: 4201, links: 0 } })
    await first.close()

    // As if the process had died in the middle: what is left waits for the end of its lease.
    const left = await inStore(async database => {
      await database.query(
        `update jobs set state = 'queued', claimed_until = now() + interval '1 hour' where kind = 'erasePerson'`,
      )
      return database.query<{ value: string; progress: { stage: string } }>(
        `select value, progress from holders, erasures where erased_at is null order by holders.id`,
      )
    })
    expect(left.rows.length).toBeGreaterThan(1)
    expect(left.rows.length).toBeLessThanOrEqual(1901)
    expect(left.rows[0]!.progress.stage).toBe('holders')
    const [hers, bens] = left.rows.slice(-2).map(row => row.value) as [string, string]
    const second = await startIn(place)
    expect(await ask(second, 'GET', `/v1/people/userId:${marker}`)).toMatchObject({ code: 'person_not_found' })
    expect((await ask(second, 'GET', '/v1/erasures')).data).toMatchObject([{ id: erasure.id, state: 'erasing' }])
    const order = { person: `anonymousId:${hers}`, channel: 'web', state: 'open', codes: ['HELD'] }
    const held = { ...order, hold: { seconds: 6000 }, lines: [{ ...latte, name: marker }] }
    expect(await ask(second, 'PUT', '/v1/orders/held-1', held)).toMatchObject({ applied: [{ offer }] })
    await ask(second, 'POST', '/v1/identify', { userId: 'ben', anonymousId: bens })
    expect((await ask(second, 'GET', '/v1/people/userId:ben')).identifiers).toHaveLength(2)
    await second.close()

    await inStore(database => database.query(`update jobs set claimed_until = null where kind = 'erasePerson'`))
    const third = await startIn(place)
    await expect
      .poll(async () => (await ask(third, 'GET', `/v1/jobs/${erasure.job}`)).state, { timeout: 30_000 })
      .toBe('done')
    expect((await ask(third, 'GET', '/v1/erasures')).data).toEqual([{ ...erasure, state: 'done' }])
    await expect
      .poll(async () => (await ask(third, 'GET', '/v1/people/userId:ben')).identifiers, { timeout: 20_000 })
      .toMatchObject([{ type: 'userId', value: 'ben' }])
    const dump = await fetch(`${third.url}/v1/dump`, { headers: { authorization: `Bearer ${adminKey}` } })
    const rows = (await dump.text()).split('\n')
    expect(rows.length).toBeGreaterThan(6000)
    expect(rows.filter(row => row.includes(marker))).toEqual([])
    await third.close()
    await inStore(async database => {
      const { rows: known } = await database.query('select value from holders where erased_at is null')
      expect(known).toEqual([{ value: 'ben' }])
      expect((await database.query('select held from counters')).rows).toEqual([{ held: 0 }])
    })
  })
})

it.each(['pglite', 'postgres'] as const)(
  'what was counted on %s stays when the events it was counted from go',
  async store => {
    const place = await freshPlace(store)
    const first = await startIn(place)
    const when = "events('Product Viewed', 365) >= 2"
    await ask(first, 'PUT', '/v1/segments/lookers', { kind: 'live', name: 'Lookers', when })
    await ask(first, 'PATCH', '/v1/workspaces/default', { retention: { track: { 'Product Viewed': 7 }, page: 95 } })
    for (const messageId of ['v-1', 'v-2', 'v-3'])
      await ask(first, 'POST', '/v1/track', {
        userId: 'ana',
        messageId,
        event: 'Product Viewed',
        properties: { sku: 'TEA' },
      })
    await ask(first, 'POST', '/v1/track', { userId: 'ana', messageId: 'l-1', event: 'Lead', properties: { a: 1 } })
    await ask(first, 'POST', '/v1/page', { userId: 'ana', messageId: 'p-1', properties: { a: 1 } })
    const facts = async (server: RunningServer) => {
      const { statistics, segments, events } = await ask(server, 'GET', '/v1/people/userId:ana/export')
      const sent = events.map((it: { messageId: string; body: object }) => [
        it.messageId,
        Object.keys(it.body).length > 0,
      ])
      return { statistics, segments, sent: Object.fromEntries(sent) }
    }
    await expect.poll(async () => (await facts(first)).segments.length, { timeout: 20_000 }).toBe(1)
    const before = await facts(first)
    await first.close()

    const later = async (days: number, sent: object) => {
      const server = await startIn(place, () => Date.now() + days * 86_400_000)
      await expect.poll(async () => (await facts(server)).sent, { timeout: 20_000 }).toMatchObject(sent)
      const { sent: left, ...rest } = await facts(server)
      expect(left).toEqual(sent)
      expect(rest).toEqual({ statistics: before.statistics, segments: before.segments })
      const again = { userId: 'ana', messageId: 'v-1', event: 'Product Viewed' }
      if (days < 90) expect(await ask(server, 'POST', '/v1/track', again)).toMatchObject({ stored: 0, known: 1 })
      await server.close()
    }
    await later(8, { 'v-1': false, 'v-2': false, 'v-3': false, 'l-1': true, 'p-1': true })
    await later(94, { 'l-1': true, 'p-1': true })
    await later(96, { 'l-1': true })
  },
)
