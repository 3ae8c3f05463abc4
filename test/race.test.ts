import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newCluster } from './clusters.ts'
import type { Server } from './torture/servers.mjs'
import { makeStand } from './torture/stand.mjs'

const send = async (server: Server, method: string, path: string, body?: unknown) => {
  const { status, text } = await server.exchange({
    method,
    path,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status, json: JSON.parse(text) }
}

it.each([
  ['two processes on one PostgreSQL', 'postgres'],
  ['one process on the embedded store', 'pglite'],
] as const)(
  'of 200 who redeem one single-use code at once over %s and two channels, exactly one succeeds and 199 hear the same reason',
  async (_, store) => {
    const stand = await makeStand({
      store,
      postgresUrl: process.env.TEST_DATABASE_URL,
      prepare: data => newCluster(join(data, 'pglite')),
    })
    try {
      const { servers } = stand
      await Promise.all(servers.map(server => server.start()))
      const first = servers[0]!
      const campaign = await send(first, 'POST', '/v1/campaigns', { name: 'Race' })
      const offer = await send(first, 'POST', '/v1/offers', {
        campaign: campaign.json.id,
        name: 'Only once',
        trigger: { on: 'code' },
        benefit: { kind: 'amountOff', amount: 500, currency: 'EUR' },
        limits: { perCode: 1 },
      })
      await send(first, 'POST', `/v1/offers/${offer.json.id}/codes`, { codes: ['ONLY-ONE'] })

      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          send(servers[index % servers.length]!, 'PUT', `/v1/orders/race-${index}`, {
            person: `userId:racer-${index}`,
            channel: index % 4 < 2 ? 'web' : 'store',
            currency: 'EUR',
            state: 'placed',
            codes: ['only one'],
            lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 2000 }],
          }),
        ),
      )
      expect(answers.map(answer => answer.status)).toEqual(Array(200).fill(200))
      const won = answers.filter(answer => answer.json.applied.length === 1)
      const lost = answers.filter(answer => answer.json.applied.length === 0)
      expect(won.map(answer => answer.json.totals.discount)).toEqual([500])
      expect(lost.map(answer => answer.json.refused[0]?.reason.code)).toEqual(Array(199).fill('limit_reached'))
      const found = await send(servers.at(-1)!, 'GET', '/v1/codes/ONLY-ONE')
      expect(found.json.data).toMatchObject([{ offer: offer.json.id, uses: 1, held: 0 }])
    } finally {
      await stand.remove()
    }
  },
  120_000,
)
