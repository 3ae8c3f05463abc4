import { no, ok, type Result } from '../core/kernel/refusal.ts'
import {
  decideOffline as decideNow,
  type OfflineDecision,
  type OfflineOrder,
  type PackInUse,
  textsToHash,
  usePack,
} from '../core/packs/decide-offline.ts'
import { entryText } from '../core/packs/journal.ts'
import { openPack as judgePack, type Pack, packText, type SignedPack, type TillIs } from '../core/packs/pack.ts'
import type { JournalEntry } from '../core/packs/schema.ts'
import { type Certificate, readWalletToken as judgeToken, walletTokenParts } from '../core/packs/wallet-token.ts'
import { type DeviceKey, sign, textOf, utf8 } from './device.ts'

/**
 * What a till without a network needs, for a page of its own (`dist/browser/offline.js`): it opens packs, decides by them, writes its journal,
 * and reads the codes of wallets. Keys and hashes are the browser's own (WebCrypto).
 *
 *     const opened = await openPack(signed, till, Date.now())
 *     if (opened.ok) (await decideOffline(opened.value, order, journal)).totals.total
 */
export { engineVersion } from '../core/packs/pack.ts'
export { makeDeviceKey, makeWalletToken } from './device.ts'
export type { Certificate, DeviceKey, JournalEntry, OfflineDecision, OfflineOrder, Pack, PackInUse, SignedPack, TillIs }

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0))

const isSignedBy = async (publicKey: string, text: string, signature: string): Promise<boolean> => {
  try {
    const key = await crypto.subtle.importKey('raw', bytesOf(publicKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, bytesOf(signature), utf8(text))
  } catch {
    // A key or signature that is none.
    return false
  }
}

/** Opens a pack for this till, or says why not: `pack_tampered`, `pack_of_another_engine`, `pack_foreign`, `pack_expired`. */
export const openPack = async (signed: SignedPack, till: TillIs, now: number): Promise<Result<PackInUse>> => {
  const isSigned = await isSignedBy(till.publicKey, packText(signed.pack), signed.signature)
  const opened = judgePack(signed, till, now, () => isSigned)
  return opened.ok ? ok(usePack(opened.value)) : no(opened.refusal)
}

/** Decides an order by a pack and what the till has sold by it; the answer goes into the journal as `told` (without `leased` and `onlineOnly`). */
export const decideOffline = async (
  inUse: PackInUse,
  order: OfflineOrder,
  journal: readonly JournalEntry[],
): Promise<OfflineDecision> => {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytesOf(inUse.pack.hashKey), algorithm, false, ['sign'])
  const texts = textsToHash(order)
  const hashes = await Promise.all(texts.map(async text => textOf(await crypto.subtle.sign('HMAC', key, utf8(text)))))
  const hashed = new Map(texts.map((text, index) => [text, hashes[index]!]))
  return decideNow(inUse, order, journal, text => hashed.get(text)!)
}

/** An entry as the till writes it, before it has its place in the journal. */
export type NewEntry = JournalEntry extends infer E ? (E extends JournalEntry ? Omit<E, Placed> : never) : never
type Placed = 'sequence' | 'previous' | 'signature'

/** Puts an entry at the end of a journal: numbered, chained to the one before it and signed. Keep it before the goods are handed over. */
export const writeEntry = async (
  pack: Pick<Pack, 'id'>,
  journal: readonly JournalEntry[],
  entry: NewEntry,
  device: DeviceKey,
): Promise<JournalEntry> => {
  const last = journal.at(-1)
  const previous = last ? textOf(await crypto.subtle.digest('SHA-256', utf8(entryText(last)))) : pack.id
  const placed = { ...entry, sequence: (last?.sequence ?? 0) + 1, previous, signature: '' } as JournalEntry
  return { ...placed, signature: await sign(device, entryText(placed)) }
}

/** Whose wallet shows a code, or why it is not good; `seen` are the codes this till has read in the last minutes. */
export const readWalletToken = async (
  token: string,
  till: Pick<TillIs, 'workspace' | 'publicKey'>,
  now: number,
  seen: ReadonlySet<string> = new Set(),
): Promise<Result<Certificate>> => {
  const parts = walletTokenParts(token)
  const checks = (parts?.signed ?? []).map(({ by, text, signature }) =>
    isSignedBy(by === 'workspace' ? till.publicKey : parts!.certificate.device, text, signature),
  )
  const areSigned = (await Promise.all(checks)).every(Boolean)
  return judgeToken(token, { ...till, now, verify: () => areSigned, wasSeen: it => seen.has(it) })
}
