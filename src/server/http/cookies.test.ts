import { describe, expect, it, test } from 'vitest'
import { cookieIn, cookieOf, crossSite, sessionOf } from './cookies.ts'

const asked = (headers: Record<string, string>, host = 'tessera.example') => ({
  headers,
  protocol: 'http' as const,
  host,
})
const token = `tss_${'a'.repeat(43)}`

describe('a cookie', () => {
  it.each([
    ['http://127.0.0.1:8080', 'tessera_session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict'],
    ['https://tessera.example', '__Host-tessera_session=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure'],
  ])('of %s', (origin, cookie) => {
    expect(cookieOf('tessera_session', 'x', { origin, seconds: 60 })).toBe(cookie)
  })

  test.each<[string, Record<string, string>, string | undefined]>([
    ['is found among others', { cookie: `a=1; tessera_session=${token}; b=2` }, token],
    ['is none where two came', { cookie: `tessera_session=${token}; tessera_session=${token}` }, undefined],
    ['of a longer name is another', { cookie: `x_tessera_session=${token}` }, undefined],
    ['over TLS is the host’s own', { cookie: `__Host-tessera_session=${token}`, 'x-forwarded-proto': 'https' }, token],
    ['over TLS is no other', { cookie: `tessera_session=${token}`, 'x-forwarded-proto': 'https' }, undefined],
    ['that looks like no token is none', { cookie: 'tessera_session=tss_short' }, undefined],
    ['is none where none came', {}, undefined],
  ])('%s', (_, headers, found) => {
    expect(sessionOf(asked(headers))).toBe(found)
  })

  it('is read by its name', () => {
    expect(cookieIn(asked({ cookie: 'tessera_wallet=w' }), 'tessera_wallet')).toBe('w')
  })
})

test.each<[string, Record<string, string>, boolean]>([
  ['of our own page', { origin: 'http://tessera.example' }, true],
  [
    'of our own page behind a proxy that ends TLS',
    { origin: 'https://tessera.example', 'x-forwarded-proto': 'https' },
    true,
  ],
  [
    'of our own page behind a proxy that does not say so',
    { origin: 'https://tessera.example', 'sec-fetch-site': 'same-origin' },
    true,
  ],
  ['of another port', { origin: 'http://tessera.example:81' }, false],
  ['of a host that begins as ours', { origin: 'http://tessera.example.evil.example' }, false],
  ['of a page that hides itself', { origin: 'null' }, false],
  ['of a neighbour, as the browser says', { origin: 'http://tessera.example', 'sec-fetch-site': 'same-site' }, false],
  ['typed by hand', { 'sec-fetch-site': 'none' }, false],
  ['that says nothing', {}, false],
])('a call %s', (_, headers, isOurs) => {
  expect(crossSite(asked(headers)) === undefined).toBe(isOurs)
})

it('a program, which rides on no cookie, needs not say where it is', () => {
  expect(crossSite(asked({}), { byPrograms: true })).toBeUndefined()
  expect(crossSite(asked({ origin: 'null' }), { byPrograms: true })?.code).toBe('cross_site')
})
