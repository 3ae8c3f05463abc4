import { beforeAll, describe, expect, it } from 'vitest'
import { expectToFit, type FaceServer, type Look, looks, openFace, serveFaces, signIn, violations } from './face.ts'

/** Balances in the console and what they came of, on the real server, in a real browser, for whoever keeps the books. */

let server: FaceServer
let cookie: Look['cookie']
let [person, holder, transaction] = ['', '', '']

/** 340 points: for an order that an event told of, and 40 given by hand. */
beforeAll(async () => {
  server = await serveFaces()
  cookie = await signIn(server, 'finance')
  const { call } = server
  await call('PUT', '/v1/programmes/club', { name: 'Coffee Club', unit: { one: 'bean', many: 'beans' } })
  const { id: campaign } = (await call('POST', '/v1/campaigns', { name: 'Coffee Club' })).json
  await call('POST', '/v1/offers', {
    campaign,
    name: 'A bean per euro',
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
  })
  await call('POST', '/v1/identify', { userId: 'u-1', traits: { name: 'Ana Rossi', email: 'ana@example.com' } })
  const ana = encodeURIComponent('userId:u-1')
  await call('PUT', `/v1/programmes/club/members/${ana}`, {})
  await call('PUT', '/v1/orders/web-1', {
    person: 'userId:u-1',
    channel: 'web',
    currency: 'EUR',
    state: 'placed',
    lines: [{ id: '1', sku: 'MACHINE', quantity: 1, unitPrice: 30_000 }],
  })
  await call('POST', '/v1/track', {
    userId: 'u-1',
    messageId: 'shop/4711',
    event: 'Order Completed',
    properties: { order_id: 'web-1', currency: 'EUR', total: 300, coupon: 'none' },
  })
  const gift = { person: 'userId:u-1', programme: 'club', amount: 40, reason: 'goodwill' }
  ;({ transaction } = (await call('POST', '/v1/adjustments', gift)).json)
  person = (await call('GET', `/v1/people/${ana}`)).json.id
  holder = (await call('GET', `/v1/accounts?person=${ana}`)).json.data[0].owner
})

const screens: readonly (readonly [string, () => string])[] = [
  ['the accounts', () => '/loyalty/ledger'],
  ['the accounts of a person', () => `/loyalty/ledger?person=${person}`],
  ['the accounts of the house', () => '/loyalty/ledger?owner=house'],
  ['nobody’s accounts', () => '/loyalty/ledger?asset=credit:EUR'],
  ['an account', () => `/loyalty/ledger/${holder}/points:club/main`],
  ['an account of the house', () => '/loyalty/ledger/house/points:club/earned'],
  ['a transaction', () => `/loyalty/transactions/${transaction}`],
  ['an event', () => `/events/${encodeURIComponent('shop/4711')}`],
  ['audits that there are none of', () => '/loyalty/audits'],
]

describe.each(screens)('%s', (_name, path) => {
  it.each(looks)('is accessible and fits, $language at $width in $colours colours', async look => {
    await expectToFit(server, path(), { ...look, cookie })
  })
})

describe('whoever keeps the books', () => {
  it('learns why Ana has 340 points: from the balance to the posting, the order and the event', async () => {
    const { page } = await openFace(server, `/people/${person}?tab=wallet`, { cookie })
    await page.getByRole('link', { name: '340 beans' }).click()
    await page.waitForURL(`**/loyalty/ledger?person=${person}&asset=points%3Aclub`)
    await page.getByRole('link', { name: 'Coffee Club · Can be spent' }).click()
    await page.getByRole('row', { name: /Adjusted Goodwill · by The admin key .* \+40 beans 340 beans/ }).waitFor()
    const earned = page.getByRole('row', { name: /Earned Order web-1 · A bean per euro .* \+300 beans 300 beans/ })
    await earned.getByRole('link', { name: 'Earned' }).click()
    await page.getByRole('row', { name: /Coffee Club · Earned The house .* -300 beans/ }).waitFor()
    await page.getByRole('row', { name: /Together 0 beans/ }).waitFor()
    await page.getByRole('link', { name: 'web-1' }).click()
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('link', { name: 'Order Completed' }).click()
    await page.waitForURL('**/events/shop%2F4711')
    await page.getByText('"coupon": "none"').waitFor()
  })

  it('finds somebody’s accounts by her name, and the order’s postings lead back to them', async () => {
    const { page } = await openFace(server, '/loyalty/ledger', { cookie })
    await page.getByRole('combobox', { name: 'Person' }).fill('Ana R')
    await page.getByRole('option', { name: /Ana Rossi/ }).click()
    await page.waitForURL(`**/loyalty/ledger?person=${person}`)
    await page.getByText('340 beans').first().waitFor()
    await page.goto(`${server.url}/orders/web-1?tab=ledger`)
    await page.getByRole('link', { name: 'Coffee Club · Can be spent' }).click()
    await page.waitForURL(`**/loyalty/ledger/${holder}/points%3Aclub/main`)
  })

  it('has the books added up again', async () => {
    const { page } = await openFace(server, '/loyalty/audits', { cookie })
    await page.getByRole('button', { name: 'Add up again' }).click()
    await page.getByText('Everything adds up').waitFor()
    await page.getByRole('row', { name: /Balances .* Nothing is off/ }).waitFor()
    expect(await page.getByRole('row', { name: /Done .* Nothing is off/ }).count()).toBe(1)
  })

  it('is told what is off, by name, where it lies and what to do', async () => {
    const { page } = await openFace(server, '/', { cookie })
    // Books are never wrong by way of the API.
    const account = `${holder}/points:club/main`
    const says = `The balance of ${account} is 440; its postings sum to 340: 100 too many.`
    const found = { promise: 1, what: 'balance', subject: account, is: 440, should: 340, says }
    const checks = [{ name: 'accounts', holds: 'Each balance is the sum of its postings', rows: 9, found: 1 }]
    const at = '2026-03-01T02:00:00.000Z'
    const job = 'job_01kjm6jm000000000000000000'
    const audit = { job, state: 'done', startedAt: at, updatedAt: at, found: 1, checks, findings: [found] }
    const body = JSON.stringify({ data: [audit], nextCursor: null })
    await page.route('**/v1/audits?*', route => route.fulfill({ body, contentType: 'application/json' }))
    await page.goto(`${server.url}/loyalty/audits`)
    await page.getByText('Make a back-up first').waitFor()
    await page
      .getByRole('row', { name: /Coffee Club · Can be spent .* Balances and postings .* 440 340 \+100/ })
      .waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'Coffee Club · Can be spent' }).click()
    await page.waitForURL(`**/loyalty/ledger/${holder}/points%3Aclub/main`)
  })
})
