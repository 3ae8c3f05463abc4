// What has to be done on a page before its picture is taken: nothing of it depends on the language it is shown in.

const prices = `sku,name,price,category,barcode,quick
LATTE,Caffè latte,4.50,coffee,8001,x
ESPRESSO,Espresso,2.20,coffee,8002,x
CAPPUCCINO,Cappuccino,3.80,coffee,8003,x
TEA,Green tea,3.20,tea,8004,x
CROISSANT,Croissant,2.60,bakery,8005,x
CAKE,Lemon cake,4.90,cake,8006,x
BEANS-250,House beans 250 g,9.80,beans,8007,x
MUG,Mug,12.00,shop,8008,x`

const clerk = { name: 'Kim', pin: '4711' }

/** A store's till with clerks; answers its key. */
export const fillTill = async call => {
  await call('POST', '/v1/clerks', clerk)
  await call('POST', '/v1/clerks', { name: 'Max', pin: '8150', supervisor: true })
  const till = { name: 'Till 2', scope: 'till', channel: 'store', location: 'store-12' }
  const { data } = await call('POST', '/v1/gift-cards', { amount: 2000, active: true })
  await call('POST', '/v1/gift-cards/keep', { code: data[0].code, person: 'email:guest-1@example.com' })
  return { tillKey: (await call('POST', '/v1/keys', till)).key }
}

const enter = async (page, text) => {
  await page.locator('.sale .entry input').fill(text)
  await page.keyboard.press('Enter')
}

/** Paired, a clerk at it, and a price list in it. */
const open = async (page, { url, ids }) => {
  await page.goto(`${url}/till#key=${ids.tillKey}&location=store-12`)
  await page.getByRole('button', { name: clerk.name }).click()
  await page.locator('input[type=password]').fill(clerk.pin)
  await page.keyboard.press('Enter')
  await page.locator('.empty .button').click()
  const list = page.locator('section[aria-labelledby=list]')
  await list.locator('textarea').fill(prices)
  await list.locator('.button').click()
  await list.locator('textarea:placeholder-shown').waitFor()
  await page.locator('.page-head .button').click()
  await page.locator('.keys').waitFor()
}

const sale = async (page, server) => {
  await open(page, server)
  await enter(page, '2*LATTE')
  await enter(page, 'CAKE')
  await enter(page, 'BEANS-250')
  await enter(page, 'guest-1@example.com')
  await page.locator('.customer .round').waitFor()
  await page.locator('.sale-foot[aria-busy=false] .pay:enabled').waitFor()
}

const pay = async (page, server) => {
  await sale(page, server)
  await page.locator('.sale-foot .pay').click()
  await page.locator('.stack .row .button').first().waitFor()
}

const done = async (page, server) => {
  await pay(page, server)
  await page.locator('.change .button').first().click()
  await page.locator('main .button.pay').click()
  await page.locator('.receipt .qr').waitFor()
}

const returns = async (page, server) => {
  await done(page, server)
  await page.locator('.receipt .row .button').last().click()
  await page.locator('.head-nav .button').first().click()
  await page.locator('.page .plain .button').first().click()
  await page.locator('.line .round:enabled').first().waitFor()
  await page.locator('.line .round:enabled').first().click()
  await page.locator('.page .pay:enabled').waitFor()
}

const customer = async (page, server) => {
  await sale(page, server)
  await page.locator('.customer-open').click()
  await page.locator('.tile').first().waitFor()
}

/** Whoever comes for the first time, with the code that was sent to her. */
const welcome = async (page, { url, call }) => {
  const address = `new-${Math.floor(performance.now())}@example.com`
  await page.goto(`${url}/wallet`)
  await page.locator('input[autocomplete=username]').fill(address)
  await page.keyboard.press('Enter')
  await page.locator('.code-field').waitFor()
  const { data } = await call('GET', `/v1/outbox?to=${address}`)
  await page.locator('.code-field').fill(/\d{6}/.exec(data[0].text)[0])
  await page.locator('input[autocomplete=name]').waitFor()
}

export const steps = { open, sale, customer, pay, done, returns, welcome }
