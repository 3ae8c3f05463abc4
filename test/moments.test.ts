import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, latte, makeOffer, serve, type TestServer } from './server.ts'

/** What an answer holds, of any shape. */
type Json = Answer['json']

/** Offers that need no basket: given by an event, shown and claimed at a moment, drawn, handed over. Over HTTP, on both stores. */

describe.each(['postgres', 'pglite'] as const)('without a basket, on %s', store => {
  let server: TestServer
  const time = { ahead: 0 }
  const call: TestServer['call'] = (...args) => server.call(...args)
  let count = 0
  const fresh = (name: string) => {
    count += 1
    return `${name}-${count}`
  }

  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
  })

  const makeCoupon = (more: Record<string, unknown> = {}) =>
    makeOffer(server, { name: 'A coupon', trigger: { on: 'grant' }, ...more })
  /** An offer that gives a coupon, by whatever triggers it. */
  const makeGiver = async (
    trigger: { readonly on: string; readonly [field: string]: unknown },
    { limits = {}, ...more }: { readonly limits?: object; readonly [field: string]: unknown } = {},
    campaign: Record<string, unknown> = {},
  ) => {
    const coupon = await makeCoupon()
    // What is given for the asking is limited for each person, or is refused.
    const benefit = { kind: 'giveOffer', offer: coupon.offer }
    const bounded = { ...(trigger.on === 'request' && { perPerson: 100 }), ...limits }
    const made = await makeOffer(server, { name: 'A present', trigger, benefit, limits: bounded, ...more }, campaign)
    return { ...made, coupon: coupon.offer }
  }
  const ask = (body: object, options: Parameters<typeof call>[3] = {}) =>
    call('POST', '/v1/decisions', { channel: 'app', moment: 'app home', ...body }, options)
  const wallet = async (person: string) => (await call('GET', `/v1/people/${person}/wallet`)).json
  const timeline = async (person: string): Promise<{ what: string; id: string; details: Json }[]> =>
    (await call('GET', `/v1/people/${person}/timeline?limit=200`)).json.data
  const key = async (scope: string, more = {}): Promise<string> =>
    (await call('POST', '/v1/keys', { name: 'a key', scope, ...more })).json.key

  describe('an event', () => {
    const review = (name: string, userId: string, messageId: string) =>
      call('POST', '/v1/track', { userId, event: name, messageId, properties: { rating: 5 } })

    it('gives a coupon that is in the wallet when the call is answered, and redeems in the next order', async () => {
      const name = fresh('Reviewed')
      const { coupon } = await makeGiver({ on: 'event', event: name })
      const user = fresh('ana')
      expect((await review(name, user, fresh('m'))).json).toEqual({ success: true, stored: 1, known: 0 })
      const { grants } = await wallet(`userId:${user}`)
      expect(grants).toMatchObject([{ offer: coupon, state: 'issued' }])
      const order = { person: `userId:${user}`, channel: 'web', state: 'placed', lines: [latte] }
      const placed = await call('PUT', `/v1/orders/${fresh('order')}`, order)
      expect(placed.json).toMatchObject({ totals: { total: 800 }, applied: [{ offer: coupon, grant: grants[0].id }] })
    })

    it('sent twenty times at once gives once, and so it does when it comes again later', async () => {
      const name = fresh('Reviewed')
      await makeGiver({ on: 'event', event: name })
      const [user, message] = [fresh('ana'), fresh('m')]
      await Promise.all(Array.from({ length: 20 }, () => review(name, user, message)))
      await review(name, user, message)
      expect((await wallet(`userId:${user}`)).grants).toHaveLength(1)
    })

    it('is paced by person and day', async () => {
      const name = fresh('Reviewed')
      await makeGiver({ on: 'event', event: name }, { limits: { per: { uses: 1, period: 'day', by: 'person' } } })
      const user = fresh('ana')
      for (const days of [0, 0, 1, 1, 2]) {
        time.ahead = days * 86_400_000
        await review(name, user, fresh('m'))
      }
      time.ahead = 0
      expect((await wallet(`userId:${user}`)).grants).toHaveLength(3)
      const entries = (await timeline(`userId:${user}`)).filter(entry => entry.what === 'decision')
      const reasons = entries.map(({ details }) => details.answer.refused[0]?.reason.code ?? 'given')
      expect(reasons.sort()).toEqual(['given', 'given', 'given', 'limit_reached', 'limit_reached'])
    })

    it('asks a condition about collections of what it names', async () => {
      const name = fresh('Reviewed')
      await call('PUT', '/v1/collections/reviewable', { skus: ['LATTE'] })
      await makeGiver({ on: 'event', event: name }, { when: "inCollection(event.properties.sku, 'reviewable')" })
      for (const [user, sku] of [
        ['collector', 'LATTE'],
        ['other', 'TEA'],
      ])
        await call('POST', '/v1/track', { userId: user, event: name, properties: { sku } })
      expect((await wallet('userId:collector')).grants).toHaveLength(1)
      expect((await wallet('userId:other')).grants).toEqual([])
    })
  })

  describe('a moment', () => {
    it('shows what may be claimed, what was issued and what a basket could get: by priority, worth, end', async () => {
      const moment = fresh('moment')
      const person = `email:${fresh('ana')}@example.com`
      const at = { on: 'request', moments: [moment] }
      const worth = (amount: number) => ({ amount, currency: 'EUR' })
      const soon = new Date(Date.now() + 3 * 86_400_000).toISOString()
      const names: Record<string, string> = {}
      const remember = async (name: string, made: Promise<{ offer: string }>) => {
        names[(await made).offer] = name
        return made
      }
      await remember('worth 3', makeGiver(at, { worth: worth(300) }))
      await remember('ends soon', makeGiver(at, { validity: { to: soon } }))
      await remember('first', makeGiver(at, { stacking: { priority: 5 } }))
      await remember('elsewhere', makeGiver({ on: 'request', moments: ['receipt'] }, { stacking: { priority: 9 } }))
      await remember('by mail', makeGiver(at, { channels: { show: ['email'] } }))
      const over20 = { trigger: { on: 'basket' }, benefit: { kind: 'freeShipping' }, worth: worth(200) }
      await remember('shipping', makeOffer(server, { ...over20, when: 'order.subtotal >= 2000 && person.known' }))
      await remember(
        'at the store',
        makeOffer(server, { ...over20, when: "order.subtotal >= 2000 && channel == 'store'" }),
      )
      const coupon = await remember('issued', makeCoupon({ worth: worth(100) }))
      const coded = await remember('issued with a code', makeCoupon({ worth: worth(50) }))
      const ended = await remember('paused', makeCoupon({ state: 'paused' }))
      await call('POST', `/v1/offers/${coupon.offer}/grants`, { people: [person] })
      await call('POST', `/v1/offers/${coded.offer}/grants`, { people: [person], withCode: true })
      await call('POST', `/v1/offers/${ended.offer}/grants`, { people: [person] })

      const { json } = await ask({ person, moment, limit: 50 })
      type Offer = { rank: number; offer: string; how: string; claimable: boolean; missing?: object; code?: string }
      const shown = (json.offers as Offer[]).filter(it => names[it.offer] !== undefined)
      expect(shown.map(it => [names[it.offer], it.how, it.claimable])).toEqual([
        ['first', 'claim', true],
        ['worth 3', 'claim', true],
        ['shipping', 'basket', false],
        ['issued', 'grant', false],
        ['issued with a code', 'code', false],
        ['ends soon', 'claim', true],
      ])
      expect((json.offers as Offer[]).map(it => it.rank)).toEqual(json.offers.map((_: Offer, i: number) => i + 1))
      expect(shown[2]!.missing).toEqual({ subtotal: 2000 })
      expect(shown[4]!.code).toMatch(/^\w{4}-\w{4,5}$/)
      expect(json).toMatchObject({ id: null, claimed: [], refused: [{ offer: ended.offer }] })
      expect(json.refused[0].reason.code).toBe('offer_paused')
      // The same question, the same answer: nothing was stored in between.
      expect((await ask({ person, moment, limit: 50 })).json).toEqual(json)
      expect((await ask({ person, moment, limit: 2 })).json.offers).toEqual(json.offers.slice(0, 2))
      expect((await timeline(person)).filter(entry => entry.what === 'decision')).toEqual([])
    })

    it('makes nobody known by a question, and keeps what was shown where it is told to', async () => {
      const moment = fresh('moment')
      const { offer, campaign } = await makeGiver({ on: 'request', moments: [moment] })
      const person = `email:${fresh('new')}@example.com`
      expect((await ask({ person, moment })).json).toMatchObject({ id: null, person: null })
      expect((await call('GET', `/v1/people/${person}`)).status).toBe(404)
      const recorded = (await ask({ person, moment, record: true })).json
      expect(recorded.id).toMatch(/^dec_/)
      expect((await timeline(person)).find(entry => entry.what === 'decision')).toMatchObject({
        id: recorded.id,
        channel: 'app',
        details: { kind: 'request', cause: moment, shown: true, answer: { id: recorded.id } },
      })
      const [entry] = (await timeline(person)).filter(it => it.what === 'decision')
      const stored = entry!.details.answer.offers.find((it: { offer: string }) => it.offer === offer)
      expect(stored).toMatchObject({ offer, campaign, version: 1 })
    })

    it('gives what is claimed at once: the grant is in the answer, the wallet and the books', async () => {
      const moment = fresh('moment')
      const { offer, coupon } = await makeGiver({ on: 'request', moments: [moment] }, { limits: { perPerson: 1 } })
      const person = `email:${fresh('ana')}@example.com`
      const headers = { 'idempotency-key': fresh('key') }
      const claimed = await ask({ person, moment, claim: [offer] }, { headers })
      expect(claimed.json.claimed).toMatchObject([{ offer, gives: [{ what: 'offer', offer: coupon, quantity: 1 }] }])
      const grant = claimed.json.claimed[0].gives[0].grants[0]
      expect((await wallet(person)).grants).toMatchObject([{ id: grant, offer: coupon }])
      expect(claimed.json.offers.map((it: { grant?: string }) => it.grant)).toContain(grant)
      // Asked again under the same key it is the same claim; under none it is another, and that is one too many.
      expect((await ask({ person, moment, claim: [offer] }, { headers })).text).toBe(claimed.text)
      const again = await ask({ person, moment, claim: [offer] })
      expect(again.json).toMatchObject({ claimed: [], refused: [{ offer, reason: { code: 'limit_reached' } }] })
      expect((await wallet(person)).grants).toHaveLength(1)
    })

    it('says why each claim is refused, and gives the others', async () => {
      const moment = fresh('moment')
      const at = { on: 'request', moments: [moment] }
      const good = await makeGiver(at)
      const elsewhere = await makeGiver({ on: 'request', moments: ['receipt'] })
      const basket = await makeOffer(server, { trigger: { on: 'basket' } })
      const strangers = await makeGiver(at, { when: 'person.orders.count > 5' })
      const nowhere = 'off_00000000000000000000000000'
      const claim = [elsewhere.offer, basket.offer, good.offer, strangers.offer, nowhere]
      const { json } = await ask({ person: `email:${fresh('ana')}@example.com`, moment, claim })
      expect(json.claimed).toMatchObject([{ offer: good.offer }])
      expect(json.refused.map((it: Json) => [it.offer, it.reason.code])).toEqual([
        [elsewhere.offer, 'not_at_this_moment'],
        [basket.offer, 'not_at_this_moment'],
        [strangers.offer, 'condition_false'],
        [nowhere, 'offer_not_found'],
      ])
      const { name } = (await call('GET', `/v1/offers/${strangers.offer}`)).json
      expect(json.refused.slice(2).map((it: Json) => it.name)).toEqual([name, undefined])
      const nobody = await ask({ moment, claim: [good.offer] })
      expect(nobody.json.refused).toMatchObject([{ offer: good.offer, reason: { code: 'person_required' } }])
      const twice = await ask({ moment, claim: [good.offer, good.offer] })
      expect(twice.json).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/claim' }] })
    })

    it('lets no more than two of forty have what is there twice', async () => {
      const moment = fresh('moment')
      const { offer } = await makeGiver({ on: 'request', moments: [moment] }, { limits: { uses: 2 } })
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) => ask({ person: `userId:${moment}-${index}`, moment, claim: [offer] })),
      )
      expect(answers.filter(it => it.json.claimed.length === 1)).toHaveLength(2)
      const lost = answers.filter(it => it.json.claimed.length === 0)
      expect(lost.map(it => it.json.refused[0].reason.code)).toEqual(Array(38).fill('limit_reached'))
    })

    it('shows and gives nothing to who is held out, and only a server’s key learns why', async () => {
      const moment = fresh('moment')
      const { offer } = await makeGiver({ on: 'request', moments: [moment] }, {}, { holdout: 50 })
      const till = await key('till', { location: 'store-1', channel: 'store' })
      const arms = new Map<string, string>()
      for (let index = 0; index < 16; index += 1) {
        const person = `userId:${moment}-${index}`
        const { json } = await ask({ person, moment, record: true })
        const isShown = json.offers.some((it: { offer: string }) => it.offer === offer)
        const isWithheld = (json.withheld ?? []).some((it: { offer: string }) => it.offer === offer)
        expect(isWithheld).toBe(!isShown)
        arms.set(person, isShown ? 'treatment' : 'holdout')
      }
      const heldOut = [...arms].filter(([, arm]) => arm === 'holdout').map(([person]) => person)
      expect(heldOut.length).toBeGreaterThan(1)
      expect(heldOut.length).toBeLessThan(15)
      const [one, other] = heldOut as [string, string]
      const claimed = await ask({ person: one, moment, claim: [offer] })
      expect(claimed.json).toMatchObject({ claimed: [], refused: [] })
      expect(claimed.json.withheld.map((it: { offer: string }) => it.offer)).toContain(offer)
      expect((await wallet(one)).grants).toEqual([])
      const clerk = await ask({ person: other, moment, claim: [offer], channel: 'store' }, { key: till })
      expect(clerk.json).toMatchObject({ claimed: [], refused: [] })
      expect(clerk.text).not.toContain('withheld')
    })

    it('answers a browser for its own anonymousId or its person only', async () => {
      const moment = fresh('moment')
      const { offer } = await makeGiver({ on: 'request', moments: [moment] })
      const browser = await key('publishable', { channel: 'web' })
      const ana = `userId:${fresh('ana')}`
      const put = { person: ana, channel: 'web', state: 'placed', lines: [latte] }
      await call('PUT', `/v1/orders/${fresh('order')}`, put)
      const asBrowser = (body: object, headers = {}) =>
        ask({ moment, channel: undefined, ...body }, { key: browser, headers })
      expect((await asBrowser({ person: 'anonymousId:a1' })).json).toMatchObject({ person: null, channel: 'web' })
      expect((await asBrowser({ person: ana })).status).toBe(403)
      const coupon = await makeCoupon()
      await call('POST', `/v1/offers/${coupon.offer}/grants`, { people: ['anonymousId:a1', ana] })
      const shown = async (answer: Promise<{ json: Json }>): Promise<string[]> =>
        (await answer).json.offers.map((it: Json) => it.offer)
      expect(await shown(ask({ person: 'anonymousId:a1' }))).toContain(coupon.offer)
      expect(await shown(asBrowser({ person: 'anonymousId:a1' }))).not.toContain(coupon.offer)
      expect((await asBrowser({ person: 'anonymousId:a1', claim: [offer] })).status).toBe(403)
      const { token } = (await call('POST', '/v1/person-tokens', { person: ana })).json
      const own = await asBrowser({ person: 'userId:somebody-else', claim: [offer] }, { 'tessera-person-token': token })
      expect(own.json.claimed).toMatchObject([{ offer }])
      expect(own.json.offers.map((it: Json) => it.offer)).toContain(coupon.offer)
      expect((await wallet(ana)).grants).toHaveLength(2)
    })

    it('is refused where no channel is named, or the person cannot be read', async () => {
      expect((await ask({ channel: undefined })).json.code).toBe('channel_missing')
      expect((await ask({ person: 'phone:12' })).json.code).toBe('identifier_invalid')
      expect((await ask({ person: 'per_00000000000000000000000000' })).json.code).toBe('person_not_found')
    })
  })

  describe('an entitlement', () => {
    const give = async () => {
      const name = fresh('Won')
      const benefit = { kind: 'entitlement', entitlement: 'experience', title: 'A night out' }
      const { offer } = await makeOffer(server, { trigger: { on: 'event', event: name }, benefit })
      const user = fresh('ana')
      await call('POST', '/v1/track', { userId: user, event: name })
      const [grant] = (await wallet(`userId:${user}`)).grants
      return { offer, grant, user }
    }
    const pending = async (offer: string) =>
      (await call('GET', `/v1/offers/${offer}/grants?fulfilment=pending`)).json.data

    it('is handed over once, by mistake taken back, and listed while it is to be handed over', async () => {
      const { offer, grant, user } = await give()
      expect(grant).toMatchObject({ title: 'A night out', fulfilment: 'pending', state: 'issued' })
      expect(await pending(offer)).toEqual([expect.objectContaining(grant)])
      const till = await key('till', { location: 'store-1' })
      const path = `/v1/grants/${grant.id}/fulfilment`
      const done = await call('POST', path, { state: 'fulfilled' }, { key: till })
      expect(done.json).toEqual({ ...grant, fulfilment: 'fulfilled' })
      expect(await pending(offer)).toEqual([])
      expect((await call('POST', `/v1/grants/${grant.id}/revoke`, {})).json.code).toBe('grant_state_conflict')
      expect((await call('POST', path, { state: 'pending' })).json).toEqual(grant)
      expect((await wallet(`userId:${user}`)).grants).toEqual([grant])
      expect(await pending(offer)).toEqual([expect.objectContaining(grant)])
    })

    it('is handed over by one of two desks that are asked at once', async () => {
      const { grant } = await give()
      const desks = await Promise.all([key('till', { location: 'store-1' }), key('till', { location: 'store-2' })])
      const answers = await Promise.all(
        desks.map(desk => call('POST', `/v1/grants/${grant.id}/fulfilment`, { state: 'fulfilled' }, { key: desk })),
      )
      expect(answers.map(it => it.status).sort()).toEqual([200, 409])
      const { json } = answers.find(it => it.status === 409)!
      expect(json).toMatchObject({ code: 'fulfilment_conflict', details: { state: 'handed over already' } })
    })

    it('that is taken back is not handed over, nor is a coupon', async () => {
      const { offer, grant } = await give()
      expect((await call('POST', `/v1/grants/${grant.id}/revoke`, {})).json).toMatchObject({ state: 'revoked' })
      expect(await pending(offer)).toEqual([])
      const refused = await call('POST', `/v1/grants/${grant.id}/fulfilment`, { state: 'fulfilled' })
      expect(refused.json).toMatchObject({ code: 'fulfilment_conflict', details: { state: 'revoked' } })
      const coupon = await makeCoupon()
      const { json } = await call('POST', `/v1/offers/${coupon.offer}/grants`, { people: ['userId:couponed'] })
      const none = await call('POST', `/v1/grants/${json.data[0].id}/fulfilment`, { state: 'fulfilled' })
      expect(none.json).toMatchObject({ code: 'fulfilment_conflict', details: { state: 'no entitlement' } })
    })
  })

  it('a till cannot date events back to draw a surprise again, a server can tell of the past', async () => {
    const name = fresh('Dated')
    const chance = { wins: 1, outOf: 2, period: 'day' }
    const { offer } = await makeGiver({ on: 'event', event: name }, { chance })
    const till = await key('till', { location: 'store-1', channel: 'store' })
    const batch = Array.from({ length: 10 }, (_, days) => ({
      type: 'track',
      userId: name,
      event: name,
      messageId: fresh('dated'),
      timestamp: new Date(Date.now() - days * 86_400_000).toISOString(),
    }))
    const drawn = async () => (await call('GET', `/v1/offers/${offer}/draws`)).json.totals.drawn
    expect((await call('POST', '/v1/batch', { batch }, { key: till })).json).toMatchObject({ stored: 10 })
    expect(await drawn()).toBe(1)
    await call('POST', '/v1/batch', { batch: batch.map(event => ({ ...event, messageId: fresh('dated') })) })
    expect(await drawn()).toBe(10)
  })

  it('every draw of a surprise can be checked: each is computed again, and so are the odds', async () => {
    const name = fresh('Spun')
    const limits = { uses: 3 }
    const { offer } = await makeGiver({ on: 'event', event: name }, { chance: { wins: 1, outOf: 2 }, limits })
    const spins = (round: number) =>
      Array.from({ length: 20 }, (_, index) => ({
        type: 'track',
        userId: `${name}-${index}`,
        event: name,
        messageId: `${name}-${index}-${round}`,
      }))
    for (const round of [1, 2]) await call('POST', '/v1/batch', { batch: spins(round) })
    type Draws = { data: Json[]; nextCursor: string | null; totals: Record<string, number> }
    const page = async (cursor = ''): Promise<Draws> =>
      (await call('GET', `/v1/offers/${offer}/draws?limit=8${cursor === '' ? '' : `&cursor=${cursor}`}`)).json
    const all: Draws['data'] = []
    let next: string | null = ''
    for (let pages = 0; next !== null && pages < 9; pages += 1) {
      const { data, nextCursor } = await page(next)
      all.push(...data)
      next = nextCursor
    }
    const { totals } = await page()
    expect(all).toHaveLength(20)
    expect(new Set(all.map(draw => draw.person)).size).toBe(20)
    expect(all.every(draw => draw.verified)).toBe(true)
    const won = all.filter(draw => draw.won).length
    expect(totals).toEqual({ drawn: 20, won, expected: 10 })
    const grants = await Promise.all(all.map(async draw => (await wallet(draw.person)).grants.length))
    expect(grants.reduce((sum, it) => sum + it, 0)).toBe(Math.min(3, won))
  })

  it('a grant of a campaign for members can be used by its members', async () => {
    const { offer, campaign } = await makeOffer(server, { trigger: { on: 'grant' } }, { audience: 'members' })
    const person = `userId:${fresh('member')}`
    await call('POST', `/v1/campaigns/${campaign}/members`, { people: [person] })
    await call('POST', `/v1/offers/${offer}/grants`, { people: [person] })
    const order = { person, channel: 'web', state: 'placed', lines: [latte] }
    const { json } = await call('PUT', `/v1/orders/${fresh('order')}`, order)
    expect(json.refused).toEqual([])
    expect(json.applied.map((it: { offer: string }) => it.offer)).toContain(offer)
  })
})
