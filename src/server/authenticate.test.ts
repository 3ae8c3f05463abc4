import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, ask, type TestServices, testServices } from '../../test/calls.ts'
import * as keys from '../contract/keys.ts'
import * as workspaces from '../contract/workspaces.ts'
import { keyMemoryMs, makeAuthenticate } from './authenticate.ts'
import { keysHandlers } from './resources/keys.ts'
import { workspacesHandlers } from './resources/workspaces.ts'

describe('who is calling', () => {
  let services: TestServices
  let key: ReturnType<typeof keysHandlers>
  let workspace: ReturnType<typeof workspacesHandlers>
  let authenticate: ReturnType<typeof makeAuthenticate>

  beforeAll(async () => {
    services = await testServices('postgres')
    key = keysHandlers(services)
    workspace = workspacesHandlers(services)
    authenticate = makeAuthenticate(services)
    await ask(services, workspaces.createWorkspace, workspace.createWorkspace, {
      body: { id: 'acme', name: 'Acme', currency: 'JPY', timeZone: 'Asia/Tokyo' },
      auth: adminKey,
    })
  })
  afterAll(() => services.database.close())

  const newKey = async (body: object = {}, idempotencyKey?: string) =>
    ask(services, keys.createKey, key.createKey, {
      body: { name: 'a key', scope: 'secret', ...body },
      ...(idempotencyKey ? { idempotencyKey } : {}),
    })
  const tell = async (shown: unknown, more: object = {}) => {
    const result = await authenticate({ key: String(shown), remoteAddress: '203.0.113.1', ...more })
    return result.ok ? result.value : result.refusal.code
  }

  it('the admin key acts on default, or on the workspace it names', async () => {
    expect(await tell(services.adminKey)).toEqual({ workspaceId: 'default', keyId: 'admin', scope: 'admin' })
    expect(await tell(services.adminKey, { workspace: 'acme' })).toMatchObject({ workspaceId: 'acme' })
    expect(await tell(services.adminKey, { workspace: 'none' })).toBe('workspace_not_found')
  })

  it('a key is its scope, place and channel, in its own workspace only', async () => {
    const { json } = await newKey({ scope: 'till', location: 'store-12', channel: 'store' })
    expect(json.key).toMatch(/^ts_t_.{32}$/)
    const auth = { workspaceId: 'default', keyId: json.id, scope: 'till', location: 'store-12', channel: 'store' }
    expect(await tell(json.key)).toEqual(auth)
    expect(await tell(json.key, { workspace: 'default' })).toEqual(auth)
    expect(await tell(json.key, { workspace: 'acme' })).toBe('workspace_mismatch')
  })

  it('a key that was just seen is known without a wait', async () => {
    const { json } = await newKey()
    await tell(json.key)
    expect(authenticate({ key: String(json.key), remoteAddress: '203.0.113.1' })).not.toBeInstanceOf(Promise)
  })

  it('only the hash of a key is stored, also when its making is answered again', async () => {
    const { json, text } = await newKey({}, 'make-key')
    expect((await newKey({}, 'make-key')).text).toBe(text)
    const { rows } = await services.database.query(
      `select 1 from api_keys k, idempotency i where strpos(k::text || i::text, $1) > 0`,
      [json.key],
    )
    expect(rows).toEqual([])
    expect(await services.database.query('select 1 from idempotency').then(found => found.rows.length)).toBeGreaterThan(
      0,
    )
  })

  it('a revoked key ends within five seconds', async () => {
    const { json } = await newKey()
    await tell(json.key)
    const revoked = await ask(services, keys.revokeKey, key.revokeKey, { params: { id: json.id } })
    expect(revoked.json.revokedAt).not.toBeNull()
    services.time.now += keyMemoryMs
    expect(await tell(json.key)).toBe('unauthorized')
  })

  it('a rotated key lives through its grace, and its successor is of the same kind', async () => {
    const { json } = await newKey({ channel: 'web' })
    const next = await ask(services, keys.rotateKey, key.rotateKey, {
      params: { id: json.id },
      body: { graceSeconds: 60 },
    })
    expect(next.json).toMatchObject({ name: 'a key', scope: 'secret', channel: 'web' })
    services.time.now += 59_999
    expect(await tell(json.key)).toMatchObject({ keyId: json.id })
    expect(await tell(next.json.key)).toMatchObject({ keyId: next.json.id })
    services.time.now += 1
    expect(await tell(json.key)).toBe('unauthorized')
    const { refusal } = await ask(services, keys.rotateKey, key.rotateKey, { params: { id: json.id }, body: {} })
    expect(refusal?.code).toBe('key_revoked')
  })

  it('keys are listed without their secrets; one of another workspace is not there', async () => {
    const { json } = await newKey()
    const list = await ask(services, keys.listKeys, key.listKeys)
    expect(list.text).toContain(String(json.id))
    expect(list.text).not.toContain(String(json.key))
    const auth = { ...adminKey, workspaceId: 'acme' }
    const { refusal } = await ask(services, keys.revokeKey, key.revokeKey, { params: { id: json.id }, auth })
    expect(refusal?.code).toBe('key_not_found')
  })

  it('a person token lets a publishable key speak for that person until it ends', async () => {
    const browser = await newKey({ scope: 'publishable' })
    const minted = await ask(services, keys.createPersonToken, key.createPersonToken, {
      body: { person: 'email:Ana@example.com', seconds: 60 },
    })
    const personToken = String(minted.json.token)
    expect(Buffer.from(personToken.slice(4), 'base64url').toString()).not.toContain('example')
    expect(await tell(browser.json.key, { personToken })).toMatchObject({ person: expect.stringMatching(/^per_/) })
    const forged = personToken.slice(0, -2) + (personToken.at(-2) === 'A' ? 'B' : 'A') + personToken.at(-1)
    expect(await tell(browser.json.key, { personToken: forged })).toBe('unauthorized')
    services.time.now += 60_000
    expect(await tell(browser.json.key, { personToken })).toBe('unauthorized')
  })

  it('a person token of another workspace is worth nothing', async () => {
    const { json } = await ask(services, keys.createKey, key.createKey, {
      body: { name: 'browser', scope: 'publishable' },
      auth: { ...adminKey, workspaceId: 'acme' },
    })
    const minted = await ask(services, keys.createPersonToken, key.createPersonToken, { body: { person: 'userId:1' } })
    expect(await tell(json.key, { personToken: minted.json.token })).toBe('unauthorized')
  })

  it('an address that guesses is throttled; a good key behind the same address is not', async () => {
    const { json } = await newKey()
    const remoteAddress = '203.0.113.99'
    expect(await tell(json.key, { remoteAddress })).toMatchObject({ keyId: json.id })
    const guesses: unknown[] = []
    for (let guess = 0; guess < 25; guess++) {
      guesses.push(await tell(`ts_s_${String(guess).padStart(32, 'x')}`, { remoteAddress }))
    }
    expect(guesses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'unauthorized'))
    expect(guesses.slice(20)).toEqual(Array.from({ length: 5 }, () => 'too_many_attempts'))
    // The key has to be read again now; by then the address has won a few attempts back, and lost them.
    services.time.now += keyMemoryMs
    for (let guess = 0; guess < 3; guess++) await tell('no key at all', { remoteAddress })
    expect(await tell('no key at all', { remoteAddress })).toBe('too_many_attempts')
    expect(await tell(json.key, { remoteAddress })).toMatchObject({ keyId: json.id })
  })

  it('workspaces: made once, each seen by its own secret key and by the admin', async () => {
    const again = await ask(services, workspaces.createWorkspace, workspace.createWorkspace, {
      body: { id: 'acme', name: 'Other' },
      auth: adminKey,
    })
    expect(again.refusal?.code).toBe('workspace_taken')
    const list = await ask(services, workspaces.listWorkspaces, workspace.listWorkspaces, { auth: adminKey })
    expect(list.json.data).toMatchObject([{ id: 'acme', currency: 'JPY' }, { id: 'default' }])
    expect(list.text).not.toContain('secret')
    const other = await ask(services, workspaces.getWorkspace, workspace.getWorkspace, { params: { id: 'acme' } })
    expect(other.refusal?.code).toBe('workspace_not_found')
    const own = await ask(services, workspaces.getWorkspace, workspace.getWorkspace, { params: { id: 'default' } })
    expect(own.json).toMatchObject({ id: 'default', timeZone: 'UTC' })
  })

  it.each([
    ['zone', { timeZone: 'Mars/Base' }, '/timeZone'],
    ['currency', { currency: 'XXX' }, '/currency'],
  ])('a workspace with an unknown %s is refused', async (_, body, pointer) => {
    const { refusal } = await ask(services, workspaces.createWorkspace, workspace.createWorkspace, {
      body: { id: 'mars', name: 'Mars', ...body },
      auth: adminKey,
    })
    expect(refusal).toMatchObject({ code: 'invalid_input', errors: [{ pointer }] })
  })
})
