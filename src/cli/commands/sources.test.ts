import { Writable } from 'node:stream'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { serve, type TestServer } from '../../../test/server.ts'
import { run } from '../run.ts'

describe('tessera sources', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await serve('postgres')
  })
  beforeEach(() => {
    vi.stubEnv('TESSERA_KEY', server.adminKey)
    return () => vi.unstubAllEnvs()
  })

  /** Runs a command line; `seen` is called with all it wrote so far, and may stop it. */
  const tessera = async (args: string[], seen = (_written: string, _stop: () => void): void => undefined) => {
    const stop = new AbortController()
    const written = { out: '', err: '' }
    const into = (name: 'out' | 'err') =>
      new Writable({
        write: (chunk, _, done) => {
          written[name] += String(chunk)
          seen(written.out, () => stop.abort())
          done()
        },
      })
    const words = ['sources', ...args, '--url', server.url]
    const code = await run(words, { out: into('out'), err: into('err'), stop: stop.signal })
    return { code, ...written }
  }

  const track = (key: string, event: unknown) =>
    server.call('POST', '/v1/track', { anonymousId: 'a-1', event }, { key })

  it('makes one, lists it with what it sent and what was refused', async () => {
    const made = await tessera(['create', '--name', 'Web shop', '--kind', 'web', '--channel', 'web'])
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('shown only now') })
    const key = made.out.trim()
    expect((await track(key, 'Product Viewed')).status).toBe(200)
    expect((await track(key, 7)).status).toBe(400)
    await vi.waitFor(
      async () => {
        const { out } = await tessera([])
        const [heads, , row] = out.split('\n')
        expect(heads).toMatch(
          /^name +kind +channel +location +last event +a minute +an hour +a day +errors +last error$/,
        )
        expect(row).toMatch(/^Web shop {2}web +web .* 1 +1 +1 +50\.0 % {2}.*Z events_invalid \/event$/)
      },
      { timeout: 10_000 },
    )
    const { out } = await tessera(['list', '--json'])
    expect(JSON.parse(out)).toMatchObject([{ name: 'Web shop', health: { errorRate: 0.5 } }])
  })

  it('follows one until somebody has seen enough, with its orders', async () => {
    const key = (
      await tessera(['create', '--name', 'Till 12', '--kind', 'till', '--location', 'store-12', '--channel', 'store'])
    ).out.trim()
    await track(key, 'Till Opened')
    const followed = tessera(['tail', 'Till 12'], (out, stop) => {
      if (out.includes('Till Closed')) stop()
    })
    await track(key, 'Till Closed')
    const { code, out } = await followed
    expect(code).toBe(0)
    expect(out).toMatch(/^\d\d:\d\d:\d\d\.\d{3} stored track Till Opened, anonymousId, \d+ ms\n/)
    expect(out.match(/Till (Opened|Closed)/g)).toEqual(['Till Opened', 'Till Closed'])

    const lines = [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: 450 }]
    const order = (body: object) => server.call('PUT', '/v1/orders/till-1', body, { key })
    await order({ person: 'userId:u1', state: 'placed', lines })
    await order({ state: 'placed', lines: [{ ...lines[0], unitPrice: 4.5 }] })
    await order({ state: 'open', lines })
    await vi.waitFor(
      async () => {
        const { out } = await tessera(['tail', 'Till 12', '--once'])
        // The third was refused in the way of business, and is no error.
        expect(out).toMatch(
          /stored order placed, userId, \d+ ms\n\S+ refused putOrder, invalid_input, \d+ ms\n {4}\/lines\/0\/unitPrice .+\n$/,
        )
      },
      { timeout: 10_000 },
    )

    await track(key, '')
    await vi.waitFor(
      async () => {
        const { out } = await tessera(['tail', 'Till 12', '--once'])
        expect(out).toMatch(/refused track, events_invalid, \d+ ms\n {4}\/event .+\n$/)
      },
      { timeout: 10_000 },
    )
  })

  it.each([
    [['tail', 'nowhere'], 1, 'There is no source "nowhere"'],
    [['tail'], 2, 'Name the source'],
    [['create', '--name', 'x', '--kind', 'shop'], 2, '--kind takes web, app, till, server, file.'],
    [['follow'], 2, 'list, create, tail'],
  ])('%j is answered with what is wrong', async (args, code, message) => {
    const answer = await tessera(args)
    expect(answer).toMatchObject({ code, out: '', err: expect.stringContaining(message) })
  })

  it('asks which, where two have one name', async () => {
    for (let count = 0; count < 2; count++) await tessera(['create', '--name', 'Twin', '--kind', 'web'])
    const { code, err } = await tessera(['tail', 'Twin'])
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^2 sources are called "Twin": name one by its id, key_\w+ or key_\w+\.\n$/),
    ])
  })
})
