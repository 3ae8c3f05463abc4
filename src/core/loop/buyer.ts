import { permittedBy } from '../consent/permission.ts'
import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { localDay, localParts } from '../kernel/time.ts'
import { computeTraits } from '../people/computed-traits.ts'
import { isErasedValue } from '../people/erased.ts'
import { parseRef } from '../people/ref.ts'
import { peopleRefusals } from '../people/refusals.ts'
import { bookOrder } from '../people/statistics.ts'
import { traitsOf } from '../people/traits-of.ts'
import { holderIdOf } from '../people/union.ts'
import type { PersonFacts } from '../rules/facts.ts'
import { type History, withPast } from '../rules/history.ts'
import { countedOrder } from './count-order.ts'
import { segmentsOf } from './memberships.ts'
import { standingOf } from './standing.ts'
import { behavioursOf, type Holder, holderOf, type StoredOrder, type World } from './world.ts'

/** Who is named: a holder we know, or an identifier that would make a new one once something is stored. */
export type Buyer = {
  readonly holder: Holder | undefined
  readonly identifier: { readonly type: string; readonly value: string; readonly given: string } | undefined
  readonly personId: string | null
}

/**
 * Whom a reference names; undefined: nobody is named. A new identifier names somebody without a holder yet.
 *
 *     whoBuys(world, 'email:ana@example.com')   // { ok: true, value: { holder, identifier, personId: 'per_…' } }
 */
export const whoBuys = (world: World, ref: string | undefined): Result<Buyer | undefined> => {
  if (ref === undefined) return ok(undefined)
  const parsed = parseRef(ref, { country: world.workspace.country })
  if (!parsed.ok) return no({ ...parsed.refusal, errors: [{ pointer: '/person', message: parsed.refusal.message }] })
  if ('personId' in parsed.value) {
    const holder = world.holders.get(holderIdOf(parsed.value.personId))
    if (!holder || isErasedValue(holder.value)) return no(refuse(peopleRefusals.person_not_found, { type: 'id' }))
    return ok({ holder, identifier: undefined, personId: holder.personId })
  }
  const known = world.identifiers.get(`${parsed.value.type}:${parsed.value.value}`)
  const holder = known === undefined ? undefined : world.holders.get(known)!
  return ok({ holder, identifier: parsed.value, personId: holder?.personId ?? null })
}

/** The holder that what she does is booked on; made where the identifier is new. */
export const bookedHolder = (world: World, buyer: Buyer | undefined): Holder | undefined =>
  buyer?.holder ?? (buyer?.identifier ? holderOf(world, buyer.identifier) : undefined)

/** Who is looked at, and when. `counted` is an order among hers that does not count: the one that is being decided, of which an event has told. */
type Looked = {
  readonly world: World
  readonly holders: readonly Holder[]
  readonly currency: string
  readonly counted: StoredOrder | undefined
  readonly at: number
}

export const ordersOf = ({ world, holders, currency, counted }: Looked): PersonFacts['orders'] => {
  const count = holders.reduce((sum, holder) => sum + holder.orders, 0) - (counted ? 1 : 0)
  const spend = holders.reduce((sum, holder) => sum + (holder.spend[currency] ?? 0), 0)
  const date = (ms: number) =>
    count === 0 || !Number.isFinite(ms) ? '' : localParts(ms, world.workspace.timeZone).date
  return {
    count,
    spend: spend - (counted?.currency === currency ? counted.total : 0),
    firstAt: date(Math.min(...holders.map(holder => holder.firstOrderAt ?? Number.POSITIVE_INFINITY))),
    lastAt: date(Math.max(...holders.map(holder => holder.lastOrderAt ?? Number.NEGATIVE_INFINITY))),
  }
}

export const historyOf = ({ world, holders, currency, counted }: Looked): History => {
  const { timeZone } = world.workspace
  const of = holders.map(({ id, statistics }) =>
    id === counted?.holderId ? bookOrder(statistics, countedOrder(counted, timeZone), -1) : statistics,
  )
  const personId = holders[0]?.personId
  const behaviour = personId === undefined ? [] : behavioursOf(world, personId).map(it => it.statistics)
  return { currency, of, ...(behaviour.length > 0 && { behaviour }) }
}

/** The person as conditions see her; spend is in `currency`. */
export const personFacts = (
  world: World,
  buyer: Pick<Buyer, 'holder' | 'identifier' | 'personId'>,
  holders: readonly Holder[],
  currency: string,
  counted: StoredOrder | undefined,
  at = world.now,
): PersonFacts => {
  const looked = { world, holders, currency, counted, at }
  const traits = traitsOf(holders)
  const segments = segmentsOf(world, holders)
  const consents = permittedBy(holders, world.catalogue.topics)
  const facts: PersonFacts = {
    id: buyer.personId ?? '',
    known: buyer.holder !== undefined,
    identifiers: [
      ...new Set([...holders.map(holder => holder.type), ...(buyer.identifier ? [buyer.identifier.type] : [])]),
    ].sort(),
    orders: ordersOf(looked),
    traits,
    ...(segments.length > 0 && { segments }),
    ...(consents.length > 0 && { consents }),
    ...(typeof traits.birthday === 'string' && { birthday: traits.birthday }),
    ...standingOf(world, holders, world.catalogue.asks),
  }
  return withHistory(facts, looked)
}

/** What conditions read of the past, as far as any of them does: else it would be written and sent with every order. */
const withHistory = (facts: PersonFacts, looked: Looked): PersonFacts => {
  const { world, at } = looked
  const { asks, traits } = world.catalogue
  if (!asks.history && asks.computed.length === 0) return facts
  const { timeZone } = world.workspace
  const person = withPast(facts, historyOf(looked), localDay(at, timeZone))
  if (asks.computed.length === 0) return person
  const computed = computeTraits(traits, asks.computed, person, at, timeZone)
  return asks.history ? { ...person, computed } : { ...facts, computed }
}
