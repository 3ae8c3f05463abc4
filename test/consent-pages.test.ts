import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPage } from './browser.ts'
import { type Answer, serve, type TestServer } from './server.ts'

/** The pages that people open from a message: what a link can do, and what nobody can do with it. */

const form = 'application/x-www-form-urlencoded'
const marketing = { channel: 'email', purpose: 'marketing' }
type Server = TestServer & { readonly time: { now: number } }

const start = async (store: 'pglite' | 'postgres'): Promise<Server> => {
  const time = { now: Date.UTC(2026, 2, 2, 10) }
  const server = await serve(store, { clock: () => time.now })
  const topics = [{ id: 'new-drinks', name: 'New <drinks>', purpose: 'marketing' }]
  await server.call('PATCH', '/v1/workspaces/default', { topics, name: 'Acme & Sons' })
  return { ...server, time }
}

const helpers = (server: () => Server) => {
  const put = (ref: string, consents: object[], preferences?: object) => {
    server().time.now += 1000
    return server().call('PUT', `/v1/people/${ref}/consents`, { consents, ...(preferences && { preferences }) })
  }
  const read = async (ref: string) => (await server().call('GET', `/v1/people/${ref}/consents`)).json
  const states = async (ref: string): Promise<string[]> =>
    (await read(ref)).consents.map((it: { state: string }) => it.state)
  const ledger = async (ref: string) => (await server().call('GET', `/v1/people/${ref}/consents/evidence`)).json.data
  const ask = async (ref: string, more: object = {}, headers = {}): Promise<{ path: string; id: string }> =>
    (await server().call('POST', `/v1/people/${ref}/consents/requests`, { ...marketing, ...more }, headers)).json
  const links = async (ref: string, body: object = { channel: 'email' }) =>
    (await server().call('POST', `/v1/people/${ref}/preference-links`, body)).json
  const open = (path: string, headers: Record<string, string> = {}) =>
    server().call('GET', path, undefined, { key: '', headers })
  /** As a browser posts a form; the clock goes on. */
  const post = (path: string, body = '', headers: Record<string, string> = {}): Promise<Answer> => {
    server().time.now += 1000
    return server().call('POST', path, body, { key: '', headers: { 'content-type': form, ...headers } })
  }
  return { put, read, states, ledger, ask, links, open, post }
}

describe.each(['postgres', 'pglite'] as const)('a link on %s', store => {
  let server: Server
  beforeAll(async () => {
    server = await start(store)
  })
  const { put, read, states, ledger, ask, links, open, post } = helpers(() => server)
  const oneClick = 'List-Unsubscribe=One-Click'

  it('that asks for confirmation permits nothing until its button is pressed, and that once', async () => {
    const ana = 'email:ana@example.com'
    const { path, id } = await ask(ana, { textVersion: 'news-1', language: 'it' })
    expect(path).toMatch(/^\/c\/default\.[\w-]+\.[\w-]{43}$/)
    expect(path).not.toContain('ana')
    expect(Buffer.from(path.split('.')[1]!, 'base64url').toString()).not.toContain('ana')
    const page = await open(path)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.text).toContain('Acme &amp; Sons')
    expect(page.text).toContain('a…@example.com')
    expect((await server.call('HEAD', path, undefined, { key: '' })).status).toBe(200)
    expect(await states(ana)).toEqual(['requested'])
    expect((await read(ana)).permitted).toEqual([])

    expect((await post(path, '', { 'user-agent': 'A browser' })).status).toBe(200)
    expect(await states(ana)).toEqual(['given'])
    const [request, confirmation] = await ledger(ana)
    expect(request).toMatchObject({ id, state: 'requested', textVersion: 'news-1', language: 'it' })
    expect(confirmation).toMatchObject({
      state: 'given',
      how: 'doubleOptIn',
      by: 'person',
      evidence: { remoteAddress: '127.0.0.1', userAgent: 'A browser', request: id },
    })
    expect((await post(path)).text).toContain('on record')
    expect(await ledger(ana)).toHaveLength(2)
  })

  it('that was pressed twice at once confirms once', async () => {
    const { path } = await ask('email:twice@example.com')
    const answers = await Promise.all([post(path), post(path), post(path)])
    expect(answers.map(it => it.status)).toEqual([200, 200, 200])
    expect((await ledger('email:twice@example.com')).map((it: { state: string }) => it.state)).toEqual([
      'requested',
      'given',
    ])
  })

  it.each([
    ['this purpose', marketing, marketing],
    ['the purpose of this topic', { channel: 'email', purpose: 'new-drinks' }, marketing],
  ])('of an old mail does not undo that she withdrew %s since', async (name, asked, answered) => {
    const ref = `email:since-${name.length}@example.com`
    const { path } = await ask(ref, asked)
    await put(ref, [{ ...answered, state: 'withdrawn' }])
    expect((await post(path)).text).toContain('withdrawn')
    expect((await read(ref)).permitted).toEqual([])
  })

  it('confirms what she asks for anew after she withdrew', async () => {
    const ref = 'email:again@example.com'
    await put(ref, [{ ...marketing, state: 'withdrawn' }])
    server.time.now += 1000
    const { path } = await ask(ref)
    expect(await states(ref)).toEqual(['withdrawn'])
    await post(path)
    expect(await states(ref)).toEqual(['given'])
  })

  it('is the same link for the same Idempotency-Key, and stands nowhere in the store', async () => {
    const headers = { headers: { 'idempotency-key': 'ask-1' } }
    const [first, second] = [
      await ask('email:idem@example.com', {}, headers),
      await ask('email:idem@example.com', {}, headers),
    ]
    expect(second).toEqual(first)
    expect(await ledger('email:idem@example.com')).toHaveLength(1)
  })

  it('ends: a request after 7 days, the page when it was said', async () => {
    const { path } = await ask('email:late@example.com')
    const page = await links('email:late@example.com', { days: 10 })
    server.time.now += 7 * 86_400_000 - 2000
    expect((await open(path)).status).toBe(200)
    server.time.now += 2000
    const answers = [await open(path), await post(path), await open(page.path)]
    expect(answers.map(it => it.status)).toEqual([404, 404, 200])
    server.time.now += 3 * 86_400_000
    expect([(await open(page.path)).status, (await post(page.path, 'action=withdraw')).status]).toEqual([404, 404])
    expect(await states('email:late@example.com')).toEqual(['requested'])
  })

  it('does nothing where it was changed, is for something else or is of another workspace', async () => {
    const ref = 'email:mia@example.com'
    await put(ref, [{ ...marketing, state: 'given' }])
    const { path } = await ask(ref, { purpose: 'research' })
    const { path: page, unsubscribePath } = await links(ref)
    await server.call('POST', '/v1/workspaces', { id: 'other', name: 'Other' })
    const tokens = { c: path.slice(3), p: page.slice(3), u: unsubscribePath.slice(3) }
    const [workspace, payload, signature] = tokens.u.split('.') as [string, string, string]
    const other = Buffer.from(payload, 'base64url').toString().replace('email', 'sms')
    const last = signature.at(-1)!
    const wrong = [
      `/u/${workspace}.${Buffer.from(other).toString('base64url')}.${signature}`,
      `/u/other.${payload}.${signature}`,
      `/u/nowhere.${payload}.${signature}`,
      `/u/${workspace}.${payload}.${signature.slice(0, -1)}${last === 'A' ? 'B' : 'A'}`,
      `/u/${workspace}.${payload}.${signature.slice(0, -1)}${String.fromCharCode(last.charCodeAt(0) + 1)}`,
      `/u/${workspace}.${payload}`,
      `/u/${workspace}.${payload}.`,
      '/u/%00',
      ...(['c', 'p', 'u'] as const).flatMap(kind =>
        (['c', 'p', 'u'] as const).flatMap(own => (own === kind ? [] : [`/${kind}/${tokens[own]}`])),
      ),
    ]
    const answers = []
    for (const each of wrong) {
      server.time.now += 60_000
      answers.push((await post(each, `${oneClick}&action=withdraw`)).status)
    }
    expect(answers).toEqual(wrong.map(() => 404))
    expect(await states(ref)).toEqual(['given', 'requested'])
    // Nor is it a key, or a person token.
    expect((await server.call('GET', `/v1/people/${ref}`, undefined, { key: tokens.p })).status).toBe(401)
  })

  it('that is guessed slows the guesser down, and nobody who has a good one', async () => {
    const { unsubscribePath } = await links('email:mia@example.com')
    server.time.now += 3_600_000
    const answers = []
    for (let guess = 0; guess < 40; guess++) answers.push(await open(`/p/default.abc.${'x'.repeat(43)}`))
    const slowed = answers.find(it => it.status === 429)!
    expect(slowed.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await open(unsubscribePath)).status).toBe(200)
    server.time.now += 3_600_000
  })

  it('of List-Unsubscribe withdraws by one post what a look at it does not, on this address only', async () => {
    const ref = 'email:nina@example.com'
    await put(ref, [
      { ...marketing, state: 'given' },
      { ...marketing, purpose: 'research', state: 'given' },
    ])
    const { unsubscribePath } = await links(ref)
    expect((await open(unsubscribePath)).text).toContain('value="One-Click"')
    expect((await post(unsubscribePath, 'List-Unsubscribe=Two-Clicks')).status).toBe(400)
    expect(await states(ref)).toEqual(['given', 'given'])
    const done = await post(unsubscribePath, oneClick)
    expect([done.status, done.headers.get('location')]).toEqual([200, null])
    await post(unsubscribePath, oneClick)
    const entries = await ledger(ref)
    expect(entries).toHaveLength(3)
    expect(entries[2]).toMatchObject({ ...marketing, state: 'withdrawn', how: 'oneClick', by: 'person' })
    // A topic of marketing that she gave later goes with the next click.
    await put(ref, [{ ...marketing, purpose: 'new-drinks', state: 'given' }])
    expect((await read(ref)).permitted).toEqual(['email/new-drinks', 'email/research'])
    await post(unsubscribePath, oneClick)
    expect((await read(ref)).permitted).toEqual(['email/research'])
  })

  it('of List-Unsubscribe takes the other form that RFC 8058 allows', async () => {
    const ref = 'email:olga@example.com'
    await put(ref, [{ ...marketing, state: 'given' }])
    const { unsubscribePath } = await links(ref)
    const body = '--b1\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b1--\r\n'
    const done = await post(unsubscribePath, body, { 'content-type': 'multipart/form-data; boundary=b1' })
    expect(done.status).toBe(200)
    expect(await states(ref)).toEqual(['withdrawn'])
  })

  it('takes no other body, and says which methods it takes', async () => {
    const { path } = await links('email:olga@example.com')
    expect((await post(path, '{}', { 'content-type': 'application/json' })).status).toBe(415)
    const large = await post(path, `action=save&x=${'x'.repeat(70_000)}`)
    expect(large.status).toBe(413)
    const other = await server.call('DELETE', path, undefined, { key: '' })
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
    expect(other.text).not.toContain(path)
  })

  it('of a preference page stores nothing that was not changed on it, and nothing it cannot read', async () => {
    const ref = 'email:pia@example.com'
    await put(ref, [{ ...marketing, state: 'given' }])
    const { path } = await links(ref)
    const { text } = await open(path)
    const shown = /name="shown" value="([^"]+)"/.exec(text)![1]!.replaceAll('&quot;', '"')
    const key = /value="(hol_\w+\/email\/marketing)" checked/.exec(text)![1]!
    // She withdraws by phone while the page lies open, and then saves it with the box still ticked.
    await put(ref, [{ ...marketing, state: 'withdrawn', how: 'call' }])
    const boxes = Object.entries(JSON.parse(shown).boxes).filter(([, checked]) => checked)
    const fields = new URLSearchParams([
      ['action', 'save'],
      ['shown', shown],
      ...boxes.map(([box]) => ['box', box]),
    ] as [string, string][])
    const stale = await post(path, `${fields}&often=&pause=&language=it`)
    expect(stale.text).toContain('<html lang="it"')
    expect(boxes.map(([box]) => box)).toContain(key)
    expect((await read(ref)).permitted).toEqual([])
    expect((await read(ref)).preferences.language).toBe('it')
    for (const broken of [
      'action=save',
      'action=save&shown={',
      'action=other',
      `${fields}&from=21:00&to=`,
      `${fields}&pause=8`,
      `${fields}&often=x`,
    ])
      expect([broken, (await post(path, broken)).status]).toEqual([broken, 400])
    expect(await ledger(ref)).toHaveLength(2)
  })

  it('of a preference page changes nothing by boxes that no page has', async () => {
    const ref = 'email:odd@example.com'
    await put(ref, [{ ...marketing, state: 'withdrawn' }])
    const before = await read(ref)
    const { path } = await links(ref)
    const holder = before.consents[0].holder
    for (const box of [`${holder}/email/constructor`, `${holder}/toString/marketing`, 'channel/constructor']) {
      const shown = JSON.stringify({ boxes: { [box]: false }, often: '', pause: '', language: '', quiet: [] })
      expect([box, (await post(path, `${new URLSearchParams({ action: 'save', shown, box })}`)).status]).toEqual([
        box,
        200,
      ])
    }
    expect(await read(ref)).toEqual(before)
  })

  it('of a preference page withdraws from everything, on every address, and there is nothing left to withdraw', async () => {
    const ref = 'email:rosa@example.com'
    await server.call('POST', '/v1/identify', {
      userId: 'rosa',
      traits: { email: 'rosa@example.com', phone: '+393331234567' },
    })
    await put(ref, [
      { ...marketing, state: 'given' },
      { ...marketing, purpose: 'new-drinks', state: 'given' },
      { address: 'phone:+393331234567', channel: 'sms', purpose: 'marketing', state: 'given' },
      { address: 'userId:rosa', channel: 'app', purpose: 'profiling', state: 'given' },
    ])
    const { path } = await links(ref)
    expect((await post(path, 'action=withdraw')).status).toBe(200)
    const after = await read(ref)
    expect(after.permitted).toEqual([])
    const every = after.consents.filter((it: { state: string }) => it.state === 'withdrawn')
    expect(every).toHaveLength(after.consents.length)
    // E-mail with its topic, text, call, WhatsApp and the app, for four purposes.
    expect(every).toHaveLength(5 * 4 + 1)
    await post(path, 'action=withdraw')
    expect(await ledger(ref)).toHaveLength(4 + 5 * 4 + 1)
  })
})

describe('the preference page in a browser', () => {
  let server: Server
  beforeAll(async () => {
    server = await start('pglite')
  })
  const { put, read, links } = helpers(() => server)

  /** Opens somebody's page, and whatever its console complains of. */
  const visit = async (ref: string, options: Parameters<typeof openPage>[0] = {}) => {
    const { page, errors } = await openPage(options)
    const { path } = await links(ref)
    await page.goto(server.url + path)
    return { page, errors }
  }
  let people = 0
  const some = async (name: string, language?: string): Promise<string> => {
    const ref = `email:${name}@example.com`
    people += 1
    const traits = { email: `${name}@example.com`, phone: `+39333123${1000 + people}` }
    await server.call('POST', '/v1/identify', { userId: name, traits })
    await put(ref, [{ ...marketing, state: 'given' }], language === undefined ? undefined : { language })
    return ref
  }
  /** Tabs until something of this name has the focus. */
  const tabTo = async (page: Page, name: string): Promise<void> => {
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press('Tab')
      const focused: string = await page.evaluate(
        '(e => e.labels?.[0]?.textContent ?? e.textContent ?? "")(document.activeElement)',
      )
      if (focused === name) return
    }
    throw new Error(`nothing called ${name} can be reached by the Tab key`)
  }

  it('works with the keyboard alone, and says what was stored', async () => {
    const ref = await some('vera')
    const { page, errors } = await visit(ref)
    await tabTo(page, 'Offers and news')
    await page.keyboard.press('Space')
    await tabTo(page, 'Surveys')
    await page.keyboard.press('Space')
    await tabTo(page, 'Phone call')
    await page.keyboard.press('Space')
    await tabTo(page, 'New <drinks>')
    await page.keyboard.press('Space')
    await tabTo(page, 'At most')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'Pause')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'Save')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=status]')
    const told = await page.locator('[role=status] li').allTextContents()
    expect(told).toEqual([
      'E-mail · v…@example.com: Offers and news – not allowed any more',
      'E-mail · v…@example.com: Surveys – allowed',
      'Phone call – not allowed any more',
      'New <drinks> – not allowed any more',
      'At most: 7 in 7 days',
      'Pause: Paused until March 9, 2026',
    ])
    const after = await read(ref)
    expect(after).toMatchObject({
      permitted: ['email/research'],
      preferences: {
        channelsOff: ['call'],
        topicsOff: ['new-drinks'],
        atMost: { messages: 7, days: 7 },
      },
    })
    expect(after.preferences.pausedUntil).toMatch(/^2026-03-09T/)
    expect(errors).toEqual([])
  })

  it('sets quiet hours and a language, keeps what is not touched, and is then in that language', async () => {
    const ref = await some('wanda')
    const zoned = { from: '12:00', to: '14:00', timeZone: 'Asia/Tokyo' }
    await put(ref, [], { quietHours: [zoned], channelsOff: ['post'], atMost: { messages: 5, days: 9 } })
    const { page } = await visit(ref)
    await page.fill('#from1', '21:00')
    await page.fill('#to1', '08:00')
    await page.selectOption('#language', 'ar')
    await page.click('button[value=save]')
    await page.waitForSelector('[role=status]')
    expect(await page.evaluate('document.documentElement.lang + " " + document.documentElement.dir')).toBe('ar rtl')
    expect((await read(ref)).preferences).toEqual({
      channelsOff: ['post'],
      topicsOff: [],
      language: 'ar',
      quietHours: [zoned, { from: '21:00', to: '08:00' }],
      atMost: { messages: 5, days: 9 },
      pausedUntil: null,
    })
    await page.fill('#from0', '')
    await page.fill('#to0', '')
    await page.click('button[value=save]')
    await page.waitForSelector('[role=status]')
    expect((await read(ref)).preferences.quietHours).toEqual([{ from: '21:00', to: '08:00' }])
  })

  it('withdraws from everything with one button', async () => {
    const ref = await some('xenia')
    const { page } = await visit(ref)
    await page.click('button[value=withdraw]')
    await page.waitForSelector('[role=status]')
    expect((await read(ref)).permitted).toEqual([])
    expect(await page.locator('fieldset input[value$="/marketing"]:checked').count()).toBe(0)
  })

  it('needs no script, and asks the browser for nothing but itself', async () => {
    const ref = await some('yara')
    const { path } = await links(ref)
    const { page: opener } = await openPage()
    const context = await opener.context().browser()!.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', request => void asked.push(new URL(request.url()).pathname))
    await page.goto(server.url + path)
    await page.getByLabel('Surveys').first().check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForSelector('[role=status]')
    await context.close()
    expect((await read(ref)).permitted).toContain('email/research')
    expect(new Set(asked)).toEqual(new Set([path]))
  })

  it.each(['en', 'it', 'ar', 'id', 'ms'])('can be read and used by anybody in %s, at any width', async language => {
    const ref = await some(`zoe-${language}`, language)
    const { page, errors } = await visit(ref, { locale: 'fr-FR' })
    expect(await page.getAttribute('html', 'lang')).toBe(language)
    expect(await page.getAttribute('html', 'dir')).toBe(language === 'ar' ? 'rtl' : 'ltr')
    const flaws: string[] = await page.evaluate(`
      const flaws = []
      const all = [...document.querySelectorAll('input:not([type=hidden]), select, button')]
      for (const it of all) {
        const name = it.tagName === 'BUTTON' ? it.textContent : [...it.labels].map(label => label.textContent).join('')
        if (name.trim() === '') flaws.push('no name: ' + it.outerHTML)
        const place = it.type === 'checkbox' ? it.closest('label') : it
        if (place.getBoundingClientRect().height < 44) flaws.push('too small: ' + it.outerHTML)
      }
      for (const it of document.querySelectorAll('fieldset'))
        if (it.firstElementChild.tagName !== 'LEGEND' || it.firstElementChild.textContent.trim() === '') flaws.push('no legend')
      const ids = [...document.querySelectorAll('[id]')].map(it => it.id)
      if (new Set(ids).size !== ids.length) flaws.push('two elements with one id')
      if (document.querySelectorAll('h1').length !== 1) flaws.push('not one h1')
      if (document.title.trim() === '') flaws.push('no title')
      if (all.length < 20) flaws.push('only ' + all.length + ' controls')
      if (/[{}]|undefined|NaN/.test(document.body.innerText)) flaws.push('a hole in a sentence')
      flaws
    `)
    expect(flaws).toEqual([])
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width])
    }
    expect(errors).toEqual([])
  })

  it('speaks the language of the browser where she asked for none, and of the business where it speaks neither', async () => {
    const ref = await some('none')
    const { path } = await links(ref)
    const language = async (header: string) =>
      /<html lang="(\w+)"/.exec(
        (await server.call('GET', path, undefined, { key: '', headers: { 'accept-language': header } })).text,
      )![1]
    expect(await language('fr, id;q=0.5, ms;q=0.8')).toBe('ms')
    expect(await language('it-CH')).toBe('it')
    expect(await language('id;q=0, fr')).toBe('en')
  })
})
