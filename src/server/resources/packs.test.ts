import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { latte, makeOffer, serve, type TestServer } from '../../../test/server.ts'
import { saleOf } from '../../../test/till.ts'
import {
  type DeviceKey,
  decideOffline,
  type JournalEntry,
  makeDeviceKey,
  makeWalletToken,
  openPack,
  type PackInUse,
  readWalletToken,
  type SignedPack,
  type TillIs,
  writeEntry,
} from '../../sdk/offline.ts'

/** Tills as they are: their own keys, their own program, the server over HTTP. */
describe.each(['postgres', 'pglite'] as const)('packs on %s', store => {
  let server: TestServer
  const time = { ahead: 0 }
  let count = 0
  const fresh = (name: string): string => {
    count += 1
    return `${name}-${count}`
  }
  beforeAll(async () => {
    server = await serve(store, { clock: () => Date.now() + time.ahead })
  })
  const now = () => Date.now() + time.ahead

  const tillKey = async (location: string) =>
    (await server.call('POST', '/v1/keys', { name: 'A till', scope: 'till', channel: 'store', location })).json

  /** A till of its own location, with a device key; it keeps the workspace's key from its first pack on. */
  const newTill = async (location = fresh('store')) => {
    const { key, id } = await tillKey(location)
    const device = await makeDeviceKey()
    let is: TillIs | undefined
    let inUse: PackInUse | undefined
    const journal: JournalEntry[] = []
    const fetchPack = async (body: object = {}) =>
      server.call('POST', '/v1/packs', { device: device.publicKey, sequence: journal.length, ...body }, { key })
    return {
      key,
      device,
      journal,
      is: () => is!,
      pack: () => inUse!.pack,
      fetchPack,
      renew: async (body: object = {}): Promise<SignedPack> => {
        const { status, json } = await fetchPack(body)
        expect(status).toBe(200)
        is ??= { workspace: 'default', till: id, device: device.publicKey, location, publicKey: json.publicKey }
        const opened = await openPack(json, is, now())
        if (!opened.ok) throw new Error(opened.refusal.code)
        if (inUse && inUse.pack.id !== opened.value.pack.id) journal.length = 0
        inUse = opened.value
        return json
      },
      sell: async (fields: object = {}) => {
        const order = { id: fresh('sale'), at: now(), lines: [{ ...latte }], ...fields }
        const decision = await decideOffline(inUse!, order, journal)
        journal.push(await writeEntry(inUse!.pack, journal, saleOf(order, decision), device))
        return { order, decision }
      },
      close: async () => {
        const entry = { kind: 'close', id: fresh('close'), at: new Date(now()).toISOString() } as const
        journal.push(await writeEntry(inUse!.pack, journal, entry, device))
      },
      send: async (entries: readonly JournalEntry[] = journal) =>
        server.call('POST', `/v1/packs/${inUse!.pack.id}/journal`, { entries }, { key }),
    }
  }

  const slicesOf = async (pack: string) => (await server.call('GET', `/v1/packs/${pack}`)).json.slices
  const findings = async () => {
    const { json } = await server.call('POST', '/v1/audits', {})
    await vi.waitFor(async () => expect((await server.call('GET', `/v1/jobs/${json.id}`)).json.state).toBe('done'), {
      timeout: 20_000,
    })
    return (await server.call('GET', `/v1/jobs/${json.id}`)).json.result.findings
  }

  it('a till sells without a network, settles in any order and more than once, and closes', async () => {
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, limits: { uses: 1000 } })
    const till = await newTill()
    await till.renew()
    const sold = [await till.sell(), await till.sell(), await till.sell()]
    expect(sold.map(it => it.decision.applied.map(({ offer: id }) => id))).toEqual(Array(3).fill([offer]))
    await till.close()
    const [first, second, third, close] = till.journal
    const early = await till.send([close!, third!])
    expect(early.json.pack).toEqual({ state: 'closing', entries: 2, last: 4, missing: 2 })
    const leased = (await slicesOf(till.pack().id))[0].leased
    expect(await slicesOf(till.pack().id)).toMatchObject([{ used: 1, left: leased - 1, back: 0 }])
    const rest = await till.send([second!, first!, third!])
    expect(rest.json.entries.map((it: { state: string }) => it.state)).toEqual(['settled', 'settled', 'known'])
    expect(rest.json.entries.flatMap((it: { differences: unknown[] }) => it.differences)).toEqual([])
    expect(rest.json.pack.state).toBe('closed')
    expect(await slicesOf(till.pack().id)).toEqual([
      { offer, limit: '', leased, used: 3, back: leased - 3, left: 0, overrun: 0 },
    ])
    const order = await server.call('GET', `/v1/orders/${sold[0]!.order.id}`)
    expect(order.json).toMatchObject({ state: 'placed', totals: sold[0]!.decision.totals })
    const journal = await server.call('GET', `/v1/packs/${till.pack().id}/journal?limit=2`)
    expect(journal.json.data.map((it: { sequence: number }) => it.sequence)).toEqual([1, 2])
    const next = await server.call('GET', `/v1/packs/${till.pack().id}/journal?cursor=${journal.json.nextCursor}`)
    expect(next.json.data.map((it: { sequence: number }) => it.sequence)).toEqual([3, 4])
    await server.call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
    expect(await findings()).toEqual([])
  })

  it('a device has one pack, however often and at once it asks', async () => {
    const till = await newTill()
    const answers = await Promise.all([1, 2, 3].map(() => till.fetchPack()))
    expect(new Set(answers.map(it => it.json.pack.id)).size).toBe(1)
    expect(answers.map(it => it.json.pack.revision).sort()).toEqual([1, 2, 3])
  })

  it('a till uses no pack that is tampered with, another’s, of another program, or too old', async () => {
    const till = await newTill()
    const signed = await till.renew({ hours: 2 })
    const codeOf = async (pack: SignedPack, is: Partial<TillIs> = {}, at = now()) => {
      const opened = await openPack(pack, { ...till.is(), ...is }, at)
      return opened.ok ? 'opened' : opened.refusal.code
    }
    expect(await codeOf(signed)).toBe('opened')
    expect(await codeOf({ ...signed, pack: { ...signed.pack, expiresAt: signed.pack.expiresAt + 1 } })).toBe(
      'pack_tampered',
    )
    expect(await codeOf({ ...signed, signature: 'A'.repeat(86) })).toBe('pack_tampered')
    const other = await makeDeviceKey()
    expect(await codeOf({ ...signed, pack: { ...signed.pack, publicKey: other.publicKey } })).toBe('pack_tampered')
    for (const is of [{ workspace: 'acme' }, { till: 'key_x' }, { device: other.publicKey }, { location: 'store-x' }])
      expect(await codeOf(signed, is)).toBe('pack_foreign')
    expect(await codeOf(signed, {}, now() + 2 * 3_600_000)).toBe('pack_expired')
    expect(await codeOf(signed, {}, now() - 600_000)).toBe('pack_expired')
  })

  it('an entry that its device has not signed is refused, and so is another under its id', async () => {
    const till = await newTill()
    await till.renew()
    await till.sell()
    await till.sell()
    const [first, second] = till.journal
    const stranger: DeviceKey = await makeDeviceKey()
    const forged = await writeEntry(till.pack(), [], { ...first! }, stranger)
    const answer = await till.send([{ ...first!, order: 'forged' } as JournalEntry, forged, second!])
    expect(answer.json.entries.map((it: { refusal?: { code: string } }) => it.refusal?.code)).toEqual([
      'journal_signature_invalid',
      'journal_signature_invalid',
      undefined,
    ])
    const twin = await writeEntry(till.pack(), [first!], { ...second!, order: 'twin' } as never, till.device)
    expect((await till.send([twin])).json.entries[0].refusal.code).toBe('journal_entry_reused')
    expect((await server.call('GET', '/v1/orders/twin')).status).toBe(404)
    const other = await newTill()
    const stolen = await server.call('POST', `/v1/packs/${till.pack().id}/journal`, { entries: [] }, { key: other.key })
    expect(stolen.json.code).toBe('pack_not_found')
  })

  it('a lost till is written off; what comes later is booked, and what finds no room is counted as overrun', async () => {
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, limits: { uses: 3 } })
    const till = await newTill()
    await till.renew()
    await till.sell()
    const writeOff = () => server.call('POST', `/v1/packs/${till.pack().id}/write-off`, { reason: 'lost' })
    expect((await writeOff()).json).toMatchObject({ state: 'writtenOff', endedBy: 'admin' })
    expect((await writeOff()).json.code).toBe('pack_state_conflict')
    for (let number = 0; number < 3; number += 1) {
      const body = { state: 'placed', channel: 'web', lines: [latte] }
      const { json } = await server.call('PUT', `/v1/orders/${fresh('web')}`, body)
      expect(json.applied.map((it: { offer: string }) => it.offer)).toEqual([offer])
    }
    const late = await till.send()
    expect(late.json.entries[0].differences.map((it: { what: string }) => it.what)).toEqual([
      'applied',
      'total',
      'overrun',
    ])
    expect(await slicesOf(till.pack().id)).toMatchObject([{ left: 0, overrun: 1 }])
    const report = await server.call('GET', '/v1/reports/campaigns')
    const rows = report.json.data.flatMap((it: { offers: { offer: string }[] }) => it.offers)
    expect(rows.find((it: { offer: string }) => it.offer === offer).overruns).toEqual([
      { limit: '', uses: 1, budget: 0 },
    ])
    const { json } = await server.call('GET', '/v1/packs?state=writtenOff')
    expect(json.data).toMatchObject([{ id: till.pack().id, differences: 1 }])
    await server.call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
    expect(await findings()).toEqual([])
  })

  it('a return that arrives before its order waits, also at another till', async () => {
    const [one, two] = [await newTill(), await newTill()]
    await one.renew()
    await two.renew()
    const { order } = await one.sell()
    const back = { id: 'back', lines: [{ id: latte.id, quantity: 1 }] }
    const at = new Date(now()).toISOString()
    const entry = { kind: 'return', id: fresh('return'), at, order: order.id, return: back, refund: 1 } as const
    two.journal.push(await writeEntry(two.pack(), [], entry as never, two.device))
    expect((await two.send()).json.entries[0].state).toBe('waiting')
    await one.send()
    const seen = await server.call('GET', `/v1/packs/${two.pack().id}/journal`)
    expect(seen.json.data[0]).toMatchObject({ state: 'settled', differences: [{ what: 'refund', told: 1 }] })
  })

  it('a counter that is made anew keeps what is leased', async () => {
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, limits: { uses: 1000 } })
    const till = await newTill()
    await till.renew()
    const limits = { uses: 1000, per: { uses: 100, period: 'day' } }
    await server.call('PATCH', `/v1/offers/${offer}`, { limits })
    expect(await findings()).toEqual([])
    await till.sell()
    await till.send()
    await till.renew()
    expect(await findings()).toEqual([])
    await server.call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
  })

  it('a leased person, and a wallet’s code that tells who she is without a network', async () => {
    const person = `userId:${fresh('ana')}`
    const card = `loyaltyCard:${fresh('card')}`
    await server.call('POST', '/v1/people/links', { a: person, b: card })
    const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, limits: { perPerson: 1 } })
    const till = await newTill()
    const nobody = `userId:${fresh('nobody')}`
    const signed = await till.renew({ people: [person, nobody] })
    expect((signed as unknown as { unknown: string[] }).unknown).toEqual([nobody])
    const phone = await makeDeviceKey()
    const certified = await server.call('POST', '/v1/wallet/devices', { device: phone.publicKey, person })
    const token = await makeWalletToken(certified.json.certificate, now(), phone)
    const shown = await readWalletToken(token, till.is(), now())
    if (!shown.ok) throw new Error(shown.refusal.code)
    expect(`loyaltyCard:${shown.value.card}`).toBe(card)
    const read = (text: string) => server.call('POST', '/v1/wallet-tokens/read', { token: text }, { key: till.key })
    expect((await read(token)).json).toEqual({ person: shown.value.person, card: shown.value.card })
    expect((await read(token)).json.code).toBe('wallet_token_used')
    const sold = [await till.sell({ person: card }), await till.sell({ person: card })]
    expect(sold.map(it => it.decision.applied.length)).toEqual([1, 0])
    const web = { state: 'placed', channel: 'web', lines: [latte], person }
    expect((await server.call('PUT', `/v1/orders/${fresh('web')}`, web)).json.applied).toEqual([])
    const settled = await till.send()
    expect(settled.json.entries.map((it: { differences: unknown }) => it.differences)).toEqual([[], []])
    await till.close()
    await till.send()
    expect(await findings()).toEqual([])
    await server.call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
  })

  it('whatever arrives how often in which order, from several tills and the shop at once: limits hold and the audit finds nothing', async () => {
    const pieces = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.array(fc.nat({ max: 30 }), { maxLength: 5 })), {
      maxLength: 5,
    })
    let sold = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        pieces,
        fc.boolean(),
        async (uses, each, sends, isLost) => {
          const { offer } = await makeOffer(server, { trigger: { on: 'basket' }, limits: { uses } })
          const tills = [await newTill(), await newTill()]
          for (const till of tills) await till.renew()
          for (const till of tills) for (let number = 0; number < each; number += 1) await till.sell()
          const body = { state: 'placed', channel: 'web', lines: [latte] }
          const web = Array.from({ length: uses }, () => server.call('PUT', `/v1/orders/${fresh('web')}`, body))
          const early = sends.map(([index, places]) => {
            const { journal, send } = tills[index]!
            return send(journal.length === 0 ? [] : places.map(place => journal[place % journal.length]!))
          })
          await Promise.all([...web, ...early])
          if (isLost) await server.call('POST', `/v1/packs/${tills[0]!.pack().id}/write-off`, { reason: 'lost' })
          for (const till of tills) {
            await till.close()
            const { json } = await till.send([...till.journal].reverse())
            expect(json.entries.every((it: { state: string }) => it.state === 'settled' || it.state === 'known')).toBe(
              true,
            )
          }
          const slices = await Promise.all(tills.map(till => slicesOf(till.pack().id)))
          const its = slices.flat().filter(it => it.offer === offer)
          expect(its.map(it => it.left)).toEqual(its.map(() => 0))
          const overrun = its.reduce((sum, it) => sum + it.overrun, 0)
          if (!isLost) expect(overrun).toBe(0)
          const given = tills
            .flatMap(till => till.journal)
            .filter(it => it.kind === 'sale' && it.told.applied.some(a => a.offer === offer))
          sold += given.length
          const report = await server.call('GET', `/v1/reports/campaigns?from=2020-01-01T00:00:00Z`)
          const row = report.json.data
            .flatMap((it: { offers: { offer: string; redeemed: number }[] }) => it.offers)
            .find((it: { offer: string }) => it.offer === offer)
          expect(row.redeemed).toBeLessThanOrEqual(uses + overrun)
          await server.call('PATCH', `/v1/offers/${offer}`, { state: 'ended' })
          expect(await findings()).toEqual([])
        },
      ),
      { numRuns: 3 },
    )
    expect(sold).toBeGreaterThan(0)
  })
})
