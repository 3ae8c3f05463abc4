import type { Page } from 'playwright-core'
import { type FaceServer, type Look, type OpenFace, openFace } from './face.ts'

/** A till as a clerk has it in front of her; texts in English. */

export const enterPin = async (page: Page, clerk = 'Kim', pin = '4711'): Promise<void> => {
  await page.getByRole('button', { name: clerk }).click()
  await page.getByLabel('PIN').fill(pin)
  await page.getByRole('button', { name: 'Begin' }).click()
}

const prices = 'LATTE,Caffè latte,4.50\nMUG,Mug,9.00'

/** A till of its own: paired by its link, with Kim at it, and a latte and a mug in its price list. */
export const openTill = async (server: FaceServer, key: string, look: Look = {}): Promise<OpenFace> => {
  const opened = await openFace(server, `/till#key=${key}&location=store-12`, { width: 820, ...look })
  const { page } = opened
  await enterPin(page)
  await page.getByRole('button', { name: 'Load a price list' }).click()
  await page.getByLabel('Or type them in').fill(prices)
  await page.getByRole('button', { name: 'Use this list' }).click()
  await page.getByText('2 articles are on this till').waitFor()
  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('button', { name: 'Caffè latte' }).waitFor()
  return opened
}

/** What a scanner types, all at once, with nothing focused. */
export const scan = (page: Page, text: string): Promise<void> =>
  page.evaluate(`for (const key of [...${JSON.stringify(text)}, 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`)

/** What is typed into the one field for articles, cards and codes. */
export const enter = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Article, card or code' }).fill(text)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
}

/** Serves these codes and people also without a network, from now on. */
export const lease = async (page: Page, what: string): Promise<void> => {
  await page.getByRole('button', { name: 'Online' }).click()
  await page.getByLabel('Codes, cards, e-mail addresses').fill(what)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('main:not(:has([aria-busy=true]))').waitFor()
  await page.getByRole('button', { name: 'Back' }).click()
}

/** Takes the money; answers the number of the receipt. */
export const sell = async (page: Page): Promise<string> => {
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await page.getByRole('button', { name: 'Finish the sale' }).click()
  await page.getByRole('heading', { name: 'Sold' }).waitFor()
  const [number] = /[0-9A-Z]{5}-\d{4}/.exec((await page.locator('.receipt-head').textContent()) ?? '') ?? []
  if (number === undefined) throw new Error('there is no number on the receipt')
  return number
}
