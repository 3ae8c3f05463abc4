import { beforeAll, describe, expect, it } from 'vitest'
import { makeOffer, serve, type TestServer } from './server.ts'

/** Consents over HTTP: what is said, what then holds, and what it is proven by. */
describe.each(['postgres', 'pglite'] as const)('consents on %s', store => {
  let server: TestServer
  const time = { now: Date.UTC(2026, 2, 2, 10) }
  beforeAll(async () => {
    server = await serve(store, { clock: () => time.now })
    const topics = [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }]
    expect((await server.call('PATCH', '/v1/workspaces/default', { topics })).json.topics).toEqual(topics)
  })

  const put = (ref: string, consents: object[], more: object = {}, options: Parameters<TestServer['call']>[3] = {}) =>
    server.call('PUT', `/v1/people/${ref}/consents`, { consents, ...more }, options)
  const read = async (ref: string) => (await server.call('GET', `/v1/people/${ref}/consents`)).json
  const marketing = { channel: 'email', purpose: 'marketing' }
  const given = { ...marketing, state: 'given' }
  const withdrawn = { ...marketing, state: 'withdrawn' }
  /** Who logs in with both addresses is one person. */
  const unite = (userId: string, ...emails: string[]) =>
    server.call('POST', '/v1/batch', {
      batch: emails.map(email => ({ type: 'identify', userId, traits: { email } })),
    })

  it('are no before anything was said, and what was said last afterwards', async () => {
    const asked = await put('email:ana@example.com', [])
    expect(asked.json).toMatchObject({ recorded: [], permitted: [] })
    const said = { ...given, how: 'form', textVersion: 'news-1', language: 'it' }
    expect((await put('email:ana@example.com', [said])).json).toMatchObject({
      recorded: [{ ...given, stands: true, at: '2026-03-02T10:00:00.000Z' }],
      permitted: ['email/marketing', 'email/new-drinks'],
    })
    expect(await read('email:ana@example.com')).toMatchObject({
      consents: [{ ...said, address: 'email:ana@example.com', by: 'admin', contact: 'allowed' }],
    })
    await put('email:ana@example.com', [withdrawn])
    const after = await read('email:ana@example.com')
    expect(after.permitted).toEqual([])
    expect(after.consents).toMatchObject([{ ...withdrawn, contact: 'withdrawn' }])
  })
})
