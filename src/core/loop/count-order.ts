import { dateOf, localDay, localParts, startOfLocalDate } from '../kernel/time.ts'
import { lineQuantity, type OrderAnswer, type OrderLine } from '../orders/schema.ts'
import { unitsIn } from '../orders/unit-ranges.ts'
import { bookOrder, type CountedOrder, orderDays } from '../people/statistics.ts'
import { earlier } from '../rules/history.ts'
import { changeHolder, type Holder, type Returned, type StoredOrder, touch, type World } from './world.ts'

/** What of an order counts; of one that nobody bought yet, or not any more, nothing does. */
type Counted = Pick<
  StoredOrder,
  'state' | 'holderId' | 'channel' | 'currency' | 'total' | 'occurredAt' | 'basket' | 'returned' | 'answer'
>

const unitsBack = (returned: Returned | null, line: string): ReadonlySet<number> =>
  unitsIn(returned && Object.hasOwn(returned.units, line) ? returned.units[line]! : [])

/** What the units that did not come back cost. */
const costOf = (
  { units, total }: OrderAnswer['lines'][number],
  quantity: number,
  back: ReadonlySet<number>,
): number => {
  if (back.size === 0) return total
  const prices = units
    ? units.flatMap(({ quantity: alike, each }) => Array<number>(alike).fill(each))
    : Array<number>(quantity).fill(total / quantity)
  return prices.reduce((sum, price, index) => sum + (back.has(index + 1) ? 0 : price), 0)
}

/** The categories of an order as far as it did not come back; the answer is read only where a line has one. */
const categoriesOf = ({ basket, returned, answer }: Counted): CountedOrder['categories'] => {
  const categories = new Map<string, { units: number; spend: number }>()
  const lines = basket.lines as readonly OrderLine[]
  if (!lines.some(line => line.category)) return categories
  const answered = (JSON.parse(answer) as OrderAnswer).lines
  for (const [index, line] of lines.entries()) {
    if (!line.category) continue
    const back = unitsBack(returned, line.id)
    const quantity = lineQuantity(line)
    const units = quantity - back.size
    if (units === 0) continue
    const known = categories.get(line.category) ?? { units: 0, spend: 0 }
    categories.set(line.category, {
      units: known.units + units,
      spend: known.spend + costOf(answered[index]!, quantity, back),
    })
  }
  return categories
}

/**
 * An order as the statistics of who bought it count it: as it stands now, with what came back of it taken off.
 *
 *     countedOrder(order, 'Europe/Rome')   // { day: 20514, hour: 9, channel: 'web', orders: 1, units: 2, spend: 900, … }
 */
export const countedOrder = (order: Counted, timeZone: string): CountedOrder => {
  const { returned, occurredAt, basket } = order
  const isPlaced = order.state === 'placed'
  const units = (basket.lines as readonly OrderLine[]).reduce(
    (sum, line) => sum + lineQuantity(line) - unitsBack(returned, line.id).size,
    0,
  )
  return {
    day: localDay(occurredAt, timeZone),
    hour: localParts(occurredAt, timeZone).hour,
    currency: order.currency,
    channel: order.channel,
    orders: isPlaced ? 1 : 0,
    units: isPlaced ? units : 0,
    spend: order.total - (returned?.refunded ?? 0),
    categories: isPlaced ? categoriesOf(order) : new Map(),
  }
}

/**
 * Adds an order as it stands to its holder's statistics, or with −1 takes it back: what an order's change does to them is the one before
 * it and the other after.
 */
export const countOrder = (world: World, order: Counted, direction: 1 | -1): void => {
  if (order.holderId === null) return
  const { timeZone } = world.workspace
  const counted = countedOrder(order, timeZone)
  changeHolder(world, world.holders.get(order.holderId)!, holder => {
    holder.orders += direction * counted.orders
    holder.spend = {
      ...holder.spend,
      [order.currency]: (holder.spend[order.currency] ?? 0) + direction * counted.spend,
    }
    holder.statistics = bookOrder(holder.statistics, counted, direction)
    if (counted.orders === 1 && direction === 1) {
      holder.firstOrderAt = Math.min(holder.firstOrderAt ?? order.occurredAt, order.occurredAt)
      holder.lastOrderAt = Math.max(holder.lastOrderAt ?? order.occurredAt, order.occurredAt)
    } else if (counted.orders === 1) forgetDays(holder, timeZone)
  })
  touch(world, order.holderId, 'orders')
}

/** An order was taken back: the first and the last are among those that are left. Of these only the day is known, so it is its beginning. */
const forgetDays = (holder: Holder, timeZone: string): void => {
  if (holder.orders <= 0) {
    holder.firstOrderAt = null
    holder.lastOrderAt = null
    return
  }
  const days = orderDays(holder.statistics)
  if (!days || holder.firstOrderAt === null || holder.lastOrderAt === null) return
  if (days.first !== earlier && localDay(holder.firstOrderAt, timeZone) < days.first)
    holder.firstOrderAt = startOfLocalDate(dateOf(days.first), timeZone)
  if (days.last !== earlier && localDay(holder.lastOrderAt, timeZone) > days.last)
    holder.lastOrderAt = startOfLocalDate(dateOf(days.last), timeZone)
}
