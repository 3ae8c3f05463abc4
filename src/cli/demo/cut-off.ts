import type { Tessera } from '../../sdk/index.ts'
import {
  decideOffline,
  type JournalEntry,
  makeDeviceKey,
  type OfflineOrder,
  openPack,
  type SignedPack,
  writeEntry,
} from '../../sdk/offline.ts'
import { currency } from './chain.ts'
import { workspace } from './set-up.ts'

/** A till of a store whose line is down for a day: it sells by its pack, as any till of ours does, and tells the server in the evening. */

/** Stores in the south: a storm. */
export const cutOffStores: readonly string[] = ['napoli-chiaia', 'bari-murat', 'palermo-kalsa']

export type CutOffTill = {
  readonly store: string
  sell(order: OfflineOrder, clerk: string): Promise<void>
  /** Sends the journal; closing it gives back what is left of its slices. */
  settle(call: { readonly isClosed: boolean; readonly at: number }): Promise<void>
}

/** Fetches a pack while there is a network. `people` are leased to it: what limits count of them is this till's alone. */
export const openTill = async (
  tessera: Tessera,
  as: (key: string) => Tessera,
  { store, people, now }: { readonly store: string; readonly people: readonly string[]; readonly now: number },
): Promise<CutOffTill> => {
  const key = await tessera.createKey({ name: `Till 1, ${store}`, scope: 'till', channel: 'store', location: store })
  const device = await makeDeviceKey()
  const till = as(key.key)
  const { pack, signature, publicKey } = await till.issuePack({ device: device.publicKey, people, hours: 48 })
  const signed = { pack: pack as SignedPack['pack'], signature }
  const trusted = { workspace, till: key.id, device: device.publicKey, location: store, publicKey }
  const opened = await openPack(signed, trusted, now)
  if (!opened.ok) throw new Error(`The pack of ${store} is refused: ${opened.refusal.message}`)
  const inUse = opened.value
  const journal: JournalEntry[] = []
  const write = async (entry: Parameters<typeof writeEntry>[2]): Promise<void> => {
    journal.push(await writeEntry(inUse.pack, journal, entry, device))
  }
  return {
    store,
    sell: async (order, clerk) => {
      const { leased, onlineOnly: _, ...told } = await decideOffline(inUse, order, journal)
      await write({
        kind: 'sale',
        id: `entry-${order.id}`,
        at: new Date(order.at).toISOString(),
        order: order.id,
        clerk,
        ...(order.person !== undefined && { person: order.person }),
        ...(leased !== undefined && { leased }),
        currency,
        lines: [...order.lines],
        shipping: 0,
        codes: [],
        tenders: ['cash'],
        told,
      })
    },
    settle: async ({ isClosed, at }) => {
      if (isClosed) await write({ kind: 'close', id: `close-${store}`, at: new Date(at).toISOString() })
      for (let index = 0; index < journal.length; index += 200)
        await till.settleJournal(inUse.pack.id, { entries: journal.slice(index, index + 200) })
    },
  }
}
