// `npm run screens`: takes docs/screens/*.webp of the faces as they are, from a server of its own with a little in it.
// `npm run screens -- offers` only those whose name contains this.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { launchBrowser } from './chromium.mjs'
import { fillLoyalty } from './fill-loyalty.mjs'
import { fillOrders } from './fill-orders.mjs'
import { fillPeople } from './fill-people.mjs'
import { fillWallet } from './fill-wallet.mjs'
import { fillTill, steps } from './screen-steps.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'docs/screens')

/** What is looked at: a name, an address (`{offer}` is an id of what was made below), or what is done to get there (tools/screen-steps.mjs), and how. */
const desktop = { width: 1440, language: 'en', colours: 'light' }
const tablet = { width: 820, language: 'it', colours: 'light' }
const phone = { width: 390, language: 'en', colours: 'light' }
const tabletArabic = { width: 820, language: 'ar', colours: 'light' }
const arabic = { width: 1440, language: 'ar', colours: 'light' }
const dark = { width: 390, language: 'ar', colours: 'dark' }
const screens = [
  { name: 'sign-in', path: '/sign-in', looks: [desktop, dark], isPublic: true },
  { name: 'home', path: '/', looks: [desktop, dark] },
  { name: 'people', path: '/people', looks: [desktop, phone, arabic] },
  { name: 'person', path: '/people/{person}', looks: [desktop, tablet, dark] },
  { name: 'person-timeline', path: '/people/{person}?tab=timeline', looks: [desktop, dark] },
  { name: 'person-wallet', path: '/people/{person}?tab=wallet', looks: [desktop, phone] },
  { name: 'person-now', path: '/people/{person}?tab=now', looks: [desktop, dark] },
  { name: 'segments', path: '/segments?overlap=regulars,winners', looks: [desktop, dark] },
  { name: 'segment', path: '/segments/regulars?tab=terms', looks: [desktop, tablet, dark] },
  { name: 'person-consents', path: '/people/{person}?tab=consents', looks: [desktop, dark] },
  { name: 'offers', path: '/offers', looks: [desktop, tablet, phone, arabic] },
  { name: 'offer', path: '/offers/{offer}', looks: [desktop, phone, dark] },
  { name: 'offer-versions', path: '/offers/{offer}?tab=versions', looks: [desktop, dark] },
  { name: 'offer-new', path: '/offers/new', looks: [desktop, dark] },
  { name: 'offer-editor', path: '/offers/{offer}/edit', looks: [desktop, tablet, dark] },
  { name: 'campaigns', path: '/campaigns', looks: [desktop, dark] },
  { name: 'simulate', path: '/simulate?job={simulation}', looks: [desktop, tablet, dark] },
  { name: 'campaign', path: '/campaigns/{campaign}', looks: [desktop, arabic] },
  { name: 'campaign-members', path: '/campaigns/{club}', looks: [desktop, tablet, dark] },
  { name: 'orders', path: '/orders', looks: [desktop, dark] },
  { name: 'code', path: '/codes?code=SPRING', looks: [desktop, dark] },
  { name: 'codes', path: '/offers/{code}/codes', looks: [desktop, dark] },
  { name: 'order', path: '/orders/web-1001', looks: [desktop, tablet, dark] },
  { name: 'order-history', path: '/orders/web-1001?tab=history', looks: [desktop] },
  { name: 'decision', path: '/decisions/{decision}', looks: [desktop] },
  { name: 'grants', path: '/offers/{grant}/grants', looks: [desktop, dark] },
  { name: 'return', path: '/orders/web-1001/return', looks: [desktop, dark] },
  { name: 'settings', path: '/settings', looks: [desktop, dark], isAdmin: true },
  { name: 'settings-locations', path: '/settings/locations', looks: [desktop, tablet, dark], isAdmin: true },
  { name: 'settings-team', path: '/settings/team', looks: [desktop, dark], isAdmin: true },
  { name: 'settings-audit-log', path: '/settings/audit-log', looks: [desktop, dark], isAdmin: true },
  { name: 'sources', path: '/developers', looks: [desktop, dark], isAdmin: true },
  { name: 'quick-start', path: '/developers/start', looks: [desktop, dark], isAdmin: true },
  { name: 'gift-cards', path: '/loyalty/gift-cards', looks: [desktop, dark], isAdmin: true },
  { name: 'gift-card', path: '/loyalty/gift-cards?card={giftCard}', looks: [desktop, dark], isAdmin: true },
  { name: 'liability', path: '/loyalty/liability', looks: [desktop, tablet, dark], isAdmin: true },
  { name: 'closing', path: '/loyalty/closing', looks: [desktop, dark], isAdmin: true },
  { name: 'adjustments', path: '/loyalty/adjustments', looks: [desktop, dark], isAdmin: true },
  { name: 'ledger', path: '/loyalty/ledger?person={member}', looks: [desktop, tablet, dark], isAdmin: true },
  { name: 'ledger-account', path: '/loyalty/ledger/{holder}/points:club/main', looks: [desktop, dark], isAdmin: true },
  { name: 'audits', path: '/loyalty/audits', looks: [desktop, dark], isAdmin: true },
  { name: 'reports', path: '/reports?view=discount', looks: [desktop, dark] },
  { name: 'reports-campaigns', path: '/reports?view=campaigns', looks: [desktop, phone] },
  { name: 'wallet-sign-in', path: '/wallet', looks: [phone, dark], isPublic: true },
  { name: 'wallet', path: '/wallet', looks: [desktop, tablet, phone, dark], isCustomer: true },
  { name: 'wallet-code', path: '/wallet/code', looks: [phone], isCustomer: true },
  { name: 'wallet-activity', path: '/wallet/activity', looks: [phone, dark], isCustomer: true },
  { name: 'wallet-gift', path: '/wallet/gift', looks: [phone, dark], isCustomer: true },
  { name: 'wallet-you', path: '/wallet/you', looks: [tablet, dark], isCustomer: true },
  { name: 'wallet-permissions', path: '/wallet/you/permissions', looks: [phone], isCustomer: true },
  { name: 'wallet-devices', path: '/wallet/you/devices', looks: [phone], isCustomer: true },
  { name: 'wallet-delete', path: '/wallet/you/delete', looks: [dark], isCustomer: true },
  { name: 'wallet-welcome', step: 'welcome', looks: [phone, dark], isPublic: true },
  { name: 'till', path: '/till', looks: [tablet, dark], isPublic: true },
  { name: 'till-keys', step: 'open', looks: [tablet], isPublic: true },
  { name: 'till-sale', step: 'sale', looks: [tablet, phone, tabletArabic], isPublic: true },
  { name: 'till-customer', step: 'customer', looks: [tablet, dark], isPublic: true },
  { name: 'till-pay', step: 'pay', looks: [tablet, phone, dark], isPublic: true },
  { name: 'till-done', step: 'done', looks: [tablet, phone], isPublic: true },
  { name: 'till-returns', step: 'returns', looks: [tablet, phone], isPublic: true },
]

const heightOf = width => (width < 600 ? 844 : width < 1000 ? 1180 : 900)

/** A campaign with offers and what became of them. */
const fill = async call => {
  const campaign = (await call('POST', '/v1/campaigns', { name: 'Spring', goal: 'Second visit within a month' })).id
  const offer = async (name, more) => (await call('POST', '/v1/offers', { campaign, name, ...more })).id
  const coffee = await offer('20% off coffee', {
    trigger: { on: 'basket' },
    when: "channel in ['store', 'web']",
    benefit: { kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'" },
    channels: { show: ['app', 'web'], redeem: ['store', 'web'] },
    limits: { uses: 10_000, perPerson: 30, budget: { amount: 100_000, currency: 'EUR' } },
    validity: { from: '2026-03-01T00:00:00Z', to: '2126-06-01T00:00:00Z', timeZone: 'Europe/Rome' },
  })
  await call('PATCH', `/v1/offers/${coffee}`, { limits: { uses: 10_000, perPerson: 10 } })
  const club = (await call('POST', '/v1/campaigns', { name: 'Club evening', audience: 'members', holdout: 10 })).id
  const people = ['email:person-1@example.com', 'email:person-2@example.com']
  await call('POST', `/v1/campaigns/${club}/members`, { people })
  const paused = await offer('Welcome back', {
    trigger: { on: 'grant' },
    benefit: { kind: 'amountOff', amount: 300, currency: 'EUR' },
    validity: { grantDays: 30 },
  })
  await call('PATCH', `/v1/offers/${paused}`, { state: 'paused' })
  await offer('Free shipping over 20.00', { trigger: { on: 'code' }, benefit: { kind: 'freeShipping' } })
  for (let number = 1; number <= 24; number++) {
    await call('PUT', `/v1/orders/order-${number}`, {
      person: `email:person-${number % 9}@example.com`,
      channel: ['store', 'web', 'store', 'store'][number % 4],
      currency: 'EUR',
      state: 'placed',
      lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 1 + (number % 3), unitPrice: 450 }],
    })
  }
  const simulation = await call('POST', '/v1/simulations', {
    offers: [
      {
        name: 'Spend 10, get 2',
        trigger: { on: 'basket' },
        benefit: { kind: 'tieredSpend', currency: 'EUR', tiers: [{ spend: 1000, amount: 200 }] },
        limits: { uses: 6 },
      },
    ],
    withLive: true,
  })
  await call('PUT', '/v1/brands/acme', { name: 'Acme Coffee', website: 'https://acme.example' })
  const tills = [{ id: 'till-1', name: 'Till 1' }]
  await call('PUT', '/v1/locations/store-12', { name: 'Corso Italia 5', brand: 'acme', address: 'Milano', tills })
  await call('POST', '/v1/keys', { name: 'Till 1', scope: 'till', channel: 'store', location: 'store-12' })
  await call('POST', '/v1/sources', { name: 'Web shop', kind: 'web', channel: 'web' })
  return {
    offer: coffee,
    simulation: simulation.id,
    campaign,
    club,
    ...(await fillLoyalty(call)),
    ...(await fillOrders(call)),
    ...(await fillPeople(call)),
    ...(await fillTill(call)),
  }
}

const start = async () => {
  const { startServer } = await import('../dist/server/compose.js')
  const data = mkdtempSync(join(tmpdir(), 'tessera-screens-'))
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    folder: data,
    databaseUrl: undefined,
    adminKey: undefined,
    logLevel: 'warn',
    trustProxy: undefined,
    bench: false,
  })
  const send = async (method, path, body, headers) => {
    const type = { 'content-type': 'application/json' }
    const response = await fetch(server.url + path, {
      method,
      headers: { ...type, ...headers },
      body: JSON.stringify(body),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`)
    return { answer, response }
  }
  const call = async (method, path, body) =>
    (await send(method, path, body, { authorization: `Bearer ${server.adminKey}` })).answer
  const signIn = async (email, name, role) => {
    const member = await call('POST', '/v1/team', { email, name, role })
    const signInToken = new URLSearchParams(new URL(member.invitation.link).hash.slice(1)).get('token')
    const { response } = await send('POST', '/v1/session', { signInToken, password: 'a till at the corner' })
    const [, cookie, value] = /^([^=]+)=([^;]+)/.exec(response.headers.get('set-cookie'))
    return { name: cookie, value, url: server.url }
  }
  const cookie = await signIn('ana@example.com', 'Ana Rossi', 'marketer')
  const admin = await signIn('luca@example.com', 'Luca Conti', 'admin')
  const close = async () => {
    await server.close()
    rmSync(data, { recursive: true, force: true })
  }
  const ids = await fill(call)
  const customer = await fillWallet(call, send)
  return {
    url: server.url,
    cookie,
    admin,
    customer: { ...customer, url: server.url },
    ids,
    call,
    close,
  }
}

/** Chromium writes PNG; as WebP the same picture is a third. */
const toWebp = async (page, png) =>
  Buffer.from(
    await page.evaluate(async base64 => {
      const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      canvas.getContext('2d').drawImage(bitmap, 0, 0)
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 })
      const text = []
      for (const byte of new Uint8Array(await blob.arrayBuffer())) text.push(String.fromCharCode(byte))
      return btoa(text.join(''))
    }, png.toString('base64')),
    'base64',
  )

await build()
const server = await start()
const browser = await launchBrowser()
const [wanted = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const converter = await browser.newPage()
for (const { name, path, step, looks, isPublic = false, isCustomer = false, isAdmin = false } of screens.filter(
  screen => screen.name.includes(wanted),
)) {
  for (const { width, language, colours } of looks) {
    const context = await browser.newContext({
      viewport: { width, height: heightOf(width) },
      locale: language,
      colorScheme: colours,
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Rome',
      serviceWorkers: 'block',
    })
    if (!isPublic) await context.addCookies([isCustomer ? server.customer : isAdmin ? server.admin : server.cookie])
    const page = await context.newPage()
    if (step) await steps[step](page, server)
    else await page.goto(server.url + path.replace(/\{(\w+)\}/g, (_, key) => server.ids[key]))
    await page.locator('#face:has(main):not(:has([aria-busy=true]))').waitFor()
    await page.waitForLoadState('networkidle')
    const file = `${name}-${width}-${language}${colours === 'dark' ? '-dark' : ''}.webp`
    writeFileSync(join(folder, file), await toWebp(converter, await page.screenshot({ fullPage: true })))
    await context.close()
  }
}
await browser.close()
await server.close()
const files = readdirSync(folder)
const kB = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / 1000
console.log(`${files.length} screens in docs/screens, ${Math.round(kB)} kB`)
