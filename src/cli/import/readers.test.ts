import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { cellReader } from './cells.ts'
import { consentsReader } from './consents.ts'
import { eventsReader } from './events.ts'
import { openInput } from './input.ts'
import { guessMapping, type Mapping } from './mapping.ts'
import { ordersReader } from './orders.ts'
import { peopleReader } from './people.ts'
import type { ReaderOptions, Reading, RowReader } from './reader.ts'
import { segmentsReader } from './segments.ts'
import { type ImportKind, lineLists } from './targets.ts'

const readers: Readonly<Record<ImportKind, (options: ReaderOptions & { currency: string }) => RowReader>> = {
  people: peopleReader,
  events: eventsReader,
  orders: ordersReader,
  segments: segmentsReader,
  consents: consentsReader,
}

type Asked = Partial<Omit<ReaderOptions, 'mapping' | 'currency'>> & { readonly set?: Mapping['set'] }

/** What becomes of the rows of a file, as one line for each reading that tells what was sent or why not. */
const read = async (kind: ImportKind, text: string, { set = {}, ...options }: Asked = {}) => {
  const path = join(freshFolder(), 'rows.csv')
  writeFileSync(path, text)
  const input = await openInput(path, Readable.from([]), { lists: lineLists })
  const reader = readers[kind]({
    mapping: { ...guessMapping(kind, input), set },
    cells: cellReader({ decimal: undefined, dateFormat: undefined, timeZone: 'UTC' }),
    country: undefined,
    timeZone: 'UTC',
    currency: 'EUR',
    verified: true,
    source: undefined,
    idPrefix: 'imp-x',
    ...options,
  })
  const readings: Reading[] = []
  for await (const rows of input.rows()) for (const row of rows) readings.push(...reader.take(row))
  readings.push(...reader.end())
  return {
    messages: readings.flatMap(it => ('item' in it ? [it.item.message] : [])),
    bad: readings.flatMap(it => ('bad' in it ? [`${it.bad.line}: ${it.reason}`] : [])),
    leftOut: readings.flatMap(it =>
      'leftOut' in it ? [`${it.leftOut.map(({ line }) => line).join(', ')}: ${it.reason}`] : [],
    ),
    made: reader.made(),
  }
}
const ref = (type: string, id: string) => ({ type, id, collection: 'users', encoding: 'none' })

describe('people', () => {
  it('become identify calls with all identifiers of a row and its other cells as traits', async () => {
    const text = `user_id,email,phone,card,first name,points,created_at,channel
17850.0,Ana@Example.com,333 123 4567,42,Ana,7,2024-05-01 10:00,store
,,,77,,,,
`
    const { messages, bad, made } = await read('people', text, { country: 'IT', source: 'crm' })
    expect(bad).toEqual([])
    expect(messages).toEqual([
      {
        type: 'identify',
        messageId: 'imp-x-2',
        timestamp: '2024-05-01T10:00:00.000Z',
        userId: '17850',
        traits: { firstName: 'Ana', points: 7 },
        context: {
          history: true,
          channel: 'store',
          source: 'crm',
          externalIds: [ref('email', 'Ana@Example.com'), ref('phone', '+393331234567'), ref('loyaltyCard', '42')],
        },
      },
      {
        type: 'identify',
        messageId: 'imp-x-3',
        traits: {},
        context: { history: true, source: 'crm', externalIds: [ref('loyaltyCard', '77')] },
      },
    ])
    expect(made).toEqual({ people: 2, identifiers: { userId: 1, email: 1, phone: 1, loyaltyCard: 2 } })
  })

  it('may be told in the form of an export, with JSON', async () => {
    const text = `person,email,identifiers,traits,orders,erased_at
per_1,ana@example.com,"[""email:ana@example.com"",""anonymousId:a 1"",""userId:7""]","{""age"":31,""tags"":[1]}",3,
per_2,,[],{},0,2026-03-01T10:00:00Z
`
    const { messages, leftOut } = await read('people', text)
    expect(messages).toMatchObject([
      {
        userId: '7',
        anonymousId: 'a 1',
        traits: { age: 31, tags: [1] },
        context: { externalIds: [ref('email', 'ana@example.com')] },
      },
    ])
    expect(leftOut).toEqual(['3: erased: nothing to import'])
  })

  it('are proven one human, unless the row or the flag says otherwise', async () => {
    const context = async (text: string, verified: boolean) =>
      (await read('people', text, { verified })).messages.map(it => (it as { context: object }).context)
    expect(await context('email,verified\na@example.com,no\nb@example.com,\n', true)).toEqual([
      expect.objectContaining({ verified: false }),
      expect.not.objectContaining({ verified: false }),
    ])
    expect(await context('email,verified\na@example.com,yes\nb@example.com,\n', false)).toEqual([
      expect.not.objectContaining({ verified: false }),
      expect.objectContaining({ verified: false }),
    ])
  })

  it.each([
    ['email\nana\n', 'email: it is not an e-mail address'],
    ['phone\n333 123 4567\n', 'phone: it needs its country code, such as +39'],
    ['email,name\n,Ana\n', 'names nobody: no e-mail address, phone number, user id or other identifier'],
    ['identifiers\nana@example.com\n', 'identifiers: not type:value, such as email:ana@example.com'],
    ['email,created_at\na@example.com,yesterday\n', 'createdAt: no time such as 2026-03-01 10:00'],
    ['email,traits\na@example.com,[1]\n', 'traits: no JSON object'],
    ['email,channel\na@example.com,the store\n', 'channel: no short name such as store'],
    ['email,birthday\na@example.com,3/4/1990\n', 'traits.birthday: no date'],
    ['email,name\na@example.com,x,y\n', '3 fields where the header has 2'],
    [`email,name\na@example.com,${'x'.repeat(40_000)}\n`, 'more than 32768 bytes'],
    ['email,name\na@example.com,\u0000\n', 'text that cannot be stored: it must not contain the character U+0000'],
  ])('of %j are bad', async (text, reason) => {
    const { messages, bad, made } = await read('people', text)
    expect([messages, bad, made.people]).toEqual([[], [`2: ${reason}`], 0])
  })
})

describe('events', () => {
  it('keep their own ids and times; what has no column of its own is a property', async () => {
    const text = `event,timestamp,userId,messageId,sku,price
Product Viewed,2026-03-01T10:00:00Z,7,m-1,LATTE,4.5
Store Visited,2026-03-02 09:30,8,,,
`
    const { messages, made } = await read('events', text, { set: { channel: 'store' } })
    expect(messages).toEqual([
      {
        type: 'track',
        event: 'Product Viewed',
        messageId: 'm-1',
        timestamp: '2026-03-01T10:00:00.000Z',
        userId: '7',
        properties: { sku: 'LATTE', price: 4.5 },
        context: { history: true, channel: 'store' },
      },
      {
        type: 'track',
        event: 'Store Visited',
        messageId: 'imp-x-3',
        timestamp: '2026-03-02T09:30:00.000Z',
        userId: '8',
        context: { history: true, channel: 'store' },
      },
    ])
    expect(made).toEqual({
      events: 2,
      names: { 'Product Viewed': 1, 'Store Visited': 1 },
      first: '2026-03-01T10:00:00.000Z',
      last: '2026-03-02T09:30:00.000Z',
    })
  })

  it('are taken as the tracking API writes them', async () => {
    const events = [
      { type: 'page', name: 'Menu', anonymousId: 'a1', properties: { path: '/menu' }, context: { ip: '::1' } },
      { type: 'alias', userId: 'u1', previousId: 'a1' },
      { type: 'group', userId: 'u1' },
      { type: 'walk', userId: 'u1' },
      { type: 'track', userId: 'u1' },
    ]
    const { messages, bad, leftOut } = await read('events', events.map(it => JSON.stringify(it)).join('\n'))
    expect(messages).toEqual([
      {
        type: 'page',
        name: 'Menu',
        messageId: 'imp-x-1',
        anonymousId: 'a1',
        properties: { path: '/menu', name: 'Menu' },
        context: { ip: '::1', history: true },
      },
      { type: 'alias', messageId: 'imp-x-2', userId: 'u1', previousId: 'a1', context: { history: true } },
    ])
    expect(leftOut).toEqual(['3: group without its groupId'])
    expect(bad).toEqual([
      '4: type: none of track, identify, page, screen, group, alias',
      '5: event: its name has 1 to 256 characters',
    ])
  })
})

const header = 'order,date,sku,quantity,price,email,card'
describe('orders', () => {
  it('become one event each, with their lines, sums and who bought', async () => {
    const text = `order,date,sku,name,category,quantity,price,email,card,channel,location,shipping,discount,total,codes
A,2026-03-01 10:00,LATTE,Caffè latte,coffee,2,4.50,ana@example.com,42,store,store-12,4.90,1.80,12.10,SUMMER
A,2026-03-01 10:00,BEANS,,coffee,0.734,12.50,ana@example.com,42,store,store-12,4.90,1.80,12.10,SUMMER
A,2026-03-01 10:00,,Gift,,1,0,ana@example.com,42,store,store-12,4.90,1.80,12.10,SUMMER
`
    const { messages, made } = await read('orders', text)
    expect(messages).toEqual([
      {
        type: 'track',
        event: 'Order Completed',
        messageId: 'imp-x-2',
        timestamp: '2026-03-01T10:00:00.000Z',
        properties: {
          order_id: 'A',
          currency: 'EUR',
          shipping: '4.90',
          discount: '1.80',
          total: '12.10',
          coupon: 'SUMMER',
          location: 'store-12',
          products: [
            { sku: 'LATTE', name: 'Caffè latte', category: 'coffee', quantity: 2, price: '4.50' },
            { sku: 'BEANS', category: 'coffee', quantity: 1, price: '9.18' },
            { name: 'Gift', quantity: 1, price: '0.00' },
          ],
        },
        context: {
          history: true,
          channel: 'store',
          externalIds: [ref('email', 'ana@example.com'), ref('loyaltyCard', '42')],
        },
      },
    ])
    expect(made).toMatchObject({ orders: 1, lines: 3, amounts: { EUR: '18.18' } })
  })

  it('of a till that writes several at a time are whole', async () => {
    const text = `${header}
A,2026-03-01,TEA,1,1,a@example.com,
B,2026-03-01,TEA,1,1,b@example.com,
A,2026-03-01,CUP,1,1,a@example.com,
`
    const { messages } = await read('orders', text)
    expect(
      messages.map(it => (it as { properties: { order_id: string; products: { sku: string }[] } }).properties),
    ).toMatchObject([
      { order_id: 'A', products: [{ sku: 'TEA' }, { sku: 'CUP' }] },
      { order_id: 'B', products: [{ sku: 'TEA' }] },
    ])
  })

  it('with a bad row are bad as a whole, so that they can be mended as a whole', async () => {
    const text = `${header}
A,2026-03-01,TEA,1,1,a@example.com,
A,2026-03-01,CUP,-1,1,a@example.com,
B,2026-03-01,TEA,1,"1,50",b@example.com,
B,2026-03-01,CUP,1,1,b@example.com,
C,2026-03-01,TEA,1,1,c,
D,2026-03-01,TEA,1,1,d@example.com,
`
    const { messages, bad } = await read('orders', text)
    expect(messages).toMatchObject([{ properties: { order_id: 'D' } }])
    expect(bad.sort()).toEqual([
      '2: another row of the order is bad',
      '3: cancellations: quantities of 0 or less',
      '4: unitPrice: no number such as 12.50',
      '5: another row of the order is bad',
      '6: email: it is not an e-mail address',
    ])
  })

  it('of nobody, and orders that were never placed, are left out', async () => {
    const text = `${header},order_state\nA,2026-03-01,TEA,1,1,,,placed\nB,2026-03-01,TEA,1,1,b@example.com,,Cancelled\n`
    const { messages, leftOut, bad } = await read('orders', text)
    expect([messages, bad]).toEqual([[], []])
    expect(leftOut.sort()).toEqual(['2: orders that name nobody', '3: orders that are cancelled'])
  })

  it('are too large as a whole: every row of them is bad', async () => {
    const rows = Array.from({ length: 1_001 }, () => 'A,2026-03-01,TEA,1,1,a@example.com,')
    const { messages, bad } = await read('orders', [header, ...rows, ''].join('\n'))
    expect(messages).toEqual([])
    expect(bad).toHaveLength(1_001)
    expect(new Set(bad.map(it => it.split(': ')[1]))).toEqual(
      new Set(['orders of more than 1000 lines or 10000 units']),
    )
  })

  it('of many lines go without the names of their items where an event holds no more', async () => {
    const rows = Array.from({ length: 500 }, (_, index) => `A,2026-03-01,SKU-${index},1,1,${'x'.repeat(50)},7`)
    const { messages } = await read('orders', ['order,date,sku,quantity,price,name,card', ...rows, ''].join('\n'))
    const [{ properties }] = messages as [{ properties: { products: Record<string, unknown>[] } }]
    expect([properties.products.length, Object.keys(properties.products[0]!)]).toEqual([
      500,
      ['sku', 'quantity', 'price'],
    ])
  })
})

describe('consents', () => {
  it('are entries of the ledger for the address of their channel', async () => {
    const text = `email,phone,channel,purpose,state,at,how,evidence
Ana@Example.com,+39 333 1234567,email,marketing,subscribed,2024-05-01,form,"{""form"":""4711""}"
ana@example.com,+39 333 1234567,sms,marketing,no,,,
ana@example.com,,email,marketing,pending,,,
`
    const { messages, leftOut, made } = await read('consents', text)
    expect(messages).toEqual([
      {
        address: 'email:ana@example.com',
        channel: 'email',
        purpose: 'marketing',
        state: 'given',
        at: '2024-05-01T00:00:00.000Z',
        how: 'form',
        evidence: { form: '4711' },
      },
      { address: 'phone:+393331234567', channel: 'sms', purpose: 'marketing', state: 'withdrawn' },
    ])
    expect(leftOut).toEqual(['4: pending: no permission, nothing to import'])
    expect(made).toEqual({ entries: 2, states: { 'email/marketing given': 1, 'sms/marketing withdrawn': 1 } })
  })

  it.each([
    ['a@example.com,email,marketing,perhaps', 'state: neither given nor withdrawn'],
    ['a@example.com,pigeon,marketing,yes', expect.stringMatching(/^2: channel: /)],
    [',email,marketing,yes', expect.stringMatching(/names no address/)],
  ])('of %s are bad', async (row, reason) => {
    const { bad } = await read('consents', `email,channel,purpose,state\n${row}\n`)
    expect(bad).toEqual([typeof reason === 'string' ? `2: ${reason}` : reason])
  })
})

describe('segments', () => {
  it('are members by their strongest identifier, one segment after the other', async () => {
    const text =
      'segment,email,card\nvip,Ana@example.com,42\nvip,,77\ngold,b@example.com,\nvip,c@example.com,\nv i p,d@example.com,\n'
    const { messages, bad, made } = await read('segments', text)
    expect(messages).toEqual([
      { segment: 'vip', identifier: 'email:ana@example.com' },
      { segment: 'vip', identifier: 'loyaltyCard:77' },
      { segment: 'gold', identifier: 'email:b@example.com' },
    ])
    expect(bad).toEqual([
      '5: segment vip comes again after another one; sort the file by segment',
      '6: segment: no id such as vip; name it with --set segment=vip',
    ])
    expect(made).toEqual({ members: { vip: 2, gold: 1 } })
  })
})
