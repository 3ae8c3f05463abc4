import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import { badRowsFile } from '../src/cli/import/bad-rows.ts'
import { isStreamed } from '../src/contract/endpoint.ts'
import { endpoints } from '../src/contract/index.ts'
import { csvParser, withoutEscape } from '../src/core/kernel/csv.ts'
import { makeOffer, serve, type TestServer } from './server.ts'
import { freshFolder } from './stores.ts'

/** What a spreadsheet would run, were it not told that it is text. */
const evils = ['=1+1', '+39 333', '-2+3', '@SUM(A1)', '\tcmd', '\rcmd'] as const

/** Every call that writes CSV. */
const written = endpoints.filter(it =>
  Object.values(it.answer).some(answer => isStreamed(answer) && answer.contentType === 'text/csv'),
)

/** Cells as a spreadsheet reads them. */
const cellsOf = (text: string): readonly string[] => {
  const csv = csvParser()
  return [...csv.push(text), ...csv.end()].flatMap(it => it.fields)
}
const isNumber = (cell: string): boolean => /^-?\d+(\.\d+)?$/.test(cell)
const runs = (cell: string): boolean => /^[=+\-@\t\r]/.test(cell) && !isNumber(cell)

let server: TestServer
let offer: string
/** Of whom the evidence is. */
const her = 'userId:=1+1'

beforeAll(async () => {
  server = await serve('postgres')
  const { call } = server
  const done = async (...args: Parameters<typeof call>) => {
    const answer = await call(...args)
    if (answer.status >= 300) throw new Error(`${args[1]}: ${answer.text}`)
    return answer.json
  }
  offer = (await makeOffer(server)).offer
  await done('PUT', '/v1/segments/listed', { kind: 'list', name: 'Listed' })
  for (const [index, evil] of evils.entries()) {
    const person = `userId:${evil}`
    await done('POST', '/v1/identify', { userId: evil, traits: { firstName: evil }, messageId: `${evil}i` })
    await done('POST', '/v1/track', {
      userId: evil,
      event: evil,
      messageId: `${evil}t`,
      properties: { note: evil },
      context: { channel: 'web' },
    })
    const lines = [{ id: `${evil}l`, sku: evil, name: evil, category: evil, quantity: 1, unitPrice: 100 }]
    await done('PUT', `/v1/orders/order-${index}`, { person, channel: 'web', state: 'placed', lines })
    const consent = {
      channel: 'email',
      purpose: 'marketing',
      state: 'given',
      textVersion: evil,
      evidence: { form: evil },
    }
    await done('PUT', `/v1/people/email:p${index}@example.com/consents`, { consents: [consent] })
    await done('PUT', `/v1/people/${encodeURIComponent(person)}/consents`, {
      consents: [{ ...consent, channel: 'app' }],
    }).catch(() => undefined)
    const value = { person, asset: 'credit:EUR', reason: 'other' }
    await done('POST', '/v1/adjustments', { ...value, amount: index % 2 ? 7 : 9, note: evil })
    await done('PATCH', '/v1/segments/listed/people', { add: [person] })
    await done('POST', `/v1/offers/${offer}/codes`, { codes: [`${evil}X${index}`] }).catch(() => undefined)
  }
})

/** What the API trims when it comes in, older rows and other ways in may hold. */
beforeAll(async () => {
  const database = openPostgres({ url: server.databaseUrl! })
  for (const [table, column] of [
    ['events', 'name'],
    ['adjustments', 'note'],
    ['consents', 'text_version'],
  ])
    await database.query(`update ${table} set ${column} = chr(13) || 'cmd' where ${column} = 'cmd'`)
  await database.close()
})

describe('no file that is opened in a spreadsheet runs what a customer wrote', () => {
  const textual = ['exportPeople', 'exportEvents', 'exportOrders', 'exportConsents', 'exportAdjustments']

  it.each(written.map(it => [it.name, it] as const))('%s', async (name, endpoint) => {
    const path = endpoint.path.replace('{id}', offer).replace('{ref}', encodeURIComponent(her))
    const { status, text } = await server.call(endpoint.method, path)
    expect(status).toBe(200)
    const cells = cellsOf(text)
    expect(cells.length).toBeGreaterThan(10)
    expect(cells.filter(runs)).toEqual([])
    if (!textual.includes(name)) return
    // What was written is all there, and reads as it was written once the apostrophe is taken away.
    const told = new Set(cells.filter(it => it.startsWith("'")).map(withoutEscape))
    const kept =
      name === 'exportPeople' || name === 'exportOrders' ? evils.slice(0, 4) : [...evils.slice(0, 4), '\rcmd']
    expect(kept.filter(evil => ![...told].some(it => it.startsWith(evil)))).toEqual([])
  })

  it('nor do the rows that an import could not take', async () => {
    const path = join(freshFolder(), 'bad.csv')
    const columns = evils.map(evil => `${evil} column`)
    const file = badRowsFile(path, { format: 'csv', columns })
    const cells = Object.fromEntries(columns.map((column, index) => [column, evils[index]]))
    await file.add({ line: 2, cells, surplus: [...evils] }, '=why')
    await file.end()
    const read = cellsOf(readFileSync(path, 'utf8'))
    expect(read).toHaveLength(2 + columns.length + 2 + columns.length + evils.length)
    expect(read.filter(runs)).toEqual([])
  })
})
