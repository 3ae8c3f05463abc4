import { createHash, createHmac } from 'node:crypto'
import { type IssueCall, issuePack } from '../src/core/loop/issue-pack.ts'
import { settleEntry, writeOffPack } from '../src/core/loop/settle-entry.ts'
import { orderInput } from '../src/core/orders/schema.ts'
import {
  decideOffline,
  type OfflineDecision,
  type OfflineOrder,
  type PackInUse,
  usePack,
} from '../src/core/packs/decide-offline.ts'
import { entryText } from '../src/core/packs/journal.ts'
import { type Difference, type JournalEntry, journalEntry } from '../src/core/packs/schema.ts'
import type { NewEntry } from '../src/sdk/offline.ts'
import type { SmallWorld } from './small-world.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
export const hmac = (key: string, text: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url')

/** What of a decision goes into the journal. */
export const toldOf = ({ leased: _, onlineOnly: _o, ...told }: OfflineDecision) => told

/** An entry as a sale writes it. */
export const saleOf = (order: OfflineOrder, decision: OfflineDecision): NewEntry => ({
  kind: 'sale',
  id: `sale-${order.id}`,
  at: new Date(order.at).toISOString(),
  order: order.id,
  ...(order.person !== undefined && { person: order.person }),
  ...(decision.leased !== undefined && { leased: decision.leased }),
  currency: order.currency ?? 'EUR',
  lines: [...order.lines],
  shipping: order.shipping ?? 0,
  codes: [...(order.codes ?? [])],
  told: toldOf(decision),
})

const terms: Omit<IssueCall, 'device'> = {
  keyId: 'key_till',
  channel: 'store',
  location: 'store-12',
  sequence: 0,
  lifeMs: 86_400_000,
  tills: 2,
  tillsHere: 2,
  people: [],
  codes: [],
  collections: {},
  sharedCodes: [],
  publicKey: 'A'.repeat(43),
  newHashKey: 'B'.repeat(43),
  hash: hmac,
}

/**
 * A till of a small world that sells by packs. Nothing is signed here: that is looked at before an entry reaches the world.
 *
 *     const till = makeTill(shop, 'till-1')
 *     till.renew()
 *     till.sell({ id: 'A', lines }).totals.total
 *     till.send()
 */
export const makeTill = (shop: SmallWorld, device: string, mine: Partial<IssueCall> = {}) => {
  let inUse: PackInUse | undefined
  let journal: JournalEntry[] = []
  /** Journals of packs before: a till keeps what it has not sent. */
  const past: { readonly packId: string; readonly journal: readonly JournalEntry[] }[] = []
  const codes = [...shop.world().codes].flatMap(([code, claims]) =>
    claims.flatMap(({ shared, offerId }) => (shared ? [{ code, offerId }] : [])),
  )
  const write = (entry: NewEntry): JournalEntry => {
    const last = journal.at(-1)
    const written = journalEntry.parse({
      ...entry,
      sequence: journal.length + 1,
      previous: last ? sha256(entryText(last)) : inUse!.pack.id,
      signature: 'A'.repeat(86),
    })
    journal.push(written)
    return written
  }
  return {
    pack: () => inUse!.pack,
    journal: () => journal,
    past: () => past,
    hasPack: () => inUse !== undefined,
    /** Fetches a pack, or renews the one it has; the refusal's code where it gets none. `lost`: the answer does not arrive. */
    renew: (call: Partial<IssueCall> = {}, { lost = false } = {}): string | undefined => {
      const issued = shop.inBatch(world =>
        issuePack(world, { ...terms, sharedCodes: codes, device, sequence: journal.length, ...mine, ...call }),
      )
      if (!issued.ok) return issued.refusal.code
      if (lost) return undefined
      // As it travels.
      const pack = JSON.parse(JSON.stringify(issued.value.pack)) as typeof issued.value.pack
      if (inUse && inUse.pack.id !== pack.id) {
        past.push({ packId: inUse.pack.id, journal })
        journal = []
      }
      inUse = usePack(pack)
      return undefined
    },
    decide: (order: Omit<OfflineOrder, 'at' | 'lines'> & { lines: readonly object[] }): OfflineDecision => {
      const lines = orderInput.parse({ state: 'placed', lines: order.lines }).lines
      const hashed = (text: string) => hmac(inUse!.pack.hashKey, text)
      return decideOffline(inUse!, { ...order, lines, at: shop.world().now }, journal, hashed)
    },
    sell(order: Omit<OfflineOrder, 'at' | 'lines'> & { lines: readonly object[] }): OfflineDecision {
      const decision = this.decide(order)
      const lines = orderInput.parse({ state: 'placed', lines: order.lines }).lines
      write(saleOf({ ...order, lines, at: shop.world().now }, decision))
      return decision
    },
    write,
    /** Entries that arrive, in this order; all that it has where none are named. What became of each. */
    send: (entries: readonly JournalEntry[] = journal, packId = inUse!.pack.id) =>
      entries.map(entry => {
        const settled = shop.inBatch(world => settleEntry(world, { packId, entry, hash: sha256(entryText(entry)) }))
        return settled.ok
          ? { state: settled.value.state as string, differences: settled.value.differences as readonly Difference[] }
          : { state: settled.refusal.code, differences: [] }
      }),
    close: () =>
      write({
        kind: 'close',
        id: `close-${inUse!.pack.id}-${journal.length}`,
        at: new Date(shop.world().now).toISOString(),
      }),
    writeOff: () => shop.inBatch(world => writeOffPack(world, inUse!.pack.id, 'key_operator')),
  }
}
export type Till = ReturnType<typeof makeTill>
