import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { storeMany } from '../../../test/many.ts'
import { plansOf } from '../../../test/plans.ts'
import { catalogueNow } from '../catalogue-now.ts'
import { readAttention } from './attention.ts'
import { readSetup } from './setup.ts'
import { readTicker } from './ticker.ts'

describe.each(['postgres', 'pglite'] as const)('the first page of a large business, on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
    await storeMany(services.database)
  })
  afterAll(() => services.database.close())

  it('reads no table whole', async () => {
    const { workspace } = services.workspaces.known('default')
    const catalogue = await catalogueNow(services, 'default')
    const now = Date.now()
    const plans = await plansOf(services.database, async source => {
      await readAttention({ source, workspace, catalogue, now })
      await readSetup(source, 'default')
      expect((await readTicker(source, 'default', { from: now - 86_400_000, to: now })).length).toBe(50)
    })
    expect(plans.length).toBeGreaterThan(9)
    expect(plans.filter(plan => plan.includes('Seq Scan')).join('\n\n')).toBe('')
    expect(plans.join('\n')).toContain('orders_by_time')
  })
})
