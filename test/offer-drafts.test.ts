import { beforeAll, describe, expect, it } from 'vitest'
import { benefit, benefitKinds } from '../src/core/offers/kinds/index.ts'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

let server: TestServer
const call = async (method: string, path: string, body?: unknown) => (await server.call(method, path, body)).json

/** What a draft does to two lattes. */
const tried = (draft: object, { replaces, ...basket }: Record<string, unknown> = {}) =>
  call('POST', '/v1/offers/try', {
    draft: { name: 'A draft', trigger: { on: 'basket' }, ...draft },
    ...(replaces !== undefined && { replaces }),
    basket: { channel: 'store', lines: [{ ...latte, quantity: 2 }], ...basket },
  })
const percentOff = (percent: number, more: object = {}) => ({ benefit: { kind: 'percentOff', percent }, ...more })

beforeAll(async () => {
  server = await serve('pglite')
})

it('the kinds of benefits say what a form needs, with examples that the server takes', async () => {
  const { data } = await call('GET', '/v1/benefit-kinds')
  expect(data.map((it: { kind: string }) => it.kind)).toEqual(Object.keys(benefitKinds))
  for (const { kind, form, examples, schema } of data) {
    expect(schema.properties.kind).toEqual({ type: 'string', const: kind })
    for (const { field } of form) expect(Object.keys(schema.properties)).toContain(field.split('/')[0])
    for (const example of examples) expect(benefit.safeParse(example).success).toBe(true)
  }
})

describe('a draft that is tried', () => {
  it('applies as an order would be decided, beside what the basket costs today', async () => {
    const answer = await tried(percentOff(20))
    expect(answer.draft).toEqual({
      offer: 'off_draft000000000000000000001',
      sentence: '20 % off',
      outcome: 'applied',
    })
    expect([answer.with.totals.total, answer.without.totals.total]).toEqual([720, 900])
    expect(answer.with.lines[0].discounts).toEqual([{ offer: answer.draft.offer, amount: 180 }])
  })

  it('says what a basket lacks, and why it does not apply, also where an order would not say so', async () => {
    const lacks = await tried(percentOff(20, { when: 'order.subtotal >= 2000' }))
    expect(lacks.draft).toMatchObject({ outcome: 'available', missing: { subtotal: 1100 } })
    const elsewhere = await tried(percentOff(20, { channels: { redeem: ['web'] } }))
    expect(elsewhere.draft).toMatchObject({ outcome: 'refused', reason: { code: 'channel_not_allowed' } })
    const never = await tried(percentOff(20, { when: 'local.weekday > 7' }))
    expect(never.draft.reason).toMatchObject({ code: 'condition_false', details: { part: 'local.weekday > 7' } })
    expect(never.with).toEqual(never.without)
  })

  it('counts as claimed where a code or a grant claims it, and shows no code of its own', async () => {
    for (const on of ['code', 'grant']) {
      const { draft, with: decided } = await tried(percentOff(10, { trigger: { on } }))
      expect([draft.outcome, decided.totals.total, decided.applied[0].code]).toEqual(['applied', 810, undefined])
    }
    const personal = await tried(percentOff(10, { trigger: { on: 'code' }, limits: { perPerson: 1 } }))
    expect(personal.draft.reason.code).toBe('person_required')
    expect(personal.with.refused).toEqual([expect.objectContaining({ name: 'A draft' })])
    expect(personal.with.refused[0]).not.toHaveProperty('code')
  })

  it('is asked about at any time, and begins when it begins', async () => {
    const later = { validity: { from: '2126-01-01T00:00:00Z' } }
    expect((await tried(percentOff(20, later))).draft.reason.code).toBe('offer_not_started')
    expect((await tried(percentOff(20, later), { at: '2126-02-01T00:00:00Z' })).draft.outcome).toBe('applied')
  })

  it('says what is wrong with it by its fields', async () => {
    const refused = await tried({ benefit: { kind: 'percentOff', percent: 20, lines: 'line.categry == 1' } })
    expect(refused.errors.map((it: { pointer: string }) => it.pointer)).toEqual(['/draft/benefit/lines'])
    expect((await tried(percentOff(200))).errors[0].pointer).toBe('/draft/benefit/percent')
    expect((await tried(percentOff(20, { trigger: { on: 'request' } }))).errors[0].pointer).toBe('/draft/trigger/on')
    expect(await tried(percentOff(20, { campaign: `cmp_${'0'.repeat(26)}` }))).toMatchObject({
      code: 'campaign_not_found',
    })
    expect(await tried(percentOff(20), { replaces: `off_${'0'.repeat(26)}` })).toMatchObject({
      code: 'offer_not_found',
    })
  })

  it('as a new version goes on counting the uses so far, for whoever used it', async () => {
    const person = 'email:ana@example.com'
    const { offer } = await makeOffer(server, {
      trigger: { on: 'basket' },
      benefit: { kind: 'percentOff', percent: 5 },
      limits: { perPerson: 1 },
    })
    await call('PUT', '/v1/orders/o-1', { person, channel: 'store', state: 'placed', lines: [latte] })
    const draft = percentOff(50, { limits: { perPerson: 1 } })
    const spent = await tried(draft, { replaces: offer, person })
    expect(spent.draft).toMatchObject({ offer, outcome: 'refused', reason: { code: 'limit_reached' } })
    const other = await tried(draft, { replaces: offer, person: 'email:ben@example.com' })
    expect([other.draft.outcome, other.with.totals.total, other.without.totals.total]).toEqual(['applied', 450, 855])
    const beaten = await tried(percentOff(3, { stacking: { exclusive: 'order' } }), { person: 'email:ben@example.com' })
    expect(beaten.draft).toMatchObject({ outcome: 'refused', reason: { code: 'beaten_by', details: { offer } } })
    await call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
  })

  it('stores nothing', async () => {
    const before = await call('GET', '/v1/offers')
    await tried(percentOff(20), { person: 'email:nobody-yet@example.com' })
    expect(await call('GET', '/v1/offers')).toEqual(before)
    expect((await call('GET', '/v1/people/email:nobody-yet@example.com')).code).toBe('person_not_found')
  })
})
