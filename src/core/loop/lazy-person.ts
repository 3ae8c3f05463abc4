import { permittedBy } from '../consent/permission.ts'
import { localDay } from '../kernel/time.ts'
import { traitsOf } from '../people/traits-of.ts'
import type { PersonFacts } from '../rules/facts.ts'
import { type History, inHistory, offersIn, preferredChannel, preferredHour } from '../rules/history.ts'
import { historyOf, ordersOf, personFacts } from './buyer.ts'
import { segmentsOf, type View } from './memberships.ts'
import { standingOf } from './standing.ts'
import type { Holder, World } from './world.ts'

/**
 * The same facts as `personFacts` makes of somebody known, each worked out when it is first read: an event touches a dozen segments that
 * read two of them, and all of them took longer than the segments. Getters of a class, so do not spread it.
 */
export class LazyPerson implements PersonFacts {
  readonly #world: World
  readonly #root: Holder
  readonly #holders: readonly Holder[]
  readonly #at: number
  readonly #view: View
  #segments: readonly string[] | undefined
  #identifiers: readonly string[] | undefined
  #orders: PersonFacts['orders'] | undefined
  #traits: Record<string, unknown> | undefined
  #consents: readonly string[] | undefined
  #history: History | undefined

  constructor(world: World, root: Holder, holders: readonly Holder[], at: number, view: View) {
    this.#world = world
    this.#root = root
    this.#holders = holders
    this.#at = at
    this.#view = view
  }

  /** Her segments changed: they are read anew. */
  forgetSegments(): void {
    this.#segments = undefined
  }

  get #looked() {
    const world = this.#world
    return { world, holders: this.#holders, currency: world.workspace.currency, counted: undefined, at: this.#at }
  }
  get #asked() {
    return inHistory(this.history, localDay(this.#at, this.#world.workspace.timeZone))
  }

  get id(): string {
    return this.#root.personId
  }
  get known(): boolean {
    return true
  }
  get identifiers(): readonly string[] {
    this.#identifiers ??= [...new Set(this.#holders.map(it => it.type))].sort()
    return this.#identifiers
  }
  get segments(): readonly string[] {
    this.#segments ??= segmentsOf(this.#world, this.#holders, this.#view)
    return this.#segments
  }
  get orders(): PersonFacts['orders'] {
    this.#orders ??= ordersOf(this.#looked)
    return this.#orders
  }
  get traits(): Readonly<Record<string, unknown>> {
    this.#traits ??= traitsOf(this.#holders)
    return this.#traits
  }
  get birthday(): string {
    const { birthday } = this.traits
    return typeof birthday === 'string' ? birthday : ''
  }
  get consents(): readonly string[] {
    this.#consents ??= permittedBy(this.#holders, this.#world.catalogue.topics)
    return this.#consents
  }
  get tier(): string {
    return this.#tiers.tier ?? ''
  }
  get tiers(): Readonly<Record<string, string>> {
    return this.#tiers.tiers ?? {}
  }
  get #tiers() {
    return standingOf(this.#world, this.#holders, { tiers: true, points: false })
  }
  get points(): Readonly<Record<string, number>> {
    return standingOf(this.#world, this.#holders, { tiers: false, points: true }).points ?? {}
  }
  get history(): History {
    this.#history ??= historyOf(this.#looked)
    return this.#history
  }
  get returns(): number {
    return this.#asked.returns()
  }
  get offers(): NonNullable<PersonFacts['offers']> {
    return offersIn(this.#asked)
  }
  get preferredChannel(): string {
    return preferredChannel(this.history.of)
  }
  get preferredHour(): number {
    return preferredHour(this.history.of)
  }
  get computed(): Readonly<Record<string, unknown>> {
    const buyer = { holder: this.#root, identifier: undefined, personId: this.id }
    const { world, holders, currency, at } = this.#looked
    return personFacts(world, buyer, holders, currency, undefined, at).computed ?? {}
  }
}
