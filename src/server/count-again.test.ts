import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../test/calls.ts'
import { parseInstant } from '../core/kernel/time.ts'
import type { BucketLimit, OfferTerms } from '../core/offers/schema.ts'
import { bucketsOf } from '../core/orders/limits.ts'
import { countAgain } from './count-again.ts'

const limits: readonly BucketLimit[] = [
  { uses: 9, period: 'hour' },
  { uses: 9, period: 'day', by: 'location' },
  { uses: 9, period: 'week', by: 'channel' },
  { uses: 9, period: 'month' },
  { uses: 9, by: 'location' },
  { uses: 99, by: 'location' },
  { uses: 1, period: 'day', by: 'person' },
]
const terms = (more: Partial<OfferTerms> = {}): OfferTerms => ({
  name: 'Coffee',
  trigger: { on: 'basket' },
  benefit: { kind: 'percentOff', percent: 20 },
  channels: {},
  stacking: { priority: 0 },
  limits: { per: [...limits] },
  validity: {},
  ...more,
})

const times = [
  // Around the ends of summer time, where clocks show an hour twice or leave one out.
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2026-03-29T00:59:59.999Z',
  '2026-03-29T01:00:00Z',
  '2026-11-01T05:45:00Z',
  // Weeks of another year, and the edges of days and months.
  '2026-12-31T22:30:00Z',
  '2026-12-31T23:30:00Z',
  '2027-01-03T23:59:59Z',
  '2024-12-30T12:00:00Z',
  '2026-02-28T18:20:00Z',
  '2026-03-01T03:00:00Z',
]
const places = [
  ['web', null],
  ['store', 'store-12'],
  ['store', 'store 7'],
] as const
const states = ['redeemed', 'held', 'cancelled', 'returned', 'withheld'] as const

describe.each(['postgres', 'pglite'] as const)('counters made anew on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  const use = (
    offer: string,
    number: number,
    at: string,
    channel: string,
    location: string | null,
    state: string,
    given: unknown = null,
  ) =>
    services.database.query(
      `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, channel, location, currency, amount, revenue, returned, given, state, at, changed_at)
       values ('default', $1, 1, $1, $2, 1, 'cmp_1', $3, $4, 'EUR', 100, 900, 30, $5::json, $6, $7, $7)`,
      [`${offer}-${number}`, offer, channel, location, given === null ? null : JSON.stringify(given), state, at],
    )
  const countersOf = async (offer: string) =>
    (
      await services.database.query<{
        bucket: string
        used: number
        held: number
        budget_used: number
        budget_held: number
      }>('select bucket, used, held, budget_used, budget_held from counters where offer_id = $1 order by bucket', [
        offer,
      ])
    ).rows

  it.each(['Europe/Rome', 'America/St_Johns', 'Asia/Kathmandu', 'America/New_York', 'UTC'])(
    'have the names that a use has in %s',
    async timeZone => {
      const offer = `off_${timeZone}`
      const expected = new Map<string, { used: number; held: number }>()
      let number = 0
      for (const [index, at] of times.entries())
        for (const [channel, location] of places) {
          number += 1
          const state = states[(index + number) % states.length]!
          await use(offer, number, at, channel, location, state)
          if (state !== 'redeemed' && state !== 'held') continue
          const place = { at: parseInstant(at)!, timeZone, channel, location }
          for (const bucket of ['', ...bucketsOf(terms(), place)]) {
            const counter = expected.get(bucket) ?? { used: 0, held: 0 }
            counter[state === 'redeemed' ? 'used' : 'held'] += 1
            expected.set(bucket, counter)
          }
        }
      await countAgain(services.database, 'default', offer, terms({ validity: { timeZone } }), 'Asia/Tokyo')
      const counted = (await countersOf(offer)).map(({ bucket, used, held }) => [bucket, { used, held }] as const)
      expect(counted.length).toBeGreaterThan(20)
      expect(new Map(counted)).toEqual(expected)
    },
  )

  it('count money once, in the currency of the budget, less what came back; and gifts by number', async () => {
    const gifts = [
      { what: 'gift', sku: 'CUP', quantity: 2 },
      { what: 'gift', sku: 'TEA', quantity: 5 },
      { what: 'offer', offer: 'off_x', quantity: 1 },
    ]
    await use('off_gift', 1, '2026-03-02T10:00:00Z', 'web', null, 'redeemed', gifts)
    await use('off_gift', 2, '2026-03-02T11:00:00Z', 'web', null, 'held', gifts)
    await use('off_gift', 3, '2026-03-02T12:00:00Z', 'web', null, 'redeemed')
    await use('off_gift', 4, '2026-03-02T12:00:00Z', 'web', null, 'cancelled', gifts)
    const given = terms({
      benefit: { kind: 'freeItem', items: [{ sku: 'CUP', stock: 10 }, { sku: 'TEA' }], quantity: 1 },
      limits: { budget: { amount: 1000, currency: 'EUR' }, per: { uses: 5, period: 'day' } },
    } as Partial<OfferTerms>)
    await services.database.query(
      `insert into counters (workspace_id, offer_id, bucket, used) values ('default', 'off_gift', 'day=1999-01-01', 7)`,
    )
    await countAgain(services.database, 'default', 'off_gift', given, 'UTC')
    expect(await countersOf('off_gift')).toEqual([
      { bucket: '', used: 2, held: 1, budget_used: 140, budget_held: 70 },
      { bucket: 'day=2026-03-02', used: 2, held: 1, budget_used: 0, budget_held: 0 },
      { bucket: 'gift=CUP', used: 2, held: 2, budget_used: 0, budget_held: 0 },
    ])
  })

  it('leave an offer that nobody has used at zero', async () => {
    await countAgain(services.database, 'default', 'off_new', terms(), 'UTC')
    expect(await countersOf('off_new')).toEqual([{ bucket: '', used: 0, held: 0, budget_used: 0, budget_held: 0 }])
  })
})
