import { beforeAll, describe, expect, it } from 'vitest'
import { expectToFit, type FaceServer, type Look, looks, openFace, serveFaces, signIn } from './face.ts'
import { enterPin } from './till-page.ts'

/** The settings, and what is there for developers, on the real server, in a real browser. */

let server: FaceServer
let cookie: Look['cookie']
beforeAll(async () => {
  server = await serveFaces()
  cookie = await signIn(server)
  const put = (path: string, body: object) => server.call('PUT', path, body)
  await put('/v1/brands/acme', { name: 'Acme Coffee', website: 'https://acme.example' })
  await put('/v1/locations/store-12', {
    name: 'Corso Italia 5',
    brand: 'acme',
    address: 'Corso Italia 5, Milano',
    tills: [{ id: 'till-1', name: 'Till 1' }],
  })
  await put('/v1/channels/store', { name: 'Stores' })
  await put('/v1/channels/email', {
    name: 'Newsletter',
    canRedeem: false,
    canContact: true,
    costPerContact: { amount: 2, currency: 'EUR' },
  })
  await server.call('POST', '/v1/clerks', { name: 'Kim', pin: '4711', locations: ['store-12'] })
  await server.call('POST', '/v1/wallet/codes', { address: 'ana@example.com' }, { key: '' })
  const { key } = (await server.call('POST', '/v1/sources', { name: 'Web shop', kind: 'server', channel: 'web' })).json
  await server.call('POST', '/v1/track', { userId: 'ana', event: 'Product Viewed' }, { key })
  await server.call('POST', '/v1/track', { userId: 'ana' }, { key })
  await server.call('POST', '/v1/keys', { name: 'Till 9', scope: 'till', channel: 'store', location: 'store-12' })
})

const screens = [
  ['the workspace', '/settings'],
  ['the locations', '/settings/locations'],
  ['the clerks', '/settings/clerks'],
  ['the channels', '/settings/channels'],
  ['the types of identifiers', '/settings/identifiers'],
  ['the team', '/settings/team'],
  ['the sessions', '/settings/sessions'],
  ['the audit log', '/settings/audit-log'],
  ['the sources', '/developers'],
  ['the live events', '/developers/live'],
  ['the request log', '/developers/requests'],
  ['the keys', '/developers/keys'],
  ['the quick start', '/developers/start'],
  ['the outbox', '/developers/outbox'],
] as const

describe.each(screens)('%s', (_name, path) => {
  it.each(looks)('is accessible and fits, $language at $width in $colours colours', async look => {
    await expectToFit(server, path, { ...look, cookie })
  })
})

describe('an admin', () => {
  it('invites somebody, who signs in by the link and may do what her role may', async () => {
    const { page } = await openFace(server, '/settings/team', { cookie })
    await page.getByRole('button', { name: 'Invite somebody' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Mia Conti')
    await dialog.getByLabel('E-mail').fill('mia@example.com')
    await dialog.getByLabel('Role').selectOption('support')
    await dialog.getByRole('button', { name: 'Make the invitation' }).click()
    const link = await page.getByRole('region', { name: 'Link' }).textContent()
    const { pathname, hash } = new URL(link!.trim())
    const hers = await openFace(server, pathname + hash)
    await hers.page.getByLabel('New password').fill('somebody likes coffee')
    await hers.page.getByRole('button', { name: 'Set the password and sign in' }).click()
    await hers.page.getByRole('navigation').waitFor()
    await hers.page.goto(`${server.url}/settings/team`)
    await hers.page.getByRole('row', { name: /Mia Conti.*Support Active/ }).waitFor()
    expect(await hers.page.getByRole('button', { name: 'Invite somebody' }).count()).toBe(0)
  })

  it('says what people may choose to hear of, and how offers are decided', async () => {
    await server.call('PATCH', '/v1/workspaces/default', { retention: { track: { 'Product Viewed': 30 } } })
    const { page } = await openFace(server, '/settings', { cookie })
    await page.getByRole('button', { name: 'New topic' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('New drinks')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('new-drinks', { exact: true }).waitFor()
    await page.getByLabel('When several offers fit').selectOption('priority')
    await page.getByLabel('Held out of everything').fill('2.5')
    await page.getByLabel('Pages seen').fill('90')
    await page.getByRole('button', { name: 'Save' }).last().click()
    await page.getByText('It is saved.').waitFor()
    expect((await server.call('GET', '/v1/workspaces/default')).json).toMatchObject({
      topics: [{ id: 'new-drinks', name: 'New drinks', purpose: 'marketing' }],
      combination: { policy: 'priority', perGroup: {} },
      holdout: 2.5,
      // What was set for single events by the API stays.
      retention: { page: 90, track: { 'Product Viewed': 30 } },
    })
  })

  it('pairs a device with a link, and it is a till', async () => {
    const { page } = await openFace(server, '/settings/locations', { cookie })
    await page.getByRole('button', { name: 'Pair a till at Corso Italia 5' }).click()
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('img', { name: 'QR code of the pairing link' }).waitFor()
    const link = await page.getByRole('region', { name: 'Pairing link' }).textContent()
    const { pathname, hash } = new URL(link!.trim())
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('row', { name: /Till 1 Corso Italia 5/ }).waitFor()
    const till = await openFace(server, pathname + hash)
    await enterPin(till.page)
    await till.page.getByRole('heading', { name: 'Sale' }).waitFor()
    expect(new URL(till.page.url()).hash).toBe('')
  })
})

describe('a developer', () => {
  it('makes a key, finds it in the quick start, and watches the first event arrive', async () => {
    const { page } = await openFace(server, '/developers/keys', { cookie })
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Shop server')
    await page.getByRole('button', { name: 'Make the key' }).click()
    const key = (await page.getByRole('region', { name: 'Key', exact: true }).textContent())!.trim()
    await page.getByRole('link', { name: 'Quick start with it' }).click()
    const text = await page.getByRole('region', { name: '2. Send an event' }).textContent()
    expect(text).toContain(`export TESSERA_KEY=${key}`)
    await page.getByText('Waiting for the first event').waitFor()
    await server.call('POST', '/v1/track', { userId: 'u-1', event: 'Coffee Poured' }, { key })
    await page.getByRole('row', { name: /Coffee Poured.*Stored/ }).waitFor()
  })

  it('sees why a call was refused, and makes one again', async () => {
    await server.call('POST', '/v1/campaigns', { name: 'Spring' })
    const { page } = await openFace(server, '/developers/requests?call=createCampaign', { cookie })
    await page.getByRole('button', { name: 'Open createCampaign' }).first().click()
    await page.getByRole('button', { name: 'Make the call again' }).click()
    await page.getByRole('region', { name: 'Answer' }).getByText('Spring').waitFor()
  })
})
