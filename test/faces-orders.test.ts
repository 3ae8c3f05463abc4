import { beforeAll, describe, expect, it } from 'vitest'
import { fillOrders } from '../tools/fill-orders.mjs'
import { expectToFit, type FaceServer, type Look, looks, openFace, serveFaces, signIn } from './face.ts'
import { latte, makeOffer } from './server.ts'

/** Orders, decisions, codes and grants in the console, on the real server, in a real browser. */

let server: FaceServer
let cookie: Look['cookie']
let ids: Awaited<ReturnType<typeof fillOrders>>
beforeAll(async () => {
  server = await serveFaces()
  cookie = await signIn(server)
  ids = await fillOrders(async (method, path, body) => (await server.call(method, path, body)).json)
})

const screens: readonly (readonly [string, () => string])[] = [
  ['the orders', () => '/orders'],
  ['orders that there are none of', () => '/orders?state=cancelled'],
  ['an order', () => '/orders/web-1001'],
  ['what an order has been through', () => '/orders/web-1001?tab=history'],
  ['what an order moved in the ledger', () => '/orders/web-1001?tab=ledger'],
  ['a return', () => '/orders/web-1001/return'],
  ['a decision', () => `/decisions/${ids.decision}`],
  ['the codes', () => '/codes'],
  ['a code', () => '/codes?code=spring'],
  ['the codes of an offer', () => `/offers/${ids.code}/codes`],
  ['the grants of an offer', () => `/offers/${ids.grant}/grants`],
  ['what is in quarantine', () => '/identity/quarantine'],
]

describe.each(screens)('%s', (_name, path) => {
  it.each(looks)('is accessible and fits, $language at $width in $colours colours', async look => {
    await expectToFit(server, path(), { ...look, cookie })
  })
})

describe('whoever answers for an order', () => {
  it('sees every discount of every line, which add up to what was paid', async () => {
    const { page } = await openFace(server, '/orders', { cookie })
    await page.getByRole('combobox', { name: 'Search by' }).click()
    await page.getByRole('option', { name: 'Person' }).click()
    await page.getByRole('combobox', { name: 'Person', exact: true }).fill('Ana Bi')
    await page.getByRole('option', { name: /Ana Bianchi/ }).click()
    await page.waitForURL('**/orders?person=per_*')
    await page.getByRole('link', { name: 'web-1002' }).waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: 'web-1001' }).click()
    const table = page.getByRole('table', { name: 'Every line and each discount of it' })
    await table.getByRole('row', { name: /Croissant.*20% off pastry.*-€1.80.*5.00 off from 15.00/ }).waitFor()
    const { totals, lines } = (await server.call('GET', '/v1/orders/web-1001')).json
    const cents = async (row: ReturnType<typeof table.getByRole>, column: number): Promise<number> =>
      Number(/€(\d+\.\d\d)/.exec((await row.getByRole('cell').nth(column).textContent()) ?? '')![1]!.replace('.', ''))
    const shown = table.getByRole('row')
    const last = await shown.count()
    expect(last).toBe(lines.length + 3)
    expect(await cents(shown.last(), 4)).toBe(totals.total)
    let sum = 0
    for (let row = 1; row < last - 1; row++) sum += await cents(shown.nth(row), 4)
    expect(sum).toBe(totals.total)
    await page.getByText('Nobody knows this code. Check its spelling.').waitFor()
  })

  it('is told the refund before the return is made, and makes it once', async () => {
    await server.call('PUT', '/v1/orders/back', {
      ...{ state: 'placed', channel: 'web', currency: 'EUR' },
      lines: [{ ...latte, name: 'Latte' }],
    })
    const { page } = await openFace(server, '/orders/back', { cookie })
    await page.getByRole('link', { name: 'Return goods' }).click()
    await page.getByLabel('How many of Latte').fill('1')
    await page.getByText('The order then comes to').waitFor()
    await page.getByText('€4.50').first().waitFor()
    expect((await server.call('GET', '/v1/orders/back')).json.returned).toBeUndefined()
    await page.getByRole('combobox', { name: 'Reason' }).fill('damaged')
    await page.getByRole('button', { name: 'Make the return' }).click()
    await page.getByText('Goods came back').waitFor()
    const { returns } = (await server.call('GET', '/v1/orders/back/story')).json
    expect(returns).toMatchObject([{ refund: 450, reason: 'damaged', lines: [{ id: '1', quantity: 1 }] }])
  })

  it('cancels it after a plain question', async () => {
    await server.call('PUT', '/v1/orders/off', { state: 'placed', channel: 'web', currency: 'EUR', lines: [latte] })
    const { page } = await openFace(server, '/orders/off', { cookie })
    await page.getByRole('button', { name: 'Cancel the order' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click()
    await page.getByText('Order off is cancelled.').waitFor()
    expect((await server.call('GET', '/v1/orders/off')).json.state).toBe('cancelled')
  })
})

describe('whoever answers for codes', () => {
  it('has them made, and imports a list of which the bad lines are told first', async () => {
    const { offer } = await makeOffer(server, { name: 'Fresh' })
    const { page } = await openFace(server, `/offers/${offer}/codes`, { cookie })
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByLabel('Codes', { exact: true }).fill('code\nFRESH-1\nFRESH-2\nfresh 1')
    await page.getByText('2 codes are ready').waitFor()
    await page.getByText('stands above already').waitFor()
    await page.getByRole('button', { name: 'Import them' }).click()
    await page.getByText('2 codes are in.').waitFor()
    await page.getByRole('button', { name: 'Make codes' }).click()
    await page.getByLabel('How many').fill('25')
    await page.getByRole('button', { name: 'Make them' }).click()
    await page.getByRole('row', { name: /Made here, unique .* 25 0 0/ }).waitFor()
    const { data } = (await server.call('GET', `/v1/offers/${offer}/code-sets`)).json
    expect(data).toMatchObject([{ codes: 25 }, { codes: 2 }])
  })

  it('learns why a code was refused, blocks another and lets it go again', async () => {
    const { page } = await openFace(server, '/', { cookie })
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('winter26')
    await page.getByText('Look up code winter26').click()
    await page.getByText('Nobody knows this code').waitFor()
    await page.getByLabel('Code', { exact: true }).fill('winter')
    await page.getByRole('button', { name: 'Look it up' }).click()
    await page.waitForURL('**/codes?code=winter')
    await page.getByText('Nobody knows this code').waitFor()
    await page.getByRole('row', { name: /web-1001 Nobody knows this code.*Ana Bianchi/ }).waitFor()
    await page.getByLabel('Code', { exact: true }).fill('ana 1')
    await page.getByRole('button', { name: 'Look it up' }).click()
    await page.getByRole('button', { name: 'Block this code' }).click()
    await page.getByText('It is refused everywhere').waitFor()
    expect((await server.call('GET', '/v1/codes/ANA1')).json.data[0].blockedAt).not.toBeNull()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Nothing about the code itself stops it').waitFor()
  })
})
