import { expect, it } from 'vitest'
import { onServers, raceTracks, send } from './races.ts'
import type { Server } from './torture/servers.mjs'

/** Servers with two tills and a web shop before them. */
const withShops = async (
  store: 'postgres' | 'pglite',
  work: (
    first: Server,
    ask: (index: number, path: string, body: unknown) => ReturnType<typeof send>,
    servers: readonly Server[],
  ) => Promise<void>,
): Promise<void> => {
  await onServers(store, async servers => {
    const first = servers[0]!
    const keys = await Promise.all(
      [
        { name: 'till 1', scope: 'till', channel: 'store', location: 'store-1' },
        { name: 'till 2', scope: 'till', channel: 'store', location: 'store-2' },
        { name: 'shop', scope: 'secret', channel: 'web' },
      ].map(async key => (await send(first, 'POST', '/v1/keys', key)).json.key as string),
    )
    const ask = (index: number, path: string, body: unknown) =>
      send(servers[index % servers.length]!, 'PUT', path, body, keys[index % keys.length])
    await work(first, ask, servers)
  })
}

const order = (tenders: object[], more: object = {}) => ({
  state: 'placed',
  currency: 'EUR',
  lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 2000 }],
  tenders,
  ...more,
})

/** What the auditor finds in the stored rows: nothing. */
const mustAddUp = async (server: Server): Promise<void> => {
  expect((await send(server, 'POST', '/v1/audits')).status).toBe(202)
  const latest = async () => (await send(server, 'GET', '/v1/audits')).json.data[0]
  await expect.poll(async () => (await latest()).state, { timeout: 60_000 }).toBe('done')
  const { checks, findings } = await latest()
  expect(findings).toEqual([])
  expect(checks.reduce((sum: number, it: { rows: number }) => sum + it.rows, 0)).toBeGreaterThan(50)
}

const refused = (answers: readonly { status: number; json: { code: string } }[]): string[] =>
  answers.filter(it => it.status !== 200).map(it => it.json.code)

it.each(raceTracks)(
  'of 300 orders at two tills and a web shop that pay with one balance of 1,000 points over %s, exactly 1,000 are spent and the rest hear one reason',
  async (_, store) => {
    await withShops(store, async (first, ask) => {
      const rate = { points: 100, worth: { amount: 100, currency: 'EUR' } }
      expect((await send(first, 'PUT', '/v1/programmes/club', { name: 'Club', rate })).status).toBe(200)
      // She is one person with a card and an e-mail, and points on both: 600 and 400, some to be gone before others.
      const [person, card] = ['email:racer@example.com', 'loyaltyCard:4711']
      expect((await send(first, 'POST', '/v1/people/links', { a: person, b: card })).status).toBe(200)
      for (const [who, amount] of [
        [person, 350],
        [person, 250],
        [card, 400],
      ])
        expect(
          await send(first, 'POST', '/v1/adjustments', { person: who, programme: 'club', amount, reason: 'migration' }),
        ).toMatchObject({ status: 201 })

      const answers = await Promise.all(
        Array.from({ length: 300 }, (_, index) =>
          ask(
            index,
            `/v1/orders/race-${index}`,
            order([{ type: 'points', points: 20 }, { type: 'card' }], { person: index % 5 < 2 ? card : person }),
          ),
        ),
      )
      const paid = answers.filter(it => it.status === 200)
      expect(paid.map(it => it.json.paid[0].points)).toEqual(Array(50).fill(20))
      expect(paid.map(it => it.json.due)).toEqual(Array(50).fill(1980))
      expect(new Set(paid.map(it => it.json.paid[0].left)).size).toBe(50)
      expect(refused(answers)).toEqual(Array(250).fill('balance_insufficient'))
      // Nothing is left.
      const last = await send(first, 'PUT', '/v1/orders/last', {
        ...order([{ type: 'points' }]),
        channel: 'web',
        person,
      })
      expect(last.json).toMatchObject({ paid: [{ points: 0, amount: 0, left: 0 }], due: 2000 })
      await mustAddUp(first)
    })
  },
  180_000,
)

it.each(raceTracks)(
  'of 50 orders that one gift card pays at once over %s, none takes it below zero, and holds that end are spent again',
  async (_, store) => {
    await withShops(store, async (first, ask) => {
      const issued = await send(first, 'POST', '/v1/gift-cards', { amount: 5000, currency: 'EUR', active: true })
      const { code } = issued.json.data[0]
      const paying = (more: object) => order([{ type: 'giftCard', code, amount: 300 }, { type: 'card' }], more)
      const held = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          ask(index, `/v1/orders/held-${index}`, paying({ state: 'open', hold: { seconds: 600 } })),
        ),
      )
      expect(held.filter(it => it.status === 200)).toHaveLength(16)
      expect(refused(held)).toEqual(Array(34).fill('balance_insufficient'))
      const balance = async () => (await send(first, 'GET', `/v1/gift-cards/${code}`)).json
      expect(await balance()).toMatchObject({ balance: 200, held: 4800 })
      // All are placed or cancelled at once, from the other process where there are two.
      const ended = await Promise.all(
        held.map((_, index) =>
          ask(index + 1, `/v1/orders/held-${index}`, index % 2 === 0 ? paying({}) : { state: 'cancelled' }),
        ),
      )
      const placed = ended.filter(it => it.json.state === 'placed').length
      expect(placed).toBeGreaterThan(0)
      expect(placed).toBeLessThanOrEqual(16)
      const now = await balance()
      expect(now).toMatchObject({ balance: 5000 - placed * 300, held: 0 })
      await mustAddUp(first)
    })
  },
  180_000,
)

it.each(raceTracks)(
  'gifts in a ring and the spending of a pool at once over %s give and spend exactly what there is, within the limit of a day',
  async (_, store) => {
    await withShops(store, async (first, ask, servers) => {
      const rate = { points: 1, worth: { amount: 1, currency: 'EUR' } }
      const transfers = { between: 'anyone', dailyLimit: 900 }
      const terms = { name: 'Club', rate, transfers, households: { members: 3 } }
      await send(first, 'PUT', '/v1/programmes/club', terms)
      const refs = ['ana', 'ben', 'carla', 'dora'].map(name => `userId:${name}`)
      for (const ref of refs) {
        expect((await send(first, 'PUT', `/v1/programmes/club/members/${ref}`, {})).status).toBe(200)
        const gift = { person: ref, programme: 'club', amount: 1000, reason: 'migration' }
        expect((await send(first, 'POST', '/v1/adjustments', gift)).status).toBe(201)
      }
      const [ana, ben, carla, dora] = refs as [string, string, string, string]
      const on = (index: number) => servers[index % servers.length]!
      const ring = [ana, ben, carla]
      // Each gives 120 times 10: the limit lets 90 of them go, and what comes in is given on, too.
      const given = await Promise.all(
        Array.from({ length: 360 }, (_, index) =>
          send(on(index), 'POST', '/v1/transfers', {
            from: ring[index % 3],
            to: ring[(index + 1) % 3],
            programme: 'club',
            points: 10,
          }),
        ),
      )
      const went = given.filter(it => it.status === 201)
      expect(ring.map((_, at) => given.filter((it, index) => index % 3 === at && it.status === 201).length)).toEqual([
        90, 90, 90,
      ])
      expect(new Set(given.filter(it => it.status !== 201).map(it => it.json.code))).toEqual(
        new Set(['transfer_limit_reached']),
      )
      expect(new Set(went.map(it => it.json.id)).size).toBe(270)
      const balance = async (ref: string): Promise<number> =>
        (await send(first, 'GET', `/v1/people/${ref}/wallet`)).json.programmes[0].balance
      expect(await Promise.all(refs.map(balance))).toEqual([1000, 1000, 1000, 1000])

      // Dora is asked into two households at once: she is in one.
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          send(on(index), 'POST', '/v1/households', {
            programme: 'club',
            name: `H${index}`,
            members: [{ person: dora }, ...(index === 0 ? [{ person: ana }] : [])],
          }),
        ),
      )
      expect(asked.filter(it => it.status === 201)).toHaveLength(1)
      expect(new Set(asked.filter(it => it.status !== 201).map(it => it.json.code))).toEqual(
        new Set(['household_elsewhere']),
      )
      const { id } = asked.find(it => it.status === 201)!.json
      const all = [ana, ben, dora].map(person => ({ person }))
      expect((await send(first, 'PATCH', `/v1/households/${id}`, { members: all })).json.balance).toBe(3000)
      // 100 orders of 40 by three who share 3,000, while one of them gives what is her own to Carla.
      const [paid, gifts] = await Promise.all([
        Promise.all(
          Array.from({ length: 100 }, (_, index) =>
            ask(
              index,
              `/v1/orders/pool-${index}`,
              order([{ type: 'points', points: 40 }, { type: 'card' }], { person: all[index % 3]!.person }),
            ),
          ),
        ),
        Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            send(on(index), 'POST', '/v1/transfers', { from: dora, to: carla, programme: 'club', points: 10 }),
          ),
        ),
      ])
      const spent = 40 * paid.filter(it => it.status === 200).length
      const gone = 10 * gifts.filter(it => it.status === 201).length
      const left = (await send(first, 'GET', `/v1/households/${id}`)).json.balance
      expect(3000 - spent - gone).toBe(left)
      // What is left is too little for another order; what was refused was more than there was.
      expect(left).toBeLessThan(40)
      expect(new Set(refused(paid))).toEqual(new Set(['balance_insufficient']))
      expect(await balance(carla)).toBe(1000 + gone)
      await mustAddUp(first)
    })
  },
  180_000,
)
