import { beforeAll, describe, expect, it } from 'vitest'
import { fillPeople } from '../tools/fill-people.mjs'
import { expectToFit, type FaceServer, type Look, looks, openFace, serveFaces, signIn } from './face.ts'

/** People and segments in the console, on the real server, in a real browser. */

let server: FaceServer
let cookie: Look['cookie']
let person: string
beforeAll(async () => {
  server = await serveFaces()
  cookie = await signIn(server)
  const calls = async (method: string, path: string, body?: unknown) => (await server.call(method, path, body)).json
  ;({ person } = await fillPeople(calls))
})

const screens: readonly (readonly [string, () => string])[] = [
  ['the people', () => '/people'],
  ['nobody who is found', () => '/people?search=nobody-at-all'],
  ['a person', () => `/people/${person}`],
  ['the timeline of a person', () => `/people/${person}?tab=timeline`],
  ['the wallet of a person', () => `/people/${person}?tab=wallet`],
  ['what a person could get now', () => `/people/${person}?tab=now`],
  ['the segments of a person', () => `/people/${person}?tab=segments`],
  ['the consents of a person', () => `/people/${person}?tab=consents`],
  ['the segments', () => '/segments?overlap=regulars,winners'],
  ['a segment', () => '/segments/regulars'],
  ['the condition of a segment', () => '/segments/regulars?tab=terms'],
  ['a list', () => '/segments/winners'],
  ['a segment to be made', () => '/new-segment'],
]

describe.each(screens)('%s', (_name, path) => {
  it.each(looks)('is accessible and fits, $language at $width in $colours colours', async look => {
    await expectToFit(server, path(), { ...look, cookie })
  })
})

describe('whoever helps somebody', () => {
  it('finds her by her card, gives her points with a reason, and sees them', async () => {
    const { page } = await openFace(server, '/people', { cookie })
    await page.getByLabel('Search people').fill('4711-08')
    await page.waitForURL('**/people?search=4711-08')
    await page.getByRole('link', { name: 'Ana Rossi' }).click()
    await page.getByRole('button', { name: 'Give or take value' }).click()
    await page.getByLabel('How much').fill('125')
    await page.getByRole('button', { name: 'Give', exact: true }).click()
    await page.getByText('It is booked.').waitFor()
    await page.getByRole('tab', { name: 'Wallet' }).click()
    await page.getByRole('row', { name: /125 points Booked Goodwill Ana Rossi/ }).waitFor()
  })

  it('sees what a merge would do, does it, and takes it back', async () => {
    const twin = (
      await server.call('POST', '/v1/people/links', { a: 'email:twin@example.com', b: 'phone:+393339999999' })
    ).json.person
    const personsNow = async () => (await server.call('GET', `/v1/people/${person}`)).json.identifiers.length
    const before = await personsNow()
    const { page } = await openFace(server, `/people/${person}`, { cookie })
    await page.getByRole('button', { name: 'More for this person' }).click()
    await page.getByRole('menuitem', { name: 'Merge with somebody…' }).click()
    await page.getByRole('combobox', { name: 'The same person as' }).fill('twin@')
    await page.getByRole('option', { name: 'twin@example.com' }).click()
    await page.getByText('They become one person.').waitFor()
    await page.getByRole('button', { name: 'Merge', exact: true }).click()
    await page.getByText('They are one person now.').waitFor()
    expect(await personsNow()).toBe(before + 2)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(personsNow).toBe(before)
    expect((await server.call('GET', `/v1/people/${twin}`)).json.identifiers).toHaveLength(2)
  })

  it('erases somebody only after typing the name', async () => {
    await server.call('POST', '/v1/identify', {
      userId: 'gone',
      traits: { name: 'Gone Soon', email: 'gone@example.com' },
    })
    const { page } = await openFace(server, '/people/userId:gone', { cookie })
    await page.getByRole('button', { name: 'More for this person' }).click()
    await page.getByRole('menuitem', { name: 'Erase…' }).click()
    const erase = page.getByRole('button', { name: 'Erase for ever' })
    expect(await erase.isDisabled()).toBe(true)
    await page.getByLabel('Type Gone Soon to go on').fill('Gone Soon')
    await erase.click()
    await page.waitForURL('**/people')
    expect((await server.call('GET', '/v1/people/userId:gone')).status).toBe(404)
  })
})

describe('a marketer', () => {
  it('builds a segment from rules, sees whom it finds, and finds her there', async () => {
    const { page } = await openFace(server, '/segments', { cookie })
    await page.getByRole('link', { name: 'New segment' }).click()
    await page.getByLabel('Name').fill('Lovers of coffee')
    const add = page.getByRole('combobox', { name: 'Add a condition' })
    await add.click()
    await page.getByRole('option', { name: 'Orders with a category' }).click()
    await page.getByRole('combobox', { name: 'Category', exact: true }).fill('coffee')
    await page.getByRole('textbox', { name: 'Value of Orders with a category' }).fill('3')
    const cel = page.getByLabel('Condition in CEL')
    expect(await cel.inputValue()).toBe("ordersOf('coffee', 30) >= 3")
    await page.getByText('1 person', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Ana Rossi' }).waitFor()
    await cel.fill("ordersOf('coffee', 30) >= 3 && person.returns + 1 == 1")
    await page.getByText('This says more than rows can show').waitFor()
    await cel.fill("ordersOf('coffee', 30) >= 3 && returns() == 0")
    await page.getByRole('textbox', { name: 'Value of Returns' }).waitFor()
    await page.getByRole('button', { name: 'Make the segment' }).click()
    await page.waitForURL('**/segments/lovers-of-coffee')
    await page.getByRole('row', { name: /Ana Rossi/ }).waitFor()
  })

  it('uploads a list of people', async () => {
    const { page } = await openFace(server, '/segments/winners', { cookie })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Upload a CSV' }).click()
    const buffer = Buffer.from('email\nana.rossi@example.com\nnew@example.com\n')
    await (await chooser).setFiles({ name: 'winners.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('button', { name: 'Replace', exact: true }).click()
    await page.getByRole('link', { name: 'new@example.com' }).waitFor()
    expect((await server.call('GET', '/v1/segments/winners')).json.size).toBe(2)
  })
})
