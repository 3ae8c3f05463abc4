import { beforeAll, describe, expect, it } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

/** What it does to everything else that two people turn out to be one, or one to be two: over HTTP, as a clerk sees it. */

let count = 0
const fresh = (name: string) => {
  count += 1
  return `${name}-${count}`
}

describe.each(['postgres', 'pglite'] as const)('people who turn out to be one, on %s', store => {
  let server: TestServer
  const call: TestServer['call'] = (...args) => server.call(...args)
  /** Later with every look, so that what comes first is older. */
  let time = Date.UTC(2026, 2, 1, 8)

  beforeAll(async () => {
    server = await serve(store, { clock: () => ++time })
  })

  const ok = async (method: string, path: string, body?: unknown, options?: Parameters<typeof call>[3]) => {
    const answer = await call(method, path, body, options)
    expect([answer.status, answer.text]).toEqual([expect.toSatisfy(status => status < 300), expect.anything()])
    return answer.json
  }
  const link = (a: string, b: string) => ok('POST', '/v1/people/links', { a, b, reason: 'At the desk' })
  const unlink = (a: string, b: string) => ok('POST', '/v1/people/unlink', { a, b, reason: 'A mistake' })
  const split = (person: string, ...groups: string[][]) =>
    ok('POST', '/v1/people/split', { person, groups, reason: 'Two sisters' })
  const person = (ref: string) => ok('GET', `/v1/people/${encodeURIComponent(ref)}`)
  const wallet = (ref: string) => ok('GET', `/v1/people/${encodeURIComponent(ref)}/wallet`)
  const preview = (ref: string, other: string) =>
    ok('GET', `/v1/people/${encodeURIComponent(ref)}/merge-preview?with=${encodeURIComponent(other)}`)
  const buy = (who: string, more: object = {}) =>
    ok('PUT', `/v1/orders/${fresh('order')}`, { person: who, state: 'placed', channel: 'web', lines: [latte], ...more })
  const reasonOf = (answer: { refused: { reason: { code: string } }[] }) => answer.refused.map(it => it.reason.code)
  const eventsOf = async (ref: string): Promise<{ name: string; properties: Record<string, string> }[]> => {
    const { data } = await ok('GET', `/v1/people/${encodeURIComponent(ref)}/timeline`)
    return data.flatMap((it: { what: string; details: { name: string } }) =>
      it.what === 'event' && /^(Person|Link) /.test(it.details.name) ? [it.details] : [],
    )
  }
  /** Two people who do not know of each other. */
  const two = async () => {
    const [ana, card] = [`email:${fresh('ana')}@example.com`, `loyaltyCard:${fresh('card')}`]
    const orders = [await buy(ana), await buy(card)]
    return { ana, card, orders }
  }

  it('count what both used; nothing is taken back, the next use is refused, and taking the link away gives it free', async () => {
    const { ana, card } = await two()
    const { offer } = await makeOffer(server, { limits: { perPerson: 2 } })
    const code = fresh('TWICE')
    await ok('POST', `/v1/offers/${offer}/codes`, { codes: [code], shared: true })
    const used = [await buy(ana, { codes: [code] }), await buy(card, { codes: [code] })]
    expect(used.map(reasonOf)).toEqual([[], []])

    const before = await preview(ana, card)
    expect(before).toMatchObject({ merged: true, already: false, orders: { first: 2, second: 2, together: 4 } })
    expect(before.spend.EUR).toEqual({ first: 1700, second: 1700, together: 3400 })
    expect(before.offers).toEqual([
      { offer, name: '1.00 off', limit: 2, period: null, first: 1, second: 1, together: 2, nextRefused: true },
    ])

    const linked = await link(ana, card)
    expect(linked.persons).toEqual(before.persons)
    expect(await person(card)).toMatchObject({ id: before.person, orders: 4, spend: { EUR: 3400 } })
    expect(reasonOf(await buy(card, { codes: [code] }))).toEqual(['limit_reached'])
    expect(reasonOf(await buy(ana, { codes: [code] }))).toEqual(['limit_reached'])
    for (const order of used) expect((await ok('GET', `/v1/orders/${order.id}`)).applied).toEqual(order.applied)
    expect(await preview(ana, card)).toMatchObject({ already: true, sentence: 'They are one person already.' })

    expect(await unlink(ana, card)).toMatchObject({ separated: true })
    expect(reasonOf(await buy(card, { codes: [code] }))).toEqual([])
    expect(await person(ana)).toMatchObject({ orders: 3 })
  })

  it('spend what both have, and parted each has what is left of what hers earned', async () => {
    const { ana, card } = await two()
    const programme = fresh('club')
    await ok('PUT', `/v1/programmes/${programme}`, {
      name: 'Club',
      rate: { points: 1, worth: { amount: 1, currency: 'EUR' } },
      tiers: { by: 'points', period: { calendar: 'year' }, levels: [{ id: 'gold', name: 'Gold', threshold: 1000 }] },
    })
    for (const [who, amount] of [
      [ana, 600],
      [card, 500],
    ] as const) {
      await ok('PUT', `/v1/programmes/${programme}/members/${encodeURIComponent(who)}`, {})
      for (const kind of ['points', 'qualifying'])
        await ok('POST', '/v1/adjustments', {
          person: who,
          asset: `${kind}:${programme}`,
          amount,
          reason: 'migration',
        })
    }
    await ok('POST', '/v1/credits', { person: card, amount: 70, reason: 'goodwill' })
    const [gift] = (await ok('POST', '/v1/gift-cards', { amount: 5000, active: true })).data
    await ok('POST', '/v1/gift-cards/keep', { code: gift.code, person: card })
    const has = async (who: string) => {
      const { programmes, money, giftCards } = await wallet(who)
      const points = programmes.find((it: { programme: string }) => it.programme === programme)
      const credit = money.find((it: { kind: string }) => it.kind === 'credit')
      return [points.balance, credit?.balance ?? 0, giftCards.length]
    }

    const none = { pending: 0, held: 0, debt: 0 }
    expect(await preview(ana, card)).toMatchObject({
      points: [
        {
          programme,
          first: { ...none, member: true, balance: 600, tier: null },
          second: { ...none, member: true, balance: 500, tier: null },
          together: { ...none, member: true, balance: 1100, tier: 'gold' },
        },
      ],
      money: [
        { kind: 'credit', currency: 'EUR', first: { balance: 0 }, second: { balance: 70 }, together: { balance: 70 } },
      ],
      giftCards: [{ card: gift.id, of: 'second', lastFour: gift.code.replaceAll('-', '').slice(-4), balance: 5000 }],
    })
    await link(ana, card)
    expect(await has(ana)).toEqual([1100, 70, 1])
    const order = await buy(card, { tenders: [{ type: 'points', programme, points: 800 }] })
    expect(order.paid).toMatchObject([{ points: 800, left: 300 }])
    await split(ana, [ana], [card])
    expect(await has(ana)).toEqual([0, 0, 0])
    expect(await has(card)).toEqual([300, 70, 1])
    // It was paid out of both: what comes back goes where it came from.
    await ok('PUT', `/v1/orders/${order.id}`, { state: 'cancelled' })
    expect(await has(ana)).toEqual([600, 0, 0])
    expect(await has(card)).toEqual([500, 70, 1])
  })

  it('keep the earlier of two grants for once; the later is marked as long as they are one', async () => {
    const { ana, card } = await two()
    const { offer } = await makeOffer(server, { trigger: { on: 'grant' }, limits: { perPerson: 1 } })
    const give = async (who: string) =>
      (await ok('POST', `/v1/offers/${offer}/grants`, { people: [who], withCode: true })).data[0]
    const [later, earlier] = [card, ana]
    const first = await give(earlier)
    const second = await give(later)
    const { grants } = await preview(ana, card)
    expect(grants).toMatchObject([
      { grant: first.id, of: 'first', duplicate: false },
      { grant: second.id, of: 'second', duplicate: true },
    ])
    await link(ana, card)
    const marks = async () =>
      (await wallet(card)).grants.map((it: { id: string; duplicate?: true }) => [it.id, it.duplicate])
    expect(await marks()).toEqual([
      [second.id, true],
      [first.id, undefined],
    ])
    expect(reasonOf(await buy(ana, { codes: [first.code] }))).toEqual([])
    expect(reasonOf(await buy(card, { codes: [second.code] }))).toEqual(['limit_reached'])
    await unlink(ana, card)
    expect(await marks()).toEqual([[second.id, undefined]])
    expect(reasonOf(await buy(card, { codes: [second.code] }))).toEqual([])
  })

  it('stay in the arm that met them first; that they were in another too is marked and counted', async () => {
    const { offer, campaign } = await makeOffer(server, {}, { holdout: 50 })
    const code = fresh('ARMS')
    await ok('POST', `/v1/offers/${offer}/codes`, { codes: [code], shared: true })
    const met: Record<string, string> = {}
    for (let index = 0; index < 40 && Object.keys(met).length < 2; index++) {
      const who = `email:${fresh('arm')}@example.com`
      met[reasonOf(await buy(who, { codes: [code] }))[0] ?? 'treatment'] ??= who
    }
    const [treated, heldOut] = [met.treatment!, met.held_out!]
    const arms = await preview(heldOut, treated)
    const stays = arms.arms[0].together
    expect(arms.arms).toEqual([{ campaign, first: 'holdout', second: 'treatment', together: stays }])
    const conflicts = async () => (await ok('GET', `/v1/reports/campaigns?campaign=${campaign}`)).data[0].conflicts
    expect(await conflicts()).toBe(0)
    await link(heldOut, treated)
    expect((await person(treated)).armConflicts).toEqual([{ campaign, arm: stays }])
    expect(await conflicts()).toBe(1)
    expect(reasonOf(await buy(treated, { codes: [code] }))).toEqual(stays === 'holdout' ? ['held_out'] : [])
    expect(reasonOf(await buy(heldOut, { codes: [code] }))).toEqual(stays === 'holdout' ? ['held_out'] : [])
    const till = await ok('POST', '/v1/keys', { name: 'till', scope: 'till', location: 'store-1' })
    const seen = await call('GET', `/v1/people/${encodeURIComponent(treated)}`, undefined, { key: till.key })
    expect(seen.json).not.toHaveProperty('armConflicts')
    await unlink(heldOut, treated)
    expect(await conflicts()).toBe(0)
    expect((await person(treated)).armConflicts).toEqual([])
  })

  it('keep their history as it was, beside who they are now; old ids lead to whoever they are, through merge, split and merge again', async () => {
    const { ana, card, orders } = await two()
    const [anaOrder, cardOrder] = orders as [{ id: string; person: string }, { id: string; person: string }]
    const [per1, per2] = [anaOrder.person, cardOrder.person]
    const idsNow = async () => Promise.all([per1, per2].map(async id => (await person(id)).id))
    const orderNow = (id: string) => ok('GET', `/v1/orders/${id}`)
    expect(await idsNow()).toEqual([per1, per2])

    await link(ana, card)
    expect(await idsNow()).toEqual([per1, per1])
    expect((await person(ana)).formerly).toEqual([per2])
    expect(await orderNow(cardOrder.id)).toEqual({ ...cardOrder, personNow: per1 })
    expect((await call('GET', `/v1/orders/${anaOrder.id}`)).text).toBe(JSON.stringify(anaOrder))
    expect(await eventsOf(card)).toMatchObject([{ name: 'Person Merged', properties: { from: per2, to: per1 } }])

    const { id } = await split(ana, [ana], [card])
    expect(await idsNow()).toEqual([per1, per2])
    expect(await orderNow(cardOrder.id)).toEqual(cardOrder)
    expect(await eventsOf(card)).toMatchObject([
      { name: 'Person Split', properties: { from: per1, to: per2, cause: id } },
    ])
    expect(await link(ana, card)).toMatchObject({ merged: false, suppressed: 'neverMerge' })
    expect((await person(card)).links).toMatchObject([{ suppressed: 'neverMerge', source: 'clerk' }])

    const undone = await ok('DELETE', `/v1/people/splits/${id}`)
    expect(undone.persons).toHaveLength(1)
    expect(await idsNow()).toEqual([per1, per1])
    expect((await person(per2)).identifiers).toHaveLength(2)
    await unlink(ana, card)
    expect(await idsNow()).toEqual([per1, per2])
    const removed = (await eventsOf(card)).find(it => it.name === 'Link Removed')
    expect(removed?.properties.from).toBe(per1.replace('per', 'hol'))
    const gone = await call('DELETE', `/v1/people/splits/${id}`)
    expect(gone.json).toMatchObject({ code: 'split_not_found', details: { id } })
  })

  it('a dry run says the same and stores nothing', async () => {
    const { ana, card } = await two()
    const body = { a: ana, b: card, reason: 'Only asking' }
    const asked = await ok('POST', '/v1/people/links?dryRun=true', body)
    expect((await person(ana)).links).toEqual([])
    expect((await person(ana)).identifiers).toHaveLength(1)
    const done = await ok('POST', '/v1/people/links', body)
    expect(done.persons).toEqual(asked.persons)
    await ok('POST', '/v1/people/unlink?dryRun=true', body)
    const parted = await ok('POST', '/v1/people/split?dryRun=true', {
      person: ana,
      groups: [[ana], [card]],
      reason: 'x',
    })
    expect(parted).toMatchObject({ id: null, persons: [{ identifiers: [{}] }, { identifiers: [{}] }] })
    expect((await person(ana)).identifiers).toHaveLength(2)
    const { id } = await split(ana, [ana], [card])
    await ok('DELETE', `/v1/people/splits/${id}?dryRun=true`)
    expect((await person(ana)).identifiers).toHaveLength(1)
    const unknown = `email:${fresh('nobody')}@example.com`
    await ok('POST', '/v1/people/links?dryRun=true', { ...body, b: unknown })
    expect((await call('GET', `/v1/people/${encodeURIComponent(unknown)}`)).status).toBe(404)
  })

  it('the same Idempotency-Key gets the same answer, whatever became of them since', async () => {
    const { ana, card } = await two()
    const headers = { 'idempotency-key': fresh('key') }
    const body = { a: ana, b: card, reason: 'At the desk' }
    const first = await call('POST', '/v1/people/links', body, { headers })
    await unlink(ana, card)
    const again = await call('POST', '/v1/people/links', body, { headers })
    expect([again.status, again.text]).toEqual([200, first.text])
    expect((await person(ana)).identifiers).toHaveLength(1)
    const other = await call('POST', '/v1/people/links', { ...body, verified: false }, { headers })
    expect(other.json.code).toBe('idempotency_key_reused')
  })

  it('whoever linked and parted them, and why, stands in the audit log', async () => {
    const { ana, card } = await two()
    await link(ana, card)
    const { id } = await split(ana, [ana], [card])
    await ok('DELETE', `/v1/people/splits/${id}`)
    await unlink(ana, card)
    const dump = await fetch(`${server.url}/v1/dump`, { headers: { authorization: `Bearer ${server.adminKey}` } })
    type Audit = { id: string; action: string; key_id: string; details: string }
    const audits = (await dump.text())
      .split('\n')
      .flatMap(line => (line.startsWith('{"t":"audit_log"') ? [JSON.parse(line).r as Audit] : []))
      .sort((left, right) => (left.id < right.id ? -1 : 1))
    const told = audits.slice(-4).map(it => [it.action, it.key_id, JSON.parse(it.details).reason])
    expect(told).toEqual([
      ['linkPeople', 'admin', 'At the desk'],
      ['splitPerson', 'admin', 'Two sisters'],
      ['undoSplit', 'admin', undefined],
      ['unlinkPeople', 'admin', 'A mistake'],
    ])
  })

  it('are found out again when the rules change, and back when they change back', async () => {
    const [club, mail] = [fresh('club'), `email:${fresh('family')}@example.com`]
    const [left, right] = [`clubCard:${club}-a`, `clubCard:${club}-b`]
    await link(left, mail)
    await link(right, mail)
    const isOne = async () => (await person(left)).id === (await person(right)).id
    expect(await isOne()).toBe(true)
    const set = async (identity: object) => {
      const { identity: rules } = await ok('PATCH', '/v1/workspaces/default', { identity })
      await expect
        .poll(async () => (await ok('GET', '/v1/jobs')).data[0], { timeout: 30_000 })
        .toMatchObject({ kind: 'resolveIdentities', state: 'done' })
      return rules
    }
    const rules = await set({ types: { clubCard: { atMost: 1, priority: 5 } } })
    expect(rules).toMatchObject({ shared: 3, types: { clubCard: { atMost: 1, priority: 5 }, email: { atMost: 5 } } })
    expect(await isOne()).toBe(false)
    expect((await person(right)).links).toMatchObject([{ suppressed: 'uniqueType' }])
    await set({ blocked: [mail] })
    expect((await person(mail)).identifiers).toMatchObject([{ standing: 'blocked' }])
    expect((await person(left)).links).toMatchObject([{ suppressed: 'blocked' }])
    expect((await set({})).types).not.toHaveProperty('clubCard')
    expect(await isOne()).toBe(true)
    const unknown = await call('PATCH', '/v1/workspaces/default', { identity: { sharing: 3 } })
    expect([unknown.status, unknown.json.errors[0].pointer]).toEqual([400, '/identity/sharing'])
  })

  it('are reported where too much hangs together, page by page', async () => {
    await ok('PATCH', '/v1/workspaces/default', { identity: { component: 10 } })
    const chain = Array.from({ length: 13 }, () => `seatNumber:${fresh('seat')}`)
    for (const [index, seat] of chain.entries()) if (index > 0) await link(chain[index - 1]!, seat)
    // Comes after, so that the second page begins among the chain.
    const kiosk = `device:${fresh('kiosk')}`
    for (let index = 0; index < 5; index++) await link(kiosk, `userId:${fresh('guest')}`)

    const all: { kind: string; size: number; types: object; identifier: { type: string; value: string } }[] = []
    for (let cursor = ''; ; ) {
      const page = await ok('GET', `/v1/identity/quarantine?limit=1${cursor}`)
      expect(page.data.length).toBeLessThanOrEqual(1)
      all.push(...page.data)
      if (page.nextCursor === null) break
      cursor = `&cursor=${page.nextCursor}`
    }
    const shared = all.filter(it => it.kind === 'shared')
    expect(shared).toMatchObject([
      { size: 5, types: { userId: 5 }, identifier: { type: 'device', standing: 'shared' } },
    ])
    // Once, although each of its identifiers is in quarantine.
    expect(all.filter(it => it.kind === 'component')).toMatchObject([
      {
        size: 13,
        types: { seatNumber: 13 },
        identifier: { standing: 'quarantined' },
        since: expect.stringContaining('2026-03-01T'),
      },
    ])
    expect((await person(chain[5]!)).identifiers).toMatchObject([{ standing: 'quarantined' }])
    await ok('PATCH', '/v1/workspaces/default', { identity: {} })
  })

  it('show the anonymous browser that is probably hers, which gives her nothing', async () => {
    const [browser, user] = [fresh('browser'), fresh('visitor')]
    const { key } = await ok('POST', '/v1/keys', { name: 'page', scope: 'publishable' })
    await ok('POST', '/v1/identify', { userId: user, traits: { email: `${user}@example.com` } })
    const said = { anonymousId: browser, userId: user }
    expect((await call('POST', '/v1/identify', said, { key })).status).toBe(200)
    const known = await person(`userId:${user}`)
    expect(known.likely).toMatchObject([{ type: 'anonymousId', value: browser }])
    expect(known.identifiers.map((it: { type: string }) => it.type)).not.toContain('anonymousId')
    expect((await person(`anonymousId:${browser}`)).likely).toEqual([])
  })
})
