import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { openInput } from './input.ts'
import { guessMapping, readMapping, readSet, writeMapping } from './mapping.ts'
import { type ImportKind, lineLists } from './targets.ts'

const inputOf = (text: string) => {
  const path = join(freshFolder(), 'rows.csv')
  writeFileSync(path, text)
  return openInput(path, Readable.from([]), { lists: lineLists })
}
const guess = async (kind: ImportKind, text: string): Promise<Record<string, string>> => {
  const { columns } = guessMapping(kind, await inputOf(text))
  return Object.fromEntries(
    Object.entries(columns).map(([column, { to, type }]) => [column, type ? `${to} (${type})` : to]),
  )
}

describe('a guessed mapping', () => {
  it.each<[ImportKind, string, Record<string, string>]>([
    [
      'people',
      'E-mail,Mobile Phone,customer_id,Card,First name,ZIP,Points,Vip,Date of birth,created_at,person,Note',
      {
        'E-mail': 'email',
        'Mobile Phone': 'phone',
        customer_id: 'userId',
        Card: 'loyaltyCard',
        'First name': 'traits.firstName',
        ZIP: 'traits.zip',
        Points: 'traits.points',
        Vip: 'traits.vip',
        'Date of birth': 'traits.birthday (date)',
        created_at: 'createdAt',
        Note: 'traits.note',
      },
    ],
    [
      'events',
      'Event Name,Time,userId,sku,Product Name',
      {
        'Event Name': 'event',
        Time: 'timestamp',
        userId: 'userId',
        sku: 'properties.sku',
        'Product Name': 'properties.Product_Name',
      },
    ],
    [
      'orders',
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      {
        InvoiceNo: 'order',
        StockCode: 'sku',
        Description: 'name',
        Quantity: 'quantity',
        InvoiceDate: 'date',
        UnitPrice: 'unitPrice',
        CustomerID: 'userId',
      },
    ],
    [
      'orders',
      '{"id":"A","created_at":"2026-03-01","email":"a@example.com","price":9,"name":"#1","line_items":[{"sku":"TEA","quantity":1,"price":9,"name":"Tea","id":7}]}',
      {
        id: 'order',
        created_at: 'date',
        email: 'email',
        'line.sku': 'sku',
        'line.quantity': 'quantity',
        'line.price': 'unitPrice',
        'line.name': 'name',
      },
    ],
    ['segments', 'segment,email,Name', { segment: 'segment', email: 'email' }],
    [
      'consents',
      'email,Opt-in,Date,Channel,Address',
      { email: 'email', 'Opt-in': 'state', Date: 'at', Channel: 'channel', Address: 'address' },
    ],
  ])('of %s with %s', async (kind, text, mapping) => {
    expect(await guess(kind, `${text}\n`)).toEqual(mapping)
  })

  it('looks at what stands in columns it has no name for', async () => {
    const text =
      'email,points,vip,zip,age\na@example.com,12.5,true,00123,31\nb@example.com,3,FALSE,20121,\nc@example.com,,,,x\n'
    expect(await guess('people', text)).toMatchObject({
      points: 'traits.points (number)',
      vip: 'traits.vip (boolean)',
      zip: 'traits.zip',
      age: 'traits.age',
    })
  })

  it('takes a column for an address or a kind only where it holds such', async () => {
    const text = 'email,address,type\nana@example.com,"Via Roma 1, Milano",Latte\n'
    expect(await guess('consents', text)).toEqual({ email: 'email' })
    expect(await guess('events', text)).toMatchObject({ type: 'properties.type', address: 'properties.address' })
  })
})

describe('a mapping file', () => {
  const csv = 'E-mail,Nato il,Punti,Note\nana@example.com,3/4/1990,"1,5",x\n'
  const map = `kind: people
columns:
  E-mail: email
  Nato il: { to: traits.birthday, type: date, format: dmy }
  Punti: { to: identifiers.seatNumber }
  Note: null
set: { channel: store }
`

  it('says what each column becomes', async () => {
    expect(readMapping('people', 'map.yaml', map, await inputOf(csv))).toEqual({
      kind: 'people',
      columns: {
        'E-mail': { to: 'email' },
        'Nato il': { to: 'traits.birthday', type: 'date', format: 'dmy' },
        Punti: { to: 'identifiers.seatNumber' },
      },
      set: { channel: 'store' },
    })
  })

  it('is what was written of a guess', async () => {
    const input = await inputOf(csv)
    const guessed = { ...guessMapping('people', input), set: readSet('people', 'channel=store') }
    expect(readMapping('people', 'map.yaml', writeMapping(guessed, input), input)).toEqual(guessed)
  })

  it.each([
    ['columns: { E-mail: e_mail }', /"E-mail": people have no "e_mail".*Did you mean email\?/],
    ['columns: { Email: email }', /a column "Email", which rows\.csv does not have\. Did you mean "E-mail"\?/],
    ['columns: { E-mail: email, Note: email }', /two columns become email/],
    ['columns: { E-mail: properties.x }', /people have no "properties.x"/],
    ['columns: { E-mail: { to: email, typ: text } }', /\/columns\/E-mail/],
    ['kind: orders\ncolumns: {}', /maps orders, not people/],
    ['columns: [', /map\.yaml: /],
    ['set: { chanel: store }\ncolumns: {}', /Did you mean channel\?/],
  ])('%s is refused', async (text, message) => {
    const input = await inputOf(csv)
    expect(() => readMapping('people', 'map.yaml', text, input)).toThrow(message)
  })

  it('has fixed values beside it', () => {
    expect(readSet('consents', 'channel=email, purpose=marketing')).toEqual({ channel: 'email', purpose: 'marketing' })
    expect(() => readSet('consents', 'channel')).toThrow(/channel=store/)
    expect(() => readSet('consents', 'chanel=email')).toThrow(/Did you mean channel/)
  })
})
