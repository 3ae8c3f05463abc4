import { dateOf, dayNumber, localParts, startOfLocalDate } from '../../core/kernel/time.ts'
import { type Dice, diceFrom } from '../dice.ts'
import { type Category, openingHours, type Product, products, productsOf, shippingFee, timeZone } from './chain.ts'
import { type Channel, type Customer, makeCustomers } from './people.ts'

/** The year that is played: who does what on which day. A plan, made before anything is called; the same seed, people and last day give the same one. */

export type YearOptions = {
  /** Any 32-bit integer. */
  readonly seed: number
  readonly people: number
  /** Epoch milliseconds at which it ends: today, as far as it has come. */
  readonly endsAt: number
  /** How many days before that it begins. */
  readonly days: number
}

export type Line = {
  readonly id: string
  readonly sku: string
  readonly name: string
  readonly category: Category
  readonly quantity: number
  readonly unitPrice: number
}

export type Sale = {
  readonly id: string
  readonly at: number
  readonly channel: Channel
  readonly store: string | undefined
  /** Undefined: nobody knows who it was. */
  readonly customer: Customer | undefined
  /** She tells who she is for the first time: by her browser before, by name from here on. */
  readonly introduces: boolean
  readonly lines: readonly Line[]
  readonly shipping: number
  readonly subtotal: number
  readonly wish: 'points' | 'welcome' | 'newspaper' | 'giftCard' | 'none'
}

export type GivenBack = { readonly id: string; readonly sale: string; readonly at: number; readonly line: string }
export type Review = {
  readonly id: string
  readonly at: number
  readonly customer: Customer
  readonly sku: string
  readonly stars: number
}
export type Gift = { readonly at: number; readonly from: Customer; readonly to: Customer; readonly points: number }

export type Day = {
  readonly number: number
  readonly date: string
  /** Until when it goes: the end of the day, or now. */
  readonly endsAt: number
  readonly sales: readonly Sale[]
  readonly returns: readonly GivenBack[]
  readonly reviews: readonly Review[]
  readonly gifts: readonly Gift[]
  /** Open the app and look at what there is. */
  readonly looks: readonly Customer[]
}

export type Year = {
  readonly customers: readonly Customer[]
  readonly startsAt: number
  readonly days: readonly Day[]
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/** January is quiet, December is not; in summer the towns are empty and drink it cold. */
const seasons = [0.85, 0.9, 0.95, 1, 1.05, 1.05, 0.95, 0.75, 1, 1.05, 1.1, 1.4]
const weekdays: Readonly<Record<Channel, readonly number[]>> = {
  store: [1, 1, 1, 1.05, 1.2, 1.3, 0.45],
  web: [1.1, 1, 1, 0.95, 0.8, 0.9, 1.25],
  app: [1.15, 1.1, 1.1, 1.1, 1.1, 0.8, 0.4],
}

const channelOf = (dice: Dice, { where }: Customer): Channel => {
  const roll = dice.between(1, 100)
  return roll <= where.store ? 'store' : roll <= where.store + where.web ? 'web' : 'app'
}

/** Mornings and lunch in the stores, evenings on the web. */
const hourOf = (dice: Dice, channel: Channel): number => {
  const [first, last] = openingHours[channel]
  if (channel === 'web') return Math.max(dice.between(first, last), dice.between(first, last))
  const peak = dice.pick([7, 8, 8, 9, 10, 12, 13, 13, 16, 17, 18])
  return dice.chance(0.7) ? Math.min(last, Math.max(first, peak)) : dice.between(first, last)
}

const put = (product: Product, index: number, quantity: number): Line => ({
  id: String(index + 1),
  sku: product.sku,
  name: product.name,
  category: product.category,
  quantity,
  unitPrice: product.price,
})

const basketOf = (dice: Dice, customer: Customer | undefined, channel: Channel, month: number): readonly Line[] => {
  const isSummer = month >= 6 && month <= 8
  const taste = customer?.taste ?? []
  const one = (category: Category): Product => dice.pick(productsOf(category))
  const drink = (): Product =>
    one(isSummer && dice.chance(0.5) ? 'iced' : taste.includes('tea') && dice.chance(0.4) ? 'tea' : 'coffee')
  const chosen: Product[] = []
  const isShopping =
    channel === 'web' || (channel === 'store' && (customer?.shops ?? dice.chance(0.2)) && dice.chance(0.5))
  if (isShopping) {
    const wanted = dice.between(2, channel === 'web' ? 6 : 8)
    const shelves = products.filter(it => ['beans', 'fruit', 'dairy', 'pantry'].includes(it.category))
    // Hardly anybody buys a second grinder.
    chosen.push(...dice.some(shelves, wanted).filter(it => it.price < 2000 || dice.chance(0.1)))
    if (chosen.length === 0 || (channel === 'web' && !chosen.some(it => it.category === 'beans')))
      chosen.push(productsOf('beans')[dice.between(0, 2)]!)
  } else {
    chosen.push(drink())
    if (dice.chance(0.45)) chosen.push(one(dice.chance(0.8) ? 'pastry' : 'lunch'))
    if (dice.chance(0.12)) chosen.push(drink())
  }
  const distinct = [...new Map(chosen.map(it => [it.sku, it])).values()]
  return distinct.map((product, index) => put(product, index, dice.chance(0.2) ? dice.between(2, 3) : 1))
}

const subtotalOf = (lines: readonly Line[]): number => lines.reduce((sum, it) => sum + it.quantity * it.unitPrice, 0)

const wishOf = (dice: Dice, customer: Customer | undefined, visit: number): Sale['wish'] => {
  if (!customer || visit < customer.knownAtVisit) return 'none'
  if (visit === customer.knownAtVisit) return dice.chance(0.6) ? 'welcome' : 'none'
  const roll = dice.between(1, 100)
  return roll <= 9 && customer.joins ? 'points' : roll <= 12 ? 'newspaper' : roll <= 14 ? 'giftCard' : 'none'
}

/** Plans a year: `makeYear({ seed: 1, people: 100, endsAt: Date.now(), days: 365 })`. */
export const makeYear = ({ seed, people, endsAt, days: count }: YearOptions): Year => {
  const dice = diceFrom(seed)
  const lastDay = dayNumber(localParts(endsAt, timeZone).date)!
  const firstDay = lastDay - count
  const customers = makeCustomers(dice, people, count)
  const visits = new Map<number, number>()
  const later = new Map<number, GivenBack[]>()
  const days: Day[] = []
  for (let number = 0; number <= count; number += 1) {
    const date = dateOf(firstDay + number)
    const midnight = startOfLocalDate(date, timeZone)
    const { month, weekday } = localParts(midnight + 12 * hourMs, timeZone)
    const end = Math.min(endsAt, midnight + dayMs - 1)
    const sales: Sale[] = []
    const reviews: Review[] = []
    const gifts: Gift[] = []
    const looks: Customer[] = []
    const sell = (customer: Customer | undefined): void => {
      const channel = customer ? channelOf(dice, customer) : 'store'
      const hour = hourOf(dice, channel)
      const at = midnight + hour * hourMs + dice.between(0, hourMs - 1)
      const lines = basketOf(dice, customer, channel, month)
      const visit = customer ? (visits.get(customer.number) ?? 0) + 1 : 0
      const wish = wishOf(dice, customer, visit)
      const goesBack = lines.length > 1 && dice.chance(channel === 'web' ? 0.04 : 0.006)
      const backAfter = dice.between(2, 12)
      const stars = dice.chance(0.08) ? dice.between(2, 5) : 0
      const weekdayShare = weekdays[channel][weekday - 1]!
      if (!dice.chance(weekdayShare / 1.3) || at > end) return
      if (customer) visits.set(customer.number, visit)
      const isKnown = customer !== undefined && visit >= customer.knownAtVisit
      const subtotal = subtotalOf(lines)
      const id = `${channel}-${number}-${sales.length + 1}`
      sales.push({
        id,
        at,
        channel,
        store: channel === 'web' ? undefined : (customer?.store ?? dice.pick(customers).store),
        customer: isKnown || channel !== 'store' ? customer : undefined,
        introduces: customer !== undefined && visit === customer.knownAtVisit,
        lines,
        shipping: channel === 'web' ? shippingFee : 0,
        subtotal,
        wish,
      })
      if (goesBack)
        later.set(number + backAfter, [
          ...(later.get(number + backAfter) ?? []),
          { id: `back-${id}`, sale: id, at: 0, line: lines.at(-1)!.id },
        ])
      if (stars > 0 && isKnown && customer)
        reviews.push({ id: `review-${id}`, at: Math.min(end, at + 2 * hourMs), customer, sku: lines[0]!.sku, stars })
      if (isKnown && customer && channel === 'app' && dice.chance(0.4)) looks.push(customer)
      if (isKnown && customer?.joins && dice.chance(0.004))
        gifts.push({ at: end, from: customer, to: dice.pick(customers), points: dice.between(1, 4) * 50 })
    }
    for (const customer of customers) {
      if (number < customer.from || number >= customer.until) continue
      if (dice.chance((customer.weekly / 7) * 1.3 * seasons[month - 1]!)) sell(customer)
    }
    const strangers = Math.round((people / 60) * seasons[month - 1]!)
    for (let index = 0; index < strangers; index += 1) sell(undefined)
    const returns = (later.get(number) ?? []).map(it => ({ ...it, at: Math.min(end, midnight + 11 * hourMs) }))
    // What would come back in the hours to come has not.
    const isOver = end > midnight + 11 * hourMs
    sales.sort((a, b) => a.at - b.at)
    days.push({ number, date, endsAt: end, sales, returns: isOver ? returns : [], reviews, gifts, looks })
  }
  return { customers, startsAt: startOfLocalDate(dateOf(firstDay), timeZone), days }
}

/** What a year comes to, as it was meant. */
export type Meant = {
  readonly orders: number
  readonly byChannel: Readonly<Record<Channel, { readonly orders: number; readonly subtotal: number }>>
  readonly returns: number
}

export const meantBy = ({ days }: Pick<Year, 'days'>): Meant => {
  const sales = days.flatMap(it => it.sales)
  const of = (channel: Channel) => {
    const its = sales.filter(it => it.channel === channel)
    return { orders: its.length, subtotal: its.reduce((sum, it) => sum + it.subtotal, 0) }
  }
  return {
    orders: sales.length,
    byChannel: { store: of('store'), web: of('web'), app: of('app') },
    returns: days.reduce((sum, it) => sum + it.returns.length, 0),
  }
}
