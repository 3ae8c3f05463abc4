import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { run } from '../src/cli/run.ts'
import { csvParser, withoutEscape } from '../src/core/kernel/csv.ts'
import { makeOffer, serve, type TestServer } from './server.ts'
import { freshFolder } from './stores.ts'

const folder = freshFolder()
let files = 0
const file = (text: string | Uint8Array): string => {
  files += 1
  const path = join(folder, `rows-${files}.csv`)
  writeFileSync(path, text)
  return path
}

/** Runs a command line as the program would, against a server. */
const tesseraAt =
  (server: TestServer) =>
  async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    const written = { out: '', err: '' }
    const into = (name: 'out' | 'err') =>
      new Writable({
        write: (chunk, _, done) => {
          written[name] += String(chunk)
          done()
        },
      })
    vi.stubEnv('TESSERA_KEY', server.adminKey)
    const terminal = { out: into('out'), err: into('err'), stop: new AbortController().signal }
    const code = await run([...args, '--url', server.url], terminal)
    return { code, ...written }
  }

/** The rows of an export by their columns, without those that every store makes its own. */
const rowsOf = (csv: string): Record<string, string>[] => {
  const parser = csvParser()
  const [header, ...records] = [...parser.push(csv), ...parser.end()].map(({ fields }) => fields.map(withoutEscape))
  return records.map(fields => Object.fromEntries(fields.map((field, index) => [header![index]!, field])))
}
const without = (rows: readonly Record<string, string>[], columns: readonly string[]): string[] =>
  rows.map(row => JSON.stringify(Object.entries(row).filter(([column]) => !columns.includes(column)))).sort()

const people = `E-mail,Phone,Card,First name,Points,Created
Ana@Example.com,333 123 4567,42,"Ana ""A""",7,2024-05-01
bob,,,Bob,1,
,,77,=SUM(A1),3,2024-05-02
,,,Nobody,4,
`
const orders = `order,date,sku,name,category,quantity,price,email,card,channel,location,shipping,total
A,2026-01-01 10:00,LATTE,Latte,coffee,2,4.50,ana@example.com,,store,store-12,,9.00
A,2026-01-01 10:00,CUP,Cup,,1,1.00,ana@example.com,,store,store-12,,10.00
B,2026-01-02 10:00,LATTE,Latte,coffee,1,4.50,,42,web,,4.90,
C,2026-01-03 10:00,LATTE,Latte,coffee,1,4.50,,,web,,,
`
const consents = `email,purpose,state,at,how
ana@example.com,marketing,yes,2024-05-01,form
ana@example.com,marketing,no,2024-06-01,call
new@example.com,service,yes,,
new@example.com,no-such-topic,yes,2024-06-01,
`

describe.each(['pglite', 'postgres'] as const)('files come in and go out on %s', store => {
  let server: TestServer
  let tessera: ReturnType<typeof tesseraAt>
  const person = async (ref: string) => (await server.call('GET', `/v1/people/${encodeURIComponent(ref)}`)).json
  const exported = async (kind: string, query = '') => (await server.call('GET', `/v1/exports/${kind}${query}`)).text

  beforeAll(async () => {
    server = await serve(store)
    tessera = tesseraAt(server)
  })

  it('an export of nothing has its header', async () => {
    for (const kind of ['people', 'events', 'orders', 'segments', 'consents']) {
      const { code, out } = await tessera('export', kind)
      expect([code, out.split('\r\n').length, out.split(',').length]).toEqual([0, 2, expect.any(Number)])
      expect(out).toMatch(/^\w+(,\w+)+\r\n$/)
      expect((await tessera('export', kind, '--format', 'ndjson')).out).toBe('')
    }
  })

  it('a dry run reads everything, tells what is bad, and changes nothing', async () => {
    const path = file(people)
    const bad = join(folder, `dry-${store}.csv`)
    const { code, out, err } = await tessera('import', 'people', path, '--country', 'IT', '--dry-run', '--errors', bad)
    expect(code).toBe(1)
    expect(err).toContain('E-mail → email\n')
    expect(err).toContain('Points → traits.points (number)\n')
    expect(out).toContain('4 rows, 2 good, 2 bad, 0 left out.')
    expect(out).toContain('1 × email: it is not an e-mail address; line 3\n')
    expect(out).toContain('It would make people: 2; identifiers: email 1, phone 1, loyaltyCard 2.\nNothing was sent.')
    expect(readFileSync(bad, 'utf8').split('\r\n')[0]).toBe(
      'import_line,import_reason,E-mail,Phone,Card,First name,Points,Created',
    )
    expect(existsSync(`${path}.import-state`)).toBe(false)
    expect((await exported('people')).split('\r\n')).toHaveLength(2)
  })

  it('good rows load, bad ones go to a file, and load once they are mended', async () => {
    const path = file(people)
    const bad = join(folder, `bad-${store}.csv`)
    const { code, out } = await tessera('import', 'people', path, '--country', 'IT', '--errors', bad, '--source', 'crm')
    expect([code, out]).toEqual([1, expect.stringContaining('2 stored, 0 were there before.')])
    const ana = await person('email:ana@example.com')
    expect(ana.identifiers.map((it: { type: string }) => it.type).sort()).toEqual(['email', 'loyaltyCard', 'phone'])
    expect(ana.traits).toEqual({ firstName: 'Ana "A"', points: 7 })
    expect(await person('loyaltyCard:77')).toMatchObject({ traits: { firstName: '=SUM(A1)', points: 3 } })
    const [{ context }] = rowsOf(await exported('events')).map(({ body }) => JSON.parse(body!))
    expect(context).toMatchObject({ history: true, source: 'crm' })

    const rows = readFileSync(bad, 'utf8')
    expect(rowsOf(rows).map(row => [row.import_line, row.import_reason])).toEqual([
      ['3', 'email: it is not an e-mail address'],
      ['5', expect.stringContaining('names nobody')],
    ])
    const mended = file(rows.replace(',bob,', ',bob@example.com,').replace(/\r\n5,.*/, ''))
    expect(await tessera('import', 'people', mended)).toMatchObject({ code: 0 })
    expect((await person('email:bob@example.com')).traits).toEqual({ firstName: 'Bob', points: 1 })

    // The same file again: every row is known by its message id.
    expect((await tessera('import', 'people', path, '--country', 'IT', '--source', 'crm')).out).toContain(
      '0 stored, 2 were there before.',
    )
  })

  it('orders count for who bought, and no offer answers them', async () => {
    const present = await makeOffer(server, { trigger: { on: 'grant' } })
    const gift = await makeOffer(server, {
      trigger: { on: 'event', event: 'Order Completed' },
      benefit: { kind: 'giveOffer', offer: present.offer },
    })
    const properties = { order_id: 'now', total: 1 }
    await server.call('POST', '/v1/track', { userId: 'live', event: 'Order Completed', properties })
    const uses = async () => (await server.call('GET', `/v1/reports/campaigns?campaign=${gift.campaign}`)).json.data[0]
    const before = await uses()
    const { code, out } = await tessera('import', 'orders', file(gzipSync(orders)), '--time-zone', 'UTC')
    expect([code, out]).toEqual([0, expect.stringContaining('4 rows, 3 good, 0 bad, 1 left out.')])
    expect(out).toContain('1 × orders that name nobody; line 5')
    expect(out).toContain('orders: 2; lines: 3; amounts: EUR 14.50')
    expect(await person('loyaltyCard:42')).toMatchObject({ orders: 2, spend: { EUR: 900 + 940 } })
    const { json } = await server.call('GET', '/v1/orders/A')
    expect(json).toMatchObject({ state: 'placed', totals: { subtotal: 1000, total: 900 }, channel: 'store' })
    expect(await uses()).toEqual(before)
    expect(before).toMatchObject({ redeemed: 1 })
  })

  it('consents load, and what the server knows better is a bad row', async () => {
    const path = file(consents)
    const bad = join(folder, `consents-${store}.csv`)
    const { code, out } = await tessera('import', 'consents', path, '--set', 'channel=email', '--errors', bad)
    expect([code, out]).toEqual([1, expect.stringContaining('3 stored, 0 were there before.')])
    expect(rowsOf(readFileSync(bad, 'utf8'))).toMatchObject([{ import_line: '5', purpose: 'no-such-topic' }])
    const { json } = await server.call('GET', '/v1/people/email:ana@example.com/consents')
    expect(json.consents).toMatchObject([{ purpose: 'marketing', state: 'withdrawn', how: 'call' }])
    expect(json.permitted).toEqual([])
  })

  it('a list is replaced at once by who can be read', async () => {
    const path = file('email,card\nana@example.com,\nbad,\n,77\nnew@example.com,\n')
    const first = await tessera('import', 'segments', path, '--set', 'segment=winners')
    expect([first.code, first.out]).toEqual([1, expect.stringContaining('3 stored')])
    const members = async () =>
      rowsOf(await exported('segments', '?segment=winners'))
        .map(row => row.identifier)
        .sort()
    expect(await members()).toEqual(['email:ana@example.com', 'email:new@example.com', 'loyaltyCard:77'])
    await tessera('import', 'segments', file('segment,identifier\nwinners,email:bob@example.com\n'))
    expect(await members()).toEqual(['email:bob@example.com'])
    await tessera('import', 'segments', path, '--set', 'segment=winners')
  })

  it.each(['csv', 'ndjson'])('what went out as %s can come in again, and goes out the same', async format => {
    const { call } = server
    const traits = { city: '+Rome', age: 31, tags: ['x', { y: null }] }
    await call('POST', '/v1/identify', { messageId: 'i1', userId: 'u1', anonymousId: 'a1', traits })
    await call('POST', '/v1/page', {
      messageId: 'p1',
      anonymousId: 'a1',
      name: 'Menu',
      properties: { url: 'https://shop.example/?mail=ana@example.com' },
      context: { ip: '203.0.113.9' },
    })
    await call('PUT', '/v1/orders/put-1', {
      person: 'email:ana@example.com',
      channel: 'store',
      location: 'store-1',
      currency: 'EUR',
      state: 'placed',
      shipping: 490,
      lines: [
        { id: '1', sku: 'TEA', name: '@Tea, "green"', quantity: 2, unitPrice: 450 },
        { id: '2', sku: 'HAM', amount: 918, measure: '0.734 kg' },
      ],
    })
    const properties = { order_id: 'sum-1', currency: 'JPY', total: 500 }
    await call('POST', '/v1/track', { messageId: 's1', userId: 'u1', event: 'Order Completed', properties })
    const lines = [{ id: '1', sku: 'TEA', quantity: 1, unitPrice: 450 }]
    await call('PUT', '/v1/orders/open-1', { state: 'open', channel: 'web', lines })

    const other = await serve(store)
    const into = tesseraAt(other)
    const path = join(folder, `round-${store}.gz`)
    for (const kind of ['people', 'events', 'orders', 'segments', 'consents']) {
      expect((await tessera('export', kind, '--out', path, '--gzip', '--format', format)).code).toBe(0)
      const { code, out, err } = await into('import', kind, path)
      expect([kind, code, code === 0 ? '' : out + err]).toEqual([kind, 0, ''])
      expect(out).toMatch(/rows, \d+ good, 0 bad/)
    }
    /** What each store makes itself. */
    const own: Readonly<Record<string, readonly string[]>> = {
      people: ['person', 'created_at'],
      events: ['person', 'received_at', 'body'],
      orders: ['person', 'line', 'source'],
      segments: ['person', 'entered_at'],
      consents: ['person', 'by'],
    }
    for (const [kind, columns] of Object.entries(own)) {
      const exportOf = async ({ call: ask }: TestServer) => rowsOf((await ask('GET', `/v1/exports/${kind}`)).text)
      const [mine, theirs] = [await exportOf(server), await exportOf(other)]
      const ids = new Set(mine.map(row => row.message_id))
      // What stays behind: a basket that nobody bought. What comes beside: the events that importing people and orders made.
      const here = without(
        mine.filter(row => kind !== 'orders' || row.order_state === 'placed'),
        columns,
      )
      const there = without(
        theirs.filter(row => kind !== 'events' || ids.has(row.message_id)),
        columns,
      )
      expect(here.length).toBeGreaterThan(0)
      expect(there).toEqual(here)
    }
  })

  it('an import that is killed goes on where it was, and ends as one that was not', async () => {
    const rows = Array.from({ length: 6_000 }, (_, index) =>
      index % 100 === 7 ? `no-address-${index},x` : `p${index}@killed.example,${index}`,
    )
    const path = file(['email,n', ...rows, ''].join('\n'))
    const state = `${path}.import-state`
    const answered = (): number => (existsSync(state) ? readFileSync(state, 'utf8').split('\n').length - 2 : 0)
    const bad = join(folder, `killed-${store}.csv`)
    const flags = ['import', 'people', path, '--errors', bad, '--concurrency', '2', '--json']
    for (const [least, more] of [
      [2, []],
      [6, ['--resume']],
    ] as const) {
      const child = spawn(process.execPath, ['dist/cli/main.js', ...flags, ...more, '--url', server.url], {
        env: { ...process.env, TESSERA_KEY: server.adminKey },
        stdio: 'ignore',
      })
      const ended = once(child, 'exit')
      await vi.waitFor(() => expect(answered()).toBeGreaterThanOrEqual(least), { timeout: 50_000, interval: 1 })
      child.kill('SIGKILL')
      expect(await ended).toEqual([null, 'SIGKILL'])
    }
    const before = answered()
    expect(before).toBeLessThan(12)
    const { code, out } = await tessera(...flags, '--resume')
    expect(code).toBe(1)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ rows: 6_000, good: 5_940, bad: 60 })
    // What was under way when it was killed may have been stored without its answer.
    expect(report.stored + report.known).toBe(5_940)
    expect(report.known).toBeLessThanOrEqual(2 * 2 * 500)
    expect(existsSync(state)).toBe(false)

    const emails = rowsOf(await exported('people')).flatMap(row =>
      row.email!.endsWith('@killed.example') ? row.email! : [],
    )
    expect([emails.length, new Set(emails).size]).toEqual([5_940, 5_940])
    const events = rowsOf(await exported('events')).filter(row => row.identifier!.endsWith('@killed.example'))
    expect(events.length).toBe(5_940)
    const uninterrupted = join(folder, `whole-${store}.csv`)
    await tessera('import', 'people', path, '--errors', uninterrupted, '--dry-run')
    expect(readFileSync(bad, 'utf8')).toBe(readFileSync(uninterrupted, 'utf8'))
  })

  it('an import that is stopped says how to go on, and goes on with the same file and flags only', async () => {
    vi.stubEnv('TESSERA_KEY', server.adminKey)
    const path = file('email\na@stopped.example\n')
    const stopped = new AbortController()
    stopped.abort()
    const written: string[] = []
    const sink = new Writable({
      write: (chunk, _, done) => {
        written.push(String(chunk))
        done()
      },
    })
    const code = await run(['import', 'people', path, '--url', server.url], {
      out: sink,
      err: sink,
      stop: stopped.signal,
    })
    expect([code, written.join('')]).toEqual([1, expect.stringMatching(/Stopped\..*with --resume goes on\.\n$/s)])
    const resume = (...flags: string[]) => tessera('import', 'people', path, '--resume', ...flags)
    expect((await resume('--unverified')).err).toContain('The import that stopped was another')
    expect(await resume()).toMatchObject({ code: 0, out: expect.stringContaining('1 stored') })
    expect((await resume()).err).toContain('no import of this file stopped before its end')
    await run(['import', 'people', path, '--url', server.url], { out: sink, err: sink, stop: stopped.signal })
    writeFileSync(path, 'email\nb@stopped.example\n')
    expect((await resume()).err).toContain('has changed since the import stopped')
  })
})
