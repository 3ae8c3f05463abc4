import { expect, it } from 'vitest'
import { onServers, raceTracks, send } from './races.ts'

it.each(raceTracks)(
  'of 200 who redeem one single-use code at once over %s and two channels, exactly one succeeds and 199 hear the same reason',
  async (_, store) => {
    await onServers(store, async servers => {
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
    })
  },
  120_000,
)

it.each(raceTracks)(
  'of 40 who return the last unit of a line at once over %s, exactly one is paid, and a return id is one return wherever it is asked',
  async (_, store) => {
    await onServers(store, async servers => {
      const first = servers[0]!
      const campaign = await send(first, 'POST', '/v1/campaigns', { name: 'Race' })
      const offer = await send(first, 'POST', '/v1/offers', {
        campaign: campaign.json.id,
        name: 'A tenth off',
        trigger: { on: 'basket' },
        benefit: { kind: 'percentOff', percent: 10 },
        limits: { uses: 1 },
      })
      const order = {
        person: 'userId:racer',
        channel: 'web',
        currency: 'EUR',
        state: 'placed',
        lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 2000 }],
      }
      expect((await send(first, 'PUT', '/v1/orders/race', order)).json.totals.total).toBe(1800)
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          send(servers[index % servers.length]!, 'POST', '/v1/orders/race/returns', {
            // Two of each, one at each process.
            id: `return-${index >> 1}`,
            lines: [{ id: '1', quantity: 1 }],
          }),
        ),
      )
      const paid = answers.filter(answer => answer.status === 200)
      expect(paid.map(answer => answer.json.refund)).toEqual([1800, 1800])
      expect(new Set(paid.map(answer => answer.json.id)).size).toBe(1)
      const refused = answers.filter(answer => answer.status !== 200)
      expect(refused.map(answer => answer.json.code)).toEqual(Array(38).fill('return_exceeds_line'))
      const found = await send(servers.at(-1)!, 'GET', '/v1/orders/race')
      expect(found.json).toMatchObject({ state: 'returned', returned: { refunded: 1800, lines: { 1: 1 } } })
      // The one use is free again.
      const next = await send(servers.at(-1)!, 'PUT', '/v1/orders/after', order)
      expect(next.json.applied).toMatchObject([{ offer: offer.json.id }])
    })
  },
  120_000,
)

it.each(raceTracks)(
  'of 100 who claim at a moment what is there once over %s, exactly one is given it; and one event told 100 times gives once',
  async (_, store) => {
    await onServers(store, async servers => {
      const first = servers[0]!
      const campaign = await send(first, 'POST', '/v1/campaigns', { name: 'Race' })
      const make = async (offer: object) =>
        (await send(first, 'POST', '/v1/offers', { campaign: campaign.json.id, ...offer })).json.id
      const benefit = { kind: 'amountOff', amount: 500, currency: 'EUR' }
      const coupon = await make({ name: 'A coupon', trigger: { on: 'grant' }, benefit })
      const present = { name: 'A present', benefit: { kind: 'giveOffer', offer: coupon } }
      const once = await make({ ...present, trigger: { on: 'request' }, limits: { uses: 1, perPerson: 1 } })
      await make({ ...present, trigger: { on: 'event', event: 'Product Reviewed' } })

      const claims = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          send(servers[index % servers.length]!, 'POST', '/v1/decisions', {
            person: `userId:racer-${index}`,
            channel: 'app',
            moment: 'app home',
            claim: [once],
          }),
        ),
      )
      expect(claims.map(answer => answer.status)).toEqual(Array(100).fill(200))
      expect(claims.filter(answer => answer.json.claimed.length === 1)).toHaveLength(1)
      const lost = claims.filter(answer => answer.json.claimed.length === 0)
      expect(lost.map(answer => answer.json.refused[0]?.reason.code)).toEqual(Array(99).fill('limit_reached'))

      const review = { userId: 'writer', event: 'Product Reviewed', messageId: 'review-1' }
      const told = await Promise.all(
        Array.from({ length: 100 }, (_, index) => send(servers[index % servers.length]!, 'POST', '/v1/track', review)),
      )
      expect(told.map(answer => answer.json.stored).reduce((sum, stored) => sum + stored, 0)).toBe(1)
      const grants = await send(servers.at(-1)!, 'GET', `/v1/offers/${coupon}/grants`)
      expect(grants.json.data).toHaveLength(2)
    })
  },
  120_000,
)
