import { beforeAll, describe, expect, it } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../../test/server.ts'

describe.each(['pglite', 'postgres'] as const)('rewards for points on %s', store => {
  let server: TestServer
  const call: TestServer['call'] = (...args) => server.call(...args)
  const time = { ahead: 0 }
  let mug = ''
  let people = 0

  /** Somebody with so many points. */
  const member = async (points: number): Promise<string> => {
    people += 1
    const person = `email:member-${people}@example.com`
    const order = { state: 'open', channel: 'web', person, lines: [{ id: '1', sku: 'A', quantity: 1, unitPrice: 1 }] }
    await call('PUT', `/v1/orders/first-${people}`, order)
    const given = await call('POST', '/v1/adjustments', {
      person,
      programme: 'club',
      amount: points,
      reason: 'migration',
    })
    expect(given.status).toBe(201)
    return person
  }
  const claim = (person: string, offers = [mug], options = {}) =>
    call('POST', '/v1/decisions', { person, channel: 'app', moment: 'rewards', claim: offers }, options)
  const look = async (person: string) =>
    (await call('POST', '/v1/decisions', { person, channel: 'app', moment: 'rewards' })).json.offers
  const balanceOf = async (person: string): Promise<number> => {
    const lines = [{ id: '1', sku: 'A', quantity: 1, unitPrice: 1_000_000 }]
    const body = { state: 'open', channel: 'web', currency: 'EUR', person, lines, tenders: [{ type: 'points' }] }
    return (await call('PUT', '/v1/orders/looks?dryRun=true', body)).json.paid[0].points
  }

  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
    const rate = { points: 100, worth: { amount: 100, currency: 'EUR' } }
    const made = await call('PUT', '/v1/programmes/club', { name: 'Club', rate, expiry: { kind: 'after', days: 30 } })
    expect(made.status).toBeLessThan(300)
    const benefit = { kind: 'entitlement', entitlement: 'merchandise', title: 'A mug' }
    const trigger = { on: 'request', moments: ['rewards'] }
    mug = (await makeOffer(server, { name: 'A mug', trigger, benefit, price: { programme: 'club', points: 500 } }))
      .offer
  })

  it('are shown with what they cost, and can be claimed by who has the points', async () => {
    expect(await look(await member(600))).toMatchObject([
      { offer: mug, claimable: true, price: { programme: 'club', points: 500 } },
    ])
    expect(await look(await member(200))).toMatchObject([{ offer: mug, claimable: false, missing: { points: 300 } }])
  })

  it('take the points once, however often the claim is sent', async () => {
    const person = await member(1200)
    const headers = { 'idempotency-key': `claim-${store}` }
    const first = await claim(person, [mug], { headers })
    expect(first.json.claimed).toMatchObject([{ offer: mug, price: { programme: 'club', points: 500 } }])
    expect((await claim(person, [mug], { headers })).text).toBe(first.text)
    expect(await balanceOf(person)).toBe(700)
  })

  it('are refused to who has too few, and nothing is taken', async () => {
    const person = await member(499)
    const { json } = await claim(person)
    expect(json).toMatchObject({
      claimed: [],
      refused: [{ reason: { code: 'balance_insufficient', details: { asked: 500, available: 499 } } }],
    })
    expect(await balanceOf(person)).toBe(499)
  })

  it('claimed by many at once are paid as often as the points go', async () => {
    const person = await member(1700)
    const answers = await Promise.all(Array.from({ length: 12 }, () => claim(person)))
    expect(answers.filter(it => it.json.claimed.length === 1)).toHaveLength(3)
    const reasons = answers.flatMap(it => it.json.refused.map((no: { reason: { code: string } }) => no.reason.code))
    expect(reasons).toEqual(Array(9).fill('balance_insufficient'))
    expect(await balanceOf(person)).toBe(200)
  })

  it('given back return the points to their lots and void the grant; asked again they answer the same', async () => {
    const person = await member(500)
    const { json } = await claim(person)
    const [grant] = json.claimed[0].gives[0].grants
    const give = () => call('POST', `/v1/decisions/${json.id}/return`, { offer: mug })
    const back = await give()
    expect(back.json).toEqual({
      decision: json.id,
      offer: mug,
      redemption: json.claimed[0].redemption,
      price: { programme: 'club', points: 500 },
      revoked: [grant],
    })
    expect((await give()).json).toEqual(back.json)
    expect(await balanceOf(person)).toBe(500)
    const { json: account } = await call('GET', `/v1/people/${person}/wallet`)
    expect(account.grants).toMatchObject([{ id: grant, state: 'revoked' }])
  })

  it('that were handed over cannot be given back', async () => {
    const person = await member(500)
    const { json } = await claim(person)
    const [grant] = json.claimed[0].gives[0].grants
    expect((await call('POST', `/v1/grants/${grant}/fulfilment`, { state: 'fulfilled' })).status).toBe(200)
    const back = await call('POST', `/v1/decisions/${json.id}/return`, { offer: mug })
    expect(back.json).toMatchObject({ code: 'claim_used', details: { grant } })
    expect(await balanceOf(person)).toBe(0)
  })

  it('nobody claimed cannot be given back', async () => {
    const back = await call('POST', '/v1/decisions/dec_00000000000000000000000000/return', { offer: mug })
    expect(back.json.code).toBe('claim_not_found')
  })

  it('have a price only where they are claimed', async () => {
    const { json } = await call('PATCH', `/v1/offers/${(await makeOffer(server)).offer}`, {
      price: { programme: 'club', points: 1 },
    })
    expect(json).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/price' }] })
  })
})
