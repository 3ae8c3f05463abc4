import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import { newOffer } from '../../../test/records.ts'
import { lookupCode } from '../../contract/codes.ts'
import { createGrants, listGrants, revokeGrant } from '../../contract/grants.ts'
import { codesHandlers } from './codes.ts'
import { grantsHandlers } from './grants.ts'

type Grant = { id: string; person: string; state: string; code: string | null; expiresAt: string | null }

describe.each(['postgres', 'pglite'] as const)('grants on %s', store => {
  let services: TestServices
  let grants: ReturnType<typeof grantsHandlers>
  let offer: string

  beforeAll(async () => {
    services = await testServices(store)
    grants = grantsHandlers(services)
    offer = await newOffer(services, {
      trigger: { on: 'grant' },
      validity: { grantDays: 30, timeZone: 'Europe/Rome' },
    })
  })
  afterAll(() => services.database.close())

  const create = (body: object, to = offer, idempotencyKey?: string) =>
    ask(services, createGrants, grants.createGrants, {
      params: { id: to },
      body,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    })
  const made = async (body: object, to = offer) => (await create(body, to)).json.data as Grant[]
  const revoke = (id: string) => ask(services, revokeGrant, grants.revokeGrant, { params: { id } })
  const list = async (query: object, of = offer) =>
    (await ask(services, listGrants, grants.listGrants, { params: { id: of }, query })).json as {
      data: Grant[]
      nextCursor: string | null
    }
  const setState = (id: string, state: string) =>
    services.database.query('update grants set state = $2 where id = $1', [id, state])

  it('issues one grant for each reference, in their order, and makes known who was not', async () => {
    const [ana, ben, again] = await made({
      people: ['email:ana@example.com', 'loyaltyCard:B-7', 'email:Ana@Example.com'],
    })
    expect(ana).toMatchObject({ offer, name: 'Coffee', sentence: '20 % off', state: 'issued', code: null })
    expect(again!.person).toBe(ana!.person)
    expect(again!.id).not.toBe(ana!.id)
    expect(ben!.person).not.toBe(ana!.person)
    const [byId] = await made({ people: [ben!.person] })
    expect(byId!.person).toBe(ben!.person)
  })

  it('ends with the last local day of the offer’s time zone, or never', async () => {
    const [grant] = await made({ people: ['email:ana@example.com'] })
    expect(grant!.expiresAt).toBe('2026-03-31T22:00:00.000Z')
    const forever = await newOffer(services, { trigger: { on: 'grant' } })
    const [other] = await made({ people: ['email:ana@example.com'] }, forever)
    expect(other!.expiresAt).toBeNull()
  })

  it('gives each grant a code of its own', async () => {
    const people = Array.from({ length: 1000 }, (_, index) => `userId:${index}`)
    const data = await made({ people, withCode: true })
    expect(new Set(data.map(({ code }) => code)).size).toBe(1000)
    const { json } = await ask(services, lookupCode, codesHandlers(services).lookupCode, {
      params: { code: String(data[7]!.code).toLowerCase() },
    })
    expect(json.data).toMatchObject([{ code: data[7]!.code, offer, grant: data[7]!.id, shared: false }])
  })

  it('issues all or none: a mistake is refused with its place', async () => {
    const fresh = await newOffer(services, { trigger: { on: 'grant' } })
    const { refusal } = await create({ people: ['email:new@example.com', 'email:', 'nobody'] }, fresh)
    expect(refusal?.code).toBe('identifier_invalid')
    expect(refusal?.errors?.map(({ pointer }) => pointer)).toEqual(['/people/1', '/people/2'])
    const unknown = `per_${'0'.repeat(26)}`
    expect((await create({ people: ['email:new@example.com', unknown] }, fresh)).refusal).toMatchObject({
      code: 'person_not_found',
      errors: [{ pointer: '/people/1' }],
    })
    expect((await list({}, fresh)).data).toEqual([])
    const { rows } = await services.database.query(`select 1 from holders where value = 'new@example.com'`)
    expect(rows).toEqual([])
  })

  it('answers the same grants under the same Idempotency-Key', async () => {
    const fresh = await newOffer(services, { trigger: { on: 'grant' } })
    const [first, twin] = await Promise.all([
      create({ people: ['userId:1'], withCode: true }, fresh, 'once'),
      create({ people: ['userId:1'], withCode: true }, fresh, 'once'),
    ])
    expect(twin.text).toBe(first.text)
    expect((await list({}, fresh)).data).toHaveLength(1)
    const other = await create({ people: ['userId:2'], withCode: true }, fresh, 'once')
    expect(other.refusal?.code).toBe('idempotency_key_reused')
  })

  it('is refused for an offer that grants do not trigger, that has ended, or is not there', async () => {
    const code = await newOffer(services)
    const ended = await newOffer(services, { trigger: { on: 'grant' }, state: 'ended' })
    const people = ['userId:1']
    expect((await create({ people }, code)).refusal).toMatchObject({
      code: 'trigger_mismatch',
      details: { trigger: 'code', needed: 'grant' },
    })
    expect((await create({ people }, ended)).refusal?.code).toBe('offer_ended')
    expect((await create({ people }, `off_${'0'.repeat(26)}`)).refusal?.code).toBe('offer_not_found')
  })

  it('lists grants in pages, oldest first', async () => {
    const fresh = await newOffer(services, { trigger: { on: 'grant' } })
    for (const person of ['userId:1', 'userId:2', 'userId:3']) {
      services.time.now += 1
      await made({ people: [person] }, fresh)
    }
    const all = await list({}, fresh)
    const first = await list({ limit: 2 }, fresh)
    const second = await list({ limit: 2, cursor: first.nextCursor }, fresh)
    expect(all.data).toHaveLength(3)
    expect([...first.data, ...second.data]).toEqual(all.data)
    expect(second.nextCursor).toBeNull()
  })

  it('takes back what was issued, and raises the revision that orders look at', async () => {
    const [grant] = await made({ people: ['userId:revoked'] })
    const revision = async (): Promise<number> => {
      const { rows } = await services.database.query<{ revision: number }>(
        `select revision from holders where value = 'revoked'`,
      )
      return rows[0]!.revision
    }
    const before = await revision()
    expect((await revoke(grant!.id)).json).toEqual({ ...grant, state: 'revoked' })
    expect(await revision()).toBeGreaterThan(before)
  })

  it.each(['held', 'redeemed', 'revoked'])('does not take back what is %s', async state => {
    const [grant] = await made({ people: ['userId:1'] })
    await setState(grant!.id, state)
    expect((await revoke(grant!.id)).refusal).toMatchObject({ code: 'grant_state_conflict', details: { state } })
  })

  it('shows a grant as expired once its end has come, and does not take that back', async () => {
    const short = await newOffer(services, { trigger: { on: 'grant' }, validity: { grantDays: 1 } })
    const [grant] = await made({ people: ['userId:1'] }, short)
    const before = services.time.now
    services.time.now = Date.parse(grant!.expiresAt!)
    expect((await list({}, short)).data).toMatchObject([{ state: 'expired' }])
    expect((await revoke(grant!.id)).refusal).toMatchObject({ details: { state: 'expired' } })
    services.time.now = before
    expect((await revoke(`gra_${'0'.repeat(26)}`)).refusal?.code).toBe('grant_not_found')
  })
})
