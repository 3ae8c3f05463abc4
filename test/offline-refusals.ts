import { randomBytes } from 'node:crypto'
import { openPostgres } from '../src/adapters/storage/postgres.ts'
import type { Refusal } from '../src/core/kernel/refusal.ts'
import { packText } from '../src/core/packs/pack.ts'
import {
  decideOffline,
  type JournalEntry,
  makeDeviceKey,
  makeWalletToken,
  openPack,
  type SignedPack,
  type TillIs,
  writeEntry,
} from '../src/sdk/offline.ts'
import { makeSigners } from '../src/server/signer.ts'
import { makeWorkspaces } from '../src/server/workspaces.ts'
import { latte, makeOffer, type TestServer } from './server.ts'
import { saleOf } from './till.ts'

type Triggers = Readonly<Record<string, () => Promise<Refusal>>>

/** What a till does to meet each refusal of packs, of their journals and of wallets' codes; `now` is the server's clock. */
export const offlineRefusals = (server: () => TestServer, now: () => number): Triggers => {
  let count = 0
  const fresh = (name: string): string => {
    count += 1
    return `${name}-offline-${count}`
  }
  const problem = ({ json }: { json: Refusal }): Refusal => json
  const call: TestServer['call'] = (...args) => server().call(...args)

  const packed = async () => {
    const location = fresh('store')
    const { json } = await call('POST', '/v1/keys', { name: 'A till', scope: 'till', channel: 'store', location })
    const device = await makeDeviceKey()
    const signed = (await call('POST', '/v1/packs', { device: device.publicKey }, { key: json.key }))
      .json as SignedPack & {
      publicKey: string
    }
    const is: TillIs = {
      workspace: 'default',
      till: json.id,
      device: device.publicKey,
      location,
      publicKey: signed.publicKey,
    }
    return { key: json.key as string, device, signed, is }
  }
  const opening = async (signed: SignedPack, is: TillIs, at = now()): Promise<Refusal> => {
    const opened = await openPack(signed, is, at)
    if (opened.ok) throw new Error('the pack is good')
    return opened.refusal
  }
  const order = () => ({ id: fresh('sale'), at: now(), lines: [latte] })

  /** Why an offer of a till's pack does not apply to the second of two baskets. */
  const reasonOf = async (offer: object, more: object = {}): Promise<Refusal> => {
    const made = await makeOffer(server(), { trigger: { on: 'code' }, ...offer })
    const code = fresh('CODE')
    await call('POST', `/v1/offers/${made.offer}/codes`, { codes: [code], shared: true })
    const { signed, is, device } = await packed()
    const opened = await openPack(signed, is, now())
    if (!opened.ok) throw new Error(opened.refusal.code)
    const journal: JournalEntry[] = []
    const sell = async () => {
      const sold = { ...order(), codes: [code], ...more }
      const decision = await decideOffline(opened.value, sold, journal)
      journal.push(await writeEntry(signed.pack, journal, saleOf(sold, decision), device))
      return decision
    }
    await sell()
    const { refused } = await sell()
    return refused[0]!.reason as Refusal
  }

  const journal = async (change: (entry: JournalEntry) => JournalEntry): Promise<Refusal> => {
    const { signed, device, key } = await packed()
    const close = { kind: 'close', id: fresh('close'), at: new Date(now()).toISOString() } as const
    const entry = await writeEntry(signed.pack, [], close, device)
    const again = change(entry)
    const signedAgain =
      again.id === entry.id && again.at !== entry.at ? await writeEntry(signed.pack, [], again, device) : again
    const entries = [entry, signedAgain]
    const { json } = await call('POST', `/v1/packs/${signed.pack.id}/journal`, { entries }, { key })
    return json.entries[1].refusal
  }

  const token = async (at: number, spoil = (text: string) => text) => {
    const person = `userId:${fresh('wallet')}`
    await call('POST', '/v1/identify', { userId: person.slice('userId:'.length) })
    const phone = await makeDeviceKey()
    const { json } = await call('POST', '/v1/wallet/devices', { device: phone.publicKey, person })
    return spoil(await makeWalletToken(json.certificate, at, phone))
  }
  const read = (text: string) => call('POST', '/v1/wallet-tokens/read', { token: text })

  return {
    online_only: () => reasonOf({ limits: { perPerson: 1 } }, { person: 'userId:nobody-here' }),
    slice_used_up: () => reasonOf({ limits: { uses: 1 } }),
    pack_tampered: async () => {
      const { signed, is } = await packed()
      return opening({ ...signed, pack: { ...signed.pack, currency: 'USD' } }, is)
    },
    pack_of_another_engine: async () => {
      const { signed, is } = await packed()
      const database = openPostgres({ url: server().databaseUrl! })
      try {
        const pack = { ...signed.pack, engine: 'decide-0' }
        const workspaces = makeWorkspaces({ database, clock: now, random: randomBytes })
        await workspaces.get('default')
        const signature = (await makeSigners({ database, workspaces })('default')).sign(packText(pack))
        return await opening({ pack, signature }, is)
      } finally {
        await database.close()
      }
    },
    pack_foreign: async () => {
      const { signed, is } = await packed()
      return opening(signed, { ...is, location: 'another' })
    },
    pack_expired: async () => {
      const { signed, is } = await packed()
      return opening(signed, is, now() + 25 * 3_600_000)
    },
    wallet_token_invalid: async () => problem(await read(await token(now(), text => text.replace('~', '.')))),
    wallet_token_expired: async () => problem(await read(await token(now() - 120_000))),
    wallet_token_used: async () => {
      const text = await token(now())
      await read(text)
      return problem(await read(text))
    },
    pack_not_found: async () => problem(await call('GET', '/v1/packs/pck_00000000000000000000000000')),
    pack_location_missing: async () => {
      const { json } = await call('POST', '/v1/keys', { name: 'A till', scope: 'till', location: fresh('store') })
      const { publicKey } = await makeDeviceKey()
      return problem(await call('POST', '/v1/packs', { device: publicKey }, { key: json.key }))
    },
    pack_journal_behind: async () => {
      const { signed, device, key } = await packed()
      const back = {
        kind: 'giveBack',
        id: fresh('back'),
        at: new Date(now()).toISOString(),
        slices: [{ offer: 'off_00000000000000000000000000', bucket: '', uses: 1, budget: 0 }],
      } as const
      const entry = await writeEntry(signed.pack, [], { ...back, slices: [...back.slices] }, device)
      await call('POST', `/v1/packs/${signed.pack.id}/journal`, { entries: [entry] }, { key })
      return problem(await call('POST', '/v1/packs', { device: device.publicKey, sequence: 0 }, { key }))
    },
    pack_state_conflict: async () => {
      const { signed } = await packed()
      const writeOff = () => call('POST', `/v1/packs/${signed.pack.id}/write-off`, { reason: 'lost' })
      await writeOff()
      return problem(await writeOff())
    },
    journal_signature_invalid: () => journal(entry => ({ ...entry, id: 'forged' })),
    journal_entry_reused: () =>
      journal(entry => ({ ...entry, at: new Date(Date.parse(entry.at) - 1000).toISOString() })),
  }
}
