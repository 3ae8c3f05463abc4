import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import { storeMany } from '../../../test/many.ts'
import { plansOf } from '../../../test/plans.ts'
import { newOffer, storeOrder, storeUses } from '../../../test/records.ts'
import { getActivity } from '../../contract/activity.ts'
import type { ActivityRow } from '../../core/measurement/activity.ts'
import { activityHandlers } from '../resources/activity.ts'
import { readActivity } from './read-activity.ts'

const at = (text: string): number => Date.parse(text)
const offer = (n: number): string => `off_${String(n).padStart(26, '0')}`

describe.each(['postgres', 'pglite'] as const)('what happened when, on %s', store => {
  let services: TestServices
  let [one, two] = ['', '']

  beforeAll(async () => {
    services = await testServices(store)
    one = await newOffer(services)
    two = await newOffer(services)
    const { database } = services
    const placed = { 'o-1': '2026-03-01T08:10:00Z', 'o-2': '2026-03-01T23:30:00Z', 'o-3': '2026-03-02T08:00:00Z' }
    for (const [id, time] of Object.entries(placed))
      await storeOrder(database, { id, holder: 'hol_1', placedAt: at(time) })
    await storeOrder(database, { id: 'o-0', holder: 'hol_1', placedAt: at('2026-02-22T08:10:00Z') })
    await storeOrder(database, { id: 'o-out', holder: 'hol_1', placedAt: at('2026-03-03T08:10:00Z') })
    await database.query(`update orders set state = 'cancelled' where id = 'o-3'`)
    await database.query(`update orders set channel = 'web', returned = '{"refunded":20}' where id = 'o-2'`)
    const use = { campaign: 'cmp_1', revenue: 720, amount: 90 }
    await storeUses(database, [
      { ...use, order: 'o-1', offer: one, at: at(placed['o-1']) },
      { ...use, order: 'o-1', seq: 2, offer: two, at: at(placed['o-1']) },
      { ...use, order: 'o-1', seq: 3, offer: two, at: at(placed['o-1']), state: 'released' },
      { ...use, order: 'o-2', offer: two, at: at(placed['o-2']), channel: 'web', revenue: 700 },
      { ...use, order: 'event/m-1', offer: two, at: at(placed['o-1']), amount: 0, channel: 'app' },
    ])
    await database.query(`update redemptions set returned = 40 where order_id = 'o-2'`)
    await database.query(
      `insert into grants (workspace_id, holder_id, id, offer_id, state, issued_at)
       values ('default', 'hol_1', 'gra_01kjmk6np0' || repeat('0', 16), $1, 'issued', to_timestamp($2 / 1000.0))`,
      [one, at('2026-03-01T11:40:40Z')],
    )
  })
  afterAll(() => services.database.close())

  const days = { from: '2026-03-01T00:00:00Z', to: '2026-03-03T00:00:00Z', timeZone: 'UTC' }
  const activity = async (query: object) => {
    const { getActivity: handler } = activityHandlers(services)
    const { json, refusal } = await ask(services, getActivity, handler, { query: { ...days, ...query } })
    if (refusal) throw new Error(refusal.errors?.map(it => `${it.pointer} ${it.message}`).join())
    return json as { data: ActivityRow[]; usual?: { weeks: number; data: ActivityRow[] } }
  }
  const told = ({ bucket, group, orders, used, given, amounts }: ActivityRow): string => {
    const money = amounts.map(it => `${it.currency} ${it.sales} ${it.discount} ${it.revenue}`)
    return [bucket, group, `${orders}×`, `${used} used`, `${given} given`, ...money].filter(it => it !== null).join(' ')
  }
  const data = async (query: object) => (await activity(query)).data.map(told)

  it('is told by the day: each order once, less what came back, without those that were cancelled', async () => {
    expect(await data({})).toEqual(['2026-03-01 2× 4 used 1 given EUR 1420 230 1420'])
  })
  it('is told on the clock of the zone', async () => {
    expect(await data({ timeZone: 'Europe/Rome', bucket: 'hour' })).toEqual([
      '2026-03-01T09+01:00 1× 3 used 0 given EUR 720 180 720',
      '2026-03-01T12+01:00 0× 0 used 1 given',
      '2026-03-02T00+01:00 1× 1 used 0 given EUR 700 50 700',
    ])
  })
  it('is told by channel', async () => {
    expect(await data({ by: 'channel' })).toEqual([
      '2026-03-01 app 0× 1 used 0 given',
      '2026-03-01 store 1× 2 used 0 given EUR 720 180 720',
      '2026-03-01 web 1× 1 used 0 given EUR 700 50 700',
    ])
    expect(await data({ channel: 'web', bucket: 'month' })).toEqual(['2026-03 1× 1 used 0 given EUR 700 50 700'])
  })
  it('is told by offer, where an order counts with each that it used', async () => {
    expect((await data({ by: 'offer' })).toSorted()).toEqual(
      [
        `2026-03-01 ${one} 1× 1 used 1 given EUR 0 90 720`,
        `2026-03-01 ${two} 2× 3 used 0 given EUR 0 140 1420`,
      ].toSorted(),
    )
    expect(await data({ offer: one })).toEqual(['2026-03-01 1× 1 used 1 given EUR 0 90 720'])
  })
  it('is told beside what is usual', async () => {
    const { usual } = await activity({ usual: 'true' })
    expect(usual?.weeks).toBe(1)
    expect(usual?.data.map(told)).toEqual(['2026-03-01 1× 0 used 0 given EUR 720 0 0'])
  })
  it.each([
    [{ from: days.to }, '?from is not before `to`'],
    [{ timeZone: 'Rome' }, '?timeZone is no time zone'],
    [{ usual: 'true', bucket: 'month' }, '?usual is told of hours or days, in a period of a week at most'],
  ])('is refused where it makes no sense: %j', async (query, message) => {
    await expect(activity(query)).rejects.toThrow(message)
  })

  it('is the same by offer and in all, however many there are, and no table is read whole for it', async () => {
    const { database } = services
    await storeMany(database, 5000)
    await database.query(
      `insert into offers (workspace_id, id, campaign_id, version, state, body, catalogue_version, created_at, updated_at)
       select 'default', 'off_' || lpad(n::text, 26, '0'), 'cmp_many', 1, 'live', '{}', 0, now(), now() from generate_series(0, 19) n`,
    )
    const now = Date.now()
    const none = { channel: undefined, location: undefined, campaign: undefined, offer: undefined, by: undefined }
    const asked = { ...none, from: now - 40 * 86_400_000, to: now, bucket: 'month' as const, timeZone: 'UTC' }
    const sum = (rows: readonly ActivityRow[], of: (row: ActivityRow) => number) =>
      rows.reduce((all, it) => all + of(it), 0)
    const discount = (row: ActivityRow) => sum([row], () => row.amounts[0]?.discount ?? 0)
    let all: ActivityRow[] = []
    let byOffer: ActivityRow[] = []
    const plans = await plansOf(database, async it => {
      all = await readActivity(it, 'default', asked)
      byOffer = await readActivity(it, 'default', { ...asked, by: 'offer' })
    })
    expect(sum(all, it => it.orders)).toBeGreaterThan(1900)
    expect(sum(byOffer, it => it.used)).toBe(sum(all, it => it.used))
    expect(sum(byOffer, discount)).toBe(sum(all, discount))
    expect(byOffer.filter(it => it.group === offer(7)).length).toBeGreaterThan(0)
    expect(plans.filter(plan => plan.includes('Seq Scan')).join('\n\n')).toBe('')
    for (const index of ['orders_by_time', 'redemptions_by_time', 'redemptions_apart', 'grants_by_offer'])
      expect(plans.join('\n')).toContain(index)
  })
})
