import { beforeAll, describe, expect, it } from 'vitest'
import { expectToFit, type FaceServer, type Look, looks, openFace, serveFaces, signIn } from './face.ts'
import { latte, makeOffer } from './server.ts'

/** What an offer would have done, in the console, on the real server, in a real browser. */

let server: FaceServer
let cookie: Look['cookie']
let offer: string
let campaign: string
let job: string
let club: string
const call = async (method: string, path: string, body?: object) => (await server.call(method, path, body)).json
beforeAll(async () => {
  server = await serveFaces()
  cookie = await signIn(server, 'marketer')
  const made = await makeOffer(server, {
    name: 'A fifth off',
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 20 },
  })
  offer = made.offer
  campaign = made.campaign
  club = (await call('POST', '/v1/campaigns', { name: 'Club', audience: 'members' })).id
  await call('POST', `/v1/campaigns/${club}/members`, { people: ['email:eva@example.com'] })
  for (const id of ['A', 'B'])
    await call('PUT', `/v1/orders/${id}`, {
      ...{ state: 'placed', channel: 'web', currency: 'EUR' },
      lines: [{ ...latte, quantity: id === 'A' ? 10 : 1 }],
    })
  job = (await call('POST', '/v1/simulations', { offers: [{ ...simulated, name: 'A fifth off' }], withLive: true })).id
})

const simulated = { trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 30 } }

const screens: readonly (readonly [string, () => string])[] = [
  ['the campaigns', () => '/campaigns'],
  ['a campaign', () => `/campaigns/${campaign}`],
  ['a campaign for invited people', () => `/campaigns/${club}`],
  ['a simulation to begin', () => `/simulate?offers=${offer}`],
  ['what a simulation found', () => `/simulate?job=${job}`],
]

describe.each(screens)('%s', (_name, path) => {
  it.each(looks)('is accessible and fits, $language at $width in $colours colours', async look => {
    await expectToFit(server, path(), { ...look, cookie })
  })
})

describe('whoever plans an offer', () => {
  it('sees what it would have taken off the orders of the past, from the offer and from its draft', async () => {
    const { page } = await openFace(server, `/offers/${offer}`, { cookie })
    await page.getByRole('link', { name: 'Simulate' }).click()
    await page.waitForURL(`**/simulate?offers=${offer}`)
    await page.getByRole('button', { name: 'Simulate' }).click()
    // Two orders of 45.00 and 4.50: a fifth of them is 9.90.
    const row = page.getByRole('table', { name: 'What each offer does' }).getByRole('row', { name: /A fifth off/ })
    await row.getByText('€9.90').waitFor()
    await page.getByText('100% of 2 orders').waitFor()
    const first = new URL(page.url()).searchParams.get('job')
    expect(first).toMatch(/^job_/)
    // Beside the live offers it is still one offer: it is live itself.
    await page.getByRole('switch', { name: 'Beside the offers that are live now' }).press(' ')
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.waitForURL(url => !url.href.includes(`job=${first}`))
    await row.getByText('€9.90').waitFor()
    expect(await row.count()).toBe(1)
    await page.goto(`${server.url}/offers/${offer}/edit`)
    await page.getByRole('textbox', { name: 'Percent' }).fill('10')
    await page.getByRole('tab', { name: 'Simulate' }).click()
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByRole('table', { name: 'What each offer does' }).getByText('€4.95').waitFor()
    expect(await call('GET', `/v1/offers/${offer}`)).toMatchObject({ version: 1, benefit: { percent: 20 } })
  })

  it('is told on its page with which live offers it conflicts', async () => {
    const twin = await makeOffer(server, {
      name: 'The same fifth',
      trigger: { on: 'basket' },
      benefit: { kind: 'percentOff', percent: 20 },
    })
    const { page } = await openFace(server, `/offers/${twin.offer}`, { cookie })
    await page.getByText('It meets live offers').waitFor()
    await page.getByRole('note').getByRole('link', { name: 'A fifth off' }).waitFor()
  })

  it('makes a campaign for it, pauses it and makes it live again', async () => {
    const { page } = await openFace(server, '/campaigns', { cookie })
    await page.getByRole('button', { name: 'New campaign' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Campaign' }).fill('Autumn')
    await page.getByRole('dialog').getByRole('textbox', { name: 'Hold-out' }).fill('10')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.waitForURL('**/campaigns/cmp_*')
    await page.getByRole('heading', { name: 'Autumn' }).waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)
    expect(await call('GET', `/v1/campaigns/${id}`)).toMatchObject({ name: 'Autumn', holdout: 10, state: 'live' })
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Autumn is paused everywhere.').waitFor()
    expect((await call('GET', `/v1/campaigns/${id}`)).state).toBe('paused')
    await page.getByRole('button', { name: 'Make live again' }).click()
    await page.getByText('Autumn is live again.').waitFor()
    expect((await call('GET', `/v1/campaigns/${id}`)).state).toBe('live')
  })
  it('invites somebody to it whom she looks for, takes her out, and takes that back', async () => {
    await call('POST', '/v1/identify', { userId: 'u-9', traits: { name: 'Ana Bianchi', email: 'ana@example.com' } })
    const { page } = await openFace(server, `/campaigns/${club}`, { cookie })
    const table = page.getByRole('table', { name: 'Invited people' })
    const members = async () => (await call('GET', `/v1/campaigns/${club}/members`)).data.length
    await page.getByRole('combobox', { name: 'Somebody' }).fill('Bianchi')
    await page.getByRole('option', { name: /Ana Bianchi/ }).click()
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    const row = table.getByRole('row', { name: /Ana Bianchi/ })
    await row.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No longer invited.').waitFor()
    expect(await members()).toBe(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.waitFor()
    expect(await members()).toBe(2)
  })
})
