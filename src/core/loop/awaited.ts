import { type Asset, pointsOf } from '../ledger/account.ts'
import type { Cause, Lot } from '../ledger/book.ts'
import { activate, lotsAt } from '../ledger/lots.ts'
import { expiryAt } from '../loyalty/lot-terms.ts'
import type { Programme } from '../loyalty/schema.ts'
import { zoneOf } from './book-points.ts'
import { type Catalogue, type Holder, holdersOfPerson, ledgerOf, type World } from './world.ts'

const awaits = ({ terms, awaited = [] }: Programme, name: string): boolean =>
  (terms.pending !== undefined && 'event' in terms.pending && terms.pending.event === name) || awaited.includes(name)

/** The points that an event of this name may make active. */
export const pointsAwaiting = ({ programmes }: Pick<Catalogue, 'programmes'>, name: string): readonly Asset[] =>
  programmes.size === 0 ? [] : [...programmes.values()].filter(it => awaits(it, name)).map(({ id }) => pointsOf(id))

/** The order that an event is about, where it says so. */
const orderNamed = (properties: unknown): string | undefined => {
  const { order_id: id } = Object(properties) as { order_id?: unknown }
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

/**
 * Makes points spendable that have waited for an event: all of whoever did it, or where it names an order, those that the order earned.
 * They last as long as if they had been active from the start.
 */
export const activateAwaited = (
  world: World,
  holder: Holder,
  { name, properties }: { readonly name: string; readonly properties: unknown },
  cause: Cause,
): void => {
  if (world.catalogue.programmes.size === 0) return
  const order = orderNamed(properties)
  const isMeant = (lot: Lot): boolean =>
    lot.kind === 'pending' && lot.remaining > 0 && lot.awaits === name && (order === undefined || lot.orderId === order)
  const ledger = ledgerOf(world)
  for (const programme of world.catalogue.programmes.values()) {
    if (!awaits(programme, name)) continue
    for (const { id } of holdersOfPerson(world, holder.id)) {
      const lots = lotsAt(ledger, id, pointsOf(programme.id)).filter(isMeant)
      if (lots.length > 0)
        activate(ledger, lots, { holderId: id, ...cause, until: lot => endOf(world, programme, lot) })
    }
  }
}

const endOf = (world: World, programme: Programme, { earnedAt }: Lot) => {
  const { expiry } = programme.terms
  const slides = expiry?.kind === 'sliding'
  const end = expiryAt(expiry, slides ? world.now : earnedAt, zoneOf(world, programme))
  return slides ? { expiresAt: null, endsAt: end } : { expiresAt: end }
}
