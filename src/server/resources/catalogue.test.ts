import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import * as campaigns from '../../contract/campaigns.ts'
import * as collections from '../../contract/collections.ts'
import * as offers from '../../contract/offers.ts'
import { campaignsHandlers } from './campaigns.ts'
import { collectionsHandlers } from './collections.ts'
import { offersHandlers } from './offers.ts'

describe.each(['postgres', 'pglite'] as const)('the catalogue on %s', store => {
  let services: TestServices
  let campaign: ReturnType<typeof campaignsHandlers>
  let offer: ReturnType<typeof offersHandlers>
  let collection: ReturnType<typeof collectionsHandlers>

  beforeAll(async () => {
    services = await testServices(store)
    campaign = campaignsHandlers(services)
    offer = offersHandlers(services)
    collection = collectionsHandlers(services)
  })
  afterAll(() => services.database.close())

  const newCampaign = async (body: object = {}): Promise<string> => {
    const made = await ask(services, campaigns.createCampaign, campaign.createCampaign, {
      body: { name: 'Spring', ...body },
    })
    return String(made.json.id)
  }
  const newOffer = async (body: object = {}) =>
    ask(services, offers.createOffer, offer.createOffer, {
      body: {
        campaign: await newCampaign(),
        name: 'Coffee',
        trigger: { on: 'code' },
        benefit: { kind: 'percentOff', percent: 20 },
        ...body,
      },
    })
  const patchOffer = (id: unknown, body: object) =>
    ask(services, offers.updateOffer, offer.updateOffer, { params: { id }, body })
  const put = (id: string, body: object, idempotencyKey?: string) =>
    ask(services, collections.createCollection, collection.createCollection, {
      params: { id },
      body,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    })
  const importCsv = (id: string, pieces: Iterable<string | Buffer>, idempotencyKey?: string) =>
    ask(services, collections.importCollection, collection.importCollection, {
      params: { id },
      stream: Readable.from([...pieces].map(piece => Buffer.from(piece))),
      ...(idempotencyKey ? { idempotencyKey } : {}),
    })
  const items = async (id: string, query: object = {}) =>
    (await ask(services, collections.listCollectionItems, collection.listCollectionItems, { params: { id }, query }))
      .json
  const catalogueVersion = async (): Promise<number> => {
    const { rows } = await services.database.query<{ v: number }>(
      `select catalogue_version as v from workspaces where id = 'default'`,
    )
    return rows[0]!.v
  }

  describe('campaigns', () => {
    it('are made, read and changed; times are answered in UTC', async () => {
      const id = await newCampaign({ from: '2026-03-01T09:00:00+01:00', goal: 'Second visit' })
      services.time.now += 1000
      const changed = await ask(services, campaigns.updateCampaign, campaign.updateCampaign, {
        params: { id },
        body: { state: 'paused', goal: null, to: '2026-04-01T00:00:00Z' },
      })
      expect(changed.json).toMatchObject({
        from: '2026-03-01T08:00:00.000Z',
        to: '2026-04-01T00:00:00.000Z',
        goal: null,
        state: 'paused',
        name: 'Spring',
      })
      const read = await ask(services, campaigns.getCampaign, campaign.getCampaign, { params: { id } })
      expect(read.json).toEqual(changed.json)
    })

    it('hold out nobody until they say so, and any share up to half', async () => {
      const id = await newCampaign()
      const { json } = await ask(services, campaigns.getCampaign, campaign.getCampaign, { params: { id } })
      expect(json.holdout ?? 0).toBe(0)
      const patch = (holdout: number) =>
        ask(services, campaigns.updateCampaign, campaign.updateCampaign, { params: { id }, body: { holdout } })
      expect((await patch(12.5)).json.holdout).toBe(12.5)
      expect((await patch(0)).json.holdout).toBe(0)
      const made = await newCampaign({ holdout: 10 })
      const read = await ask(services, campaigns.getCampaign, campaign.getCampaign, { params: { id: made } })
      expect(read.json.holdout).toBe(10)
    })

    it('do not end before they start, also when only one end is changed', async () => {
      const id = await newCampaign({ from: '2026-03-01T00:00:00Z' })
      const { refusal } = await ask(services, campaigns.updateCampaign, campaign.updateCampaign, {
        params: { id },
        body: { to: '2026-02-01T00:00:00Z' },
      })
      expect(refusal).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/to' }] })
    })

    it('are listed page by page, each once', async () => {
      const ids = [await newCampaign({ name: 'a' }), await newCampaign({ name: 'b' }), await newCampaign({ name: 'c' })]
      const seen: unknown[] = []
      let cursor: unknown
      do {
        const page = await ask(services, campaigns.listCampaigns, campaign.listCampaigns, {
          query: { limit: '2', ...(cursor ? { cursor } : {}) },
        })
        seen.push(...(page.json.data as { id: string }[]).map(({ id }) => id))
        cursor = page.json.nextCursor
      } while (cursor)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining(ids))
    })

    it('refuse a cursor that no page gave', async () => {
      const { refusal } = await ask(services, campaigns.listCampaigns, campaign.listCampaigns, {
        query: { cursor: 'what?' },
      })
      expect(refusal).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '?cursor' }] })
    })

    it('of another workspace are not there', async () => {
      const id = await newCampaign()
      const auth = { ...secretKey, workspaceId: 'other' }
      const { refusal } = await ask(services, campaigns.getCampaign, campaign.getCampaign, { params: { id }, auth })
      expect(refusal?.code).toBe('campaign_not_found')
    })
  })

  describe('members', () => {
    const add = (id: string, people: string[]) =>
      ask(services, campaigns.addMembers, campaign.addMembers, { params: { id }, body: { people } })
    const remove = (id: string, people: string[]) =>
      ask(services, campaigns.removeMembers, campaign.removeMembers, { params: { id }, body: { people } })

    it('are added once, listed and removed', async () => {
      const id = await newCampaign({ audience: 'members' })
      expect((await add(id, ['loyaltyCard:1', 'loyaltyCard:2', 'loyaltyCard:1'])).json).toEqual({
        added: 2,
        members: 2,
      })
      expect((await add(id, ['loyaltyCard:2', 'loyaltyCard:3'])).json).toEqual({ added: 1, members: 2 })
      expect((await remove(id, ['loyaltyCard:2'])).json).toEqual({ removed: 1 })
      const { json } = await ask(services, campaigns.listMembers, campaign.listMembers, { params: { id } })
      expect(json.data).toHaveLength(2)
    })

    it('who cannot be read are named by their place, and nobody is added', async () => {
      const id = await newCampaign()
      expect((await add(id, ['loyaltyCard:7', 'email:nobody'])).refusal).toMatchObject({
        code: 'identifier_invalid',
        errors: [{ pointer: '/people/1' }],
      })
      const { json } = await ask(services, campaigns.listMembers, campaign.listMembers, { params: { id } })
      expect(json.data).toEqual([])
    })
  })

  describe('offers', () => {
    it('begin at version 1 with a sentence and a counter', async () => {
      const { status, json } = await newOffer()
      expect(status).toBe(201)
      expect(json).toMatchObject({ version: 1, state: 'live', sentence: '20 % off' })
      const { rows } = await services.database.query('select used, held from counters where offer_id = $1', [json.id])
      expect(rows).toEqual([{ used: 0, held: 0 }])
    })

    it('get a new version when terms change, none for a state or the same terms', async () => {
      const { id } = (await newOffer({ validity: { from: '2026-03-01T08:00:00Z' } })).json
      expect((await patchOffer(id, { state: 'paused' })).json).toMatchObject({ version: 1, state: 'paused' })
      const same = { validity: { from: '2026-03-01T09:00:00+01:00' } }
      expect((await patchOffer(id, same)).json).toMatchObject({ version: 1, state: 'paused' })
      expect((await patchOffer(id, { limits: { uses: 10 } })).json).toMatchObject({ version: 2, limits: { uses: 10 } })
      const { json } = await ask(services, offers.listOfferVersions, offer.listOfferVersions, { params: { id } })
      expect(json.data).toMatchObject([
        { version: 1, limits: {}, changedBy: 'key_test' },
        { version: 2, limits: { uses: 10 } },
      ])
    })

    it('that have ended cannot be changed', async () => {
      const { id } = (await newOffer({ state: 'ended' })).json
      expect((await patchOffer(id, { state: 'live' })).refusal?.code).toBe('offer_ended')
    })

    it.each([
      ['a mistake in when', { when: 'order.subtotl >= 1' }, 'condition_invalid', '/when'],
      [
        'a filter about the order',
        { benefit: { kind: 'percentOff', percent: 5, lines: 'lin.sku == 1' } },
        'condition_invalid',
        '/benefit/lines',
      ],
      ['a zone that is none', { validity: { timeZone: 'Europe/Roma' } }, 'invalid_input', '/validity/timeZone'],
      [
        'an unknown currency',
        { limits: { budget: { amount: 1, currency: 'XXX' } } },
        'invalid_input',
        '/limits/budget/currency',
      ],
      [
        'a budget in another currency',
        {
          benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
          limits: { budget: { amount: 1, currency: 'USD' } },
        },
        'invalid_input',
        '/limits/budget/currency',
      ],
    ])('are refused with %s', async (_, body, code, pointer) => {
      expect((await newOffer(body)).refusal).toMatchObject({ code, errors: [{ pointer }] })
    })

    it('are refused in a campaign, or on a collection, that is not there', async () => {
      expect((await newOffer({ campaign: `cmp_${'0'.repeat(26)}` })).refusal?.code).toBe('campaign_not_found')
      const benefit = { kind: 'percentOff', percent: 5, lines: "inCollection(line.sku, 'tea')" }
      expect((await newOffer({ benefit })).refusal).toMatchObject({
        code: 'collection_not_found',
        details: { id: 'tea' },
      })
      await put('tea', {})
      expect((await newOffer({ benefit })).refusal).toBeUndefined()
    })

    it('are counted again from their redemptions when a limit is set that was not there', async () => {
      const { id, campaign: campaignId } = (await newOffer()).json
      const use = (order: string, state: string, currency: string) =>
        services.database.query(
          `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, channel, currency, amount, revenue, state, at, changed_at)
           values ('default', $1, 1, $1, $2, 1, $3, 'web', $5, 100, 900, $4, now(), now())`,
          [`${order}-${store}`, id, campaignId, state, currency],
        )
      await use('o1', 'redeemed', 'EUR')
      await use('o2', 'redeemed', 'USD')
      await use('o3', 'held', 'EUR')
      await use('o4', 'cancelled', 'EUR')
      await patchOffer(id, { limits: { budget: { amount: 1000, currency: 'EUR' } } })
      const { rows } = await services.database.query(
        'select used, held, budget_used, budget_held from counters where offer_id = $1',
        [id],
      )
      expect(rows).toEqual([{ used: 2, held: 1, budget_used: 100, budget_held: 100 }])
    })

    it('are counted again in buckets when a limit per period is set or their time zone changes', async () => {
      const { id, campaign: campaignId } = (await newOffer()).json
      await services.database.query(
        `insert into redemptions (workspace_id, order_id, seq, id, offer_id, offer_version, campaign_id, channel, currency, amount, revenue, state, at, changed_at)
         values ('default', $1, 1, $1, $2, 1, $3, 'web', 'EUR', 100, 900, 'redeemed', '2026-03-01T23:30:00Z', now())`,
        [`late-${store}`, id, campaignId],
      )
      const buckets = async () => {
        const { rows } = await services.database.query(
          'select bucket, used from counters where offer_id = $1 order by bucket',
          [id],
        )
        return rows
      }
      await patchOffer(id, { limits: { per: { uses: 5, period: 'day' } } })
      expect(await buckets()).toEqual([
        { bucket: '', used: 1 },
        { bucket: 'day=2026-03-01', used: 1 },
      ])
      await patchOffer(id, { validity: { timeZone: 'Europe/Rome' } })
      expect(await buckets()).toEqual([
        { bucket: '', used: 1 },
        { bucket: 'day=2026-03-02', used: 1 },
      ])
    })

    it('that give another offer need one that is issued', async () => {
      const byCode = await newOffer()
      const issued = await newOffer({ trigger: { on: 'grant' } })
      const giving = (offer: unknown) => ({ benefit: { kind: 'giveOffer', offer } })
      expect((await newOffer(giving(issued.json.id))).status).toBe(201)
      const nowhere = `off_${'0'.repeat(26)}`
      expect((await newOffer(giving(nowhere))).refusal).toMatchObject({
        code: 'offer_not_found',
        details: { id: nowhere },
      })
      const mismatch = {
        code: 'trigger_mismatch',
        details: { id: byCode.json.id, trigger: 'code', needed: 'grant' },
        errors: [{ pointer: '/benefit/offer' }],
      }
      expect((await newOffer(giving(byCode.json.id))).refusal).toMatchObject(mismatch)
      expect((await patchOffer(byCode.json.id, giving(byCode.json.id))).refusal).toMatchObject(mismatch)
    })

    it('cannot give at an event what only a basket can have', async () => {
      const { refusal } = await newOffer({ trigger: { on: 'event', event: 'Product Reviewed' } })
      expect(refusal).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/benefit/kind' }] })
    })

    it('are stamped with the version that their change made of the catalogue', async () => {
      const { id } = (await newOffer()).json
      const before = await catalogueVersion()
      await patchOffer(id, { state: 'paused' })
      const { rows } = await services.database.query('select catalogue_version as v from offers where id = $1', [id])
      expect(rows).toEqual([{ v: before + 1 }])
      expect(await catalogueVersion()).toBe(before + 1)
    })

    it('are listed by campaign and state', async () => {
      const mine = await newCampaign()
      const live = await newOffer({ campaign: mine })
      await newOffer({ campaign: mine, state: 'paused' })
      const { json } = await ask(services, offers.listOffers, offer.listOffers, {
        query: { campaign: mine, state: 'live' },
      })
      expect(json).toEqual({ data: [live.json], nextCursor: null })
    })
  })

  describe('collections', () => {
    it('are put with their items, doubles once; without items only the words change', async () => {
      expect((await put('coffee', { skus: ['LATTE', 'ESPRESSO', 'LATTE'] })).json).toMatchObject({
        size: 2,
        description: '',
      })
      expect((await put('coffee', { description: 'Hot' })).json).toMatchObject({ size: 2, description: 'Hot' })
      expect(await items('coffee')).toEqual({ data: ['ESPRESSO', 'LATTE'], nextCursor: null })
      expect((await put('coffee', { skus: [] })).json).toMatchObject({ size: 0 })
      expect(await items('coffee')).toEqual({ data: [], nextCursor: null })
    })

    it('are imported from CSV in pieces cut anywhere', async () => {
      await put('import', { skus: ['OLD'] })
      const skus = Array.from({ length: 2500 }, (_, index) => `SKU-${String(index).padStart(5, '0')}`)
      const text = `name,sku\r\n${skus.map(sku => `"a, b",${sku}\r\n`).join('')}`
      const pieces = [text.slice(0, 7), text.slice(7, 20_001), text.slice(20_001)]
      expect((await importCsv('import', pieces)).json).toMatchObject({ size: 2500 })
      const first = await items('import', { limit: '1000' })
      expect((first.data as string[])[0]).toBe('SKU-00000')
      expect((await items('import', { limit: '1000', cursor: first.nextCursor })).data).toHaveLength(1000)
      const { rows } = await services.database.query(
        `select count(*) as n from collection_items where collection_id = 'import'`,
      )
      expect(rows).toEqual([{ n: 2500 }])
    })

    it('take one column without a header', async () => {
      await put('plain', {})
      expect((await importCsv('plain', ['A\nB\n'])).json).toMatchObject({ size: 2 })
    })

    it.each([
      ['an empty sku', 'sku,name\nA,x\n,y\n', 'line 3'],
      [
        'an empty sku far down',
        `sku,name\n${Array.from({ length: 2000 }, (_, at) => `A${at},x\n`).join('')},y\n`,
        'line 2002',
      ],
      ['a sku that is too long', `sku\n${'x'.repeat(129)}\n`, 'line 2'],
      ['no column sku', 'a,b\n1,2\n', 'line 1'],
      ['an open quote', 'sku\nA\n"B\n', 'line 3'],
      ['no UTF-8', Buffer.from([0x73, 0x0a, 0xff, 0x0a]), 'line 1'],
    ])('stay as they were when the file has %s', async (_, file, line) => {
      await put('steady', { skus: ['KEPT'] })
      expect((await importCsv('steady', [file])).refusal).toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: line }],
      })
      expect(await items('steady')).toEqual({ data: ['KEPT'], nextCursor: null })
      const { rows } = await services.database.query(
        `select count(*) as n from collection_items where collection_id = 'steady'`,
      )
      expect(rows).toEqual([{ n: 1 }])
    })

    it('are not there before they are put', async () => {
      expect((await importCsv('nowhere', ['A\n'])).refusal?.code).toBe('collection_not_found')
      const { refusal } = await ask(services, collections.getCollection, collection.getCollection, {
        params: { id: 'nowhere' },
      })
      expect(refusal?.code).toBe('collection_not_found')
    })

    it('imported again under the same key answer the same bytes; another file under it is refused', async () => {
      await put('again', {})
      const first = await importCsv('again', ['A\nB\n'], 'import-again')
      services.time.now += 1000
      await put('again', { skus: ['Z'] })
      expect((await importCsv('again', ['A\nB\n'], 'import-again')).text).toBe(first.text)
      expect(await items('again')).toMatchObject({ data: ['Z'] })
      expect((await importCsv('again', ['C\n'], 'import-again')).refusal?.code).toBe('idempotency_key_reused')
      expect(await items('again')).toMatchObject({ data: ['Z'] })
    })

    it('imported twice at once hold one file or the other, never both', async () => {
      await put('race', {})
      const fileOf = (letter: string) => Array.from({ length: 3000 }, (_, index) => `${letter}${index}\n`)
      const answers = await Promise.all([importCsv('race', fileOf('A')), importCsv('race', fileOf('B'))])
      expect(answers.map(({ refusal }) => refusal)).toEqual([undefined, undefined])
      const { rows } = await services.database.query<{ letter: string; n: number }>(
        `select left(sku, 1) as letter, count(*) as n from collection_items where collection_id = 'race' group by 1`,
      )
      expect(rows).toHaveLength(1)
      expect(rows[0]!.n).toBe(3000)
    })
  })
})
