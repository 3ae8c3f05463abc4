import type { Dice } from '../dice.ts'
import { type Category, categories, stores } from './chain.ts'

export type Channel = 'store' | 'web' | 'app'

/** Somebody with habits, as the year will show them. Days count from the first of the year, which is 0. */
export type Customer = {
  readonly number: number
  readonly first: string
  readonly last: string
  readonly email: string
  readonly phone: string
  readonly userId: string
  readonly browser: string
  readonly card: string
  /** MM-DD */
  readonly birthday: string
  readonly language: 'it' | 'en'
  /** Visits a week at their usual, whatever the season. */
  readonly weekly: number
  /** Where: shares of 100. */
  readonly where: Readonly<Record<Channel, number>>
  readonly store: string
  readonly taste: readonly Category[]
  /** Buys for the week, not only a cup. */
  readonly shops: boolean
  readonly from: number
  /** Does not come any more from then on. */
  readonly until: number
  /** The visit with which she tells who she is; before it nobody knows her. */
  readonly knownAtVisit: number
  readonly joins: boolean
  readonly mail: 'given' | 'withdrawn' | 'none'
}

const firsts = [
  ...['Anna', 'Bea', 'Carla', 'Chiara', 'Elena', 'Francesca', 'Giulia', 'Ilaria', 'Laura', 'Lucia', 'Marta', 'Paola'],
  ...['Sara', 'Sofia', 'Teresa', 'Andrea', 'Dario', 'Davide', 'Fabio', 'Giorgio', 'Luca', 'Marco', 'Matteo', 'Nicola'],
  ...['Paolo', 'Pietro', 'Riccardo', 'Stefano', 'Tommaso', 'Aisyah', 'Dewi', 'Omar', 'Layla', 'Kwame', 'Mei', 'Ivan'],
]
const lasts = [
  ...['Rossi', 'Russo', 'Ferrari', 'Esposito', 'Bianchi', 'Romano', 'Colombo', 'Ricci', 'Marino', 'Greco', 'Bruno'],
  ...['Gallo', 'Conti', 'De Luca', 'Costa', 'Giordano', 'Mancini', 'Rizzo', 'Lombardi', 'Moretti', 'Barbieri'],
  ...['Fontana', 'Santoro', 'Mariani', 'Rinaldi', 'Caruso', 'Ferrara', 'Galli', 'Martini', 'Leone', 'Okafor', 'Haddad'],
]

const two = (number: number): string => String(number).padStart(2, '0')

const makeCustomer = (dice: Dice, number: number, lastDay: number): Customer => {
  const first = dice.pick(firsts)
  const last = dice.pick(lasts)
  const kind = dice.between(1, 100)
  // Two in five were there before; the others find the chain over the year, more of them late: it grows.
  const from = dice.chance(0.4) ? 0 : Math.max(dice.between(0, lastDay), dice.between(0, lastDay))
  const where = dice.pick<Readonly<Record<Channel, number>>>([
    { store: 90, web: 5, app: 5 },
    { store: 80, web: 20, app: 0 },
    { store: 50, web: 10, app: 40 },
    { store: 15, web: 75, app: 10 },
    { store: 100, web: 0, app: 0 },
  ])
  return {
    number,
    first,
    last,
    email: `${first}.${last}.${number}@example.com`.toLowerCase().replaceAll(' ', ''),
    phone: `+39347${String(1_000_000 + number * 7)}`,
    userId: `u-${number}`,
    browser: `b-${number}-${dice.between(1000, 9999)}`,
    card: String(26_000_000 + number * 13),
    birthday: `${two(dice.between(1, 12))}-${two(dice.between(1, 28))}`,
    language: dice.chance(0.8) ? 'it' : 'en',
    weekly: kind <= 12 ? dice.between(8, 20) / 10 : kind <= 45 ? dice.between(2, 6) / 10 : dice.between(3, 12) / 100,
    where,
    store: dice.pick(stores).id,
    taste: dice.some(categories, 4),
    shops: dice.chance(0.35),
    from,
    until: dice.chance(0.18) ? from + dice.between(60, 300) : Number.POSITIVE_INFINITY,
    knownAtVisit: dice.chance(0.8) ? dice.between(1, 3) : Number.POSITIVE_INFINITY,
    joins: dice.chance(0.75),
    mail: dice.chance(0.55) ? (dice.chance(0.08) ? 'withdrawn' : 'given') : 'none',
  }
}

/** The same dice and numbers give the same people: `makeCustomers(diceFrom(1), 100, 364)`. */
export const makeCustomers = (dice: Dice, count: number, lastDay: number): readonly Customer[] =>
  Array.from({ length: count }, (_, index) => makeCustomer(dice, index + 1, lastDay))
