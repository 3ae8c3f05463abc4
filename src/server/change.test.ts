import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretKey, type TestServices, testServices } from '../../test/calls.ts'
import { freshPostgres } from '../../test/stores.ts'
import { commonRefusals } from '../contract/common-refusals.ts'
import { no, ok, refuse } from '../core/kernel/refusal.ts'
import { type ChangeAnswer, type ChangeCall, change, idempotencyHashes } from './change.ts'

const day = 86_400_000

describe.each(['postgres', 'pglite'] as const)('a change on %s', store => {
  let services: TestServices
  /** Another process on the same store, where the store can be shared. */
  let other: TestServices

  beforeAll(async () => {
    const url = store === 'postgres' ? await freshPostgres() : undefined
    services = await testServices(store, url)
    other = url === undefined ? services : await testServices(store, url)
    await services.database.script('create table note (id text primary key, text text not null)')
  })
  afterAll(async () => {
    await services.database.close()
    if (other !== services) await other.database.close()
  })

  const callOf = (body: unknown, idempotencyKey?: string): ChangeCall => ({
    params: { id: 'n' },
    query: {},
    body,
    auth: secretKey,
    requestId: 'req_test',
    now: services.time.now,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  })
  let made = 0
  const note = (text: string, key?: string, { at = services, sealed = false, action = 'makeNote' } = {}) =>
    change(at, callOf({ text }, key), { action, subject: text, sealed }, async tx => {
      const { affected } = await tx.query('insert into note (id, text) values ($1, $2) on conflict do nothing', [
        text,
        text,
      ])
      if (affected === 0) return no(refuse(commonRefusals.workspace_not_found, { workspace: text }))
      return ok({ status: 201, json: { text, number: ++made } })
    })
  const codeOf = (answer: ChangeAnswer) => ('refusal' in answer ? answer.refusal.code : answer.status)
  const count = async (sql: string, params: unknown[]) =>
    (await services.database.query<{ n: number }>(`select count(*) as n from ${sql}`, params)).rows[0]!.n

  it('answers the same key and body again, byte for byte, and does it once', async () => {
    const first = await note('twice', 'k-twice')
    expect(codeOf(first)).toBe(201)
    expect(await note('twice', 'k-twice')).toEqual(first)
    expect(await count(`audit_log where subject = $1 and action = 'makeNote'`, ['twice'])).toBe(1)
  })

  it('without a key is done anew', async () => {
    await note('anew')
    expect(codeOf(await note('anew'))).toBe('workspace_not_found')
  })

  it('refuses the key for another body and for another call', async () => {
    await note('first', 'k-other')
    expect(codeOf(await note('second', 'k-other'))).toBe('idempotency_key_reused')
    expect(codeOf(await note('first', 'k-other', { action: 'eatNote' }))).toBe('idempotency_key_reused')
    expect(await count('note where id = $1', ['second'])).toBe(0)
  })

  it('that is refused leaves nothing behind, and its key is free', async () => {
    const refused = await change(
      services,
      callOf({ a: 1 }, 'k-free'),
      { action: 'makeNote', subject: 'gone' },
      async tx => {
        await tx.query(`insert into note values ('gone', '')`)
        return no(refuse(commonRefusals.workspace_not_found, { workspace: 'x' }))
      },
    )
    expect(codeOf(refused)).toBe('workspace_not_found')
    expect(await count('note where id = $1', ['gone'])).toBe(0)
    expect(await count('audit_log where subject = $1', ['gone'])).toBe(0)
    expect(codeOf(await note('gone', 'k-free'))).toBe(201)
  })

  it('sent twenty times at once over two processes is done once and answered alike', async () => {
    const twins = Array.from({ length: 20 }, (_, index) =>
      note('twins', 'k-twins', { at: index % 2 ? services : other }),
    )
    const answers = await Promise.all(twins)
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(codeOf(answers[0]!)).toBe(201)
  })

  it('is remembered for seven days', async () => {
    const first = await note('week', 'k-week')
    services.time.now += 7 * day
    expect(await note('week', 'k-week')).toEqual(first)
    services.time.now += 1
    expect(codeOf(await note('week', 'k-week'))).toBe('workspace_not_found')
  })

  it('with a secret in its answer stores that sealed, and opens it for the key', async () => {
    const first = await note('sesame', 'k-sealed', { sealed: true })
    const { rows } = await services.database.query<{ answer: string }>('select answer from idempotency')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ answer }) => answer.includes('sesame'))).toEqual([])
    expect(await note('sesame', 'k-sealed', { sealed: true })).toEqual(first)
  })

  it('whose key a hot write took meanwhile is answered by that one', async () => {
    const call = callOf({ text: 'hot' }, 'k-hot')
    let tries = 0
    const answer = await change(services, call, { action: 'makeNote', subject: 'hot' }, async tx => {
      // Hot writes take no lock for the key: theirs is stored between our look and our insert.
      if (++tries === 1) {
        await tx.query(
          `insert into idempotency (workspace_id, key_hash, body_hash, status, answer, created_at)
           select 'default', $1, 'x', 200, '{}', now()`,
          [hotKeyHash(call)],
        )
      }
      return ok({ json: {} })
    })
    expect(tries).toBe(2)
    expect(codeOf(answer)).toBe(200)
  })

  const hotKeyHash = (call: ChangeCall): string => {
    const { secret } = services.workspaces.known('default')
    return idempotencyHashes(secret, 'makeNote', { ...call, idempotencyKey: call.idempotencyKey! }).keyHash
  }
})
