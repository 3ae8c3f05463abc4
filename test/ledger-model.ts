import fc from 'fast-check'
import { expect } from 'vitest'
import { accountId, pointsOf } from '../src/core/ledger/account.ts'
import { type Book, balanceOf, type Ledger, type Transaction } from '../src/core/ledger/book.ts'
import {
  activate,
  burn,
  burnHeld,
  choose,
  chooseBack,
  earn,
  giveBack,
  hold,
  lotsAt,
  outstanding,
  release,
  slide,
  spendable,
  takeBack,
  transfer,
} from '../src/core/ledger/lots.ts'

/**
 * The ledger against a plain model that shares no code with it and knows nothing of accounts, postings or lazy clocks: a list of
 * heaps of points that somebody looks through every morning.
 */

// The model.

type Heap = {
  readonly nr: number
  readonly owner: string
  readonly earned: number
  amount: number
  expires: number
  active: number | 'some day' | 'now'
  slides: boolean
}
type Part = { readonly heap: Heap; readonly amount: number }
type Spent = { readonly taken: Part[]; back: number }

export class Model {
  day = 0
  heaps: Heap[] = []
  readonly owed = new Map<string, number>()
  /** When the sliding heaps of an owner go. */
  readonly slidesOut = new Map<string, number>()
  readonly people = new Map<string, string>(owners.map(it => [it, it]))
  readonly holds: Part[][] = []
  readonly burned: Spent[] = []
  readonly given: { readonly heap: Heap | undefined; readonly owner: string; left: number }[] = []

  ownersWith(owner: string): string[] {
    return owners.filter(it => this.people.get(it) === this.people.get(owner))
  }

  pass(days: number): void {
    for (let passed = 0; passed < days; passed += 1) {
      this.day += 1
      for (const owner of owners) {
        const now = this.heaps.filter(it => it.owner === owner && it.active === this.day)
        for (const heap of now) heap.active = 'now'
        this.pay(now.map(heap => ({ heap, amount: heap.amount })))
        for (const heap of this.heaps) if (heap.owner === owner && this.isOver(heap)) heap.amount = 0
      }
    }
  }

  isOver(heap: Heap): boolean {
    if (typeof heap.active === 'number') return false
    return heap.slides
      ? heap.active === 'now' && (this.slidesOut.get(heap.owner) ?? Infinity) <= this.day
      : heap.expires <= this.day
  }

  /** What has just come into heaps pays what is owed, soonest ending first. */
  pay(parts: Part[]): void {
    for (const { heap, amount } of soonestFirst(parts.map(it => it.heap)).map(
      heap => parts.find(it => it.heap === heap)!,
    )) {
      const owed = this.owed.get(heap.owner) ?? 0
      const paid = Math.min(owed, amount)
      this.owed.set(heap.owner, owed - paid)
      heap.amount -= paid
    }
  }

  add(heap: Omit<Heap, 'nr'>): Heap {
    const made = { ...heap, nr: this.heaps.length }
    this.heaps.push(made)
    return made
  }

  /** Comes back to where it was taken from. */
  comeBack(parts: Part[], graceDays: number): void {
    for (const { heap, amount } of parts) heap.amount += amount
    this.pay(parts)
    for (const { heap } of parts)
      if (this.isOver(heap)) {
        if (graceDays === 0) heap.amount = 0
        heap.slides = false
        heap.expires = this.day + graceDays
      }
  }

  slide(who: string[], until: number): void {
    for (const owner of who) this.slidesOut.set(owner, Math.max(until, this.slidesOut.get(owner) ?? 0))
  }

  spendable(who: string[]): number {
    const there = this.heaps.filter(it => who.includes(it.owner) && it.active === 'now')
    const owed = who.reduce((sum, it) => sum + (this.owed.get(it) ?? 0), 0)
    return Math.max(0, there.reduce((sum, it) => sum + it.amount, 0) - owed)
  }

  take(who: string[], amount: number): Part[] {
    const parts: Part[] = []
    let rest = amount
    for (const heap of soonestFirst(this.heaps.filter(it => who.includes(it.owner) && it.active === 'now'))) {
      const part = Math.min(rest, heap.amount)
      if (part === 0) continue
      heap.amount -= part
      rest -= part
      parts.push({ heap, amount: part })
    }
    return parts
  }
}

const soonestFirst = (heaps: Heap[]): Heap[] => {
  const end = (heap: Heap): number => (heap.slides ? 1e9 : Math.min(heap.expires, 1e9))
  return [...heaps].sort((a, b) => end(a) - end(b) || a.earned - b.earned || a.nr - b.nr)
}

// The real thing.

export const owners = ['ana', 'anas-card', 'ben', 'cyd']
export const club = pointsOf('club')
const msADay = 86_400_000
const slideDays = 30
const start = Date.parse('2026-01-01T00:00:00Z')
/** The start of a day, as counted by the model. */
export const at = (day: number): number => start + day * msADay

type Burned = { readonly transaction: Transaction; readonly hold?: Transaction; readonly back: string[] }

/** A ledger that commands act on: in memory, or in a store. */
export abstract class Real {
  day = 0
  readonly holds: Transaction[] = []
  readonly burned: Burned[] = []
  readonly earned: { readonly lot: string | undefined; readonly transaction: string }[] = []
  /** What waits for the review: the transactions of each owner that earned it. */
  readonly awaiting = new Map<string, string[]>()
  /** Does something for owners whose clock is brought up to date first, with these transactions at hand. */
  abstract act(who: readonly string[], transactions: readonly string[], run: (ledger: Ledger) => void): Promise<void>
  /** What owners have now, lots that are left among it. */
  abstract look(who: readonly string[]): Promise<Book>
  /** What is off in all that was ever booked. */
  abstract findings(): Promise<readonly string[]>
}

type Command = fc.AsyncCommand<Model, Real>

/** Does something to both, for people whose clock is brought up to date first, and compares what they have then. */
const command = (
  name: string,
  whose: (model: Model) => string[],
  run: (model: Model, real: Real, ledger: Ledger) => void,
  {
    check = () => true,
    transactions = () => [],
  }: {
    readonly check?: (model: Model) => boolean
    readonly transactions?: (real: Real) => readonly string[]
  } = {},
): Command => ({
  check,
  toString: () => name,
  run: async (model, real) => {
    const who = whose(model)
    await real.act(who, transactions(real), ledger => run(model, real, ledger))
    compare(model, await real.look(who), who)
    expect(await real.findings()).toEqual([])
  },
})

export const compare = (model: Model, book: Book, who: readonly string[]): void => {
  for (const owner of who) {
    const lots = lotsAt({ book }, owner, club).filter(it => it.remaining > 0)
    const ends = (heap: Heap): string =>
      heap.slides ? 'slides' : Number.isFinite(heap.expires) ? `${heap.expires}` : ''
    const isThere = (heap: Heap): boolean => heap.owner === owner && heap.amount > 0
    const heapsThat = (isPending: boolean) =>
      model.heaps
        .filter(it => isThere(it) && (it.active !== 'now') === isPending)
        .map(it => `${it.amount} ${ends(it)}`)
        .sort()
    const lotsThat = (kind: 'main' | 'pending') =>
      lots
        .filter(it => it.kind === kind)
        .map(
          it =>
            `${it.remaining} ${it.slides ? 'slides' : it.expiresAt === null ? '' : Math.floor((it.expiresAt - start) / msADay)}`,
        )
        .sort()
    expect({ main: lotsThat('main'), pending: lotsThat('pending') }, owner).toEqual({
      main: heapsThat(false),
      pending: heapsThat(true),
    })
    const held = model.holds.flat().filter(it => it.heap.owner === owner)
    expect(balanceOf(book, owner, club, 'held'), `${owner} holds`).toBe(held.reduce((sum, it) => sum + it.amount, 0))
    expect(balanceOf(book, owner, club, 'debt') + (model.owed.get(owner) ?? 0), `${owner} owes`).toBe(0)
  }
}

const share = (of: number, percent: number): number => Math.ceil((of * percent) / 100)

const anOwner = fc.constantFrom(...owners)
const anAmount = fc.integer({ min: 1, max: 100 })
const aPercent = fc.integer({ min: 1, max: 100 })
const aLife = fc.option(fc.integer({ min: 1, max: 60 }), { freq: 4 })

export const commands: fc.Arbitrary<Command>[] = [
  fc
    .tuple(anOwner, anAmount, fc.option(fc.integer({ min: 1, max: 20 })), aLife, fc.boolean())
    .map(([owner, amount, pendingDays, lifeDays, slides]) =>
      command(
        `${owner} earns ${amount}${pendingDays ? ` in ${pendingDays} days` : ''}${slides ? ' sliding' : lifeDays ? ` for ${lifeDays} days` : ''}`,
        () => [owner],
        (model, real, ledger) => {
          const ends = slides ? model.day + (pendingDays ?? 0) + slideDays : null
          const { lot, transaction } = earn(ledger, {
            ownerId: owner,
            asset: club,
            amount,
            from: 'earned',
            kind: 'earn',
            terms: {
              earnedAt: ledger.now,
              activeAt: pendingDays === null ? null : at(real.day + pendingDays),
              awaits: null,
              expiresAt: slides || lifeDays === null ? null : at(real.day + lifeDays),
              ...(ends !== null && { endsAt: at(ends) }),
            },
          })
          real.earned.push({ lot: lot?.id, transaction: transaction.id })
          if (ends !== null) model.slide([owner], ends)
          const heap = model.add({
            owner,
            earned: model.day,
            amount,
            expires: slides || lifeDays === null ? Infinity : model.day + lifeDays,
            active: pendingDays === null ? 'now' : model.day + pendingDays,
            slides,
          })
          if (pendingDays === null) model.pay([{ heap, amount }])
          model.given.push({ heap, owner, left: amount })
        },
      ),
    ),
  fc.tuple(anOwner, anAmount, aLife).map(([owner, amount, lifeDays]) =>
    command(
      `${owner} earns ${amount} for a review within ${lifeDays} days`,
      () => [owner],
      (model, real, ledger) => {
        const expires = lifeDays === null ? Infinity : model.day + lifeDays
        const { transaction } = earn(ledger, {
          ownerId: owner,
          asset: club,
          amount,
          from: 'earned',
          kind: 'earn',
          terms: {
            earnedAt: ledger.now,
            activeAt: null,
            awaits: 'Review Written',
            expiresAt: lifeDays === null ? null : at(expires),
          },
        })
        real.awaiting.set(owner, [...(real.awaiting.get(owner) ?? []), transaction.id])
        model.add({ owner, earned: model.day, amount, expires, active: 'some day', slides: false })
      },
    ),
  ),
  fc.tuple(anOwner, fc.integer({ min: 1, max: 90 })).map(([owner, lifeDays]) =>
    command(
      `${owner} writes the review, for ${lifeDays} days`,
      () => [owner],
      (model, real, ledger) => {
        const lots = lotsAt(ledger, owner, club).filter(it => it.awaits !== null && it.remaining > 0)
        if (lots.length > 0) activate(ledger, lots, { until: () => ({ expiresAt: at(real.day + lifeDays) }) })
        const heaps = model.heaps.filter(it => it.owner === owner && it.active === 'some day' && it.amount > 0)
        const order = soonestFirst(heaps)
        for (const heap of heaps) heap.active = 'now'
        model.pay(order.map(heap => ({ heap, amount: heap.amount })))
        for (const heap of heaps) heap.expires = model.day + lifeDays
      },
      { transactions: real => real.awaiting.get(owner) ?? [] },
    ),
  ),
  fc.tuple(anOwner, aPercent).map(([owner, percent]) =>
    command(
      `${owner} spends ${percent}%`,
      model => model.ownersWith(owner),
      (model, real, ledger) => {
        const who = model.ownersWith(owner)
        const there = model.spendable(who)
        expect(spendable(ledger, who, club)).toBe(there)
        expect(choose(ledger, who, club, there + 1, 'soonestExpiring')).toBeUndefined()
        if (there === 0) return
        const amount = share(there, percent)
        const transaction = burn(ledger, club, choose(ledger, who, club, amount, 'soonestExpiring')!, {})
        real.burned.push({ transaction, back: [] })
        slide(ledger, who, club, at(real.day + slideDays))
        model.burned.push({ taken: model.take(who, amount), back: 0 })
        // Of who has or had any.
        model.slide(
          who.filter(it => ledger.book.accounts.has(accountId(it, club, 'main'))),
          model.day + slideDays,
        )
      },
    ),
  ),
  fc.tuple(anOwner, aPercent).map(([owner, percent]) =>
    command(
      `${owner} holds ${percent}%`,
      model => model.ownersWith(owner),
      (model, real, ledger) => {
        const who = model.ownersWith(owner)
        const amount = share(model.spendable(who), percent)
        if (amount === 0) return
        real.holds.push(hold(ledger, club, choose(ledger, who, club, amount, 'soonestExpiring')!, {}))
        model.holds.push(model.take(who, amount))
      },
    ),
  ),
  fc.tuple(fc.nat(), fc.boolean()).map(([nr, isSpent]) =>
    command(
      `hold ${nr} is ${isSpent ? 'spent' : 'released'}`,
      model => [...new Set(model.holds[nr % model.holds.length]!.map(it => it.heap.owner))],
      (model, real, ledger) => {
        const [held] = real.holds.splice(nr % real.holds.length, 1)
        const [parts] = model.holds.splice(nr % model.holds.length, 1)
        if (isSpent) {
          real.burned.push({ transaction: burnHeld(ledger, held!, {}), hold: held!, back: [] })
          model.burned.push({ taken: parts!, back: 0 })
        } else {
          release(ledger, held!, {})
          model.comeBack(parts!, 0)
        }
        expect(() => release(ledger, held!, {})).toThrow('has ended')
      },
      {
        check: model => model.holds.length > 0,
        transactions: real => [real.holds[nr % real.holds.length]!.id],
      },
    ),
  ),
  fc.tuple(fc.nat(), aPercent, fc.constantFrom(0, 0, 7)).map(([nr, percent, graceDays]) =>
    command(
      `${percent}% of what ${nr} spent comes back, with ${graceDays} days of grace`,
      model => [...new Set(model.burned[nr % model.burned.length]!.taken.map(it => it.heap.owner))],
      (model, real, ledger) => {
        const { transaction, back } = real.burned[nr % real.burned.length]!
        const burned = model.burned[nr % model.burned.length]!
        const all = burned.taken.reduce((sum, it) => sum + it.amount, 0)
        expect(outstanding(ledger, transaction).reduce((sum, it) => sum + it.amount, 0)).toBe(all - burned.back)
        const amount = share(all - burned.back, percent)
        if (amount === 0) return
        const gave = giveBack(ledger, chooseBack(ledger, transaction, amount)!, {
          reverses: transaction.id,
          graceMs: graceDays * msADay,
        })
        back.push(gave.id)
        // The last taken first, from where the last time stopped.
        const parts: Part[] = []
        let skip = burned.back
        let rest = amount
        for (const { heap, amount: taken } of [...burned.taken].reverse()) {
          const left = taken - Math.min(skip, taken)
          skip -= taken - left
          const part = Math.min(left, rest)
          rest -= part
          if (part > 0) parts.push({ heap, amount: part })
        }
        burned.back += amount
        model.comeBack(parts, graceDays)
      },
      {
        check: model => model.burned.length > 0,
        transactions: real => {
          const { transaction, hold: held, back } = real.burned[nr % real.burned.length]!
          return [transaction.id, ...(held ? [held.id] : []), ...back]
        },
      },
    ),
  ),
  fc.tuple(fc.nat(), aPercent, fc.boolean()).map(([nr, percent, mayOwe]) =>
    command(
      `${percent}% of what ${nr} earned is taken back${mayOwe ? ', all of it' : ''}`,
      model => model.ownersWith(model.given[nr % model.given.length]!.owner),
      (model, real, ledger) => {
        const given = model.given[nr % model.given.length]!
        const { lot: lotId, transaction: reverses } = real.earned[nr % real.earned.length]!
        const amount = share(given.left, percent)
        if (amount === 0) return
        given.left -= amount
        const who = model.ownersWith(given.owner)
        const lot = lotId === undefined ? undefined : ledger.book.lots.get(lotId)!
        const ofLot = Math.min(amount, lot?.remaining ?? 0)
        expect(given.heap!.amount).toBe(lot?.remaining ?? 0)
        if (ofLot > 0) takeBack(ledger, club, [{ lot: lot!, amount: ofLot }], { reverses })
        const others = Math.min(amount - ofLot, spendable(ledger, who, club))
        const owed = mayOwe ? amount - ofLot - others : 0
        const debt = { ownerId: given.owner, amount: owed }
        if (others + owed > 0)
          takeBack(ledger, club, choose(ledger, who, club, others, 'soonestExpiring')!, {
            reverses,
            ...(owed > 0 && { debt }),
          })
        given.heap!.amount -= ofLot
        model.take(who, others)
        model.owed.set(given.owner, (model.owed.get(given.owner) ?? 0) + owed)
      },
      {
        check: model => model.given.length > 0,
        transactions: real => [real.earned[nr % real.earned.length]!.transaction],
      },
    ),
  ),
  fc.tuple(anOwner, anOwner, aPercent, fc.constantFrom(0, 10)).map(([from, to, percent, feePercent]) =>
    command(
      `${from} gives ${to} ${percent}%, less ${feePercent}%`,
      model => [...new Set([...model.ownersWith(from), to])],
      (model, _real, ledger) => {
        const who = model.ownersWith(from)
        const amount = share(model.spendable(who), percent)
        if (amount === 0) return
        const fee = Math.floor((amount * feePercent) / 100)
        transfer(ledger, choose(ledger, who, club, amount, 'soonestExpiring')!, { to, fee })
        let rest = fee
        const parts = model.take(who, amount).flatMap(({ heap, amount: taken }) => {
          const kept = Math.min(rest, taken)
          rest -= kept
          if (kept === taken) return []
          const expires = heap.slides ? model.slidesOut.get(heap.owner)! : heap.expires
          const moved = model.add({ ...heap, owner: to, expires, slides: false, amount: taken - kept })
          return [{ heap: moved, amount: taken - kept }]
        })
        model.pay(parts)
      },
    ),
  ),
  fc.tuple(anOwner, anOwner).map(([one, other]) =>
    command(
      `${one} and ${other} are one person`,
      () => [one, other],
      model => {
        const [to, from] = [model.people.get(one)!, model.people.get(other)!]
        for (const [owner, person] of model.people) if (person === from) model.people.set(owner, to)
      },
    ),
  ),
  anOwner.map(owner =>
    command(
      `${owner} is a person of its own`,
      model => model.ownersWith(owner),
      model => {
        const others = model.ownersWith(owner).filter(it => it !== owner)
        model.people.set(owner, owner)
        for (const other of others) model.people.set(other, others[0]!)
      },
    ),
  ),
  fc.integer({ min: 1, max: 25 }).map(days =>
    command(
      `${days} days pass`,
      () => [],
      (model, real, _ledger) => {
        model.pass(days)
        real.day += days
      },
    ),
  ),
]
