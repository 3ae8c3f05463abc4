import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import { newCampaign, newOffer, storeUses } from '../../../test/records.ts'
import { createCodes } from '../../contract/codes.ts'
import { createGrants } from '../../contract/grants.ts'
import { type CampaignRow, getCampaignReport } from '../../contract/reports.ts'
import { holdersFor } from '../people/holders.ts'
import { codesHandlers } from './codes.ts'
import { grantsHandlers } from './grants.ts'
import { reportsHandlers } from './reports.ts'

const start = Date.UTC(2026, 2, 1, 8)
const day = 86_400_000

describe.each(['postgres', 'pglite'] as const)('the campaign report on %s', store => {
  let services: TestServices
  let holders: { id: string; personId: string }[]

  beforeAll(async () => {
    services = await testServices(store)
    const refs = Array.from({ length: 20 }, (_, index) => `userId:${index}`)
    const { workspace } = services.workspaces.known('default')
    const made = await holdersFor(services.database, workspace, refs, start, { create: true })
    if (!made.ok) throw new Error(made.refusal.message)
    holders = made.value
    // The last two are one human.
    await services.database.query('update holders set person_id = $1 where id = $2', [
      holders[18]!.personId,
      holders[19]!.id,
    ])
  })
  afterAll(() => services.database.close())

  const report = (query: object) =>
    ask(services, getCampaignReport, reportsHandlers(services).getCampaignReport, { query })
  const reported = async (query: object) => (await report(query)).json.data as CampaignRow[]

  it('tells for campaign, offer and channel what was issued, held and redeemed, by how many, at what cost and for what revenue', async () => {
    const campaign = await newCampaign(services, { name: 'Spring' })
    const coffee = await newOffer(services, { campaign, name: 'Coffee' })
    const bread = await newOffer(services, { campaign, name: 'Bread', trigger: { on: 'grant' } })
    for (const { id } of holders)
      await services.database.query(`insert into members values ('default', $1, $2, now())`, [id, campaign])
    const codes = codesHandlers(services)
    await ask(services, createCodes, codes.createCodes, {
      params: { id: coffee },
      body: { codes: ['S-1'], shared: true },
    })
    await ask(services, createCodes, codes.createCodes, { params: { id: coffee }, body: { codes: ['U-1', 'U-2'] } })
    await ask(services, createGrants, grantsHandlers(services).createGrants, {
      params: { id: bread },
      body: { people: ['userId:1', 'userId:2', 'userId:3'], withCode: true },
    })
    const [ana, one, other] = [holders[0]!.id, holders[18]!.id, holders[19]!.id]
    const common = { campaign, at: start }
    await storeUses(services.database, [
      { ...common, order: 'o-1', offer: coffee, holder: ana, amount: 180, revenue: 720 },
      { ...common, order: 'o-1', seq: 2, offer: bread, holder: ana, amount: 50, revenue: 720 },
      { ...common, order: 'o-2', offer: coffee, holder: one, channel: 'web', amount: 200, revenue: 1000 },
      {
        ...common,
        order: 'o-3',
        offer: coffee,
        holder: other,
        channel: 'web',
        amount: 10,
        revenue: 90,
        currency: 'CHF',
      },
      { ...common, order: 'o-4', offer: coffee, holder: null, amount: 20, revenue: 100, at: start + day },
      { ...common, order: 'o-5', offer: coffee, holder: ana, state: 'held', heldUntil: start + 1 },
      { ...common, order: 'o-6', offer: coffee, holder: ana, state: 'held', heldUntil: start },
      { ...common, order: 'o-7', offer: coffee, holder: ana, state: 'cancelled' },
    ])
    const [row] = await reported({ campaign })
    const store4 = {
      channel: 'store',
      held: 1,
      redeemed: 3,
      returned: 0,
      people: 1,
      orders: 2,
      amounts: [{ currency: 'EUR', discount: 250, revenue: 820 }],
    }
    const web2 = {
      channel: 'web',
      held: 0,
      redeemed: 2,
      returned: 0,
      people: 1,
      orders: 2,
      amounts: [
        { currency: 'CHF', discount: 10, revenue: 90 },
        { currency: 'EUR', discount: 200, revenue: 1000 },
      ],
    }
    expect(row).toMatchObject({
      campaign,
      name: 'Spring',
      members: 19,
      issued: 5,
      held: 1,
      redeemed: 5,
      returned: 0,
      people: 2,
      orders: 4,
      redemptionRate: 0.1053,
      amounts: [
        { currency: 'CHF', discount: 10, revenue: 90 },
        { currency: 'EUR', discount: 450, revenue: 1820 },
      ],
      channels: [store4, web2],
    })
    const offers = new Map(row!.offers.map(offer => [offer.offer, offer]))
    expect(offers.get(coffee)).toMatchObject({
      name: 'Coffee',
      issued: 2,
      held: 1,
      redeemed: 4,
      returned: 0,
      people: 2,
      redemptionRate: 0.1053,
    })
    expect(offers.get(bread)).toMatchObject({
      name: 'Bread',
      issued: 3,
      redeemed: 1,
      returned: 0,
      people: 1,
      amounts: [{ currency: 'EUR', discount: 50, revenue: 720 }],
    })

    const [until] = await reported({ campaign, to: new Date(start + day).toISOString() })
    const [since] = await reported({ campaign, from: new Date(start + day).toISOString() })
    expect([until!.redeemed, since!.redeemed]).toEqual([4, 1])
    expect([until!.issued, since!.issued]).toEqual([5, 0])
  })

  it('tells of what was issued in the period which share was used in it', async () => {
    const campaign = await newCampaign(services)
    const offer = await newOffer(services, { campaign, trigger: { on: 'grant' } })
    await ask(services, createGrants, grantsHandlers(services).createGrants, {
      params: { id: offer },
      body: { people: ['userId:1', 'userId:2', 'userId:3', 'userId:4'] },
    })
    const codes = codesHandlers(services)
    const body = { codes: ['W-1', 'W-2', 'W-3', 'W-4'] }
    const coded = await newOffer(services, { campaign })
    await ask(services, createCodes, codes.createCodes, { params: { id: coded }, body })
    const { rows } = await services.database.query<{ id: string }>('select id from grants where offer_id = $1', [offer])
    const use = { campaign, offer, holder: holders[1]!.id, at: start + day }
    await storeUses(services.database, [
      { ...use, order: 'r-1', grant: rows[0]!.id },
      { ...use, order: 'r-2', grant: rows[0]!.id },
      { ...use, order: 'r-3', offer: coded, code: 'W1' },
      { ...use, order: 'r-4' },
    ])
    const rate = async (query: object) => {
      const [row] = await reported({ campaign, ...query })
      return [row!.issued, row!.redeemed, row!.redemptionRate]
    }
    expect(await rate({})).toEqual([8, 4, 0.25])
    expect(await rate({ from: new Date(start + day).toISOString() })).toEqual([0, 4, null])
    expect(await rate({ to: new Date(start + day).toISOString() })).toEqual([8, 0, 0])
  })

  it('has a row for every campaign and offer, also where nothing came of it', async () => {
    const campaign = await newCampaign(services, { name: 'Silent', state: 'paused' })
    const offer = await newOffer(services, { campaign, state: 'ended' })
    const rows = await reported({})
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.find(row => row.campaign === campaign)).toEqual({
      campaign,
      name: 'Silent',
      state: 'paused',
      members: 0,
      conflicts: 0,
      issued: 0,
      redemptionRate: null,
      held: 0,
      redeemed: 0,
      returned: 0,
      people: 0,
      orders: 0,
      amounts: [],
      channels: [],
      offers: [expect.objectContaining({ offer, state: 'ended', redeemed: 0, redemptionRate: null })],
    })
    expect((await report({ campaign: `cmp_${'0'.repeat(26)}` })).refusal?.code).toBe('campaign_not_found')
  })

  it('counts exactly over many offers, and over offers with more uses and codes than one statement reads', async () => {
    const campaign = await newCampaign(services)
    const ids: string[] = []
    for (let index = 0; index < 60; index++) ids.push(await newOffer(services, { campaign, name: `Offer ${index}` }))
    // 4,100 uses of the first (a third of nobody known), 40 of the second, one of each other.
    const uses = [...Array(4100).fill(ids[0]), ...Array(40).fill(ids[1]), ...ids.slice(2)].map(
      (offer: string, index) => ({
        order: `many-${index}`,
        offer,
        campaign,
        holder: index % 3 === 0 ? null : holders[index % 17]!.id,
        at: start,
      }),
    )
    await storeUses(services.database, uses)
    await services.database.query(
      `insert into codes (workspace_id, code, offer_id, given, shared, created_at)
       select 'default', 'C' || n, $1, 'C' || n, false, now() from generate_series(1, 10001) as n`,
      [ids[0]],
    )
    const [row] = await reported({ campaign })
    expect(row).toMatchObject({ issued: 10_001, redeemed: 4198, people: 17, orders: 4198 })
    const redeemed = new Map(row!.offers.map(offer => [offer.offer, offer.redeemed]))
    expect(ids.map(id => redeemed.get(id))).toEqual([4100, 40, ...Array(58).fill(1)])
  })
})
