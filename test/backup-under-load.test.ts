import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CampaignRow } from '../src/contract/reports.ts'
import { loadFrom } from '../src/server/backup.ts'
import { newCluster } from './clusters.ts'
import { freshFolder, freshPostgres } from './stores.ts'
import { dumpUnderLoad } from './torture/dump-under-load.mjs'
import { makeServer } from './torture/servers.mjs'
import { makeStand } from './torture/stand.mjs'
import { readPostgres } from './torture/stored.mjs'

type Row = Record<string, string | null>

const rowsOf = (lines: readonly string[], table: string): Row[] =>
  lines.flatMap(line => {
    const entry = JSON.parse(line) as { t?: string; r?: Row }
    return entry.t === table && entry.r ? [entry.r] : []
  })

const sum = (rows: readonly Row[], column: string): number => rows.reduce((all, row) => all + Number(row[column]), 0)

/** What the report must say of an offer, counted from the dump's lines by nothing of the product's. */
const countedFrom = (lines: readonly string[], offer: string) => {
  const personOf = new Map(rowsOf(lines, 'holders').map(row => [row.id, row.person_id]))
  const uses = rowsOf(lines, 'redemptions').filter(row => row.offer_id === offer)
  const redeemed = uses.filter(row => row.state === 'redeemed')
  const inOrders = redeemed.filter(row => !/^(event|claim)\//.test(row.order_id!))
  const firstOfOrder = [...new Map(inOrders.map(row => [row.order_id, row])).values()]
  const issued =
    rowsOf(lines, 'grants').filter(row => row.offer_id === offer).length +
    rowsOf(lines, 'codes').filter(row => row.offer_id === offer && row.shared === 'false').length
  return {
    issued,
    redeemed: redeemed.length,
    returned: uses.filter(row => row.state === 'returned').length,
    people: new Set(redeemed.flatMap(row => (row.holder_id === null ? [] : [personOf.get(row.holder_id!)]))).size,
    orders: firstOfOrder.length,
    amounts:
      redeemed.length === 0
        ? []
        : [
            {
              currency: 'EUR',
              discount: sum(redeemed, 'amount') - sum(redeemed, 'returned'),
              revenue: sum(firstOfOrder, 'revenue'),
            },
          ],
  }
}

describe('a dump of the embedded store, taken under load and loaded into PostgreSQL', () => {
  let stand: Awaited<ReturnType<typeof makeStand>>
  let taken: Awaited<ReturnType<typeof dumpUnderLoad>>
  let url: string

  beforeAll(async () => {
    stand = await makeStand({ store: 'pglite', prepare: data => newCluster(join(data, 'pglite')) })
    taken = await dumpUnderLoad({ servers: stand.servers, seed: 7 })
    url = await freshPostgres()
    const lines = async function* () {
      yield* taken.lines
    }
    await loadFrom({ folder: freshFolder(), databaseUrl: url }, lines(), () => {})
  }, 180_000)
  afterAll(() => stand.remove())

  it('was taken while orders went on being answered', () => {
    expect(taken.answeredMeanwhile).toBeGreaterThan(0)
  })

  it('holds everything that had been acknowledged, and nothing half done', async () => {
    const { stored } = await readPostgres(url)
    expect(stored.orders.length).toBeGreaterThan(50)
    expect(taken.audit(stored)).toEqual([])
  })

  it('gives the report that its rows add up to', async () => {
    const env = { DATABASE_URL: url, TESSERA_DATA: freshFolder() }
    const server = await makeServer({ program: stand.program, name: 'loaded', env, onLine: () => {} })
    try {
      await server.start()
      const { text } = await server.exchange({ method: 'GET', path: '/v1/reports/campaigns' })
      const offers = (JSON.parse(text) as { data: CampaignRow[] }).data.flatMap(campaign => campaign.offers)
      expect(offers.map(row => row.offer).sort()).toEqual(
        rowsOf(taken.lines, 'offers')
          .map(row => row.id!)
          .sort(),
      )
      expect(
        sum(
          rowsOf(taken.lines, 'redemptions').filter(row => row.state === 'redeemed'),
          'amount',
        ),
      ).toBeGreaterThan(0)
      for (const { offer, issued, redeemed, returned, people, orders, amounts } of offers)
        expect({ offer, issued, redeemed, returned, people, orders, amounts }).toEqual({
          offer,
          ...countedFrom(taken.lines, offer),
        })
    } finally {
      await server.kill()
    }
  })
})
