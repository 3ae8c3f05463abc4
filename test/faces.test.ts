import { beforeAll, describe, expect, it } from 'vitest'
import { expectToFit, type FaceServer, type Look, looks, openFace, serveFaces, signIn } from './face.ts'
import { latte, makeOffer } from './server.ts'

/** The three web faces on the real server, in a real browser. */

let server: FaceServer
let cookie: Look['cookie']
let offer: string
let campaign: string
let card: string
beforeAll(async () => {
  server = await serveFaces()
  cookie = await signIn(server)
  ;({ offer, campaign } = await makeOffer(server, {
    name: 'A euro off coffee',
    when: "channel in ['store', 'web']",
    channels: { show: ['web'], redeem: ['store', 'web'] },
    limits: { uses: 1000, perPerson: 1, budget: { amount: 50_000, currency: 'EUR' } },
    validity: { from: '2026-03-01T00:00:00Z', to: '2126-03-01T00:00:00Z', timeZone: 'Europe/Rome' },
  }))
  const cards = await server.call('POST', '/v1/gift-cards', { amount: 5000, count: 2, active: true })
  card = cards.json.data[0].id
  await server.call('POST', `/v1/gift-cards/${card}/block?reason=stolen`)
})

/** Every screen: its name, its address, and whether one has to be signed in. */
const screens: readonly (readonly [string, () => string, boolean])[] = [
  ['the sign-in', () => '/sign-in', false],
  ['the home page', () => '/', true],
  ['the offers', () => '/offers', true],
  ['an offer', () => `/offers/${offer}`, true],
  ['the versions of an offer', () => `/offers/${offer}?tab=versions`, true],
  ['an offer as JSON', () => `/offers/${offer}?tab=json`, true],
  ['what an offer can begin with', () => '/offers/new', true],
  ['the editor of a new offer', () => '/offers/new?template=welcome', true],
  ['the editor of an offer', () => `/offers/${offer}/edit`, true],
  ['a campaign', () => `/campaigns/${campaign}`, true],
  ['offers that there are none of', () => '/offers?state=ended', true],
  ['the gift cards', () => `/loyalty/gift-cards?card=${card}`, true],
  ['what is owed', () => '/loyalty/liability?as=money', true],
  ['the months of the books', () => '/loyalty/closing', true],
  ['the adjustments', () => '/loyalty/adjustments', true],
  ['the reports', () => '/reports', true],
  ['the reports of liability', () => '/reports?view=liability', true],
  ['the reports of campaigns', () => '/reports?view=campaigns&period=7d', true],
  ['no page', () => '/nothing/here', true],
  ['the till', () => '/till', false],
]

describe.each(screens)('%s', (_name, path, isBehindTheDoor) => {
  it.each(looks)('is accessible and fits, $language at $width in $colours colours', async look => {
    await expectToFit(server, path(), { ...look, cookie: isBehindTheDoor ? cookie : undefined })
  })
})

describe('whoever comes', () => {
  it('without a session signs in with the password and gets where she wanted to go', async () => {
    const { page } = await openFace(server, '/offers?state=live')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await page.getByLabel('E-mail').fill('admin@example.com')
    await page.getByLabel('Password', { exact: false }).first().fill('a wrong password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password', { exact: false }).first().fill('a till at the corner')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'A euro off coffee' }).waitFor()
    expect(page.url()).toBe(`${server.url}/offers?state=live`)
    await page.getByRole('button', { name: 'Account and preferences' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in**')
  })

  it('with a link chooses a password, and the link is not in the address any more', async () => {
    const made = await server.call('POST', '/v1/team', { email: 'mia@example.com', name: 'Mia', role: 'marketer' })
    const { pathname, hash } = new URL(made.json.invitation.link)
    const { page } = await openFace(server, pathname + hash)
    await page.getByLabel('New password').fill('somebody likes coffee')
    await page.getByRole('button', { name: 'Set the password and sign in' }).click()
    await page.getByRole('navigation').waitFor()
    expect(page.url()).toBe(`${server.url}/`)
  })
})

describe('a marketer', () => {
  it('is told on the first page what the day brought and what needs her, and goes there', async () => {
    const { offer: gone } = await makeOffer(server, {
      name: 'Just one',
      trigger: { on: 'basket' },
      limits: { uses: 1 },
    })
    await server.call('PUT', '/v1/orders/first', { state: 'placed', channel: 'web', lines: [latte] })
    const { page } = await openFace(server, '/', { cookie })
    await page.getByRole('row', { name: 'web 1' }).waitFor()
    await page.getByRole('link', { name: '“Just one” has no uses left.' }).click()
    await page.waitForURL(`**/offers/${gone}`)
  })

  it('pauses an offer at once and takes it back', async () => {
    const { page } = await openFace(server, '/offers', { cookie })
    await page.getByRole('link', { name: 'A euro off coffee' }).click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    expect((await server.call('GET', `/v1/offers/${offer}`)).json.state).toBe('paused')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('It is as it was.').waitFor()
    expect((await server.call('GET', `/v1/offers/${offer}`)).json.state).toBe('live')
  })

  it('is asked before an offer ends for ever', async () => {
    const made = await makeOffer(server, { name: 'Gone soon' })
    const { page } = await openFace(server, `/offers/${made.offer}`, { cookie })
    const state = async () => (await server.call('GET', `/v1/offers/${made.offer}`)).json.state
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByRole('button', { name: 'Cancel' }).last().click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(await state()).toBe('live')
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
    await page.getByText('Gone soon has ended.').waitFor()
    expect(await state()).toBe('ended')
  })

  it('makes an offer from a template, tries it as she types, and puts it live', async () => {
    const { page } = await openFace(server, '/offers', { cookie })
    await page.getByRole('link', { name: 'New offer' }).click()
    await page.getByRole('button', { name: /Welcome code/ }).click()
    await page.getByText('It applies').waitFor()
    await page.getByRole('textbox', { name: 'Percent', exact: true }).fill('25')
    await page.getByText(/^25% off everything, with a code/).waitFor()
    await page.getByRole('textbox', { name: 'Percent', exact: true }).fill('0')
    await page.getByText('One thing is not right yet').waitFor()
    await page.getByRole('textbox', { name: 'Percent', exact: true }).fill('25')
    await page.getByRole('combobox', { name: 'Campaign' }).click()
    await page.getByRole('option', { name: 'New campaign…' }).click()
    await page.getByLabel('Name of the campaign').fill('Newcomers')
    await page.getByRole('textbox', { name: 'Code for everybody' }).fill('HELLO25')
    await page.getByRole('button', { name: 'Put live' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Put live' }).click()
    await page.getByRole('heading', { name: 'Welcome code' }).waitFor()
    await page.waitForURL(/\/offers\/off_/)
    const basket = {
      channel: 'web',
      currency: 'EUR',
      person: 'email:new@example.com',
      codes: ['HELLO25'],
      lines: [latte],
    }
    const bought = await server.call('PUT', '/v1/orders/hello-1', { ...basket, state: 'open' })
    expect(bought.json.totals).toMatchObject({ subtotal: 900, discount: 225 })
  })

  it('changes an offer, which becomes a new version that tells what is different, and takes it back', async () => {
    const made = await makeOffer(server, { name: 'Tea time', trigger: { on: 'basket' } })
    const { page } = await openFace(server, `/offers/${made.offer}`, { cookie })
    await page.getByRole('link', { name: 'Edit' }).click()
    // The page of the offer has such a tab too.
    await page.getByRole('button', { name: 'Save the new version' }).waitFor()
    await page.getByRole('tab', { name: 'JSON' }).click()
    const json = page.getByLabel('Offer as JSON')
    await json.fill((await json.inputValue()).replace('"amount": 100', '"amount": 150'))
    await page.getByRole('tab', { name: 'Form' }).click()
    await page.getByText(/^€1.50 off everything/).waitFor()
    await page.getByRole('textbox', { name: 'Uses a person' }).fill('2')
    await page.getByRole('button', { name: 'Save the new version' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save the new version' }).click()
    await page.waitForURL(/tab=versions/)
    expect((await server.call('GET', `/v1/offers/${made.offer}`)).json).toMatchObject({
      version: 2,
      benefit: { amount: 150 },
      limits: { perPerson: 2 },
    })
    await page.getByText('Amount: €1.00 → €1.50').waitFor()
    await page.getByText('Limits: added 2 uses a person').waitFor()
    await page.getByRole('button', { name: 'Restore version 1' }).click()
    await page.getByRole('dialog').getByText('Amount: €1.50 → €1.00').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
    await page.getByText('Tea time says again what version 1 said.').waitFor()
    const restored = (await server.call('GET', `/v1/offers/${made.offer}`)).json
    expect(restored).toMatchObject({ version: 3, benefit: { amount: 100 }, limits: {} })
  })

  it('finds pages and people by the keyboard alone', async () => {
    const traits = { name: 'Ana Bianchi', email: 'ana.bianchi@example.com' }
    await server.call('POST', '/v1/identify', { userId: 'u-77', traits })
    const { page } = await openFace(server, '/', { cookie })
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('ana.bianchi@')
    await page.getByText('Ana Bianchi').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('Campaigns')
    await page.getByRole('dialog').getByText('Campaigns', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/campaigns')
  })

  it('reads in the language that she chooses, also the next time', async () => {
    const { page } = await openFace(server, '/offers', { cookie })
    await page.getByRole('button', { name: 'Account and preferences' }).click()
    await page.getByLabel('Language').selectOption('it')
    await page.getByRole('heading', { name: 'Campagne e offerte' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Campagne e offerte' }).waitFor()
  })
})

it('the wallet and the till open without a network once they were open', async () => {
  const paths = ['/wallet', '/till']
  for (const path of paths) {
    const { page, context } = await openFace(server, path)
    await page.evaluate('navigator.serviceWorker.ready')
    await context.setOffline(true)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.goto(`${server.url}${path}/some/where?lang=ar`)
    await page.locator('h1:lang(ar)').waitFor()
    await context.close()
  }
  expect(paths).toHaveLength(2)
})
