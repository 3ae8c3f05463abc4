import { describe, expect, it, vi } from 'vitest'
import { makeOffer, serve } from '../../../test/server.ts'
import { draftId } from '../../core/simulation/drafts.ts'
import { type SimulationReport, simulationReport } from '../../core/simulation/schema.ts'
import { ordersAtOnce } from './stored-orders.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1, 12)
const iso = (ms: number) => new Date(ms).toISOString()

const tenth = {
  name: 'A tenth off what is in the collection',
  trigger: { on: 'basket' },
  benefit: { kind: 'percentOff', percent: 10, lines: "inCollection(line.sku, 'coffee')" },
}

describe.each(['postgres', 'pglite'] as const)('simulations of stored orders on %s', store => {
  const server = serve(store)
  const simulate = async (
    body: object,
  ): Promise<{ report: SimulationReport; done: number; location: string | null }> => {
    const { call } = await server
    const started = await call('POST', '/v1/simulations', body)
    expect([started.status, started.text]).toEqual([202, expect.stringContaining('"simulateOrders"')])
    const job = await vi.waitFor(
      async () => {
        const { json } = await call('GET', `/v1/jobs/${started.json.id}`)
        expect(json).toMatchObject({ state: 'done', error: null })
        return json
      },
      { timeout: 30_000, interval: 50 },
    )
    return { report: simulationReport.parse(job.result), done: job.done, location: started.headers.get('location') }
  }

  /** More orders than two steps take: Ana and nobody in turn, one a day; every fifth is cancelled, every seventh open. */
  const many = 2 * ordersAtOnce + 50
  const stateOf = (index: number) => (index % 7 === 0 ? 'open' : 'placed')
  const isCounted = (index: number) => index % 7 !== 0 && index % 5 !== 0
  const stored = (async () => {
    const { call } = await server
    await call('PUT', '/v1/collections/coffee', { skus: ['LATTE'] })
    const live = await makeOffer(await server, { name: 'Live', benefit: { kind: 'percentOff', percent: 50 } })
    await call('POST', `/v1/offers/${live.offer}/codes`, { codes: ['SUMMER'], shared: true })
    await Promise.all(
      Array.from({ length: many }, async (_, index) => {
        const order = {
          channel: 'web',
          ...(index % 2 === 0 && { person: 'email:ana@example.com' }),
          lines: [
            { id: '1', sku: 'LATTE', quantity: 1, unitPrice: 1000 },
            { id: '2', sku: 'BREAD', quantity: 1, unitPrice: 500 },
          ],
          ...(index === 11 && { codes: ['SUMMER'] }),
          occurredAt: iso(start - index * day),
        }
        const { status } = await call('PUT', `/v1/orders/O${index}`, { ...order, state: stateOf(index) })
        expect(status).toBe(200)
        if (index % 5 === 0 && index % 7 !== 0) await call('PUT', `/v1/orders/O${index}`, { state: 'cancelled' })
      }),
    )
    return live
  })()
  const counted = Array.from({ length: many }, (_, index) => index).filter(isCounted)

  it('decides every placed order again, in the order of time, and tells what came of it', async () => {
    await stored
    const { report, done, location } = await simulate({
      offers: [{ ...tenth, limits: { uses: 100 } }],
      from: iso(start - 200 * day),
    })
    const inside = counted.filter(index => index <= 200)
    expect([done, location]).toEqual([many, expect.stringMatching(/^\/v1\/jobs\/job_/)])
    expect(report).toMatchObject({
      currency: 'EUR',
      orders: inside.length,
      people: 1,
      ordersWithoutPerson: inside.filter(index => index % 2 === 1).length,
      discount: 10_000,
      firstAt: iso(start - Math.max(...inside) * day),
      setAside: { before: counted.length - inside.length, otherCurrency: 0 },
    })
    const hundredth = inside.toReversed()[99]!
    expect(report.offers).toEqual([
      expect.objectContaining({
        offer: draftId(0),
        redemptions: 100,
        limits: [
          { limit: 'uses', allowed: 100, ranDryAt: iso(start - hundredth * day), turnedAway: inside.length - 100 },
        ],
      }),
    ])
  })

  it('with the live offers: what the codes of the orders claim is decided beside the drafts', async () => {
    const live = await stored
    const { report } = await simulate({ offers: [tenth], withLive: true, to: iso(start - 10 * day) })
    const live11 = report.offers.find(it => it.offer === live.offer)
    expect(live11).toMatchObject({ isDraft: false, redemptions: 1, discount: 700 })
    const without = await simulate({ offers: [tenth], to: iso(start - 10 * day) })
    expect(without.report.offers).toHaveLength(1)
  })

  it('a draft of a live offer takes its place: it is not decided beside itself', async () => {
    const live = await stored
    const asked = { offers: [tenth], withLive: true, to: iso(start - 10 * day) }
    const { report } = await simulate({ ...asked, replaces: [live.offer] })
    expect(report.offers.map(({ offer }) => offer)).toEqual([draftId(0)])
    const { call } = await server
    const unknown = await call('POST', '/v1/simulations', { ...asked, replaces: [`off_${'0'.repeat(26)}`] })
    expect(unknown.json.code).toBe('offer_not_found')
  })

  it('makes the same report each time', async () => {
    await stored
    const ask = () => simulate({ offers: [tenth], to: iso(start) })
    const [one, other] = [await ask(), await ask()]
    expect(JSON.stringify(one.report)).toBe(JSON.stringify(other.report))
  })

  it.each([
    [{ ...tenth, when: 'order.totl > 5' }, 'invalid_input', '/offers/0/when'],
    [{ ...tenth, trigger: { on: 'request' } }, 'invalid_input', '/offers/0/trigger/on'],
    [{ ...tenth, name: '' }, 'invalid_input', '/offers/0/name'],
    [
      { ...tenth, benefit: { kind: 'percentOff', percent: 5, lines: "inCollection(line.sku, 'tea')" } },
      'collection_not_found',
      undefined,
    ],
    [{ ...tenth, benefit: { kind: 'giveOffer', offer: `off_${'0'.repeat(26)}` } }, 'offer_not_found', undefined],
  ])('refuses what could not be saved: %#', async (offer, code, pointer) => {
    const { call } = await server
    const { json } = await call('POST', '/v1/simulations', { offers: [offer] })
    expect([json.code, json.errors?.[0]?.pointer]).toEqual([code, pointer])
  })
})
