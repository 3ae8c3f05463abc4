import { beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import { dataTables, quoted } from '../src/adapters/storage/tables.ts'
import { startServer } from '../src/server/compose.ts'
import { type Answer, latte, makeOffer, serve, type TestServer } from './server.ts'
import { type Browser, browserOf, signInAs, signInFirst, tokenOf, visit } from './sign-in.ts'

/** A demo has a clock of its own, and an end; no other workspace has either. */

const start = Date.UTC(2026, 2, 1, 8)
const dayMs = 86_400_000
const instant = (ms: number): string => new Date(ms).toISOString()

/** The calls of a server, all in one workspace. */
const inside = ({ call }: Pick<TestServer, 'call'>, workspace: string): Pick<TestServer, 'call'> => ({
  call: (method, path, body, options = {}) =>
    call(method, path, body, { ...options, headers: { 'tessera-workspace': workspace, ...options.headers } }),
})

/** When an order counts as happening. */
const timeOf = async ({ call }: Pick<TestServer, 'call'>, id: string): Promise<string> =>
  (await call('GET', `/v1/orders/${id}/story`)).json.times.occurredAt

const placed = { state: 'placed', channel: 'web', person: 'email:ana@example.com', lines: [latte] }

describe('the clock of a demo', () => {
  let server: TestServer
  let demo: Pick<TestServer, 'call'>
  let now = start
  beforeAll(async () => {
    server = await serve('postgres', { clock: () => now, sweeps: false })
    demo = inside(server, 'show')
  })
  const move = (body: object, workspace = 'show') => server.call('POST', `/v1/workspaces/${workspace}/clock`, body)
  const clockOf = async (): Promise<unknown> => (await server.call('GET', '/v1/workspaces/show')).json.demo

  it('begins where it is told to, in the past, and a workspace has none that was not made as a demo', async () => {
    const made = await server.call('POST', '/v1/workspaces', {
      id: 'show',
      name: 'Show',
      demo: { startsAt: instant(start - 30 * dayMs) },
    })
    expect(made.json.demo).toEqual({ now: instant(start - 30 * dayMs), aheadSeconds: -30 * 86_400 })
    expect((await server.call('GET', '/v1/workspaces/default')).json.demo).toBeNull()
    expect((await move({ forward: 'P1D' }, 'default')).json.code).toBe('not_a_demo')
    const soon = { id: 'soon', name: 'Soon', demo: { startsAt: instant(start + dayMs) } }
    expect((await server.call('POST', '/v1/workspaces', soon)).json.errors).toMatchObject([
      { pointer: '/demo/startsAt' },
    ])
  })

  it('is what an order happens by: what is dated after it has not happened yet', async () => {
    const early = { ...placed, occurredAt: instant(start - 29 * dayMs) }
    expect((await demo.call('PUT', '/v1/orders/early', early)).json.code).toBe('occurred_at_in_future')
    expect((await move({ forward: 'P2D' })).json.demo.now).toBe(instant(start - 28 * dayMs))
    expect((await demo.call('PUT', '/v1/orders/early', early)).status).toBe(200)
    await demo.call('PUT', '/v1/orders/now', placed)
    expect(await timeOf(demo, 'now')).toBe(instant(start - 28 * dayMs))
  })

  it('ends holds and offers, and makes points expire', async () => {
    await demo.call('PUT', '/v1/programmes/club', {
      name: 'Club',
      join: { on: 'firstOrder' },
      expiry: { kind: 'after', days: 10 },
    })
    await makeOffer(demo, {
      name: 'Points',
      trigger: { on: 'basket' },
      benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
    })
    await makeOffer(demo, {
      name: 'For a week',
      trigger: { on: 'basket' },
      validity: { to: instant(start - 21 * dayMs) },
    })
    const person = 'email:bea@example.com'
    const before = await demo.call('PUT', '/v1/orders/week', { ...placed, person })
    expect(before.json.totals.discount).toBe(100)
    const held = { ...placed, state: 'open', hold: { seconds: 900 } }
    expect((await demo.call('PUT', '/v1/orders/held', held)).json.heldUntil).toBe(instant(start - 28 * dayMs + 900_000))
    const points = async (): Promise<number> =>
      (await demo.call('GET', `/v1/people/${person}/wallet`)).json.programmes[0].balance
    expect(await points()).toBe(8)
    expect((await move({ forward: 'P1M2D' })).json.demo.now).toBe('2026-03-03T08:00:00.000Z')
    const after = await demo.call('PUT', '/v1/orders/later', { ...placed, person: 'email:cleo@example.com' })
    expect(after.json.totals.discount).toBe(0)
    expect(await points()).toBe(0)
  })

  it('goes forward only, and not for ever', async () => {
    expect((await move({ to: instant(start) })).json.code).toBe('clock_not_forward')
    expect((await move({ forward: 'PT0S' })).json.code).toBe('clock_not_forward')
    expect((await move({ forward: 'P9999999Y' })).json.code).toBe('clock_not_forward')
    expect((await move({ forward: 'P1Z' })).status).toBe(400)
    expect(await clockOf()).toEqual({ now: instant(start + 2 * dayMs), aheadSeconds: 2 * 86_400 })
  })

  it('is that of its workspace alone: keys and sessions end by the real time, and so does everything elsewhere', async () => {
    const order = await server.call('PUT', '/v1/orders/real', placed)
    expect(order.status).toBe(200)
    expect(await timeOf(server, 'real')).toBe(instant(start))
    const key = await demo.call('POST', '/v1/keys', { name: 'A shop', scope: 'secret' })
    expect(key.json.createdAt).toBe(instant(start))
    expect((await demo.call('DELETE', `/v1/keys/${key.json.id}`)).json.revokedAt).toBe(instant(start))
    expect((await server.call('GET', '/v1/offers', undefined, { key: key.json.key })).status).toBe(401)
  })

  /** Holds, lots and tiers that are over and not booked as such. */
  const dueIn = async (workspace: string, at: number): Promise<readonly object[]> => {
    const database = openPostgres({ url: server.databaseUrl! })
    try {
      const { rows } = await database.query(
        `select id from orders where workspace_id = $1 and held_until <= to_timestamp($2 / 1000.0)
         union all select id from accounts where workspace_id = $1 and due_at <= to_timestamp($2 / 1000.0)`,
        [workspace, at],
      )
      return rows
    } finally {
      await database.close()
    }
  }

  it('stands after a restart where it stood, and other processes follow', async () => {
    expect(await dueIn('show', start + 2 * dayMs)).not.toEqual([])
    now += 3_600_000
    const config = { host: '127.0.0.1', port: 0, folder: server.folder, databaseUrl: server.databaseUrl }
    const other = await startServer(
      { ...config, adminKey: server.adminKey, logLevel: 'silent', trustProxy: undefined, bench: false },
      { clock: () => now },
    )
    try {
      const shown = async (): Promise<string> => {
        const answer = await fetch(`${other.url}/v1/orders/there`, {
          method: 'PUT',
          headers: {
            authorization: `Bearer ${server.adminKey}`,
            'content-type': 'application/json',
            'tessera-workspace': 'show',
          },
          body: JSON.stringify({ ...placed, state: 'open' }),
        })
        expect(answer.status).toBe(200)
        return timeOf(demo, 'there')
      }
      expect(await shown()).toBe(instant(start + 2 * dayMs + 3_600_000))
      // A process that starts does at once what the clock has work with.
      await vi.waitFor(async () => expect(await dueIn('show', start + 2 * dayMs)).toEqual([]), { timeout: 5000 })
      await move({ forward: 'PT1H' })
      await vi.waitFor(async () => expect(await shown()).toBe(instant(start + 2 * dayMs + 7_200_000)), {
        timeout: 5000,
      })
    } finally {
      await other.close()
    }
  })
})

describe('a visit to a demo', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await serve('postgres', { sweeps: false })
    await server.call('POST', '/v1/workspaces', { id: 'show', name: 'Show', demo: {} })
  })
  const addTo = (workspace: string, email: string) =>
    inside(server, workspace).call('POST', '/v1/team', { email, name: 'Vera', role: 'admin' })
  const linkFor = async (id: string, workspace = 'show'): Promise<Answer> =>
    inside(server, workspace).call('POST', `/v1/team/${id}/invitation?visit=true`)
  const open = (link: string): Promise<Answer> => visit(server, 'POST', '/v1/session', { signInToken: tokenOf(link) })

  it('signs in by the link alone, once', async () => {
    const { json } = await addTo('show', 'vera@example.com')
    const { link } = (await linkFor(json.id)).json
    expect((await visit(server, 'POST', '/v1/session/link', { signInToken: tokenOf(link) })).json.kind).toBe('visit')
    const vera = browserOf(server, await open(link))
    expect((await vera.call('GET', '/v1/workspaces/show')).json.demo).not.toBeNull()
    expect((await open(link)).json.code).toBe('sign_in_link_invalid')
  })

  it('is for nobody who gets at more, and ends when she does', async () => {
    const { json } = await addTo('show', 'wilma@example.com')
    const link = (await linkFor(json.id)).json.link
    const wilma = browserOf(server, await open(link))
    const another = (await linkFor(json.id)).json.link
    await addTo('default', 'wilma@example.com')
    expect((await wilma.call('GET', '/v1/offers')).status).toBe(401)
    expect((await open(another)).json.code).toBe('sign_in_link_invalid')
    expect((await linkFor(json.id)).json.code).toBe('visit_refused')
    const real = await addTo('default', 'xenia@example.com')
    expect((await linkFor(real.json.id, 'default')).json.code).toBe('visit_refused')
    expect((await open(real.json.invitation.link)).json.errors).toMatchObject([{ pointer: '/password' }])
  })
})

describe('the end of a demo', () => {
  let server: TestServer
  let demo: Pick<TestServer, 'call'>
  beforeAll(async () => {
    server = await serve('postgres')
    demo = inside(server, 'show')
  })

  const make = async (name: string): Promise<string> => {
    await server.call('POST', '/v1/workspaces', { id: 'show', name, demo: {} })
    const { offer, campaign } = await makeOffer(demo, {}, { audience: 'members' })
    await demo.call('POST', `/v1/offers/${offer}/codes`, { codes: ['SAVE'] })
    const { person } = placed
    await demo.call('POST', `/v1/campaigns/${campaign}/members`, { people: [person] })
    await demo.call('PUT', '/v1/programmes/club', { name: 'Club', join: { on: 'firstOrder' } })
    await demo.call('PUT', '/v1/segments/friends', { kind: 'cel', condition: 'person.orders.count >= 1' })
    await demo.call('PUT', '/v1/orders/one', { ...placed, codes: ['SAVE'] })
    await demo.call('POST', '/v1/gift-cards', { amount: 100, active: true, codes: ['GIFT'] })
    const key = await demo.call('POST', '/v1/keys', { name: 'A shop', scope: 'secret' })
    await server.call('POST', '/v1/track', { userId: 'ana', event: 'Seen' }, { key: key.json.key })
    return key.json.key
  }

  /** Rows of a workspace by table, where there are any. */
  const rowsOf = async (workspace: string): Promise<Record<string, number>> => {
    const database = openPostgres({ url: server.databaseUrl! })
    try {
      const found: Record<string, number> = {}
      for (const { name, columns } of await dataTables(database)) {
        const by = name === 'workspaces' ? 'id' : 'workspace_id'
        if (!columns.some(it => it.name === by)) continue
        const { rows } = await database.query<{ n: number }>(
          `select count(*)::int4 as n from ${quoted(name)} where ${by} = $1`,
          [workspace],
        )
        if (rows[0]!.n > 0) found[name] = rows[0]!.n
      }
      return found
    } finally {
      await database.close()
    }
  }
  const teamOf = async (browsers: readonly Browser[]): Promise<readonly object[]> => {
    const database = openPostgres({ url: server.databaseUrl! })
    try {
      const ids = browsers.map(it => it.member)
      return (await database.query('select id from team_members where id = any($1::text[])', [ids])).rows
    } finally {
      await database.close()
    }
  }
  const deleted = async (job: string): Promise<void> =>
    vi.waitFor(async () => expect((await server.call('GET', `/v1/jobs/${job}`)).json.state).toBe('done'), {
      timeout: 15_000,
      interval: 100,
    })

  it('is not for other workspaces, whoever asks', async () => {
    const olga = await signInFirst(server)
    expect((await server.call('DELETE', '/v1/workspaces/default')).json.code).toBe('not_a_demo')
    expect((await olga.call('DELETE', '/v1/workspaces/default')).json.code).toBe('not_a_demo')
    expect((await server.call('GET', '/v1/workspaces/default')).status).toBe(200)
  })

  it('hides it at once, and leaves no row of it in any table, nor of who worked only there', async () => {
    const key = await make('Show')
    const marketer = await signInAs(server, 'marketer', 'show')
    const admin = await signInAs(server, 'admin', 'show')
    await vi.waitFor(
      async () => expect(await rowsOf('show')).toMatchObject({ source_minutes: 1, request_log: expect.anything() }),
      { timeout: 5000 },
    )
    expect(await teamOf([marketer, admin])).toHaveLength(2)
    const before = await rowsOf('show')
    expect(Object.keys(before).length).toBeGreaterThan(20)
    const others = await rowsOf('default')

    expect((await marketer.call('DELETE', '/v1/workspaces/show')).json.code).toBe('role_forbidden')
    const answer = await admin.call('DELETE', '/v1/workspaces/show')
    expect([answer.status, answer.json.kind]).toEqual([202, 'deleteWorkspace'])
    expect((await demo.call('GET', '/v1/offers')).json.code).toBe('workspace_not_found')
    expect((await server.call('GET', '/v1/offers', undefined, { key })).status).toBe(401)
    expect((await admin.call('GET', '/v1/offers')).status).toBe(404)

    await deleted(answer.json.id)
    expect(await rowsOf('show')).toEqual({})
    expect(await teamOf([marketer, admin])).toEqual([])
    const now = await rowsOf('default')
    for (const [table, count] of Object.entries(others)) expect([table, now[table]! >= count]).toEqual([table, true])
    const { json } = await server.call('GET', '/v1/audit-log?action=deleteWorkspace')
    expect(json.data).toMatchObject([{ subject: 'show' }])
  })

  it('leaves its name to another one, which has nothing of it', async () => {
    await make('Second')
    const order = { ...placed, person: 'email:new@example.com', codes: ['SAVE'] }
    expect((await demo.call('PUT', '/v1/orders/two', order)).json.totals.discount).toBe(0)
    expect((await demo.call('GET', '/v1/offers')).json.data).toHaveLength(1)
  })
})
