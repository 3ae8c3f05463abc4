import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type FaceServer,
  type Look,
  type OpenFace,
  openFace,
  overhang,
  serveFaces,
  settled,
  violations,
} from './face.ts'
import { latte, makeOffer } from './server.ts'
import { codeOf, signInCustomer } from './sign-in-customer.ts'

/** The customer's wallet on the real server, in a real browser. */

const ana = 'ana@example.com'
const club = {
  name: 'Coffee Club',
  unit: { one: 'star', many: 'stars' },
  rate: { points: 1, worth: { amount: 1, currency: 'EUR' } },
  expiry: { kind: 'after', months: 12 },
  transfers: { between: 'anyone', minimum: 10, minimumAgeDays: 0, feePercent: 10 },
  tiers: {
    by: 'points',
    period: { calendar: 'year' },
    levels: [
      { id: 'silver', name: 'Silver', threshold: 500 },
      { id: 'gold', name: 'Gold', threshold: 2000 },
    ],
  },
}

let server: FaceServer
let person: string
let cookie: Look['cookie']
const wallet = async () => (await server.call('GET', `/v1/people/${person}/wallet`)).json
const orderOf = (id: string, who: string) =>
  server.call('PUT', `/v1/orders/${id}`, { state: 'placed', channel: 'web', person: who, lines: [latte] })

beforeAll(async () => {
  server = await serveFaces()
  const { call } = server
  await call('PATCH', '/v1/workspaces/default', {
    topics: [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }],
  })
  await call('PUT', '/v1/programmes/club', club)
  await makeOffer(server, {
    name: 'A star a cent',
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: 'club', per: { amount: 1, currency: 'EUR', points: 1 } },
  })
  const coupon = await makeOffer(server, { name: 'A free coffee', trigger: { on: 'grant' } })
  await makeOffer(server, {
    name: 'A coffee on us',
    trigger: { on: 'request', moments: ['wallet'] },
    benefit: { kind: 'giveOffer', offer: coupon.offer },
    limits: { perPerson: 1 },
  })
  await call('POST', '/v1/identify', { userId: 'u-1', traits: { name: 'Ana Rossi', email: ana } })
  await call('POST', '/v1/people/links', { a: `email:${ana}`, b: 'loyaltyCard:4711000012' })
  for (const who of [ana, 'ben@example.com']) await call('PUT', `/v1/programmes/club/members/email:${who}`, {})
  await orderOf('web-1001', `email:${ana}`)
  const signedIn = await signInCustomer(server, ana)
  const [name, value] = signedIn.cookie.split('=') as [string, string]
  cookie = { name, value }
  person = signedIn.person
})

/** A page of the wallet with Ana signed in already. */
const open = (path: string, look: Look = {}): Promise<OpenFace> =>
  openFace(server, path, { width: 390, ...look, cookie })

/** The wallet of an address, through the message in the outbox. */
const signIn = async (page: Page, address: string): Promise<void> => {
  await page.getByLabel('E-mail address or phone number').fill(address)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByLabel('Code', { exact: true }).waitFor()
  await page.getByLabel('Code', { exact: true }).fill(await codeOf(server, address))
}

const screens = ['', '/code', '/activity', '/gift', '/join', '/you', '/you/permissions', '/you/devices', '/you/delete']
const looks: Look[] = [
  { language: 'en', width: 1440, colours: 'light' },
  { language: 'ar', width: 390, colours: 'dark' },
]

it.each(looks)('every screen is accessible and fits, $language at $width', async look => {
  const { page, errors } = await open('/wallet', look)
  for (const path of screens) {
    await page.goto(`${server.url}/wallet${path}`)
    await settled(page)
    expect([path, await page.evaluate('document.documentElement.lang')]).toEqual([path, look.language])
    expect([path, await violations(page)]).toEqual([path, []])
    expect([path, await overhang(page)]).toEqual([path, 0])
  }
  expect(errors).toEqual([])
})

it.each(looks)('the door is accessible and fits, $language at $width', async look => {
  const { page } = await openFace(server, '/wallet', look)
  expect(await violations(page)).toEqual([])
  expect(await overhang(page)).toBe(0)
})

describe('a customer', () => {
  it('signs in by the code that she is sent, sees the points of her order, and signs out', async () => {
    const { page } = await openFace(server, '/wallet', { width: 390 })
    await page.getByLabel('E-mail address or phone number').fill(ana)
    await page.getByRole('button', { name: 'Send me a code' }).click()
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await page.getByRole('alert').getByText('That is not the code').waitFor()
    await page.getByLabel('Code', { exact: true }).fill(await codeOf(server, ana))
    await page.getByRole('heading', { name: 'Hello, Ana Rossi' }).waitFor()
    const card = page.getByRole('region', { name: 'Coffee Club' })
    await card.getByText('900 stars').waitFor()
    await card.getByText('Silver').waitFor()
    await page.getByText('1,100 stars more to Gold').waitFor()
    await page.getByRole('link', { name: 'Activity' }).click()
    await page.getByText('For your order web-1001').waitFor()
    await page.getByRole('link', { name: 'You', exact: true }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('E-mail address or phone number').waitFor()
  })

  it('who is new says what she wants, and nothing is ticked for her', async () => {
    const address = 'cleo@example.com'
    const { page } = await openFace(server, '/wallet', { width: 390 })
    await signIn(page, address)
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
    await page.getByLabel('Your name').fill('Cleo')
    await page.getByRole('checkbox', { name: 'Join Coffee Club' }).check()
    await page.getByRole('button', { name: 'Open my wallet' }).click()
    await page.getByRole('heading', { name: 'Hello, Cleo' }).waitFor()
    await page.getByRole('region', { name: 'Coffee Club' }).getByText('0 stars', { exact: true }).waitFor()
    const { json } = await server.call('GET', `/v1/people/email:${address}/consents`)
    expect(json.permitted).toEqual([])
  })

  it('takes an offer, and then has it', async () => {
    const { page } = await open('/wallet')
    await page.getByRole('button', { name: 'Get it' }).click()
    await page.getByText('It is yours: A coffee on us').waitFor()
    await page.getByRole('heading', { name: 'A free coffee' }).waitFor()
    expect((await wallet()).grants).toMatchObject([{ name: 'A free coffee', state: 'issued' }])
  })

  it('gives points after she has seen what arrives, and is told why where she may not', async () => {
    const { page } = await open('/wallet/gift')
    const give = async (points: string): Promise<void> => {
      await page.getByLabel('How many').fill(points)
      await page.getByRole('button', { name: 'Look before giving' }).click()
    }
    await page.getByLabel('To whom').fill('ben@example.com')
    await give('5')
    await page.getByRole('alert').getByText('At least 10 must be given at once.').waitFor()
    await give('100')
    await page.getByText('90 stars', { exact: true }).waitFor()
    const { balance } = (await wallet()).programmes[0]
    await page.getByRole('button', { name: 'Give now' }).click()
    await page.getByRole('heading', { name: 'Done' }).waitFor()
    expect((await wallet()).programmes[0].balance).toBe(balance - 100)
  })

  it('says what the business may send, and takes it back', async () => {
    const { page } = await open('/wallet/you/permissions')
    const permitted = async () => (await server.call('GET', `/v1/people/${person}/consents`)).json.permitted
    const news = page.getByLabel('News and offers')
    await news.click()
    await page.getByText('Saved.').waitFor()
    expect(await permitted()).toContain('email/marketing')
    await news.click()
    await page.locator('input:not(:checked):enabled').first().waitFor()
    await expect.poll(permitted).toEqual([])
  })

  it('shows a code that tells who she is, and the bars of her card', async () => {
    const { page } = await open('/wallet/code')
    await page.getByRole('img', { name: 'Bar code of the card 4711000012' }).waitFor()
    await page.getByRole('img', { name: 'Your code, for the scanner' }).waitFor()
    const token = await page.locator('[data-token]').getAttribute('data-token')
    const { status, json } = await server.call('POST', '/v1/wallet-tokens/read', { token })
    expect([status, json]).toEqual([200, { person, card: '4711000012' }])
  })

  it('reads without a network what she saw, shows her code, and is told what has to wait', async () => {
    const { page, context } = await open('/wallet/you')
    const stars = page.getByText(`${(await wallet()).programmes[0].balance} stars`, { exact: true })
    await page.evaluate('navigator.serviceWorker.ready')
    await page.getByRole('link', { name: 'Home' }).click()
    await stars.waitFor()
    await page.getByRole('link', { name: 'Code', exact: true }).click()
    await page.getByRole('img', { name: 'Your code, for the scanner' }).waitFor()
    await context.setOffline(true)
    await page.goto(`${server.url}/wallet`)
    await stars.waitFor()
    await page.getByText('As of').waitFor()
    await page.getByText('No connection').waitFor()
    await page.getByRole('link', { name: 'Give points' }).click()
    expect(await page.getByRole('button', { name: 'Look before giving' }).isDisabled()).toBe(true)
    await page.getByText('This needs a connection.').waitFor()
    await page.goto(`${server.url}/wallet/code`)
    await page.getByRole('img', { name: 'Bar code of the card 4711000012' }).waitFor()
    await context.close()
  })
})
