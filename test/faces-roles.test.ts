import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { fillOrders } from '../tools/fill-orders.mjs'
import { type FaceServer, openFace, type Role, serveFaces, signIn } from './face.ts'
import { latte, makeOffer } from './server.ts'

/** Each role's main jobs, by the buttons that it has: on the real server, in a real browser. */

let server: FaceServer
let ids: Awaited<ReturnType<typeof fillOrders>>
const cookies = {} as Record<Role, { name: string; value: string }>
const roles = ['marketer', 'analyst', 'clerk', 'finance', 'support'] as const satisfies readonly Role[]

beforeAll(async () => {
  server = await serveFaces()
  ids = await fillOrders(async (method, path, body) => (await server.call(method, path, body)).json)
  for (const role of roles) cookies[role] = await signIn(server, role)
})

const open = async (role: Role, path: string) => (await openFace(server, path, { cookie: cookies[role] })).page
const get = async (path: string) => (await server.call('GET', path)).json

describe('a marketer', () => {
  it('pauses an offer and takes it back, has codes made for it, and finds no return to make', async () => {
    const page = await open('marketer', '/offers')
    await page.getByRole('link', { name: '5.00 off from 15.00' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    expect((await get(`/v1/offers/${ids.code}`)).state).toBe('paused')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('It is as it was.').waitFor()
    await page.getByRole('link', { name: 'Codes' }).last().click()
    await page.getByRole('button', { name: 'Make codes' }).waitFor()
    await page.goto(`${server.url}/orders/web-1002`)
    await page.getByText('Who competed, and who won').waitFor()
    expect(await page.getByRole('link', { name: 'Return goods' }).count()).toBe(0)
  })
})

describe('a clerk', () => {
  it('finds an order by its number, makes a return, and cannot touch an offer', async () => {
    const page = await open('clerk', '/')
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('web-1002')
    await page.getByText('Open order web-1002').click()
    await page.getByRole('link', { name: 'Return goods' }).click()
    await page.getByLabel('How many of Croissant').fill('2')
    await page.getByText('The order then comes to').waitFor()
    await page.getByRole('button', { name: 'Make the return' }).click()
    await page.getByText('Goods came back').waitFor()
    expect((await get('/v1/orders/web-1002/story')).returns).toMatchObject([{ lines: [{ id: '1', quantity: 2 }] }])
    await page.goto(`${server.url}/offers/${ids.grant}`)
    await page.getByRole('heading', { name: 'A croissant on us' }).waitFor()
    expect(await page.getByRole('button', { name: /Pause|End it/ }).count()).toBe(0)
  })
})

describe('support', () => {
  it('finds somebody by her address, opens her order, tries its code on a basket, and blocks it', async () => {
    const page = await open('support', '/people')
    await page.getByLabel('Search people').fill('ana.bianchi@')
    await page.getByRole('link', { name: 'Ana Bianchi' }).click()
    await page.getByRole('heading', { name: 'Ana Bianchi' }).waitFor()
    await page.goto(`${server.url}/orders?person=userId:u-7`)
    await page.getByRole('link', { name: 'web-1001' }).click()
    await page.getByRole('link', { name: 'SPRING' }).click()
    await page.getByLabel('Price in EUR').fill('14.90')
    await page.getByRole('button', { name: 'Try it' }).click()
    await page
      .getByText(/The offer’s condition is not met: worth of the basket is at least €15.00/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Block this code' }).click()
    await page.getByText('It is refused everywhere').waitFor()
    expect((await get('/v1/codes/spring')).data[0].blockedAt).not.toBeNull()
  })
})

describe('finance', () => {
  const fileOf = async (page: Page, button: string): Promise<string> => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ])
    return readFile(await file.path(), 'utf8')
  }

  it('opens what is owed, takes it as CSV, is told which month comes first, closes it, and takes its journal', async () => {
    await server.call('PUT', '/v1/programmes/club', {
      name: 'Club',
      rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
    })
    const { offer } = await makeOffer(server, {
      name: 'A point per euro',
      trigger: { on: 'basket' },
      benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
    })
    const joinedAt = '2026-01-01T10:00:00Z'
    await server.call('PUT', '/v1/programmes/club/members/userId:u-7', { source: 'till', joinedAt })
    const [occurredAt, lines] = ['2026-01-15T10:00:00Z', [{ ...latte, quantity: 10 }]]
    const order = { person: 'userId:u-7', channel: 'store', currency: 'EUR', state: 'placed', occurredAt, lines }
    await server.call('PUT', '/v1/orders/in-january', order)
    await server.call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })

    const page = await open('finance', '/loyalty/liability')
    await page.getByText('What moved it: Club').waitFor()
    expect(await fileOf(page, 'All of it as CSV')).toMatch(/^points:club,/m)
    await page.getByRole('link', { name: 'Closing' }).click()
    await page.getByRole('link', { name: 'February 2026' }).click()
    await page.getByRole('button', { name: 'Close February 2026' }).click()
    await page.getByText('February 2026 cannot be closed yet').waitFor()
    await page.getByRole('link', { name: 'First: January 2026' }).click()
    await page.getByRole('button', { name: 'Close January 2026' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close January 2026' }).click()
    await page.getByText('January 2026 is closed.').waitFor()
    expect((await get('/v1/closings')).data).toMatchObject([{ period: '2026-01', state: 'closed' }])
    expect(await fileOf(page, 'Journal (CSV)')).toMatch(/^2026-01,points:club,earned,EUR,0,0\.45\r?$/m)
  })
})

describe('a gift card', () => {
  it('is issued by finance, who gets its code once; support finds it by that code, blocks it and says why', async () => {
    const issuing = await open('finance', '/loyalty/gift-cards')
    await issuing.getByRole('button', { name: 'Issue cards' }).click()
    await issuing.getByLabel('How many').fill('2')
    await issuing.getByLabel('Worth of each').fill('25')
    await issuing.getByRole('dialog').getByRole('button', { name: 'Issue' }).click()
    const [code = ''] = (await issuing.getByLabel('Codes', { exact: true }).inputValue()).split('\n')
    const page = await open('support', '/loyalty/gift-cards')
    expect(await page.getByRole('button', { name: 'Issue cards' }).count()).toBe(0)
    await page.getByLabel('Code of a gift card').fill(code.toLowerCase())
    await page.getByRole('button', { name: 'Look it up' }).click()
    await page.getByRole('button', { name: 'Block' }).click()
    await page.getByRole('combobox', { name: 'Why' }).click()
    await page.getByRole('option', { name: 'Stolen' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await page.getByText('The card is blocked.').waitFor()
    expect(page.url()).not.toContain(code)
    expect(await page.getByText(code).count()).toBe(0)
    const card = { state: 'blocked', blockedFor: 'stolen', initial: 2500, activatedAt: null }
    expect(await get(`/v1/gift-cards/${code}`)).toMatchObject(card)
  })
})

describe('an analyst', () => {
  const pages: readonly (readonly [string, () => string, string])[] = [
    ['an offer', () => `/offers/${ids.grant}`, 'A croissant on us'],
    ['an order', () => '/orders/web-1001', 'Order web-1001'],
    ['a code', () => '/codes?code=ana1', 'Codes'],
    ['a person', () => '/people/userId:u-7', 'Ana Bianchi'],
    ['what is owed', () => '/loyalty/liability', 'Liability'],
    ['the months of the books', () => '/loyalty/closing?month=2026-02', 'Closing'],
  ]
  it.each(pages)('reads %s and has no button that changes it', async (_, path, heading) => {
    const page = await open('analyst', path())
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    const changing =
      /Pause|End it|Return goods|Cancel the order|Block this code|Give or take value|Erase|Merge|Issue to|^Close [A-Z]/
    expect(await page.getByRole('button', { name: changing }).count()).toBe(0)
    expect(await page.getByRole('link', { name: changing }).count()).toBe(0)
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
