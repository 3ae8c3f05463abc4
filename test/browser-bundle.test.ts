import { expect, it } from 'vitest'
import { openPage } from './browser.ts'

it('the bundle brings the client and the decision into a browser, with no error in its console', async () => {
  const { page, tessera, errors } = await openPage()
  const types = await tessera.evaluate(bundle => ({
    decide: typeof bundle.decide,
    client: typeof bundle.createTessera,
  }))
  expect(types).toEqual({ decide: 'function', client: 'function' })
  expect(errors).toEqual([])

  // The errors of a page are seen at all.
  await page.evaluate('console.error("planted")')
  expect(errors).toEqual(['planted'])
})
