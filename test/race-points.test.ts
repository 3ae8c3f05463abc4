import { expect, it } from 'vitest'
import { onServers, raceTracks, send } from './races.ts'
import type { Server } from './torture/servers.mjs'

/** Servers with two tills and a web shop before them. */
const withShops = async (
  store: 'postgres' | 'pglite',
  work: (first: Server, ask: (index: number, path: string, body: unknown) => ReturnType<typeof send>) => Promise<void>,
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
    await work(first, (index, path, body) => {
      const server = servers[index % servers.length]!
      return send(server, 'PUT', path, body, keys[index % keys.length])
    })
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
