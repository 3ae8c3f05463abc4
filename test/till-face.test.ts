import { beforeAll, describe, expect, it } from 'vitest'
import { expectToFit, type FaceServer, looks, serveFaces, settled, violations } from './face.ts'
import { makeOffer } from './server.ts'
import { enter, enterPin, lease, openTill, scan, sell } from './till-page.ts'

/** The till on the real server, in a real browser: what a clerk does from the morning to the evening. */

let server: FaceServer
const keys: Record<string, string> = {}
const ana = 'email:ana@example.com'

beforeAll(async () => {
  server = await serveFaces()
  const { call } = server
  for (const name of ['till-1', 'till-2', 'till-3']) {
    const made = await call('POST', '/v1/keys', { name, scope: 'till', channel: 'store', location: 'store-12' })
    keys[name] = made.json.key
  }
  await call('POST', '/v1/clerks', { name: 'Kim', pin: '4711' })
  await call('POST', '/v1/clerks', { name: 'Max', pin: '8150', supervisor: true })
  await call('PUT', '/v1/programmes/club', { name: 'Coffee Club', unit: { one: 'star', many: 'stars' } })
  await makeOffer(server, {
    name: 'A star a cent',
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: 'club', per: { amount: 1, currency: 'EUR', points: 1 } },
  })
  const once = await makeOffer(server, {
    name: 'Once for everybody',
    trigger: { on: 'code' },
    benefit: { kind: 'amountOff', amount: 50, currency: 'EUR' },
    limits: { perPerson: 1 },
  })
  await call('POST', `/v1/offers/${once.offer}/codes`, { codes: ['ONCE'], shared: true })
  await call('POST', '/v1/identify', { userId: 'u-1', traits: { name: 'Ana Rossi', email: 'ana@example.com' } })
  await call('PUT', `/v1/programmes/club/members/${ana}`, {})
})

const order = async (id: string) => (await server.call('GET', `/v1/orders/${id}`)).json

describe('a till', () => {
  it.each(looks)('is accessible and fits before it is paired, $language at $width', async look => {
    await expectToFit(server, '/till', look)
  })

  it('is paired by a link, asks who serves, sells to a member, and undoes the sale', async () => {
    const { page, errors } = await openTill(server, keys['till-1']!)
    expect(page.url()).toBe(`${server.url}/till`)
    await scan(page, '2*latte')
    await page.getByRole('status', { name: 'Quantity of Caffè latte' }).getByText('2').waitFor()
    await enter(page, 'ana@example.com')
    await page.getByText('Ana Rossi').waitFor()
    expect(await violations(page)).toEqual([])
    const id = await sell(page)
    expect(await violations(page)).toEqual([])
    expect(await order(id)).toMatchObject({ state: 'placed', totals: { total: 900 } })
    const story = (await server.call('GET', `/v1/orders/${id}/story`)).json
    expect(story).toMatchObject({ clerk: { name: 'Kim' }, location: 'store-12' })
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByRole('heading', { name: 'Undone' }).waitFor()
    expect((await order(id)).state).toBe('cancelled')
    expect(errors).toEqual([])
  })

  it('sets a basket aside for the next customer, whose own gift card pays without being typed, and tells the change', async () => {
    const issued = await server.call('POST', '/v1/gift-cards', { amount: 300, active: true })
    await server.call('POST', '/v1/gift-cards/keep', { code: issued.json.data[0].code, person: ana })
    const { page } = await openTill(server, keys['till-1']!)
    await page.getByRole('button', { name: 'Mug' }).click()
    await page.getByRole('button', { name: 'Set aside' }).click()
    await page.getByRole('button', { name: 'Caffè latte' }).click()
    await enter(page, 'ana@example.com')
    await page.getByText('Ana Rossi').waitFor()
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByRole('button', { name: /^Gift card …/ }).click()
    await page.locator('.due').getByText('€1.50').waitFor()
    await page.getByRole('button', { name: '€5.00' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Finish the sale' }).click()
    await page.locator('.change-back').getByText('€3.50').waitFor()
    expect(await page.locator('.receipt-business').textContent()).toBe('Default')
    const [id] = /[0-9A-Z]{5}-\d{4}/.exec((await page.locator('.receipt-head').textContent()) ?? '') ?? []
    expect(await order(id ?? '')).toMatchObject({ paid: [{ type: 'giftCard', amount: 300, left: 0 }], due: 150 })
    await page.getByRole('button', { name: 'Next customer' }).click()
    await page.getByRole('region', { name: 'Baskets set aside' }).getByRole('button', { name: /^Mug/ }).click()
    await page.getByRole('status', { name: 'Quantity of Mug' }).waitFor()
    expect(await page.getByRole('region', { name: 'Baskets set aside' }).count()).toBe(0)
  })

  it('lets a supervisor change a price, with a reason that stands in the order', async () => {
    const { page } = await openTill(server, keys['till-1']!)
    await page.getByRole('button', { name: 'Mug' }).click()
    await page.getByRole('button', { name: 'Change the price of Mug' }).click()
    await page.getByLabel('New price, each').fill('7.50')
    await page.getByLabel('Reason').selectOption('damaged')
    await page.getByLabel('PIN').fill('8150')
    await page.getByRole('button', { name: 'Allow it' }).click()
    const id = await sell(page)
    const { lines } = (await server.call('GET', `/v1/orders/${id}/basket`)).json
    expect(lines).toMatchObject([{ unitPrice: 750, attributes: { priceWas: 900, priceReason: 'damaged' } }])
  })

  it('takes goods back by the receipt’s code, one of three first, and tells the refund before it is paid', async () => {
    const { page } = await openTill(server, keys['till-1']!)
    await enter(page, '3*mug')
    await page.getByRole('button', { name: 'Caffè latte' }).click()
    const id = await sell(page)
    expect(await page.locator('.receipt .qr').getAttribute('data-token')).toBe(id)
    await page.getByRole('button', { name: 'Next customer' }).click()
    await scan(page, id)
    await page.getByLabel('Of Mug come back').waitFor()
    await page.getByRole('button', { name: 'One Mug more' }).click()
    await page.locator('.sums').getByText('€9.00').waitFor()
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /Taken back.*Pay out.*€9\.00/ })
      .waitFor()
    expect((await server.call('GET', `/v1/orders/${id}/story`)).json.returns).toHaveLength(1)

    // The next day: two are left, and whoever presses fast is told the refund of both.
    await scan(page, id.toLowerCase())
    await page.getByText('1 came back already').waitFor()
    const more = page.getByRole('button', { name: 'One Mug more' })
    await more.click()
    await more.click()
    expect(await more.isDisabled()).toBe(true)
    await page.locator('.sums').getByText('€18.00').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Take it back' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /Taken back.*Pay out.*€18\.00/ })
      .waitFor()
    expect((await order(id)).returned).toMatchObject({ refunded: 2700, lines: { 1: 3 } })
  })

  it('undoes a sale once, also where the answer is lost and it is undone again without a network', async () => {
    const { page, context } = await openTill(server, keys['till-1']!)
    await page.getByRole('button', { name: 'Mug' }).click()
    const id = await sell(page)
    await context.route(`**/v1/orders/${id}`, async route => {
      await route.fetch()
      await context.setOffline(true)
      await route.abort()
    })
    const undo = page.getByRole('button', { name: /^Undo/ })
    await undo.click()
    await page.getByRole('alert').waitFor()
    expect((await order(id)).state).toBe('cancelled')
    await undo.click()
    await page.getByRole('heading', { name: 'Undone' }).waitFor()
    await page.getByText('1 entry waits').waitFor()
    await context.setOffline(false)
    await page.getByText('1 entry waits').waitFor({ state: 'hidden' })
    const { data: packs } = (await server.call('GET', '/v1/packs?limit=100')).json
    const journals = packs.map((it: { id: string }) => server.call('GET', `/v1/packs/${it.id}/journal`))
    const entries = (await Promise.all(journals)).flatMap(it => it.json.data)
    const its = entries.filter(it => it.order === id)
    expect(its).toMatchObject([{ kind: 'return', state: 'settled', differences: [] }])
    expect(await order(id)).not.toHaveProperty('returned')
  })

  it('sells before what decides without a network is there', async () => {
    const { page, context } = await openTill(server, keys['till-1']!)
    await page.evaluate(`navigator.serviceWorker.ready.then(worker => worker.unregister())`)
    let asked = 0
    await context.route(/offline-.*\.js$/, route => {
      asked += 1
      return route.abort()
    })
    await page.reload()
    await settled(page)
    await enterPin(page)
    await page.getByRole('button', { name: 'Caffè latte' }).waitFor()
    await scan(page, '2*latte')
    expect(await order(await sell(page))).toMatchObject({ totals: { total: 900 } })
    expect(asked).toBeGreaterThan(0)
  })

  it('makes a member of a programme that began after its pack, and says by name what she cannot use yet', async () => {
    const { page } = await openTill(server, keys['till-1']!)
    await server.call('PUT', '/v1/programmes/late', { name: 'Late Club', unit: { one: 'moon', many: 'moons' } })
    const { offer } = await makeOffer(server, {
      trigger: { on: 'grant' },
      benefit: { kind: 'amountOff', amount: 50, currency: 'EUR' },
    })
    await makeOffer(server, {
      name: 'For regulars',
      trigger: { on: 'request', moments: ['till'] },
      benefit: { kind: 'giveOffer', offer },
      when: 'person.orders.count > 50',
      limits: { perPerson: 1 },
    })
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: 'Card, phone or e-mail' }).fill('bea@example.com')
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByText('Nobody is known by this:').waitFor()
    await page.getByLabel('Joins').selectOption('Late Club')
    await page.getByRole('button', { name: 'Add and go on' }).click()
    await page.getByText('See what can be used').waitFor()
    await page.keyboard.press('F2')
    await page.getByText('Late Club').waitFor()
    await page.getByText('For regulars').waitFor()
    await page.getByText('Its condition is not met by this basket or customer.').first().waitFor()
    expect(await page.locator('main').textContent()).not.toMatch(/\b\w{3}_[0-9a-z]{26}/)
    expect(await violations(page)).toEqual([])
  })

  it('sells without a network what it holds, over a reload, and the journal arrives once', async () => {
    const euro = await makeOffer(server, {
      name: 'A euro off',
      trigger: { on: 'code' },
      benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
      limits: { perCode: 1 },
    })
    await server.call('POST', `/v1/offers/${euro.offer}/codes`, { codes: ['EURO'] })
    const { page, context } = await openTill(server, keys['till-2']!)
    await lease(page, 'EURO')
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
    await context.setOffline(true)
    await page.getByText('Offline since').waitFor()
    await page.getByRole('button', { name: 'Caffè latte' }).click()
    await enter(page, 'EURO')
    await enter(page, 'ONCE')
    await page.getByText('It is personal: ask who is buying.').waitFor()
    await enter(page, 'ana@example.com')
    await page
      .getByText(
        'It applies again when the till is online: it depends on who buys, and the till knows nothing of this person.',
      )
      .waitFor()
    await page.getByText('€3.50').first().waitFor()
    const id = await sell(page)
    await page.reload()
    await settled(page)
    await enterPin(page)
    await page.getByText('1 entry waits').waitFor()
    await context.setOffline(false)
    await page.getByText('1 entry waits').waitFor({ state: 'hidden' })
    expect(await order(id)).toMatchObject({ state: 'placed', totals: { total: 350 } })
    const { data } = (await server.call('GET', '/v1/orders?limit=100')).json
    expect(data.filter((it: { id: string }) => it.id === id)).toHaveLength(1)

    // The one use of the code is gone, and the next till says so.
    const other = await openTill(server, keys['till-3']!)
    await other.page.getByRole('button', { name: 'Caffè latte' }).click()
    await enter(other.page, 'EURO')
    await other.page.getByText('It has been used as often as it may be.').waitFor()

    // The end of the day: what was leased goes back.
    await page.getByRole('button', { name: 'Online' }).click()
    await page.getByRole('button', { name: 'Close the till' }).click()
    await page.getByRole('button', { name: 'Open the till' }).waitFor()
  })
})
