import { generateKeyPairSync, sign } from 'node:crypto'
import type { JSHandle } from 'playwright-core'
import { expect, it } from 'vitest'
import { entryText } from '../src/core/packs/journal.ts'
import { packText } from '../src/core/packs/pack.ts'
import { decideOffline, openPack, type SignedPack } from '../src/sdk/offline.ts'
import { isSignedBy } from '../src/server/signer.ts'
import { openPage } from './browser.ts'
import { smallWorld } from './small-world.ts'
import { makeTill } from './till.ts'

/** A pack with an offer that reads the clock and is limited by the day, and an order that it applies to. */
const offlineExample = () => {
  const shop = smallWorld({
    offers: {
      morning: {
        trigger: { on: 'basket' },
        when: 'local.hour < 12',
        benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
        limits: { per: { uses: 10, period: 'day' } },
      },
    },
  })
  const till = makeTill(shop, 'D'.repeat(43))
  till.renew()
  const lines = [{ id: '1', sku: 'LATTE', quantity: 2, unitPrice: 450 }]
  return { pack: till.pack(), order: { id: 'A', at: shop.world().now, lines, codes: ['none'] } }
}

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

it('a till’s program makes keys, opens a pack and decides by it in a browser, as it does here', async () => {
  const { page } = await openPage()
  const { pack, order } = offlineExample()
  const key = generateKeyPairSync('ed25519')
  const publicKey = key.publicKey.export({ format: 'jwk' }).x!
  const whole = { ...pack, publicKey }
  const signature = sign(null, Buffer.from(packText(whole)), key.privateKey).toString('base64url')
  const signed: SignedPack = { pack: whole, signature }
  const here = await openPack(signed, whole, whole.issuedAt)
  if (!here.ok) throw new Error(here.refusal.code)
  const decided = await decideOffline(here.value, order, [])
  const offline: JSHandle<typeof import('../src/sdk/offline.ts')> = await page.evaluateHandle('import("/offline.js")')
  const there = await offline.evaluate(
    async (till, given) => {
      const device = await till.makeDeviceKey()
      const opened = await till.openPack(given.signed, given.signed.pack, given.signed.pack.issuedAt)
      const spoilt = { ...given.signed, pack: { ...given.signed.pack, currency: 'USD' } }
      const refused = await till.openPack(spoilt, spoilt.pack, spoilt.pack.issuedAt)
      if (!opened.ok) return { refusal: opened.refusal.code }
      const decision = await till.decideOffline(opened.value, given.order, [])
      const close = { kind: 'close' as const, id: 'close-1', at: '2026-03-02T20:00:00Z' }
      const entry = await till.writeEntry(opened.value.pack, [], close, device)
      return { decision, entry, device: device.publicKey, refused: refused.ok ? 'opened' : refused.refusal.code }
    },
    { signed, order },
  )
  expect(there.decision).toEqual(decided)
  expect(decided.totals).toMatchObject({ total: 800, discount: 100 })
  expect(there.refused).toBe('pack_tampered')
  expect(isSignedBy(there.device!, entryText(there.entry!), there.entry!.signature)).toBe(true)
})
