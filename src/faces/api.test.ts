import { describe, expect, it } from 'vitest'
import { type Api, call, curlOf, requestOf } from './api.ts'

describe('a call by its name', () => {
  it('puts the cursor into the query and the signal into the options, wherever they stand', async () => {
    const seen: unknown[][] = []
    const api = new Proxy(
      {},
      {
        get:
          () =>
          (...args: unknown[]) =>
            Promise.resolve(seen.push(args)),
      },
    ) as Api
    const { signal } = new AbortController()
    await call(api, 'listOffers', [{ state: 'live' }], { signal, cursor: 'c' })
    await call(api, 'listOffers', [], { cursor: 'c' })
    await call(api, 'getOffer', ['off_1'], { signal })
    await call(api, 'listOfferVersions', ['off_1'], { signal })
    expect(seen).toEqual([
      [{ state: 'live', cursor: 'c' }, { signal }],
      [{ cursor: 'c' }],
      ['off_1', { signal }],
      ['off_1', undefined, { signal }],
    ])
  })
})

describe('a call to repeat', () => {
  it.each([
    [
      requestOf('listOffers', [{ state: 'live', limit: 20 }]),
      { method: 'GET', path: '/v1/offers?state=live&limit=20' },
    ],
    [requestOf('listOffers', []), { method: 'GET', path: '/v1/offers' }],
    [
      requestOf('getPerson', ['email:ana@example.com']),
      { method: 'GET', path: '/v1/people/email%3Aana%40example.com' },
    ],
    [
      requestOf('updateOffer', ['off_1', { state: 'paused' }]),
      { method: 'PATCH', path: '/v1/offers/off_1', body: { state: 'paused' } },
    ],
  ])('%j', (request, sent) => {
    expect(request).toEqual(sent)
  })

  it('is one that a shell takes, whatever is in it', () => {
    const sent = { method: 'PATCH', path: '/v1/offers/off_1', body: { name: "Mum's $5" } }
    expect(curlOf(sent, 'http://127.0.0.1:8080')).toBe(
      [
        `curl -X PATCH -H "Authorization: Bearer $TESSERA_KEY" \\`,
        `  -H 'Content-Type: application/json' -d '{"name":"Mum'\\''s $5"}' \\`,
        `  'http://127.0.0.1:8080/v1/offers/off_1'`,
      ].join('\n'),
    )
  })
})
