import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { describeRealData } from '../../../test/real-data.ts'
import { serve, type TestServer } from '../../../test/server.ts'
import { freshFolder } from '../../../test/stores.ts'
import { run } from '../run.ts'

/** Runs a command line as the program would, with what it wrote where. */
const tessera = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  const written = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({
      write: (chunk, _, done) => {
        written[name] += String(chunk)
        done()
      },
    })
  const code = await run(args, { out: into('out'), err: into('err'), stop: new AbortController().signal })
  return { code, ...written }
}

const folder = freshFolder()
const file = (name: string, text?: string): string => {
  const path = join(folder, name)
  if (text !== undefined) writeFileSync(path, text)
  return path
}
const draft = file(
  'draft.yaml',
  `name: 2.00 off\ntrigger: { on: basket }\nwhen: order.subtotal >= 1000\nbenefit: { kind: amountOff, amount: 200, currency: GBP }\nlimits: { uses: 2 }\n`,
)
const orders = file(
  'orders.csv',
  [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    'A,LATTE,Latte,2,2011-01-03 10:00:00,6.00,17850,France',
    'A,BREAD,Bread,1,2011-01-03 10:00:00,3.00,17850,France',
    'B,LATTE,Latte,1,2011-01-04 10:00:00,6.00,,France',
    'C,LATTE,Latte,3,2011-02-01 10:00:00,6.00,17850,France',
    'CX,LATTE,Latte,-3,2011-02-02 10:00:00,6.00,17850,France',
    'D,LATTE,Latte,4,2011-03-01 10:00:00,6.00,13047,Italy',
  ].join('\n'),
)

describe('tessera simulate on a file', () => {
  it('gives points of the programmes in the file of drafts, to as many members as are asked for', async () => {
    const benefit = `{ kind: points, programme: club, per: { amount: 100, currency: GBP, points: 1 }, cap: { points: 20, period: month } }`
    const offers = `offers: [{ name: A point a pound, trigger: { on: basket }, benefit: ${benefit} }]`
    const terms = `programmes: { club: { name: Club, rate: { points: 10, worth: { amount: 100, currency: GBP } } } }`
    const whole = file('club.yaml', `${offers}\n${terms}\n`)
    const given = async (...args: string[]) => tessera('simulate', '--offers', whole, '--orders', orders, ...args)
    // 15 points in January, where of one who does not say who she is no cap is known; 18 in February; in March 20 of 24.
    expect((await given()).out).toMatch(/^A point a pound +53 +5\.30 GBP$/m)
    expect((await given('--members', 'none')).out).toMatch(/^A point a pound +0 +0\.00 GBP$/m)
    const wrong = await given('--members', 'some')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('it takes all, none, or a percentage')])
    const without = await tessera('simulate', '--offers', file('bare.yaml', offers), '--orders', orders)
    expect(without.err).toContain('bare.yaml says nothing of the programme "club"')
    const mistaken = file('mistaken.yaml', `${offers}\nprogrammes:\n  club:\n    name: Club\n    timeZone: Rome\n`)
    expect((await tessera('simulate', '--offers', mistaken, '--orders', orders)).err).toMatch(
      /line 5: \/programmes\/club\/timeZone/,
    )
  })

  it('prints a report to read', async () => {
    const { code, out, err } = await tessera('simulate', '--offers', draft, '--orders', orders, '--max-off', '13')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^4 orders of 2 people, 2011-01-03 to 2011-03-01: 63\.00 GBP\nDiscount 4\.00 GBP, 6\.3 %, on 2 orders \(50\.0 %\)\n1 orders do not say who bought: .*\n1 orders get more than 13 % off\n/,
    )
    expect(out).toMatch(/^2\.00 off +2\.00 GBP off +2 +1 +50\.0 % +4\.00 +12\.1 % +33\.00$/m)
    expect(out).toMatch(/^2\.00 off +uses +2 +2011-02-01 10:00 +1$/m)
    expect(out).toMatch(/^A +2011-01-03 +15\.00 +2\.00 +13\.3 % +2\.00 off 2\.00$/m)
    expect(out).toMatch(/^2011-01-03 +2 +21\.00 +2\.00 +9\.5 %$/m)
    expect(out).toMatch(/^cancellations: quantities of 0 or less +1 +1 +line 6: /m)
    expect(out).toMatch(/^- Everybody buys what they bought/m)
  })

  it('--json prints one JSON value and nothing else, the same each time', async () => {
    const args = ['simulate', '--offers', draft, '--orders', orders, '--json', '--from', '2011-01-04T00:00:00Z']
    const { code, out } = await tessera(...args)
    expect([code, out.match(/\n/g)]).toEqual([0, ['\n']])
    expect(JSON.parse(out)).toMatchObject({ orders: 3, discount: 400, setAside: { before: 1 }, file: { orders: 4 } })
    expect((await tessera(...args)).out).toBe(out)
    const until = await tessera(...args, '--to', '2011-02-01T00:00:00Z')
    expect(JSON.parse(until.out)).toMatchObject({ orders: 1, discount: 0 })
  })

  it('knows the country of a customer as a trait', async () => {
    const french = file(
      'french.yaml',
      readFileSync(draft, 'utf8').replace(
        'order.subtotal >= 1000',
        "has(person.traits.country) && person.traits.country == 'France'",
      ),
    )
    const { out } = await tessera('simulate', '--offers', french, '--orders', orders, '--json')
    expect(JSON.parse(out)).toMatchObject({ ordersTouched: 2, offers: [{ people: 1 }] })
  })

  it.each([
    [[], /--offers draft\.yaml/],
    [['--offers', draft], /--orders orders\.csv, or --orders stored/],
    [['--offers', draft, '--orders', orders, '--with-live'], /go with --orders stored/],
    [['--offers', draft, '--orders', 'stored', '--currency', 'GBP'], /belong to orders of a file/],
    [['--offers', draft, '--orders', orders, '--from', 'May'], /--from is "May"/],
    [['--offers', draft, '--orders', orders, '--max-off', '0'], /--max-off is "0"/],
    [['--offers', draft, '--orders', orders, '--combination', 'prioriti'], /Did you mean priority\?/],
    [['--offers', draft, '--orders', orders, '--time-zone', 'Paris'], /Europe\/London/],
    [
      [
        '--offers',
        file('free.yaml', 'name: A\ntrigger: { on: basket }\nbenefit: { kind: freeShipping }\n'),
        '--orders',
        orders,
      ],
      /--currency EUR/,
    ],
  ])('called wrongly: %#', async (args, message) => {
    const { code, out, err } = await tessera('simulate', ...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  it('tells mistakes in the drafts with their line, and files that are not there', async () => {
    const bad = file('bad.yaml', readFileSync(draft, 'utf8').replace('subtotal', 'subtotl'))
    expect(await tessera('simulate', '--offers', bad, '--orders', orders)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^bad\.yaml, line 3: \/when .*subtotal/),
    })
    expect((await tessera('simulate', '--offers', draft, '--orders', file('gone.csv'))).err).toMatch(/gone\.csv/)
  })
})

describe('tessera simulate on stored orders', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await serve('pglite')
    for (const [id, unitPrice] of [
      ['A', 500],
      ['B', 1500],
    ] as const)
      await server.call('PUT', `/v1/orders/${id}`, {
        channel: 'web',
        state: 'placed',
        currency: 'EUR',
        lines: [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice }],
      })
  })

  it('asks the server, and prints what it found', async () => {
    vi.stubEnv('TESSERA_KEY', server.adminKey)
    const euros = file('euros.yaml', readFileSync(draft, 'utf8').replace('GBP', 'EUR'))
    const args = ['simulate', '--offers', euros, '--orders', 'stored', '--with-live', '--url', server.url]
    const { code, out } = await tessera(...args)
    expect([code, out.split('\n')[1]]).toEqual([0, 'Discount 2.00 EUR, 10.0 %, on 1 orders (50.0 %)'])
    expect(JSON.parse((await tessera(...args, '--json')).out)).toMatchObject({ orders: 2, discount: 200 })
    vi.unstubAllEnvs()
  })
})

describeRealData('a campaign before Christmas', 'online-retail', path => {
  it('is simulated over a season, after nine months that tell who is new', async () => {
    const { code, out } = await tessera(
      ...['simulate', '--offers', 'examples/online-retail-campaign.yaml', '--from', '2011-09-01T00:00:00Z'],
      ...['--orders', join(path, 'online-retail.csv.gz'), '--time-zone', 'Europe/London', '--json'],
    )
    expect(code).toBe(0)
    const { offers, ...report } = JSON.parse(out)
    expect(report).toMatchObject({ orders: 7459, setAside: { before: 19_946 - 7459 }, file: { orders: 19_946 } })
    expect(offers[0]).toMatchObject({ discount: 2_000_000, limits: [{ limit: 'perPerson' }, { limit: 'budget' }] })
    expect(offers.map((it: { redemptions: number }) => it.redemptions > 0)).toEqual(offers.map(() => true))
  })
})
