import { TesseraRefusal, TesseraUnreachable } from '../sdk/errors.ts'
import type { SignedPack } from '../sdk/index.ts'
import type {
  DeviceKey,
  JournalEntry,
  NewEntry,
  OfflineDecision,
  OfflineOrder,
  PackInUse,
  SignedPack as Signed,
} from '../sdk/offline.ts'
import { apiOf, isOnline, isUnreachable, reach } from './till-api.ts'
import * as db from './till-db.ts'
import { setTill, till } from './till-state.ts'

/** Loaded behind the first screen, and kept by the service worker: what decides without a network. */
export const engine = async () => {
  try {
    return await import('../sdk/offline.ts')
  } catch (cause) {
    throw new TesseraUnreachable('what decides without a network did not come', { cause })
  }
}

const hoursOfPack = 24
const renewedAfterMs = 30 * 60_000
const entriesAtOnce = 100

let inUse: PackInUse | undefined
let journal: readonly db.Written[] = []

// One after the other: an entry names the one before it.
let turn: Promise<unknown> = Promise.resolve()
const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const next = turn.then(work, work)
  turn = next.catch(() => undefined)
  return next
}

const entriesOf = (pack: string): readonly JournalEntry[] =>
  journal.filter(it => it.pack === pack).map(({ entry }) => entry)

const tell = (): void => {
  const { pack } = till()
  setTill({
    waiting: journal.filter(it => !it.isSettled).length,
    isClosed: pack !== undefined && entriesOf(pack.id).some(({ kind }) => kind === 'close'),
  })
}

const problemOf = (error: unknown): { readonly code: string; readonly message: string } | undefined =>
  error instanceof TesseraRefusal ? { code: error.code, message: error.message } : undefined

/** Opens a pack for this till and works by it, or says why not. */
const take = async (signed: Signed): Promise<void> => {
  const { pairing } = till()
  if (!pairing) return
  const { openPack } = await engine()
  const is = { ...pairing, device: pairing.device.publicKey }
  const opened = await openPack(signed, is, Date.now())
  if (opened.ok) {
    inUse = opened.value
    setTill({ pack: signed.pack, packProblem: undefined })
  } else {
    inUse = undefined
    const { code, message } = opened.refusal
    setTill({ packProblem: { code, message }, ...(till().pack === undefined && { pack: signed.pack }) })
  }
  tell()
}

/** Where the engine did not come, it is asked for again with the next pack. */
const untilRenewed = (error: unknown): void => {
  if (!isUnreachable(error)) throw error
}

/** Reads what the till kept: its journal, and the pack it worked by. */
export const startPacks = async (): Promise<void> => {
  journal = await db.readJournal()
  const signed = await db.read('pack')
  if (signed) {
    // Opened behind the first screen: only what is decided here waits for the engine, and each of its steps takes its turn after this one.
    setTill({ pack: signed.pack })
    inTurn(() => take(signed)).catch(untilRenewed)
  }
  tell()
}

const firstDigits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const newPrefix = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(5)), byte => firstDigits[byte % 32]).join('')

const asSigned = ({ pack, signature }: SignedPack): Signed => ({ pack: pack as Signed['pack'], signature })

/** Makes this device a till: with a key of its own, by which its first pack says which. Throws what the server refuses. */
export const pair = async (key: string): Promise<void> => {
  const { makeDeviceKey } = await engine()
  const device: DeviceKey = await makeDeviceKey()
  const answer = await apiOf(key).issuePack({ device: device.publicKey, sequence: 0, hours: hoursOfPack })
  const signed = asSigned(answer)
  const { workspace, till: id, channel, location } = signed.pack
  const { publicKey } = answer
  const pairing = { key, workspace, till: id, channel, location, publicKey, device, prefix: newPrefix() }
  await db.keep('pairing', pairing)
  await db.keep('pack', signed)
  setTill({ pairing })
  await take(signed)
}

const sendEntries = async (): Promise<void> => {
  const packs = [...new Set(journal.filter(it => !it.isSettled).map(it => it.pack))]
  for (const pack of packs) {
    for (;;) {
      const next = journal.filter(it => it.pack === pack && !it.isSettled).slice(0, entriesAtOnce)
      if (next.length === 0) break
      const { entries, wanted } = await reach(api => api.settleJournal(pack, { entries: next.map(it => it.entry) }))
      const refused = entries.filter(it => it.state === 'refused')
      const done = next.filter(({ entry }) => !refused.some(it => it.id === entry.id)).map(it => it.sequence)
      await db.markSettled(pack, done)
      journal = journal.map(it => (it.pack === pack && done.includes(it.sequence) ? { ...it, isSettled: true } : it))
      tell()
      if (refused[0]?.refusal) {
        setTill({ packProblem: { code: refused[0].refusal.code, message: refused[0].refusal.message } })
        break
      }
      // Nothing is unsettled now, so what others need and this till does not is known to both.
      const isOpen = pack === till().pack?.id && !till().isClosed
      if (wanted.length > 0 && isOpen && next.length < entriesAtOnce)
        await writeNow({ kind: 'giveBack', ...stamp('back'), slices: wanted.map(it => ({ ...it })) })
    }
  }
}

const fetchPack = async (): Promise<void> => {
  const { pairing, pack, leased, isClosed } = till()
  if (!pairing) return
  const last = pack && !isClosed ? (entriesOf(pack.id).at(-1)?.sequence ?? 0) : 0
  const answer = await reach(api =>
    api.issuePack({
      device: pairing.device.publicKey,
      sequence: last,
      hours: hoursOfPack,
      people: leased.people,
      codes: leased.codes,
    }),
  )
  const signed = asSigned(answer)
  await db.keep('pack', signed)
  if (pack && signed.pack.id !== pack.id && journal.every(it => it.pack !== pack.id || it.isSettled)) {
    await db.dropJournal(pack.id)
    journal = journal.filter(it => it.pack !== pack.id)
  }
  await take(signed)
}

/**
 * Sends what waits, then fetches the pack anew where it is time, or `now`. What fails is tried again later: the till goes on with what it has.
 */
export const settleAndRenew = ({ now = false }: { readonly now?: boolean } = {}): Promise<void> =>
  inTurn(async () => {
    if (!isOnline()) return
    try {
      await sendEntries()
      const { pack, isClosed } = till()
      const isOld = pack === undefined || inUse === undefined || Date.now() - pack.issuedAt > renewedAfterMs
      if (now || (isOld && !isClosed)) await fetchPack()
    } catch (error) {
      if (isUnreachable(error)) return
      const packProblem = problemOf(error)
      if (!packProblem) throw error
      setTill({ packProblem })
    }
  })

const stamp = (what: string): { readonly id: string; readonly at: string } => ({
  id: `${till().pairing!.prefix}-${what}-${crypto.randomUUID()}`,
  at: new Date().toISOString(),
})

/** Puts an entry at the end of the journal, on the disk before it is answered. Only in turn. */
const writeNow = async (entry: NewEntry, receipt?: db.Receipt): Promise<void> => {
  const { pack, pairing } = till()
  if (!pack || !pairing) throw new Error('there is no pack to write a journal for')
  const { writeEntry } = await engine()
  const written = await writeEntry(pack, entriesOf(pack.id), entry, pairing.device)
  const kept: db.Written = { pack: pack.id, sequence: written.sequence, entry: written, isSettled: false }
  await db.writeDown(kept, receipt)
  journal = [...journal, kept]
  tell()
}

/** Without a pack that can be used the till sells at the prices of its list. */
const plainDecision = ({ lines, shipping = 0 }: OfflineOrder): OfflineDecision => {
  const shares = lines.map(line => {
    const subtotal = 'amount' in line ? line.amount : line.quantity * line.unitPrice
    return { id: line.id, subtotal, discount: 0, total: subtotal, discounts: [] }
  })
  const subtotal = shares.reduce((sum, it) => sum + it.subtotal, 0)
  return {
    totals: { subtotal, discount: 0, shipping, shippingDiscount: 0, total: subtotal + shipping },
    lines: shares,
    applied: [],
    available: [],
    refused: [],
    onlineOnly: [],
  }
}

const decideNow = async (order: OfflineOrder): Promise<OfflineDecision> => {
  const { pack } = till()
  if (!inUse || !pack || Date.now() >= pack.expiresAt) return plainDecision(order)
  const { decideOffline } = await engine()
  return decideOffline(inUse, order, entriesOf(pack.id))
}

/** What the till decides by itself. */
export const decideHere = (order: OfflineOrder): Promise<OfflineDecision> => inTurn(() => decideNow(order))

type Sold = { readonly isSold: true } | { readonly isSold: false; readonly decision: OfflineDecision }

/**
 * Sells by the journal: on the disk with its receipt when this answers. Not sold where the total is not what the customer was told any more.
 */
export const sellHere = (
  order: OfflineOrder,
  {
    expected,
    receipt,
    more,
  }: {
    readonly expected: number
    readonly receipt: (decision: OfflineDecision) => db.Receipt
    /** What else the entry says. */
    readonly more: object
  },
): Promise<Sold> =>
  inTurn(async () => {
    const decision = await decideNow(order)
    if (decision.totals.total !== expected) return { isSold: false, decision }
    const { leased, onlineOnly: _, ...told } = decision
    const entry: NewEntry = {
      kind: 'sale',
      ...stamp('sale'),
      at: new Date(order.at).toISOString(),
      order: order.id,
      ...(order.person !== undefined && { person: order.person }),
      ...(leased !== undefined && { leased }),
      currency: till().pack!.currency,
      lines: [...order.lines],
      shipping: order.shipping ?? 0,
      codes: [...(order.codes ?? [])],
      ...(order.tenders && order.tenders.length > 0 && { tenders: [...order.tenders] }),
      told,
      ...more,
    }
    await writeNow(entry, receipt(decision))
    return { isSold: true }
  })

/** Whether a sale is in the journal and has not arrived: what comes after it goes the same way. */
export const isSaleWaiting = (order: string): boolean =>
  journal.some(({ entry, isSettled }) => !isSettled && entry.kind === 'sale' && entry.order === order)

/** Takes a whole sale back without a network. The reason `undo` is known to the server: undone both ways, it is undone once. */
export const returnHere = (receipt: db.Receipt, { reason }: { readonly reason: string }): Promise<void> =>
  inTurn(() =>
    writeNow(
      {
        kind: 'return',
        ...stamp('return'),
        order: receipt.id,
        return: {
          id: `${receipt.id}-back`,
          lines: receipt.lines.map(({ id, quantity }) => ({ id, quantity })),
          reason,
        },
        refund: receipt.total,
      },
      { ...receipt, state: reason === 'undo' ? 'undone' : 'returned' },
    ),
  )

/** The end of the day: what is left of the slices goes back as soon as this and everything before it have arrived. */
export const closeTill = async (): Promise<void> => {
  await inTurn(() => writeNow({ kind: 'close', ...stamp('close') }))
  await settleAndRenew()
}

/** Begins the day with another pack. */
export const openTill = (): Promise<void> => settleAndRenew({ now: true })

/** Codes of wallets that this till has read. */
const seen = new Set<string>()

/** What a code that the wallet shows says, without a network. */
export const readTokenHere = async (token: string): Promise<{ readonly person: string; readonly card?: string }> => {
  const { readWalletToken } = await engine()
  const read = await readWalletToken(token, till().pairing!, Date.now(), seen)
  if (!read.ok) throw new TesseraRefusal(422, { code: read.refusal.code, detail: read.refusal.message })
  seen.add(token)
  return read.value
}
