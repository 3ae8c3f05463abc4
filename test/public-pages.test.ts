import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPage } from './browser.ts'
import { serve, type TestServer } from './server.ts'

/** Every page that the server shows to a browser: on a phone, in either direction of writing, light and dark, and by the keyboard. */

const languages = { en: 'ltr', ar: 'rtl' } as const
type Language = keyof typeof languages

/** Elements that reach out of the window, except what scrolls by itself. */
const outside = `[...document.querySelectorAll('body *')].flatMap(it => {
  const { left, right } = it.getBoundingClientRect()
  return it.closest('pre') === null && (left < -1 || right > innerWidth + 1) ? [it.tagName + ' ' + it.textContent.slice(0, 80)] : []
})`

/** Texts with too little contrast to what is behind them: WCAG 2.2, 1.4.3. */
const faint = `(() => {
  const parts = color => color.match(/[\\d.]+/g).map(Number)
  const luminance = color => {
    const [r, g, b] = parts(color).slice(0, 3).map(it => it / 255).map(it => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)'
  const behind = it => {
    for (let at = it; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if ((parts(backgroundColor)[3] ?? 1) > 0) return backgroundColor
    }
    return canvas
  }
  const texts = [...document.querySelectorAll('body *')].filter(it => [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== ''))
  return {
    texts: texts.length,
    faint: [...new Set(texts.flatMap(it => {
      const [low, high] = [getComputedStyle(it).color, behind(it)].map(luminance).sort((a, b) => a - b)
      return (high + 0.05) / (low + 0.05) < 4.5 ? [it.tagName + ' ' + getComputedStyle(it).color] : []
    }))],
  }
})()`

const scrollsTo = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth')

describe('a page of the server', () => {
  let server: TestServer
  const pages = { en: [] as string[], ar: [] as string[] }
  beforeAll(async () => {
    server = await serve('postgres')
    const topics = [{ id: 'recipes', name: 'Recipes of the month', purpose: 'marketing' }]
    const join = { terms: 'terms-of-spring-2026' }
    await server.call('PUT', '/v1/programmes/club', { name: 'Club der Freunde des Kaffees & Gebäcks', join })
    await server.call('PATCH', '/v1/workspaces/default', { topics, name: 'Kaffeerösterei Acme & Söhne' })
    for (const language of ['en', 'ar'] as const) {
      const ref = `email:somebody-${language}@a-domain-that-is-longer-than-most.example.com`
      const consents = [{ channel: 'email', purpose: 'marketing', state: 'given' }]
      await server.call('PUT', `/v1/people/${ref}/consents`, { consents, preferences: { language } })
      const asked = { channel: 'email', purpose: 'research' }
      const request = await server.call('POST', `/v1/people/${ref}/consents/requests`, asked)
      const { json } = await server.call('POST', `/v1/people/${ref}/preference-links`, { channel: 'email' })
      const invited = await server.call('POST', '/v1/programmes/club/join-links', { person: ref })
      pages[language].push(request.json.path, json.path, json.unsubscribePath, invited.json.path, `${json.path}x`)
    }
  })

  const open = async (path: string, language: Language, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> => {
    const { page } = await openPage({ viewport: { width: 360, height: 800 }, locale: language, colorScheme })
    await page.goto(server.url + path)
    return page
  }

  it.each(Object.entries(languages) as [Language, string][])(
    'does not scroll sideways on a phone, before and after its button, in %s',
    async (language, direction) => {
      const seen: unknown[] = []
      for (const path of pages[language]) {
        const page = await open(path, language)
        expect(await page.evaluate('[document.documentElement.lang, document.documentElement.dir]')).toEqual([
          language,
          direction,
        ])
        seen.push([path.slice(0, 3), await scrollsTo(page), await page.evaluate(outside)])
        const button = page.locator('button').first()
        if ((await button.count()) > 0) {
          await Promise.all([page.waitForEvent('load'), button.click()])
          seen.push([path.slice(0, 3), await scrollsTo(page), await page.evaluate(outside)])
        }
        await page.close()
      }
      const kinds = ['/c/', '/c/', '/p/', '/p/', '/u/', '/u/', '/j/', '/j/', '/p/']
      expect(seen).toEqual(kinds.map(kind => [kind, 360, []]))
    },
  )

  it('is the reference, and does not scroll sideways at any width, in either direction', async () => {
    const page = await open('/docs', 'en')
    const seen: unknown[] = []
    const widths = [360, 700, 740, 801, 1010, 1280]
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      for (const direction of Object.values(languages)) {
        await page.evaluate(`document.documentElement.dir = '${direction}'`)
        seen.push([width, direction, await scrollsTo(page), await page.evaluate(outside)])
      }
    }
    await page.close()
    expect(seen).toEqual(widths.flatMap(width => ['ltr', 'rtl'].map(direction => [width, direction, width, []])))
  })

  it.each(['light', 'dark'] as const)('can be read in %s colours', async scheme => {
    const found: { path: string; texts: number; faint: string[] }[] = []
    for (const path of [...pages.en, '/docs']) {
      const page = await open(path, 'en', scheme)
      const read: { texts: number; faint: string[] } = await page.evaluate(faint)
      found.push({ path, ...read })
      await page.close()
    }
    expect(found.flatMap(it => it.faint)).toEqual([])
    expect(Math.min(...found.map(it => it.texts))).toBeGreaterThan(1)
  })

  it('shows where the keyboard is', async () => {
    const paths = [...pages.en.slice(0, 4), '/docs']
    for (const path of paths) {
      const page = await open(path, 'en')
      await page.keyboard.press('Tab')
      const focused: { name: string; style: string; width: number } = await page.evaluate(`(it => {
        const { outlineStyle, outlineWidth } = getComputedStyle(it)
        return { name: it.tagName, style: outlineStyle, width: parseFloat(outlineWidth) }
      })(document.activeElement)`)
      expect([path, focused]).toEqual([
        path,
        { name: expect.stringMatching(/^(A|BUTTON|INPUT)$/), style: 'solid', width: 3 },
      ])
      await page.close()
    }
    expect(paths).toHaveLength(5)
  })
})
