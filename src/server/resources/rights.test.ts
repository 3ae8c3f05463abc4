import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from '../../../test/server.ts'
import { personExport } from '../../contract/rights.ts'
import { type JournalEntry, journalFile } from '../people/erasure-journal.ts'

/** Planted in every place that something of a person can come in by. */
const marker = 'quokkabell'
const mail = `${marker}@example.com`
const her = `userId:u-${marker}`

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } })

const friend = 'userId:friend'

type Done = (...args: Parameters<TestServer['call']>) => Promise<Awaited<ReturnType<TestServer['call']>>['json']>

const adjust = (done: Done, person: string, amount: number, more: object = { programme: 'club' }) =>
  done('POST', '/v1/adjustments', { person, amount, reason: 'other', note: `For ${marker}`, ...more })

/** Points, a card that pays an order of hers, and a friend who shares the pool. */
const plantValue = async (done: Done) => {
  await done('PUT', '/v1/programmes/club', {
    name: 'Club',
    rate: { points: 1, worth: { amount: 1, currency: 'EUR' } },
    households: { members: 4 },
    transfers: { between: 'anyone' },
    returns: { earned: 'unlimited' },
    tiers: { by: 'points', period: { calendar: 'year' }, levels: [{ id: 'silver', name: 'Silver', threshold: 100 }] },
  })
  await done('PUT', `/v1/programmes/club/members/${her}`, { source: marker, terms: `Signed by ${marker}` })
  await done('PUT', `/v1/programmes/club/members/${friend}`, {})
  await adjust(done, her, 100)
  const [card] = (await done('POST', '/v1/gift-cards', { amount: 5000, currency: 'EUR', active: true })).data
  await done('POST', '/v1/gift-cards/keep', { code: card.code, person: her })
  return card as { id: string; code: string }
}

/** What comes after her first order has spent the first of her points whole. */
const shareValue = async (done: Done) => {
  await adjust(done, her, 1000)
  await adjust(done, friend, 200, { programme: 'club', note: undefined, reason: 'goodwill' })
  await adjust(done, her, 150, { asset: 'qualifying:club' })
  await done('PATCH', '/v1/workspaces/default', { adjustments: { secondPersonAbove: { 'points:club': 5000 } } })
  const proposed = await adjust(done, her, 6000)
  await done('POST', '/v1/credits', { person: her, amount: 500, reason: 'goodwill' })
  const gift = { programme: 'club', note: `Love, ${marker}` }
  await done('POST', '/v1/transfers', { ...gift, from: her, to: friend, points: 10 })
  await done('POST', '/v1/transfers', { ...gift, from: friend, to: her, points: 20 })
  const members = [{ person: her }, { person: friend }]
  const { id } = await done('POST', '/v1/households', { programme: 'club', name: `The ${marker}s`, members })
  const tenders = [{ type: 'points', programme: 'club' }]
  const order = { person: friend, channel: 'web', state: 'open', hold: { seconds: 600 }, lines: [latte], tenders }
  const held = await done('PUT', '/v1/orders/friend-1', order)
  expect(held.paid).toMatchObject([{ points: 900, left: 300 }])
  return { household: id as string, proposed: proposed.id as string }
}

/** Somebody with something of everything; what is given to her is the answer. */
const plant = async ({ call }: TestServer) => {
  const done = async (...args: Parameters<TestServer['call']>) => {
    const answer = await call(...args)
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer.json
  }
  const rule = { when: 'person.traits.size == "M"', onReturn: 'reprice', benefit: { kind: 'percentOff', percent: 10 } }
  const { offer: shared } = await makeOffer({ call }, rule)
  await done('POST', `/v1/offers/${shared}/codes`, { codes: ['SUMMER'], shared: true })
  const { offer, campaign } = await makeOffer({ call }, { trigger: { on: 'grant' }, limits: { uses: 5 } })
  await done('PUT', '/v1/segments/buyers', { kind: 'live', name: 'Buyers', when: 'person.orders.count >= 1' })
  await done('PUT', '/v1/segments/listed', { kind: 'list', name: 'Listed' })

  const trait = { kind: 'last', event: 'Lead', property: 'note' }
  await done('PUT', '/v1/traits/lastNote', trait)
  await vi.waitFor(async () => expect((await done('GET', '/v1/traits/lastNote')).state).toBe('ready'), {
    timeout: 20_000,
  })
  const context = { ip: `10.0.0.1-${marker}`, userAgent: marker, page: { title: marker } }
  const traits = { email: mail, firstName: marker, size: 'M', more: { deep: [marker] } }
  await done('POST', '/v1/identify', { userId: `u-${marker}`, anonymousId: `a-${marker}`, traits, context })
  const properties = { note: `Call ${marker}`, email: mail, list: [mail, { to: marker }], price: 5 }
  await done('POST', '/v1/track', { userId: `u-${marker}`, messageId: 'm-1', event: 'Lead', properties, context })
  const page = { name: 'Home', properties: { url: marker } }
  await done('POST', '/v1/page', { anonymousId: `a-${marker}`, messageId: 'm-2', ...page })
  // A browser that only says that it is hers.
  const { key } = await done('POST', '/v1/keys', { name: 'Web', scope: 'publishable', channel: 'web' })
  const says = { userId: `u-${marker}`, anonymousId: `b-${marker}`, traits: { nickname: marker } }
  await call('POST', '/v1/identify', says, { key })
  await call('POST', '/v1/track', { anonymousId: `b-${marker}`, messageId: 'm-4', event: 'Product Viewed' }, { key })
  await call('POST', '/v1/track', { userId: { no: marker }, event: 5, properties: { mail } }, { key })
  const products = [{ sku: 'TEA', name: `Tea for ${marker}`, price: 3, quantity: 1.5, coupon: marker }]
  const told = { order_id: 'told-1', currency: 'EUR', total: 4.5, coupon: marker, products }
  const completed = { userId: `u-${marker}`, messageId: 'm-3', event: 'Order Completed', properties: told }
  await done('POST', '/v1/track', completed)

  await done('PUT', `/v1/people/${her}/consents`, {
    consents: [{ channel: 'email', purpose: 'marketing', state: 'given', how: 'clerk', evidence: { note: marker } }],
    preferences: { language: 'it' },
  })
  await done('PATCH', '/v1/segments/listed/people', { add: [her] })
  await done('POST', '/v1/segments/preview', { when: `'u-${marker}' in ['nobody', person.id]` })
  await done('POST', `/v1/campaigns/${campaign}/members`, { people: [her] })
  const give = { people: [her, her], withCode: true }
  const { data } = await done('POST', `/v1/offers/${offer}/grants`, give, withKey('grants'))
  const card = await plantValue(done)
  const line = { ...latte, name: `Latte for ${marker}`, attributes: { engraving: marker } }
  const base = { person: her, channel: 'web', location: 'store-1' }
  const placed = { ...base, state: 'placed', codes: ['SUMMER', marker], lines: [line] }
  const points = { type: 'points', programme: 'club', points: 100 }
  const tenders = [{ type: 'giftCard', code: card.code, amount: 100 }, points, { type: 'card' }]
  await done('PUT', '/v1/orders/web-1', { ...placed, tenders }, withKey('order'))
  await done('PUT', '/v1/orders/web-3', { ...base, state: 'placed', codes: [data[0].code], lines: [line] })
  const weighed = { id: 'w', sku: 'BEANS', amount: 700, measure: marker }
  const held = { ...base, state: 'open', codes: [data[1].code], hold: { seconds: 600 }, lines: [weighed] }
  await done('PUT', '/v1/orders/web-2', held)
  await done(
    'POST',
    '/v1/decisions',
    { person: her, channel: 'app', moment: 'app home', record: true },
    withKey('moment'),
  )
  await done('POST', '/v1/orders/web-3/returns', { id: 'back', lines: [{ id: '1', quantity: 1 }] }, withKey('return'))
  const value = await shareValue(done)
  const { id } = await done('GET', `/v1/people/${her}`)
  const [used, unused] = data as { id: string; code: string }[]
  return { person: id as string, offer, used: used!, unused: unused!, card, ...value }
}

type DumpRow = { t: string; r: Record<string, string | null> }

const dumpOf = async ({ url, adminKey }: TestServer): Promise<string[]> => {
  const response = await fetch(`${url}/v1/dump`, { headers: { authorization: `Bearer ${adminKey}` } })
  return (await response.text()).trimEnd().split('\n')
}

describe.each(['pglite', 'postgres'] as const)('somebody on %s', store => {
  let server: TestServer
  let planted: Awaited<ReturnType<typeof plant>>
  const call: TestServer['call'] = (...args) => server.call(...args)
  const erase = (ref: string, body: object, query = '') => call('POST', `/v1/people/${ref}/erase${query}`, body)
  const marked = async () =>
    (await dumpOf(server))
      .slice(1, -1)
      .filter(line => line.toLowerCase().includes(marker))
      .map(line => JSON.parse(line) as DumpRow)
      .flatMap(({ t, r }) =>
        Object.entries(r).flatMap(([column, text]) => (text?.toLowerCase().includes(marker) ? [`${t}.${column}`] : [])),
      )
      .sort()
  const counters = async () => (await call('GET', '/v1/reports/campaigns')).text

  beforeAll(async () => {
    server = await serve(store)
    planted = await plant(server)
  })

  it('stands in enough places to be worth the test', async () => {
    expect([...new Set(await marked())]).toEqual(
      expect.arrayContaining([
        'adjustments.note',
        'consents.personal',
        'events.personal',
        'events.properties',
        'holders.given',
        'holders.statistics',
        'holders.traits',
        'holders.value',
        'households.name',
        'idempotency.answer',
        'jobs.params',
        'orders.answer',
        'orders.as_then',
        'orders.basket',
        'programme_members.source',
        'programme_members.terms',
        'transfers.note',
      ]),
    )
  })

  it('gets everything that is kept of her, as a document with its version', async () => {
    const { json, headers } = await call('GET', `/v1/people/${her}/export`)
    expect(headers.get('content-type')).toContain('application/json')
    expect(personExport.safeParse(json).error?.issues ?? []).toEqual([])
    expect(json.schemaVersion).toBe(1)
    const proven = json.person.identifiers.map((it: { value: string; proven: boolean }) => [it.value, it.proven])
    expect(Object.fromEntries(proven)).toMatchObject({ [`u-${marker}`]: true, [`b-${marker}`]: false })
    expect(json.person.traits).toMatchObject({ firstName: marker })
    expect(json.person.computedTraits).toEqual({ lastNote: `Call ${marker}` })
    const sizes = Object.fromEntries(
      Object.entries(json).flatMap(([name, rows]) => (Array.isArray(rows) ? [[name, rows.length]] : [])),
    )
    expect(sizes).toMatchObject({ campaigns: 1, consents: 1, decisions: 1, grants: 2, orders: 4, erasures: 0 })
    expect(sizes.segments).toBe(2)
    const lead = json.events.find((it: { messageId: string }) => it.messageId === 'm-1')
    expect(lead.body.properties).toEqual({
      note: `Call ${marker}`,
      email: mail,
      list: [mail, { to: marker }],
      price: 5,
    })
    expect(lead.body.context.ip).toBe(`10.0.0.1-${marker}`)
    expect(json.consents[0].evidence).toEqual({ note: marker })
    const order = json.orders.find((it: { id: string }) => it.id === 'web-3')
    expect(order).toMatchObject({
      uses: [{ code: planted.used.code.replace('-', '') }],
      returns: [{ id: 'back' }],
      answer: { id: 'web-3' },
    })
    expect(order.basket.lines[0].attributes).toEqual({ engraving: marker })
  })

  it('gets what she has of points and money, with every change of it', async () => {
    const { json } = await call('GET', `/v1/people/${her}/export`)
    expect(json.programmes).toMatchObject([
      { programme: 'club', source: marker, leftAt: null, tier: 'silver', household: planted.household },
    ])
    expect(json.households).toMatchObject([{ id: planted.household, members: 2, mayBurn: true }])
    expect(json.giftCards).toMatchObject([{ id: planted.card.id, balance: 4900 }])
    const gifts = json.transfers.map((it: { direction: string; points: number; note: string }) => [
      it.direction,
      it.points,
      it.note,
    ])
    expect(gifts).toEqual([
      ['given', 10, `Love, ${marker}`],
      ['received', 20, `Love, ${marker}`],
    ])
    expect(json.adjustments.map((it: { amount: number }) => it.amount).sort()).toEqual([100, 1000, 150, 6000])
    const sums: Record<string, number> = {}
    for (const it of json.postings) sums[it.account] = (sums[it.account] ?? 0) + it.amount
    type Account = { account: string; asset: string; kind: string; balance: number }
    expect(sums).toEqual(Object.fromEntries(json.accounts.map((it: Account) => [it.account, it.balance])))
    const kinds = json.accounts.map((it: Account) => [it.asset, it.kind])
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['credit:EUR', 'main'],
        ['points:club', 'held'],
        ['points:club', 'main'],
      ]),
    )
    const remaining = json.lots.filter((it: Account) => it.asset === 'points:club')
    expect(remaining.map((it: { remaining: number }) => it.remaining)[0]).toBe(0)
    expect(json.lots.find((it: Account) => it.asset === 'credit:EUR')).toMatchObject({ amount: 500, remaining: 500 })
  })

  it('gets it as a page too, in which nothing of hers is code', async () => {
    await call('POST', '/v1/identify', { userId: 'mallory', traits: { name: '<script>alert(1)</script>', a: '"\'&' } })
    const { text, headers } = await call('GET', '/v1/people/userId:mallory/export?format=html')
    expect(headers.get('content-type')).toContain('text/html')
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).toContain('&quot;&#39;&amp;')
    expect(text).not.toContain('<script')
    expect(text.trimEnd().endsWith('</html>')).toBe(true)
    const page = await call('GET', `/v1/people/${her}/export?format=html`)
    for (const text of [mail, 'Latte for', 'First order at', planted.used.code]) expect(page.text).toContain(text)
  })

  it('is shown what erasing her would do, and nothing of it is done', async () => {
    const before = await marked()
    const { status, json } = await erase(her, { reason: 'requested' }, '?dryRun=true')
    expect(status).toBe(200)
    expect(json).toMatchObject({ id: null, state: 'dryRun', person: planted.person, counts: { grants: 1, orders: 4 } })
    expect(await marked()).toEqual(before)
    expect((await call('GET', '/v1/erasures')).json.data).toEqual([])
  })

  describe('once erased', () => {
    let erased: Awaited<ReturnType<typeof erase>>
    let reported: string
    let token: string
    beforeAll(async () => {
      token = (await call('POST', '/v1/person-tokens', { person: her })).json.token
      const { total } = (await call('GET', '/v1/orders/web-1')).json.totals
      expect(total).toBe(810)
      reported = await counters()
      erased = await erase(her, { reason: 'requested', requestId: 'ticket-1' })
    })

    it('has left nothing personal anywhere', async () => {
      expect(erased.json).toMatchObject({
        state: 'done',
        workspace: 'default',
        reason: 'requested',
        requestId: 'ticket-1',
        person: planted.person,
        counts: {
          grants: 1,
          orders: 4,
          consents: 1,
          segments: 2,
          programmes: 1,
          giftCards: 1,
          value: { 'credit:EUR': 500, 'points:club': 1010, 'qualifying:club': 150 },
        },
        job: null,
      })
      expect(await marked()).toEqual([])
    })

    it('is found by nothing that she was known by, and by her old id as somebody erased', async () => {
      for (const ref of [her, `anonymousId:a-${marker}`, `anonymousId:b-${marker}`])
        expect((await call('GET', `/v1/people/${ref}`)).json.code).toBe('person_not_found')
      const { json } = await call('GET', `/v1/people/${planted.person}`)
      expect(json).toMatchObject({ id: planted.person, traits: {}, orders: 3 })
      for (const { value, holder } of json.identifiers) expect(value).toBe(`erased:${holder}`)
      expect((await call('GET', `/v1/people/userId:erased:${json.identifiers[0].holder}`)).json.code).toBe(
        'identifier_invalid',
      )
      const { json: left } = await call('GET', `/v1/people/${planted.person}/export`)
      expect(left.erasures).toMatchObject([{ id: erased.json.id }])
      expect(left.segments).toEqual([])
    })

    it('keeps her orders, uses and counts, byte for byte in the report', async () => {
      const { json } = await call('GET', '/v1/orders/web-1')
      expect(json).toMatchObject({ totals: { total: 810 }, applied: [{ code: 'SUMMER', amount: 90 }], refused: [] })
      // The use of the open order's hold was given back.
      const held = (text: string) => text.replaceAll(/"held":\d+/g, '"held":0').replaceAll(/"issued":\d+/g, '')
      expect(held(await counters())).toBe(held(reported))
      expect((await call('GET', `/v1/codes/${planted.used.code}`)).status).toBe(200)
    })

    it('has what was issued to her voided, and its code with it', async () => {
      expect((await call('GET', `/v1/codes/${planted.unused.code}`)).json.code).toBe('code_not_found')
      const order = {
        person: 'userId:finder',
        channel: 'web',
        state: 'placed',
        codes: [planted.unused.code],
        lines: [latte],
      }
      expect((await call('PUT', '/v1/orders/found-1', order)).json.refused[0].reason.code).toBe('code_unknown')
    })

    it('gets goods back that she returns afterwards, though nobody knows any more what held for her', async () => {
      const back = await call('POST', '/v1/orders/web-1/returns', { id: 'late', lines: [{ id: '1', quantity: 1 }] })
      expect(back.json).toMatchObject({ refund: 405, chargedBack: 0, totals: { remaining: 405 } })
      expect((await call('GET', `/v1/people/${planted.person}`)).json.spend).toEqual({ EUR: 450 + 405 + 400 })
      // She would be a buyer still.
      expect((await call('GET', `/v1/people/${planted.person}/export`)).json.segments).toEqual([])
    })

    it('does not come back by a message that comes again', async () => {
      const again = await call('POST', '/v1/track', { userId: 'somebody', messageId: 'm-1', event: 'Lead' })
      expect(again.json).toMatchObject({ stored: 0, known: 1 })
    })

    it('is answered again by an id, without what the answer said of her', async () => {
      const give = { people: [her, her], withCode: true }
      const grants = await call('POST', `/v1/offers/${planted.offer}/grants`, give, {
        headers: { 'idempotency-key': 'other' },
      })
      expect(grants.status).toBe(201)
      expect((await call('GET', `/v1/people/${her}`)).json.id).not.toBe(planted.person)
    })

    it('is somebody new when the same identifier comes again', async () => {
      const { json } = await call('GET', `/v1/people/${her}`)
      expect(json).toMatchObject({ traits: {}, orders: 0, links: [] })
      await call('POST', '/v1/identify', { userId: `u-${marker}`, traits: { plan: 'gold' } })
      expect((await call('GET', `/v1/people/${her}`)).json.traits).toEqual({ plan: 'gold' })
      expect((await call('GET', `/v1/people/${planted.person}`)).json.traits).toEqual({})
    })

    it('has nothing any more, and nobody has what she had; the books are right', async () => {
      const { json } = await call('GET', `/v1/people/${planted.person}/export`)
      expect(json.accounts.map((it: { balance: number }) => it.balance)).toEqual(json.accounts.map(() => 0))
      // And the points that an order of hers had spent, whose goods have come back since.
      const ended = json.postings.filter((it: { kind: string }) => it.kind === 'expire')
      expect(ended.reduce((sum: number, it: { amount: number }) => sum + it.amount, 0)).toBe(-500 - 1010 - 150 - 100)
      expect(json.programmes).toMatchObject([{ leftAt: expect.any(String), source: 'erased', terms: null, tier: null }])
      expect([json.giftCards, json.households]).toEqual([[], []])
      expect((await call('GET', `/v1/adjustments/${planted.proposed}`)).json).toMatchObject({
        state: 'rejected',
        note: null,
      })
      const given = { person: planted.person, programme: 'club', amount: 5, reason: 'goodwill' }
      expect((await call('POST', '/v1/adjustments', given)).json.code).toBe('person_not_found')
      // The money on a card is whoever's who holds it.
      expect((await call('GET', `/v1/gift-cards/${planted.card.code}`)).json).toMatchObject({
        balance: 5000,
        person: null,
      })
      await call('POST', '/v1/audits', {})
      await vi.waitFor(async () => expect((await call('GET', '/v1/audits')).json.data[0]?.found).toBe(0), {
        timeout: 20_000,
      })
    })

    it('shares nothing with anybody: what a friend held of hers is free, and he pays with his own', async () => {
      const { json: shared } = await call('GET', `/v1/households/${planted.household}`)
      expect(shared).toMatchObject({ name: 'erased', members: [{ balance: 190 }], balance: 190 })
      const tenders = [{ type: 'points', programme: 'club' }]
      const order = { person: friend, channel: 'web', state: 'placed', lines: [latte], tenders }
      expect((await call('PUT', '/v1/orders/friend-1', order)).json).toMatchObject({
        paid: [{ points: 190, left: 0 }],
        due: 710,
      })
    })

    it('is nobody at a browser that still has her token', async () => {
      const { json } = await call('POST', '/v1/keys', { name: 'Web', scope: 'publishable', channel: 'web' })
      const headers = { 'tessera-person-token': token }
      const seen = { anonymousId: 'left-open', event: 'Seen' }
      expect((await call('POST', '/v1/track', seen, { key: json.key, headers })).status).toBe(200)
      const { json: browser } = await call('GET', '/v1/people/anonymousId:left-open')
      expect([browser.identifiers.length, browser.links]).toEqual([1, []])
      expect(browser.id).not.toBe(planted.person)
    })

    it('buys nothing and is given nothing by her old id', async () => {
      const order = { person: planted.person, channel: 'web', state: 'placed', lines: [latte] }
      expect((await call('PUT', '/v1/orders/ghost-1', order)).json.code).toBe('person_not_found')
      const grant = await call('POST', `/v1/offers/${planted.offer}/grants`, { people: [planted.person] })
      expect(grant.json.code).toBe('person_not_found')
      expect((await erase(planted.person, { reason: 'again' })).json.code).toBe('person_not_found')
    })

    it('is one erasure for ever by the id of the request', async () => {
      const again = await erase(planted.person, { reason: 'other', requestId: 'ticket-1' })
      expect([again.status, again.text]).toEqual([200, erased.text])
      // She who has the same identifier now is somebody else.
      expect((await erase(her, { reason: 'requested', requestId: 'ticket-1' })).json.code).toBe('erasure_request_taken')
    })

    it('is in the list, in the audit log and in the journal beside the store', async () => {
      expect((await call('GET', '/v1/erasures')).json.data).toEqual([erased.json])
      const audits = (await dumpOf(server)).filter(line => line.includes('"audit_log"') && line.includes('erasePerson'))
      expect(audits.map(line => (JSON.parse(line) as DumpRow).r.subject)).toEqual([planted.person])
      const { counts: _, state: _s, job: _j, ...entry } = erased.json
      const lines = readFileSync(journalFile(server.folder), 'utf8').trimEnd().split('\n')
      expect(lines.map(line => JSON.parse(line) as JournalEntry)).toEqual([entry])
    })
  })

  it('with more events and answers than one commit takes is emptied by a job', async () => {
    const events = Array.from({ length: 500 }, (_, index) => index)
    for (const round of [1, 2, 3, 4])
      await call('POST', '/v1/batch', {
        batch: events.map(index => ({
          type: 'track',
          userId: `many-${marker}`,
          event: 'Product Viewed',
          messageId: `many-${round}-${index}`,
          properties: { note: marker },
        })),
      })
    const { events: all } = (await call('GET', `/v1/people/userId:many-${marker}/export`)).json
    const ids = new Set(all.map((event: { messageId: string }) => event.messageId))
    expect([all.length, ids.size]).toEqual([2000, 2000])
    const { status, json } = await erase(`userId:many-${marker}`, { reason: 'requested' })
    expect([status, json.state]).toEqual([202, 'erasing'])
    expect(json.counts.events).toBe(2000)
    expect((await call('GET', `/v1/people/userId:many-${marker}`)).status).toBe(404)
    await vi.waitFor(async () => expect((await call('GET', `/v1/jobs/${json.job}`)).json.state).toBe('done'), {
      timeout: 20_000,
    })
    const { data } = (await call('GET', '/v1/erasures')).json
    expect(data.at(-1)).toEqual({ ...json, state: 'done' })
    expect((await dumpOf(server)).filter(line => line.includes('"many-') && line.includes(marker))).toEqual([])
  })

  it.each(['publishable', 'till'])('is neither exported nor erased by a %s key', async scope => {
    await call('POST', '/v1/identify', { userId: 'safe' })
    const { json } = await call('POST', '/v1/keys', { name: 'a key', scope, location: 'store-1', channel: 'web' })
    for (const [method, path, body] of [
      ['GET', '/v1/people/userId:safe/export', undefined],
      ['POST', '/v1/people/userId:safe/erase', { reason: 'requested' }],
      ['GET', '/v1/erasures', undefined],
    ] as const)
      expect((await call(method, path, body, { key: json.key })).json.code).toBe('forbidden')
  })
})
