import { beforeAll, describe, expect, it } from 'vitest'
import { latte, serve, type TestServer } from '../../../test/server.ts'

describe.each(['postgres', 'pglite'] as const)('accounts on %s', store => {
  let server: TestServer
  const time = { now: Date.parse('2026-03-01T10:00:00Z') }
  const on = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`
  const goTo = (day: number): void => {
    time.now = Date.parse(on(day))
  }
  const get = async (path: string) => (await server.call('GET', path)).json
  const ana = 'email:ana@example.com'
  let main: string
  let lot: string

  // Two credits, the first of which ends on the 20th unspent but for what an order on the 5th takes; the clock comes by on the 25th.
  beforeAll(async () => {
    server = await serve(store, { clock: () => time.now })
    const { call } = server
    const credit = (amount: number, more = {}) =>
      call('POST', '/v1/credits', { person: ana, amount, currency: 'EUR', reason: 'goodwill', ...more })
    const first = await credit(500, { expiresAt: '2026-03-20T10:00:00Z' })
    expect(first.status).toBeLessThan(300)
    goTo(3)
    await credit(300)
    goTo(5)
    const order = {
      person: ana,
      state: 'placed',
      channel: 'web',
      lines: [latte],
      tenders: [{ type: 'credit', amount: 450 }],
    }
    expect((await call('PUT', '/v1/orders/web-1', order)).status).toBe(200)
    goTo(25)
    await credit(1)
    const { data } = await get(`/v1/accounts?person=${ana}`)
    main = `/v1/accounts/${data[0].id}`
    lot = (await get(`${main}/postings`)).data.at(-1).lot
  })

  it('are found by person, by owner and by asset, and one by its id', async () => {
    const { data } = await get(`/v1/accounts?person=${ana}`)
    expect(data).toEqual([
      {
        id: `${data[0].owner}/credit:EUR/main`,
        owner: expect.stringMatching(/^hol_/),
        asset: 'credit:EUR',
        kind: 'main',
        balance: 301,
        floor: 0,
        dueAt: null,
        openedAt: on(1),
      },
    ])
    expect((await get(`/v1/accounts?owner=${data[0].owner}&asset=credit:EUR`)).data).toEqual(data)
    expect((await get('/v1/accounts')).data).toEqual(data)
    expect((await get('/v1/accounts?asset=credit:USD')).data).toEqual([])
    expect(await get(main)).toEqual(data[0])
    expect((await server.call('GET', `/v1/accounts/${data[0].owner}/credit:EUR/held`)).json.code).toBe(
      'account_not_found',
    )
  })

  it('have a statement, newest first, that says what each line came of and what it came to', async () => {
    const { data } = await get(`${main}/postings`)
    const lines = data.map((it: Record<string, unknown>) => [
      it.kind,
      it.amount,
      it.balance,
      it.effectiveAt,
      it.bookedAt,
    ])
    expect(lines).toEqual([
      ['issue', 1, 301, on(25), on(25)],
      // Booked when somebody came by, and counts from when it was due.
      ['expire', -50, 300, on(20), on(25)],
      ['burn', -450, 350, on(5), on(5)],
      ['issue', 300, 800, on(3), on(3)],
      ['issue', 500, 500, on(1), on(1)],
    ])
    expect(data[2].cause).toMatchObject({ order: 'web-1', channel: 'web', actor: expect.any(String) })
    expect(data[1].cause).not.toHaveProperty('actor')
    expect(data.map((it: { lot: string }) => it.lot === lot)).toEqual([false, true, true, false, true])
    // Page by page it is the same.
    const pages = []
    for (let cursor = ''; cursor !== 'end'; ) {
      const page = await get(`${main}/postings?limit=2${cursor}`)
      pages.push(...page.data)
      cursor = page.nextCursor === null ? 'end' : `&cursor=${page.nextCursor}`
    }
    expect(pages).toEqual(data)
    expect((await server.call('GET', `${main}/postings?cursor=bm9uZQ`)).status).toBe(400)
  })

  it('tell what they came to at any past instant, by when things were booked or by when they count from', async () => {
    const at = async (day: number, more = '') => (await get(`${main}?at=${on(day)}${more}`)).balance
    expect([await at(1), await at(4), await at(6), await at(21), await at(26)]).toEqual([500, 800, 350, 350, 301])
    expect(await at(21, '&effective=true')).toBe(300)
    expect((await get(`${main}?at=2026-03-01T09:59:59Z`)).balance).toBe(0)
    expect((await get(`/v1/accounts?person=${ana}&at=${on(4)}`)).data[0].balance).toBe(800)
    expect((await server.call('GET', `/v1/accounts?at=${on(4)}`)).status).toBe(400)
  })

  it('of the house say where value came from and where it went: with all others they come to zero', async () => {
    const { data } = await get('/v1/accounts?owner=house')
    const balances = Object.fromEntries(data.map((it: { id: string; balance: number }) => [it.id, it.balance]))
    expect(balances).toEqual({
      'house/credit:EUR/issued': -801,
      'house/credit:EUR/burned': 450,
      'house/credit:EUR/expired': 50,
    })
    expect((await get(`/v1/accounts?owner=house&at=${on(6)}`)).data[0].balance).toBe(-800)
    expect((await get('/v1/accounts/house/credit:EUR/issued')).balance).toBe(-801)
    const { data: lines } = await get('/v1/accounts/house/credit:EUR/burned/postings')
    expect(lines).toMatchObject([{ amount: 450, balance: null, lot: null, cause: { order: 'web-1' } }])
  })

  it('have transactions that sum to zero and say what they came of and what took them back', async () => {
    const { data } = await get(`${main}/postings`)
    const { transaction } = data[2]
    const burned = await get(`/v1/transactions/${transaction}`)
    expect(burned).toMatchObject({ id: transaction, kind: 'burn', period: '2026-03', postingsTotal: 2, reversedBy: [] })
    expect(burned.cause).toEqual(data[2].cause)
    expect(burned.postings).toEqual([
      { account: expect.stringMatching(/^hol_.*main$/), asset: 'credit:EUR', amount: -450, lot },
      { account: 'house/credit:EUR/burned', asset: 'credit:EUR', amount: 450, lot: null },
    ])
    goTo(26)
    const { transaction: given, id } = (
      await server.call('POST', '/v1/adjustments', { person: ana, asset: 'credit:EUR', amount: 7, reason: 'goodwill' })
    ).json
    goTo(27)
    await server.call('POST', `/v1/adjustments/${id}/reverse`, { reason: 'correction' })
    const [taken] = (await get(`${main}/postings`)).data
    expect(taken.reverses).toBe(given)
    expect(await get(`/v1/transactions/${given}`)).toMatchObject({
      kind: 'adjust',
      adjustment: id,
      reversedBy: [taken.transaction],
    })
  })
})
