import { expect, it } from 'vitest'
import { openFace, serveFaces, signIn } from './face.ts'
import { signInCustomer } from './sign-in-customer.ts'
import { enter, lease, openTill, sell } from './till-page.ts'

const thanks = {
  name: 'Five euros for you',
  trigger: { on: 'grant' },
  benefit: { kind: 'amountOff', amount: 500, currency: 'EUR' },
  limits: { perPerson: 1 },
}

it('a marketer makes an offer, the customer sees it in her wallet, a till redeems it without a network, the console shows it, a second till says why not', async () => {
  const server = await serveFaces()
  const { call } = server
  await call('POST', '/v1/clerks', { name: 'Kim', pin: '4711' })
  const keys: string[] = []
  for (const name of ['Till 1', 'Till 2'])
    keys.push(
      (await call('POST', '/v1/keys', { name, scope: 'till', channel: 'store', location: 'store-12' })).json.key,
    )
  await call('POST', '/v1/identify', { userId: 'u-1', traits: { name: 'Bea Verdi', email: 'bea@example.com' } })

  // The marketer.
  const marketer = await signIn(server, 'marketer')
  const { page: console } = await openFace(server, '/offers/new?template=winBack', { cookie: marketer })
  await console.getByRole('tab', { name: 'JSON' }).click()
  await console.getByLabel('Offer as JSON').fill(JSON.stringify(thanks))
  await console.getByRole('tab', { name: 'Form' }).click()
  await console.getByRole('combobox', { name: 'Campaign' }).click()
  await console.getByRole('option', { name: 'New campaign…' }).click()
  await console.getByLabel('Name of the campaign').fill('Thanks')
  await console.getByRole('button', { name: 'Put live' }).click()
  await console.getByRole('dialog').getByRole('button', { name: 'Put live' }).click()
  await console.getByRole('heading', { name: thanks.name }).waitFor()
  await console.waitForURL(/\/offers\/off_/)
  const offer = new URL(console.url()).pathname.split('/').at(-1)!
  await console.goto(`${server.url}/offers/${offer}/grants`)
  await console.getByRole('button', { name: 'Issue to people' }).first().click()
  await console.getByLabel('Who', { exact: true }).fill('email:bea@example.com')
  await console.getByLabel('Each with a code of its own').check()
  await console.getByRole('dialog').getByRole('button', { name: 'Issue', exact: true }).click()
  await console.getByRole('link', { name: 'Bea Verdi' }).waitFor()

  const [grant] = (await call('GET', `/v1/offers/${offer}/grants`)).json.data

  // The customer.
  const [name, value] = (await signInCustomer(server, 'bea@example.com')).cookie.split('=') as [string, string]
  const { page: wallet } = await openFace(server, '/wallet', { width: 390, cookie: { name, value } })
  await wallet.getByText(thanks.name).first().waitFor()

  // The till, whose line is down.
  const till = await openTill(server, keys[0]!)
  await lease(till.page, `bea@example.com\n${grant.code}`)
  await till.context.setOffline(true)
  await till.page.getByText('Offline since').waitFor()
  await till.page.getByRole('button', { name: 'Mug' }).click()
  await enter(till.page, 'bea@example.com')
  await till.page.getByText('bea@example.com').waitFor()
  await enter(till.page, grant.code)
  await till.page.getByText(thanks.name).waitFor()
  await till.page.getByText('€4.00').first().waitFor()
  const order = await sell(till.page)
  expect((await call('GET', `/v1/orders/${order}`)).status).toBe(404)
  await till.context.setOffline(false)
  await till.page.getByText('1 entry waits').waitFor({ state: 'hidden' })

  // Who asks in the office.
  await console.goto(`${server.url}/orders/${order}`)
  await console.getByRole('link', { name: thanks.name }).first().waitFor()
  await console.getByText('€4.00').first().waitFor()

  // Somebody tries again at the next till.
  const next = await openTill(server, keys[1]!)
  await next.page.getByRole('button', { name: 'Mug' }).click()
  await enter(next.page, 'bea@example.com')
  await next.page.getByText('Bea Verdi').waitFor()
  await enter(next.page, grant.code)
  await next.page.getByText('It has been used already.').waitFor()
}, 120_000)
