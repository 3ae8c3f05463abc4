import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { AnalyticsBrowser } from '@segment/analytics-next'
import type { Browser, JSHandle } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Source, SourceTailRow } from '../src/sdk/api.ts'
import { launchBrowser } from '../tools/chromium.mjs'
import { latte, makeOffer, serve, type TestServer } from './server.ts'

/**
 * Segment's library for browsers, unmodified from the registry, in a page of another origin in a real browser: as docs/guide/sources.md
 * tells shops to use it.
 */

/** What the guide's script gives a page. */
type Shop = {
  analytics: AnalyticsBrowser
  signedIn(userId: string, token?: string): Promise<unknown>
  signedOut(): Promise<unknown>
}

const guide = readFileSync(new URL('../docs/guide/sources.md', import.meta.url), 'utf8')

/** The script that the guide tells shops to copy, with the places filled in that it tells them to fill in. */
const shopScript = (writeKey: string, url: string): string => {
  const [, script] = /```js\n(.*?)```/s.exec(guide)!
  const load = "{ writeKey: 'ts_p_…', cdnURL: 'https://tessera.example' }"
  expect(script).toContain(load)
  return script!
    .replace("'@segment/analytics-next'", "'/analytics.js'")
    .replace(load, `${JSON.stringify({ writeKey, cdnURL: url })}, { integrations: { 'Segment.io': settings } }`)
    .replace('export const', 'const settings = JSON.parse(decodeURIComponent(location.hash.slice(1)))\nexport const')
}

const bundle = async (): Promise<ReadonlyMap<string, string>> => {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      lib: {
        entry: fileURLToPath(new URL('../node_modules/@segment/analytics-next/dist/pkg/index.js', import.meta.url)),
        formats: ['es'],
        fileName: 'analytics',
      },
      write: false,
      minify: false,
    },
  })
  const [{ output }] = built as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput]
  return new Map(output.flatMap(file => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code]] : [])))
}

const shopPage = '<!doctype html><title>A shop</title><link rel="icon" href="data:,"><h1>Menu</h1>'

describe.each(['pglite', 'postgres'] as const)('@segment/analytics-next on %s', store => {
  let server: TestServer
  let browser: Browser
  let shopUrl: string
  let source: Source & { key: string }
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    const [files, opened, served] = await Promise.all([bundle(), launchBrowser(), serve(store)])
    browser = opened
    server = served
    const shop = createServer((request, response) => {
      const path = request.url!.split('?')[0]!
      const script = path === '/shop.js' ? shopScript(source.key, server.url) : files.get(path)
      if (script !== undefined) response.setHeader('content-type', 'text/javascript').end(script)
      else response.setHeader('content-type', 'text/html; charset=utf-8').end(shopPage)
    })
    await new Promise<void>(done => shop.listen(0, '127.0.0.1', done))
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    closers.push(
      () => browser.close(),
      () => shop.close(),
    )
    const body = { name: 'Web shop', kind: 'web', channel: 'web' }
    source = (await server.call('POST', '/v1/sources', body)).json
  })
  afterAll(async () => {
    for (const close of closers.splice(0)) await close()
  })

  /** Somebody opens the shop in a browser of her own. */
  const visit = async (settings: object = {}) => {
    const page = await browser.newPage()
    const errors: string[] = []
    const asked = new Set<string>()
    page.on('console', message => void (message.type() === 'error' && errors.push(message.text())))
    page.on('pageerror', error => errors.push(String(error)))
    page.on('request', request => asked.add(new URL(request.url()).origin))
    await page.goto(`${shopUrl}/#${encodeURIComponent(JSON.stringify(settings))}`)
    // As text: vitest would make an import() in a function its own.
    const shop: JSHandle<Shop> = await page.evaluateHandle('import("/shop.js")')
    return { page, shop, errors, asked }
  }

  const look = (shop: JSHandle<Shop>, name: string): Promise<string> =>
    shop.evaluate(async ({ analytics }, name) => {
      await analytics.page(name)
      await analytics.track('Product Viewed', { sku: 'LATTE' })
      return String((await analytics.user()).anonymousId())
    }, name)

  const logIn = (shop: JSHandle<Shop>, userId: string, token?: string): Promise<void> =>
    shop.evaluate(
      async ({ analytics, signedIn }, [userId, token]) => {
        await signedIn(userId!, token)
        await analytics.identify({ plan: 'gold' })
      },
      [userId, token],
    )

  const tokenFor = async (person: string): Promise<string> =>
    (await server.call('POST', '/v1/person-tokens', { person })).json.token
  const personOf = async (ref: string) => (await server.call('GET', `/v1/people/${ref}`)).json
  const isHeard = (anonymousId: string) =>
    vi.waitFor(async () => expect((await personOf(`anonymousId:${anonymousId}`)).id).toMatch(/^per_/), {
      timeout: 10_000,
    })
  const tail = async (): Promise<SourceTailRow[]> =>
    (await server.call('GET', `/v1/sources/${source.id}/tail`)).json.data
  const namesOf = async (ref: string): Promise<string[]> => {
    const { json } = await server.call('GET', `/v1/people/${ref}/timeline`)
    return json.data.map((entry: { details: { name?: string } }) => entry.details.name)
  }

  it('an anonymous visitor who logs in with a token is one person, with all she did before', async () => {
    const { shop, errors, asked } = await visit()
    const anonymousId = await look(shop, 'Menu')
    await isHeard(anonymousId)
    const { offer } = await makeOffer(server, { limits: { perPerson: 1 } })
    await server.call('POST', `/v1/offers/${offer}/codes`, { codes: ['WELCOME'], shared: true })
    const buy = (id: string, person: string) =>
      server.call('PUT', `/v1/orders/${id}`, {
        person,
        channel: 'web',
        state: 'placed',
        codes: ['WELCOME'],
        lines: [latte],
      })
    expect((await buy('web-1', `anonymousId:${anonymousId}`)).json.applied).toHaveLength(1)

    await logIn(shop, '4711', await tokenFor('userId:4711'))
    expect(await look(shop, 'Basket')).toBe(anonymousId)
    const her = await personOf('userId:4711')
    expect((await personOf(`anonymousId:${anonymousId}`)).id).toBe(her.id)
    expect(await namesOf('userId:4711')).toEqual(expect.arrayContaining(['Menu', 'Product Viewed', 'Basket']))
    // What she says of herself is hearsay still: anybody may call herself gold.
    expect(her.traits).toEqual({})
    const again = await buy('web-2', 'userId:4711')
    expect(again.json.refused).toMatchObject([{ reason: { code: 'limit_reached' } }])

    // Another visitor at the same browser after she left.
    await shop.evaluate(async ({ signedOut }) => void (await signedOut()))
    const next = await look(shop, 'Menu')
    expect(next).not.toBe(anonymousId)
    expect((await personOf(`anonymousId:${next}`)).id).not.toBe(her.id)
    expect(errors).toEqual([])
    expect([...asked].toSorted()).toEqual([shopUrl, server.url].toSorted())
  })

  it('without a token she may be anybody: what she looks at counts for whom she names, and nothing else', async () => {
    await server.call('POST', '/v1/identify', { userId: '4712' })
    const { shop, errors } = await visit()
    const anonymousId = await look(shop, 'Menu')
    await logIn(shop, '4712')
    const her = await personOf('userId:4712')
    const visitor = await personOf(`anonymousId:${anonymousId}`)
    expect(visitor.id).not.toBe(her.id)
    expect(her.likely).toMatchObject([{ type: 'anonymousId', value: anonymousId }])
    expect(errors).toEqual([])
  })

  it.each([
    ['forged', () => `tpt_${Buffer.from('["per_1",9999999999999]').toString('base64url')}.${'x'.repeat(43)}`],
    ['of another person', () => tokenFor('userId:somebody-else')],
  ])('a token that is %s proves nothing, loses nothing, and is told in the tail', async (kind, token) => {
    const userId = `victim-${kind}`
    await server.call('POST', '/v1/identify', { userId })
    const { shop, errors } = await visit()
    const anonymousId = await look(shop, 'Menu')
    await logIn(shop, userId, await token())
    await look(shop, 'Basket')
    const victim = await personOf(`userId:${encodeURIComponent(userId)}`)
    expect((await personOf(`anonymousId:${anonymousId}`)).id).not.toBe(victim.id)
    expect(await namesOf(`userId:${encodeURIComponent(userId)}`)).toContain('Basket')
    await vi.waitFor(
      async () => {
        const told = (await tail()).filter(line => line.issues.length > 0)
        expect(told.at(-1)).toMatchObject({
          outcome: 'stored',
          kind: 'track',
          subject: 'userId',
          issues: [{ pointer: '/context/personToken' }],
        })
      },
      { timeout: 10_000 },
    )
    expect(errors).toEqual([])
  })

  it('what was not sent yet is sent when the page is left', async () => {
    const { page, shop, errors } = await visit({
      deliveryStrategy: { strategy: 'batching', config: { size: 100, timeout: 600_000 } },
    })
    await logIn(shop, '4714', await tokenFor('userId:4714'))
    const anonymousId = await look(shop, 'Leaving')
    expect((await personOf(`anonymousId:${anonymousId}`)).code).toBe('person_not_found')
    await page.goto('about:blank')
    await isHeard(anonymousId)
    expect((await personOf(`anonymousId:${anonymousId}`)).id).toBe((await personOf('userId:4714')).id)
    expect(errors).toEqual([])
  })

  it('no token is stored, and the source tells what came', async () => {
    await vi.waitFor(
      async () => {
        const { health } = (await server.call('GET', `/v1/sources/${source.id}`)).json as Source
        expect(health.perMinute.hour).toBeGreaterThan(0.3)
        expect(health).toMatchObject({ errorRate: 0, lastErrors: [] })
      },
      { timeout: 10_000 },
    )
    const lines = await tail()
    expect(new Set(lines.map(line => `${line.kind} ${line.subject}`))).toEqual(
      new Set(['page anonymousId', 'track anonymousId', 'identify userId', 'page userId', 'track userId']),
    )
    const everything = await server.call('GET', '/v1/people/userId:4711/export')
    expect(everything.text).toContain('LATTE')
    expect(everything.text).not.toContain('tpt_')
    expect(everything.text).not.toContain(source.key)
  })

  it('its pages are let through from any origin, and never with cookies', async () => {
    for (const path of ['/v1/t', '/v1/b', '/v1/batch']) {
      const preflight = await fetch(server.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://shop.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-retry-count',
        },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
      expect(preflight.headers.get('access-control-allow-headers')!.toLowerCase()).toContain('x-retry-count')
      expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  it('a page that holds a secret key is told so before it sends anything', async () => {
    const { key } = (await server.call('POST', '/v1/sources', { name: 'A server', kind: 'server' })).json
    const answer = await server.call('GET', `/v1/projects/${key}/settings`, undefined, { key: '' })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('must be a publishable key')
    expect(answer.text).not.toContain(key)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('its settings name this server as the page reaches it, also behind a proxy that ends TLS', async () => {
    const settings = async (headers: Record<string, string>) =>
      (await server.call('GET', `/v1/projects/${source.key}/settings`, undefined, { key: '', headers })).json
        .integrations['Segment.io']
    const host = new URL(server.url).host
    expect(await settings({})).toEqual({ apiKey: source.key, apiHost: `${host}/v1`, protocol: 'http' })
    expect(await settings({ 'x-forwarded-proto': 'https' })).toMatchObject({ protocol: 'https' })
  })
})
