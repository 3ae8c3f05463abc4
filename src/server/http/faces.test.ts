import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib'
import pino from 'pino'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { noop } from '../../contract/noop.ts'
import { getHealth } from '../../contract/operations.ts'
import { type App, createApp } from './app.ts'

const script = `console.log(${JSON.stringify('face '.repeat(100))})`
const page = '<!doctype html><meta property="csp-nonce" nonce="NONCE"><title>console</title>'
const folder = freshFolder()

const appOf = (facesFolder: string): App =>
  createApp({
    endpoints: [getHealth, noop],
    handlers: { noop: () => ({ text: '{"done":true}' }) },
    facesFolder,
    authenticate: () => Promise.reject(new Error('no endpoint here takes a key')),
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    health: () => ({ ok: true, version: '1', checks: {} }),
    now: () => 0,
  })

const app = appOf(folder)
let url: string
beforeAll(async () => {
  writeFileSync(join(folder, 'secret.json'), '{}')
  for (const face of ['console', 'wallet', 'till']) {
    mkdirSync(join(folder, face, 'assets'), { recursive: true })
    mkdirSync(join(folder, face, '.vite'))
    writeFileSync(join(folder, face, 'index.html'), page.replace('console', face))
    writeFileSync(join(folder, face, '.vite/manifest.json'), '{}')
    writeFileSync(join(folder, face, 'icon.svg'), '<svg/>')
    writeFileSync(join(folder, face, 'service-worker.js'), '// worker')
    writeFileSync(join(folder, face, 'assets/index-Ab12.js'), script)
    writeFileSync(join(folder, face, 'assets/index-Ab12.js.br'), brotliCompressSync(script))
    writeFileSync(join(folder, face, 'assets/index-Ab12.js.gz'), gzipSync(script))
  }
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.close())

type Seen = { status: number; headers: Record<string, string | string[] | undefined>; bytes: Buffer }

/** The request as it is written here: fetch would tidy the address and decompress the answer. */
const get = (
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  port = new URL(url).port,
): Promise<Seen> =>
  new Promise((done, failed) => {
    const call = request(
      { host: '127.0.0.1', port, path, method, headers: { connection: 'close', ...headers } },
      answer => {
        const parts: Buffer[] = []
        answer.on('data', part => parts.push(part))
        answer.on('end', () =>
          done({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(parts) }),
        )
      },
    )
    call.on('error', failed)
    call.end()
  })

const open = (path: string) => get(path, { accept: 'text/html,*/*;q=0.8' })

describe('a page of a face', () => {
  it.each([
    ['/', 'console'],
    ['/?lang=it', 'console'],
    ['/offers/off_1?tab=versions', 'console'],
    ['/sign-in', 'console'],
    ['/walletish', 'console'],
    ['/wallet', 'wallet'],
    ['/wallet?workspace=shop', 'wallet'],
    ['/wallet/points/of/this.year', 'wallet'],
    ['/till', 'till'],
    ['/till/returns', 'till'],
  ])('%s opens the %s', async (path, face) => {
    const { status, headers, bytes } = await open(path)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    expect(bytes.toString()).toContain(`<title>${face}</title>`)
  })

  it('may load what its own server gives, and nothing else', async () => {
    const { headers } = await open('/wallet')
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
        "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    expect([headers['x-content-type-options'], headers['referrer-policy']]).toEqual(['nosniff', 'no-referrer'])
  })

  it('of the console names a nonce for its styles that is new each time, in the policy and in the page', async () => {
    const seen = await Promise.all([open('/'), open('/')])
    const nonces = seen.map(({ headers, bytes }) => {
      const [, nonce = ''] =
        /style-src 'self' 'nonce-([\w-]{22})'/.exec(String(headers['content-security-policy'])) ?? []
      expect(bytes.toString()).toContain(`nonce="${nonce}"`)
      return nonce
    })
    expect(new Set(nonces).size).toBe(2)
  })

  it('is not sent again while the browser has it', async () => {
    const { headers } = await open('/till')
    const again = await get('/till', { accept: 'text/html', 'if-none-match': String(headers.etag) })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
  })
})

describe('a file of a face', () => {
  it('whose name holds its hash is kept for ever', async () => {
    const { status, headers, bytes } = await get('/assets/index-Ab12.js')
    expect([status, headers['content-type'], headers['cache-control'], headers['content-encoding']]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
      undefined,
    ])
    expect(bytes.toString()).toBe(script)
  })

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', undefined],
  ])('goes to a browser that takes %s as %s', async (accepted, encoding) => {
    const { headers, bytes } = await get('/wallet/assets/index-Ab12.js', { 'accept-encoding': accepted })
    expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding'])
    if (encoding === 'br') expect(brotliDecompressSync(bytes).toString()).toBe(script)
  })

  it('is told of by HEAD without its bytes, and not sent again while the browser has it', async () => {
    const { headers } = await get('/icon.svg')
    const head = await get('/icon.svg', {}, 'HEAD')
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '6', 0])
    const again = await get('/icon.svg', { 'if-none-match': `"other", W/${headers.etag}` })
    expect([again.status, again.headers['cache-control'], again.bytes.length]).toEqual([304, 'no-cache', 0])
  })

  it('that is a service worker may serve the address of the face without a slash, and is asked for each time', async () => {
    const { headers } = await get('/wallet/service-worker.js')
    expect([headers['service-worker-allowed'], headers['cache-control'], headers['content-security-policy']]).toEqual([
      '/wallet',
      'no-cache',
      "default-src 'none'; connect-src 'self'",
    ])
  })
})

describe('there is nothing at', () => {
  it.each([
    '/assets/index-Old9.js',
    '/assets/',
    '/wallet/assets/none.css',
    '/assets/..%2f..%2findex.html',
    '/assets/index-Ab12.js.br',
    '/v1/nothing',
    '/wallet/nothing.js',
    '/docs/nothing',
    '/health/nothing',
  ])('%s, also for a browser', async path => {
    const { status, headers, bytes } = await open(path)
    expect([path, status]).toEqual([path, 404])
    expect(headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(JSON.parse(bytes.toString()).code).toBe('not_found')
  })

  it.each([
    ['/.vite/manifest.json', 'console'],
    ['/wallet/.vite/manifest.json', 'wallet'],
    ['/../secret.json', 'console'],
    ['/..%2fsecret.json', 'console'],
    ['/wallet/../secret.json', 'wallet'],
    ['//secret.json', 'console'],
  ])('%s but the page of the face: only what the build made for it is ever read', async (path, face) => {
    const { status, bytes } = await open(path)
    expect([status, bytes.toString().slice(-20)]).toEqual([200, page.replace('console', face).slice(-20)])
  })

  it.each(['/', '/offers', '/wallet'])('%s for a program, which does not ask for a page', async path => {
    expect((await get(path, { accept: 'application/json' })).status).toBe(404)
  })
})

it('a server whose faces are not built says how to build them', async () => {
  const bare = appOf(join(folder, 'nowhere'))
  const { port } = new URL(await bare.listen({ host: '127.0.0.1', port: 0 }))
  const { status, bytes } = await get('/wallet', { accept: 'text/html' }, 'GET', port)
  await bare.close()
  expect(status).toBe(503)
  expect(bytes.toString()).toContain('npm run build')
})
