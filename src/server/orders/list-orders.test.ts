import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { storeMany } from '../../../test/many.ts'
import { plansOf } from '../../../test/plans.ts'
import { readOrders } from './list-orders.ts'

describe.each(['postgres', 'pglite'] as const)('lists of many orders on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
    await storeMany(services.database)
  })
  afterAll(() => services.database.close())

  const none = { holders: undefined, offer: undefined, code: undefined, channel: undefined }
  const asked = { ...none, location: undefined, state: undefined, from: undefined }
  it.each([
    ['all', asked, 'orders_by_time', 10],
    ['somebody’s', { ...asked, holders: ['hol_1', 'hol_2'] }, 'orders_by_holder', 10],
    ['of an offer', { ...asked, offer: 'off_00000000000000000000000007' }, 'redemptions_by_time', 10],
    ['of a code', { ...asked, code: 'MANY7' }, 'redemptions_by_use', 1],
  ] as const)('are found by an index: %s', async (_, what, index, found) => {
    const place = { at: Date.UTC(9999, 1), id: '' }
    const plans = await plansOf(services.database, async it => {
      expect((await readOrders(it, 'default', what, place, 10)).data).toHaveLength(found)
    })
    expect(plans.filter(plan => plan.includes('Seq Scan')).join('\n\n')).toBe('')
    expect(plans.join('\n')).toContain(index)
  })
})
