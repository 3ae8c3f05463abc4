import { beforeAll, describe, expect, it } from 'vitest'
import { type Answer, latte, makeOffer, serve, type TestServer } from './server.ts'
import { type Browser, signIn, signInAs, signInFirst } from './sign-in.ts'

/** Who did what: the audit log, names behind ids, the log of requests, and the second person who is another person. */

let server: TestServer
let olga: Browser
let ahead = 0
const told = ({ status, json }: Answer) => [status, json.code]

beforeAll(async () => {
  server = await serve('postgres', { clock: () => Date.now() + ahead })
  olga = await signInFirst(server)
})

const log = async (query: string) => (await olga.call('GET', `/v1/audit-log?${query}`)).json.data

describe('the audit log', () => {
  it('tells who changed what, with what it was before', async () => {
    const { offer } = await makeOffer(server)
    await olga.call('PATCH', `/v1/offers/${offer}`, { state: 'paused' })
    const entries = await log(`subject=${offer}`)
    expect(entries).toMatchObject([
      {
        action: 'updateOffer',
        actor: { id: olga.member, kind: 'member', name: 'Olga' },
        outcome: 'done',
        changes: [{ field: 'state', before: 'live', after: 'paused' }],
      },
      { action: 'createOffer', actor: { id: 'admin', kind: 'admin', name: null }, changes: [] },
    ])
    const versions = (await olga.call('GET', `/v1/offers/${offer}/versions`)).json.data
    expect(versions[0].changedBy).toBe('admin')
  })

  it.each<[string, string, string, object, object, string[]]>([
    ['a workspace', 'PATCH', '/v1/workspaces/default', { holdout: 5 }, { holdout: 0 }, ['holdout']],
    ['a programme', 'PUT', '/v1/programmes/told', { name: 'One' }, { name: 'Two' }, ['name']],
    ['a segment', 'PUT', '/v1/segments/told', { kind: 'list', name: 'One' }, { kind: 'list', name: 'Two' }, ['name']],
    [
      'a trait',
      'PUT',
      '/v1/traits/told',
      { kind: 'cel', expression: '1' },
      { kind: 'cel', expression: '2' },
      ['definition'],
    ],
  ])('tells the fields of %s', async (_, method, path, before, after, fields) => {
    expect((await olga.call(method, path, before)).status).toBe(200)
    expect((await olga.call(method, path, after)).status).toBe(200)
    const [last] = await log(`subject=${path.split('/')[3]}&limit=1`)
    expect(last.changes.map((it: { field: string }) => it.field)).toEqual(fields)
  })

  it('tells a role, a key that ended, and sign-ins, also those that were refused', async () => {
    const one = await signInAs(server, 'clerk')
    const { email } = (await one.call('GET', '/v1/session')).json.member
    await olga.call('PATCH', `/v1/team/${one.member}`, { role: 'support' })
    await signIn(server, email, 'a wrong password')
    expect((await log(`subject=${one.member}`)).slice(0, 3)).toMatchObject([
      { action: 'createSession', outcome: 'refused', refusal: 'sign_in_failed', actor: { kind: 'nobody' } },
      { action: 'updateTeamMember', changes: [{ field: 'role', before: 'clerk', after: 'support' }] },
      { action: 'createSession', outcome: 'done', actor: { id: one.member } },
    ])
    const { json } = await olga.call('POST', '/v1/keys', { name: 'Shop', scope: 'secret' })
    await olga.call('DELETE', `/v1/keys/${json.id}`)
    const [revoked, made] = await log(`subject=${json.id}`)
    expect([revoked.changes[0].field, made.action]).toEqual(['revokedAt', 'createKey'])
    expect(JSON.stringify(await log('limit=1000'))).not.toContain(json.key)
  })

  it('is asked by who did it, by when, by which call, and page by page', async () => {
    const one = await signInAs(server, 'marketer')
    ahead += 60_000
    const start = new Date(Date.now() + ahead).toISOString()
    for (const name of ['One', 'Two', 'Three']) await one.call('POST', '/v1/campaigns', { name })
    const all = await log(`actor=${one.member}&from=${start}`)
    expect(all.map((it: { action: string }) => it.action)).toEqual(Array(3).fill('createCampaign'))
    expect(await log(`actor=${one.member}&to=${start}&action=createCampaign`)).toEqual([])
    const first = (await olga.call('GET', `/v1/audit-log?actor=${one.member}&limit=2`)).json
    const second = (await olga.call('GET', `/v1/audit-log?actor=${one.member}&limit=2&cursor=${first.nextCursor}`)).json
    expect([...first.data, ...second.data].slice(0, 3)).toEqual(all)
  })

  it('says nothing of people but their ids', async () => {
    const [a, b] = ['email:told@example.com', 'phone:+393331234567']
    await olga.call('POST', '/v1/people/links', { a, b, reason: 'Told Smith said so at the desk' })
    const text = JSON.stringify(await log('limit=1000'))
    expect(text).toContain('linkPeople')
    for (const personal of ['told@example.com', '3331234567', 'Told Smith']) expect(text).not.toContain(personal)
  })

  it('is for admins and finance, and of their own workspace', async () => {
    const finance = await signInAs(server, 'finance')
    expect((await finance.call('GET', '/v1/audit-log')).status).toBe(200)
    expect(told(await (await signInAs(server, 'marketer')).call('GET', '/v1/audit-log'))).toEqual([
      403,
      'role_forbidden',
    ])
  })
})

describe('a name behind an id', () => {
  it('is told of whoever is in the team, of whoever left, and of keys; of nobody else’s', async () => {
    const gone = await signInAs(server, 'clerk')
    await olga.call('DELETE', `/v1/team/${gone.member}`)
    const { json: key } = await olga.call('POST', '/v1/keys', { name: 'Till 1', scope: 'secret' })
    await olga.call('POST', '/v1/workspaces', { id: 'apart', name: 'Apart' })
    const apart = await signInAs(server, 'clerk', 'apart')
    const ids = [olga.member, gone.member, key.id, 'admin', apart.member]
    const { data } = (await olga.call('GET', `/v1/actors?ids=${ids.join(',')}`)).json
    expect(data.map((it: { kind: string; name: string }) => [it.kind, it.name])).toEqual([
      ['member', 'Olga'],
      ['member', 'A clerk'],
      ['key', 'Till 1'],
      ['admin', null],
      ['member', null],
    ])
    const many = Array.from({ length: 101 }, () => olga.member).join(',')
    expect(told(await olga.call('GET', `/v1/actors?ids=${many}`))).toEqual([400, 'invalid_input'])
  })
})

describe('a second person', () => {
  const propose = async (by: Browser) => {
    const body = { person: 'email:gifted@example.com', asset: 'credit:EUR', amount: 5000, reason: 'goodwill' }
    const { json } = await by.call('POST', '/v1/adjustments', body)
    expect(json).toMatchObject({ state: 'proposed', proposedBy: by.member })
    return json.id as string
  }
  const approve = async (id: string, by: Browser['call']) => {
    const { json } = await by('POST', `/v1/adjustments/${id}/approve`)
    return json.state ?? json.code
  }

  it('is another person: not she in another browser, nor a key that she made, nor whoever was let in since', async () => {
    await olga.call('POST', '/v1/people/links', { a: 'email:gifted@example.com', b: 'userId:gifted' })
    await olga.call('PATCH', '/v1/workspaces/default', { adjustments: { secondPersonAbove: { 'credit:EUR': 10 } } })
    const one = await signInAs(server, 'admin')
    const two = await signInAs(server, 'finance')
    const { email } = (await one.call('GET', '/v1/session')).json.member
    const { json: made } = await one.call('POST', '/v1/keys', { name: 'mine', scope: 'secret' })
    const byKey: Browser['call'] = (method, path, body) => server.call(method, path, body, { key: made.key })
    ahead += 1000
    const id = await propose(one)
    const again = await signIn(server, email)
    const elsewhere: Browser['call'] = (method, path, body) =>
      server.call(method, path, body, {
        key: '',
        headers: { cookie: again.headers.get('set-cookie')!, origin: server.url },
      })
    expect(await approve(id, one.call)).toBe('second_person_needed')
    expect(await approve(id, elsewhere)).toBe('second_person_needed')
    expect(await approve(id, byKey)).toBe('second_person_needed')
    ahead += 1000
    expect(await approve(id, (await signInAs(server, 'finance')).call)).toBe('second_person_needed')
    expect(await approve(id, two.call)).toBe('booked')
    const { json } = await olga.call('GET', `/v1/adjustments/${id}`)
    expect([json.proposedBy, json.decidedBy]).toEqual([one.member, two.member])
  })

  it('is not an operator who proposed it herself, nor with a key that she made', async () => {
    const id = await propose(olga)
    expect(await approve(id, olga.call)).toBe('second_person_needed')
    const { json: made } = await olga.call('POST', '/v1/keys', { name: 'mine', scope: 'secret' })
    const byKey: Browser = {
      ...olga,
      member: made.id,
      call: (method, path, body) => server.call(method, path, body, made),
    }
    ahead += 1000
    expect(await approve(await propose(byKey), olga.call)).toBe('second_person_needed')
    expect((await server.call('POST', `/v1/adjustments/${id}/approve`)).json.state).toBe('booked')
  })
})

describe('the log of requests', () => {
  const requests = async (query: string) => (await olga.call('GET', `/v1/requests?${query}`)).json.data

  it('tells a developer what was asked and why it was refused, and nothing of whom it was about', async () => {
    // Of many calls in one turn only some are kept; to look begins a new one.
    await requests('limit=1')
    const { json: key } = await server.call('POST', '/v1/keys', { name: 'Shop', scope: 'secret' })
    const ask = (method: string, path: string, body?: unknown) => server.call(method, path, body, { key: key.key })
    const mail = 'secret.person@example.com'
    await ask('PUT', '/v1/orders/of-secret.person@example.com', {
      person: `email:${mail}`,
      lines: [{ ...latte, quantity: -1 }],
    })
    await ask('GET', `/v1/people/email:${mail}`)
    await ask('GET', '/v1/codes/WORTH-MONEY')
    await ask('POST', '/v1/track', { userId: mail, event: 'Seen' })
    await ask('POST', '/v1/offers', { name: 'x' })
    await ask('GET', '/v1/team')
    const seen = await requests(`actor=${key.id}`)
    const row = (call: string) => seen.find((it: { call: string }) => it.call === call)
    expect(row('putOrder')).toMatchObject({
      status: 400,
      path: '/v1/orders/…',
      replayable: false,
      refusal: { code: 'invalid_input' },
    })
    expect(row('putOrder').refusal.errors.length).toBeGreaterThan(0)
    expect(row('getPerson')).toMatchObject({ status: 404, path: '/v1/people/email:…' })
    expect(row('track')).toMatchObject({ status: 200, refusal: null, actor: { name: 'Shop', kind: 'key' } })
    expect(row('createOffer')).toMatchObject({ status: 400, replayable: true })
    expect(row('listTeam')).toMatchObject({ status: 403, refusal: { code: 'forbidden' } })
    for (const secret of [mail, 'secret.person', 'WORTH-MONEY', key.key])
      expect(JSON.stringify(seen)).not.toContain(secret)
    expect(await requests(`actor=${key.id}&call=track&outcome=refused`)).toEqual([])
    expect(await requests(`actor=${key.id}&outcome=refused&limit=1`)).toHaveLength(1)
  })

  it('makes a call again as whoever asks, with her rights and in her name', async () => {
    const { json: key } = await server.call('POST', '/v1/keys', { name: 'Shop', scope: 'secret' })
    await server.call('POST', '/v1/campaigns', { name: 'Said once' }, { key: key.key })
    const [row] = await requests(`actor=${key.id}&call=createCampaign`)
    const again = await olga.call('POST', `/v1/requests/${row.id}/replay`)
    expect(again.json).toMatchObject({ status: 201, body: { name: 'Said once' } })
    const [entry] = await log(`subject=${again.json.body.id}`)
    expect(entry.actor.id).toBe(olga.member)
    const support = await signInAs(server, 'support')
    expect(told(await support.call('POST', `/v1/requests/${row.id}/replay`))).toEqual([403, 'role_forbidden'])
    await olga.call('POST', '/v1/workspaces', { id: 'replays', name: 'Replays' })
    const other = await signInAs(server, 'admin', 'replays')
    expect(told(await other.call('POST', `/v1/requests/${row.id}/replay`))).toEqual([404, 'request_not_found'])
  })
})
