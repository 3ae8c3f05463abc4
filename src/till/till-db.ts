import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { DeviceKey, JournalEntry, SignedPack } from '../sdk/offline.ts'
import type { Line, Sale } from './basket.ts'
import type { paidWords } from './paid-words.ts'
import type { Clerk, Tries } from './pin.ts'
import type { Article } from './price-list.ts'

/** Which till of which business this device is, since it was paired. */
export type Pairing = {
  readonly key: string
  readonly workspace: string
  /** The key's id. */
  readonly till: string
  readonly channel: string
  readonly location: string
  /** The workspace's, from the first pack on: no other is trusted. */
  readonly publicKey: string
  readonly device: DeviceKey
  /** Begins the numbers of its receipts, so that no two tills make the same. */
  readonly prefix: string
}

/** What is kept by name, each by itself. */
export type Kept = {
  pairing: Pairing
  /** What it is called. */
  business: string
  pack: SignedPack
  clerks: readonly Clerk[]
  tries: Readonly<Record<string, Tries>>
  articles: readonly Article[]
  /** Codes and people (`type:value`) that this till shall be able to serve without a network. */
  leased: { readonly codes: readonly string[]; readonly people: readonly string[] }
  /** The number of the last receipt. */
  receipts: number
  /** What is being sold now: a tab that crashes loses nothing. */
  sale: Sale
  /** Baskets that wait for customers who are not ready. */
  aside: readonly Sale[]
  hasSounds: boolean
}

/** A sale as it was told, for the receipt, its undoing and its return. Who bought stays out of it. */
export type Receipt = {
  readonly id: string
  readonly at: number
  readonly lines: readonly Line[]
  readonly currency: string
  readonly subtotal: number
  readonly total: number
  readonly applied: readonly { readonly name: string; readonly amount: number }[]
  readonly earned: readonly { readonly programme: string; readonly points: number }[]
  readonly paid: readonly { readonly type: keyof typeof paidWords; readonly amount: number }[]
  /** What was left to pay by cash or card. */
  readonly due: number
  readonly tender: 'cash' | 'card' | 'none'
  /** In cash, where the clerk typed it: the rest is change. */
  readonly given?: number
  readonly clerk?: string
  readonly isOffline: boolean
  readonly state: 'sold' | 'undone' | 'returned'
}

export type Written = {
  readonly pack: string
  readonly sequence: number
  readonly entry: JournalEntry
  readonly isSettled: boolean
}

interface Schema extends DBSchema {
  kept: { key: string; value: unknown }
  journal: { key: [string, number]; value: Written }
  receipts: { key: string; value: Receipt; indexes: { at: number } }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

const database = (): Promise<IDBPDatabase<Schema>> => {
  opened ??= openDB<Schema>('tessera-till', 1, {
    upgrade: db => {
      db.createObjectStore('kept')
      db.createObjectStore('journal', { keyPath: ['pack', 'sequence'] })
      db.createObjectStore('receipts', { keyPath: 'id' }).createIndex('at', 'at')
    },
  })
  return opened
}

export const read = async <K extends keyof Kept>(name: K): Promise<Kept[K] | undefined> =>
  (await (await database()).get('kept', name)) as Kept[K] | undefined

export const keep = async <K extends keyof Kept>(name: K, value: Kept[K]): Promise<void> => {
  await (await database()).put('kept', value, name)
}

export const forget = async (name: keyof Kept): Promise<void> => (await database()).delete('kept', name)

/** Everything that the till keeps goes: it is another one from then on. */
export const forgetEverything = async (): Promise<void> => {
  const transaction = (await database()).transaction(['kept', 'journal', 'receipts'], 'readwrite')
  await Promise.all([
    transaction.objectStore('kept').clear(),
    transaction.objectStore('journal').clear(),
    transaction.objectStore('receipts').clear(),
    transaction.done,
  ])
}

/** All entries that are kept, of every pack, in the order in which they were written. */
export const readJournal = async (): Promise<readonly Written[]> => (await database()).getAll('journal')

/**
 * Keeps an entry together with its receipt, or neither; done when both are on the disk. `add` refuses a number that is taken, so two tabs cannot
 * write one journal.
 */
export const writeDown = async (written: Written, receipt?: Receipt): Promise<void> => {
  const transaction = (await database()).transaction(['journal', 'receipts'], 'readwrite', { durability: 'strict' })
  await Promise.all([
    transaction.objectStore('journal').add(written),
    ...(receipt ? [transaction.objectStore('receipts').put(receipt)] : []),
    transaction.done,
  ])
}

export const markSettled = async (pack: string, sequences: readonly number[]): Promise<void> => {
  const transaction = (await database()).transaction('journal', 'readwrite')
  for (const sequence of sequences) {
    const written = await transaction.store.get([pack, sequence])
    if (written) await transaction.store.put({ ...written, isSettled: true })
  }
  await transaction.done
}

/** Takes away a journal that has arrived whole, once there is another pack. */
export const dropJournal = async (pack: string): Promise<void> =>
  (await database()).delete('journal', IDBKeyRange.bound([pack, 0], [pack, Number.MAX_SAFE_INTEGER]))

export const keepReceipt = async (receipt: Receipt): Promise<void> => {
  await (await database()).put('receipts', receipt)
}

export const readReceipt = async (id: string): Promise<Receipt | undefined> => (await database()).get('receipts', id)

const mostReceipts = 500

/** The newest receipts first; those beyond the last 500 go. */
export const readReceipts = async (limit: number): Promise<readonly Receipt[]> => {
  const transaction = (await database()).transaction('receipts', 'readwrite')
  const newest: Receipt[] = []
  let count = 0
  for (let at = await transaction.store.index('at').openCursor(null, 'prev'); at; at = await at.continue()) {
    count += 1
    if (newest.length < limit) newest.push(at.value)
    if (count > mostReceipts) await at.delete()
  }
  await transaction.done
  return newest
}
