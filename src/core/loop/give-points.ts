import { no, ok, type Result } from '../kernel/refusal.ts'
import { localDay } from '../kernel/time.ts'
import { pointsOf } from '../ledger/account.ts'
import type { Lot } from '../ledger/book.ts'
import { choose, isSpendable, lotsAt, spendable, transfer } from '../ledger/lots.ts'
import type { Programme } from '../loyalty/schema.ts'
import { checkTransfer, isSettled, type StoredTransfer, settledBefore } from '../loyalty/transfer.ts'
import { membershipOf } from './join.ts'
import { householdsOf } from './owners.ts'
import { tell } from './tell.ts'
import { type Holder, ledgerOf, pairKey, seeTransfer, type World } from './world.ts'

/** What offers can wait for, with the properties programme, points and transfer. */
export const transferEvents = { given: 'Points Given', received: 'Points Received' } as const

/** A transfer as it is asked for. `from` and `to` are the holders that were named. */
export type Gift = {
  readonly from: Holder
  readonly to: Holder
  readonly programme: Programme
  readonly points: number
  readonly note: string | null
  /** Key id. */
  readonly by: string
}

/**
 * Gives points of one person to another: out of her lots as she would spend them, into lots of the other's that end when they would have
 * ended. Only her own, never those of her household; a refusal changes nothing.
 *
 *     givePoints(world, { from: ana, to: ben, programme, points: 250, note: null, by: 'key_…' })
 */
export const givePoints = (world: World, gift: Gift): Result<StoredTransfer> => {
  const { from, to, programme, points, note, by } = gift
  const asset = pointsOf(programme.id)
  const ledger = ledgerOf(world)
  const owners = world.persons.get(from.personId)!
  const before = settledBefore(programme.terms, world.now)
  const mayGo = (lot: Lot): boolean => isSettled(lot, before)
  const available = spendable(ledger, owners, asset)
  const settled = owners
    .flatMap(id => lotsAt(ledger, id, asset))
    .reduce((sum, lot) => sum + (isSpendable(lot, world.now) && mayGo(lot) ? lot.remaining : 0), 0)
  const [membership, receiver] = [from, to].map(it => membershipOf(world, it, programme.id))
  const checked = checkTransfer({
    programme,
    points,
    isSelf: from.personId === to.personId,
    memberSince: membership?.leftAt === null ? membership.joinedAt : undefined,
    isReceiverMember: receiver?.leftAt === null,
    shareHousehold: shareHousehold(world, gift),
    givenToday: givenToday(world, gift),
    available,
    // What somebody owes is not hers to give, whichever lots it would come out of.
    settled: Math.min(settled, available),
    now: world.now,
  })
  if (!checked.ok) return no(checked.refusal)
  const { fee } = checked.value
  const picks = choose(ledger, owners, asset, points, programme.terms.burning.order, mayGo)
  if (!picks) throw new Error(`the lots of ${from.personId} that were loaded do not hold ${points} points`)
  const id = world.newId('trf')
  const transaction = transfer(ledger, picks, {
    to: to.id,
    fee,
    holderId: from.id,
    actor: by,
    details: { transfer: id },
  })
  const stored: StoredTransfer = {
    id,
    programmeId: programme.id,
    fromHolder: from.id,
    toHolder: to.id,
    points,
    fee,
    note,
    at: world.now,
    by,
    transactionId: transaction.id,
  }
  seeTransfer(world, stored)
  world.changes.newTransfers.push(stored)
  tellBoth(world, gift, stored)
  return ok(stored)
}

const tellBoth = (world: World, { from, to, programme }: Gift, { id, points, fee }: StoredTransfer): void => {
  const told = (holder: Holder, name: string, amount: number): void =>
    tell(world, holder, {
      messageId: world.newId('trf'),
      name,
      properties: { programme: programme.id, points: amount, transfer: id },
    })
  told(from, transferEvents.given, points)
  told(to, transferEvents.received, points - fee)
}

const shareHousehold = (world: World, { from, to, programme }: Gift): boolean => {
  const [hers, theirs] = [from, to].map(it => householdsOf(world, it.personId, programme.id).map(({ id }) => id))
  return hers!.some(id => theirs!.includes(id))
}

const givenToday = (world: World, { from, programme }: Gift): number => {
  const timeZone = programme.terms.timeZone ?? world.workspace.timeZone
  const today = localDay(world.now, timeZone)
  return world.persons
    .get(from.personId)!
    .flatMap(id => world.transfers.get(pairKey(id, programme.id)) ?? [])
    .filter(it => localDay(it.at, timeZone) === today)
    .reduce((sum, it) => sum + it.points, 0)
}
