import { beforeAll, expect, it } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'
import { askForCode, codeOf, signInCustomer, type Wallet } from './sign-in-customer.ts'

/** What a customer reads and does about herself: why she has what she has, her name, all that is kept of her, and the end of it. */

type Entry = {
  kind: string
  amount: number
  pending: boolean
  order: string | null
  note: string | null
  asset: string
}

let server: TestServer
let ana: Wallet
const activityOf = async (wallet: Wallet, query = '') =>
  (await wallet.call('GET', `/v1/people/${wallet.person}/wallet/activity${query}`)).json

beforeAll(async () => {
  server = await serve('pglite')
  const { call } = server
  const open = {
    transfers: { between: 'anyone', minimumAgeDays: 0 },
    rate: { points: 1, worth: { amount: 1, currency: 'EUR' } },
  }
  // What counts towards a tier is a balance of its own, which nobody spends.
  const tiers = { by: 'points', period: { calendar: 'year' }, levels: [{ id: 'gold', name: 'Gold', threshold: 100 }] }
  await call('PUT', '/v1/programmes/club', { name: 'Club', tiers, ...open })
  await call('PUT', '/v1/programmes/slow', { name: 'Slow', pending: { days: 14 } })
  for (const programme of ['club', 'slow'])
    await makeOffer(server, {
      name: `Points of the ${programme}`,
      trigger: { on: 'basket' },
      benefit: { kind: 'points', programme, per: { amount: 100, currency: 'EUR', points: 1 } },
    })
  await call('POST', '/v1/people/links', { a: 'email:ana@example.com', b: 'loyaltyCard:4711' })
  for (const programme of ['club', 'slow'])
    for (const who of ['email:ana@example.com', 'email:ben@example.com'])
      await call('PUT', `/v1/programmes/${programme}/members/${who}`, {})
  ana = await signInCustomer(server, 'ana@example.com')
  const order = { state: 'placed', channel: 'web', lines: [latte] }
  await call('PUT', '/v1/locations/corso', { name: 'Corso Italia 5' })
  await call('PUT', '/v1/orders/web-1', { ...order, person: 'email:ana@example.com', location: 'corso' })
  await call('PUT', '/v1/orders/web-2', { ...order, person: 'loyaltyCard:4711' })
  await call('POST', '/v1/orders/web-2/returns', { id: 'r-1', lines: [{ id: '1', quantity: 2 }] })
  await call('POST', '/v1/identify', { userId: 'u-2', traits: { firstName: 'Ben', email: 'ben@example.com' } })
  const gift = { from: ana.person, to: 'email:ben@example.com', programme: 'club', points: 4, note: 'For a cake' }
  await ana.call('POST', '/v1/transfers', gift)
})

it('every plus and minus is told with why, the newest first, over all her identifiers', async () => {
  const { data, nextCursor } = await activityOf(ana)
  const said = data.map(({ kind, amount, pending, order, note, asset }: Entry) => [
    asset,
    kind,
    amount,
    pending,
    order,
    note,
  ])
  expect(said).toEqual([
    ['points:club', 'transfer', -4, false, null, 'For a cake'],
    ['points:slow', 'takeBack', -9, true, 'web-2', null],
    ['points:club', 'takeBack', -9, false, 'web-2', null],
    ['points:slow', 'earn', 9, true, 'web-2', null],
    ['points:club', 'earn', 9, false, 'web-2', null],
    ['points:slow', 'earn', 9, true, 'web-1', null],
    ['points:club', 'earn', 9, false, 'web-1', null],
  ])
  expect(data.at(-1)).toMatchObject({
    offer: { name: 'Points of the club' },
    location: 'corso',
    locationName: 'Corso Italia 5',
  })
  expect(data[0].locationName).toBeNull()
  expect(nextCursor).toBeNull()
  const wallet = (await ana.call('GET', `/v1/people/${ana.person}/wallet`)).json
  const sum = data
    .filter(({ asset }: Entry) => asset === 'points:club')
    .reduce((total: number, { amount }: Entry) => total + amount, 0)
  expect(sum).toBe(wallet.programmes[0].balance)
})

it('pages of it add up to the whole', async () => {
  const whole = (await activityOf(ana)).data
  const pages = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { data: unknown[]; nextCursor: string | null } = await activityOf(
      ana,
      `?limit=2${cursor && `&cursor=${cursor}`}`,
    )
    pages.push(page.data)
    cursor = page.nextCursor
  }
  expect(pages.length).toBeGreaterThan(2)
  expect(pages.flat()).toEqual(whole)
  expect((await ana.call('GET', `/v1/people/${ana.person}/wallet/activity?cursor=eA`)).json.code).toBe('invalid_input')
})

it('nobody reads what another one did', async () => {
  const ben = await signInCustomer(server, 'ben@example.com')
  for (const ref of [ana.person, 'email:ana@example.com', 'loyaltyCard:4711'])
    expect((await ben.call('GET', `/v1/people/${ref}/wallet/activity`)).json.code).toBe('forbidden')
  const { data } = await activityOf(ben)
  expect(data).toMatchObject([{ kind: 'transfer', amount: 4, note: 'For a cake', with: 'a…@example.com' }])
  // She typed his address; who knows an address does not learn the name behind it.
  expect((await activityOf(ana)).data[0]).toMatchObject({ amount: -4, with: 'b…@example.com' })
})

it('she says how she is called, and has all that is kept of her', async () => {
  expect((await ana.call('PUT', '/v1/wallet/profile', { name: ' Ana Rossi ' })).json).toEqual({ name: 'Ana Rossi' })
  expect((await server.call('GET', '/v1/people/loyaltyCard:4711')).json.traits).toEqual({ name: 'Ana Rossi' })
  const ben = await signInCustomer(server, 'ben@example.com')
  expect((await activityOf(ben)).data).toMatchObject([{ kind: 'transfer', with: 'Ana' }])
  const exported = await ana.call('GET', '/v1/wallet/export')
  expect(exported.json.person).toMatchObject({ id: ana.person, traits: { name: 'Ana Rossi' } })
  expect((await ana.call('GET', '/v1/wallet/export?format=html')).text).toContain('Ana Rossi')
})

it('only a fresh code for that erases her, and then she is nobody', async () => {
  const address = 'gia@example.com'
  const gia = await signInCustomer(server, address)
  await askForCode(server, address)
  const forSigningIn = await codeOf(server, address)
  const erase = async (code: string) => (await gia.call('POST', '/v1/wallet/erasure', { code })).json
  expect((await erase(forSigningIn)).code).toBe('wallet_code_wrong')
  await askForCode(server, address, { purpose: 'erase' })
  expect(await erase(await codeOf(server, address))).toMatchObject({ state: 'done', person: gia.person, by: 'wallet' })
  expect((await gia.call('GET', '/v1/wallet/session')).status).toBe(401)
  expect((await server.call('GET', `/v1/people/email:${address}`)).status).toBe(404)
  expect((await server.call('GET', `/v1/outbox?to=${address}`)).json.data).toEqual([])
})
