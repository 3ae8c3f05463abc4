import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { run } from '../src/cli/run.ts'
import { csvParser, withoutEscape } from '../src/core/kernel/csv.ts'
import { describeRealData } from './real-data.ts'
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

  it('an export has every row once, person by person and by time, however many somebody has', async () => {
    const counts = { many: 257, some: 10, more: 11, few: 1 }
    const events = Object.entries(counts).flatMap(([userId, count]) =>
      Array.from({ length: count }, (_, index) => ({
        type: 'track',
        event: 'Counted',
        userId: `paged-${userId}`,
        messageId: `paged-${userId}-${index}`,
        // Some at the same time: they are told apart by their ids.
        timestamp: new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 3) * 60_000).toISOString(),
      })),
    )
    expect((await server.call('POST', '/v1/batch', { batch: events })).status).toBe(200)
    const rows = rowsOf(await exported('events')).filter(row => row.event === 'Counted')
    expect(rows.map(row => row.message_id).sort()).toEqual(events.map(it => it.messageId).sort())
    for (const userId of Object.keys(counts)) {
      const mine = rows.flatMap((row, index) => (row.identifier === `userId:paged-${userId}` ? [{ row, index }] : []))
      expect(mine.at(-1)!.index - mine[0]!.index).toBe(mine.length - 1)
      const times = mine.map(({ row }) => `${row.timestamp} ${row.message_id}`)
      expect(times).toEqual([...times].sort())
    }
    const since = rowsOf(await exported('events', '?since=2026-01-01T01:20:00Z')).filter(row => row.event === 'Counted')
    expect(since.length).toBe(257 - 80 * 3)
  })

  it('an export can be of a segment, each person once, and of erased people nothing is left', async () => {
    const { call } = server
    for (const n of [1, 2, 3]) {
      const at = `s${n}@segment.example`
      await call('POST', '/v1/identify', { userId: `s${n}`, traits: { email: at } })
      await call('PUT', `/v1/orders/of-s${n}`, {
        person: `userId:s${n}`,
        channel: 'web',
        state: 'placed',
        lines: [{ id: '1', sku: 'TEA', quantity: 1, unitPrice: 450 }],
      })
      const consent = { channel: 'email', purpose: 'marketing', state: 'given', how: 'form' }
      await call('PUT', `/v1/people/email:${at}/consents`, { consents: [consent] })
    }
    // One of them by two identifiers, with more others between them than an export reads at once.
    const others = Array.from({ length: 150 }, (_, index) => `some,device:d${index}`)
    const identifiers = ['some,userId:s1', ...others, 'some,loyaltyCard:s1', 'some,email:s2@segment.example']
    const list = file(['segment,identifier', ...identifiers, ''].join('\n'))
    expect((await tessera('import', 'segments', list)).code).toBe(0)
    await call('POST', '/v1/identify', {
      userId: 's1',
      context: { externalIds: [{ type: 'loyaltyCard', id: 's1', collection: 'users', encoding: 'none' }] },
    })
    const everybody = async (kind: string, column: string) =>
      rowsOf((await tessera('export', kind, '--segment', 'some')).out)
        .map(row => row[column])
        .sort()
    const told = async (kind: string, column: string) =>
      (await everybody(kind, column)).filter(it => it !== '' && !it?.startsWith('device:'))
    expect(await everybody('people', 'email')).toHaveLength(152)
    expect(await told('people', 'email')).toEqual(['s1@segment.example', 's2@segment.example'])
    expect(await told('orders', 'order_id')).toEqual(['of-s1', 'of-s2'])
    expect(await told('consents', 'address')).toEqual(['email:s1@segment.example', 'email:s2@segment.example'])
    expect((await told('events', 'type')).filter(type => type === 'identify')).toHaveLength(3)
    expect(await told('segments', 'identifier')).toEqual(['email:s2@segment.example', 'loyaltyCard:s1', 'userId:s1'])

    const erasing = await call('POST', '/v1/people/userId:s3/erase', { reason: 'requested' })
    expect(erasing.status).toBeLessThan(300)
    const gone = rowsOf(await exported('people')).filter(row => row.erased_at !== '')
    expect(gone).toHaveLength(1)
    expect(gone[0]).toMatchObject({ user_id: '', email: '', identifiers: '[]', traits: '{}', orders: '1' })
    await vi.waitFor(async () => expect(await exported('events')).not.toContain('s3@segment.example'), {
      timeout: 20_000,
    })
    for (const kind of ['people', 'events', 'orders', 'consents']) {
      expect(await exported(kind)).not.toContain('s3@segment.example')
      const path = file(await exported(kind))
      expect((await tessera('import', kind, path, '--dry-run')).out).toMatch(/\d+ × erased: nothing to import/)
    }
  })

  it('an export says what is wrong with the question', async () => {
    expect(await tessera('export', 'peple')).toMatchObject({ code: 2, err: expect.stringContaining('people') })
    expect(await tessera('export', 'people', '--since', 'May')).toMatchObject({ code: 2 })
    expect(await tessera('export', 'people', '--format', 'xlsx')).toMatchObject({ code: 2 })
    expect(await tessera('export', 'people', '--segment', 'nobodys')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no segment nobodys'),
    })
    for (const scope of ['publishable', 'till']) {
      const { json } = await server.call('POST', '/v1/keys', { name: scope, scope, location: 'store-1' })
      expect(json.key).toMatch(/^ts_/)
      expect((await server.call('GET', '/v1/exports/people', undefined, { key: json.key })).status).toBe(403)
    }
  })
})

describe('a command line that is wrong', () => {
  const path = file('email,joined\nana@example.com,3/4/2026\n')
  it.each([
    ['import', /people, events, orders, segments, consents/],
    ['import peopl x.csv', /Did you mean people/],
    ['import people', /Name the file/],
    [`import people ${path} --date-format ymd`, /dmy/],
    [`import people ${path} --decimal x`, /--decimal/],
    [`import people ${path} --separator ab`, /one character, or tab/],
    [`import people ${path} --currency euro`, /EUR/],
    [`import people ${path} --time-zone Rome`, /Europe\/London/],
    [`import people ${path} --concurrency 0`, /from 1 to 64/],
    [`import people ${path} --set chanel=store`, /Did you mean channel/],
    [`import people - --resume`, /piped in/],
    [`import segments ${path} --resume`, /begin anew/],
    [`import orders ${path}`, /has no column for order, under names such as order, orderid.*It has email, joined/],
    [`import consents ${path}`, /no column for channel.*--set channel=/],
  ])('%s: code 2, and nothing on stdout', async (line, message) => {
    const written = { out: '', err: '' }
    const into = (name: 'out' | 'err') =>
      new Writable({
        write: (chunk, _, done) => {
          written[name] += String(chunk)
          done()
        },
      })
    const terminal = { out: into('out'), err: into('err'), stop: new AbortController().signal }
    expect([await run(line.split(' '), terminal), written.out]).toEqual([2, ''])
    expect(written.err).toMatch(message)
  })

  it('dates that could be two are not guessed', async () => {
    const written: string[] = []
    const sink = new Writable({
      write: (chunk, _, done) => {
        written.push(String(chunk))
        done()
      },
    })
    const unclear = file('email,created_at\nana@example.com,3/4/2026\n')
    const code = await run(['import', 'people', unclear], { out: sink, err: sink, stop: new AbortController().signal })
    expect([code, written.join('')]).toEqual([2, expect.stringContaining('"3/4/2026", which begin with the day or')])
  })
})

describeRealData('a year of orders of a shop', 'online-retail', data => {
  it('loads with what each customer bought, as the rows say', async () => {
    const server = await serve('postgres')
    const rows = gunzipSync(readFileSync(join(data, 'online-retail.csv.gz')))
      .toString('utf8')
      .split('\n')
      .slice(0, 20_000)
    const path = file(gzipSync(`${rows.join('\n')}\n`))
    const flags = ['--currency', 'GBP', '--time-zone', 'Europe/London', '--json']
    const { code, out } = await tesseraAt(server)('import', 'orders', path, ...flags)
    expect(code).toBe(1)
    const report = JSON.parse(out)
    expect([report.rows, report.good + report.bad + report.leftOut]).toEqual([19_999, 19_999])

    // The same worked out from the rows alone.
    const parser = csvParser()
    const [header, ...lines] = [...parser.push(`${rows.join('\n')}\n`), ...parser.end()].map(({ fields }) => fields)
    const column = (name: string): number => header!.findIndex(it => it.toLowerCase() === name)
    const [invoice, quantity, price, customer] = ['invoiceno', 'quantity', 'unitprice', 'customerid'].map(column)
    const spoiled = new Set(lines.flatMap(it => (Number(it[quantity!]) <= 0 ? it[invoice!]! : [])))
    const expected = new Map<string, { orders: Set<string>; pence: number }>()
    for (const it of lines) {
      const who = it[customer!]!.replace(/\.0$/, '')
      if (who === '' || spoiled.has(it[invoice!]!)) continue
      const mine = expected.get(who) ?? { orders: new Set<string>(), pence: 0 }
      expected.set(who, mine)
      mine.orders.add(it[invoice!]!)
      mine.pence += Math.round(Number(it[price!]) * 100) * Number(it[quantity!])
    }
    expect(expected.size).toBeGreaterThan(200)
    const exported = rowsOf((await server.call('GET', '/v1/exports/people')).text)
    const told = exported.map(row => [row.user_id, Number(row.orders), JSON.parse(row.spend!).GBP]).sort()
    expect(told).toEqual([...expected].map(([who, { orders, pence }]) => [who, orders.size, pence]).sort())
    expect(report.made.orders).toBe([...expected.values()].reduce((sum, { orders }) => sum + orders.size, 0))
  })
})

describeRealData('a year of a supermarket', 'complete-journey', data => {
  it('can be read with a mapping, its whole amounts as prices', async () => {
    const map = file(
      'columns: { household_id: userId, basket_id: order, transaction_timestamp: date, product_id: sku, sales_value: unitPrice, store_id: location }\nset: { quantity: "1", channel: store }\n',
    )
    const server = await serve('postgres')
    const [header, ...rows] = readFileSync(join(data, 'transactions_sample.csv'), 'utf8').trimEnd().split('\n')
    const basketOf = (row: string): string => row.split(',')[2]!
    // A sample of rows lies in no order, and the rows of an order must lie near each other.
    const sorted = rows.toSorted((a, b) => (basketOf(a) < basketOf(b) ? -1 : 1))
    const path = file([header, ...sorted, ''].join('\n'))
    const { out, err } = await tesseraAt(server)(
      'import',
      'orders',
      path,
      '--map',
      map,
      '--dry-run',
      '--json',
      '--currency',
      'USD',
    )
    expect(err.split('\n').filter(line => line !== '' && !line.startsWith('{'))).toEqual([])
    expect(JSON.parse(out)).toMatchObject({ rows: 75_000, bad: 0, stored: 0, made: { lines: 75_000 } })
  })
})
