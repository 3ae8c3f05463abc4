import { splitLargestRemainder } from '../kernel/money.ts'
import type { Given } from '../offers/kinds/benefit-kind.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import { type Candidate, type DecisionInput, decide, type UnitShares } from './decide.ts'
import { noUsage } from './limits.ts'
import { lineQuantity, lineSubtotal, type OrderLine } from './schema.ts'

/** What an offer gave to an order; of offers that applied twice the sum. */
export type Benefited = {
  /** The version it was given by. */
  readonly offer: LiveOffer
  /** Money off, lines and shipping. */
  readonly amount: number
  readonly shipping: number
  readonly gives: readonly Given[]
}

/** A placed order as it was answered. */
export type Sale = {
  readonly lines: readonly { readonly line: OrderLine; readonly units: readonly UnitShares[] }[]
  /** As the caller gave it. */
  readonly shipping: number
  readonly shippingDiscount: number
  /** In the order in which they applied. */
  readonly applied: readonly Benefited[]
  /** What it was decided with; undefined where that was not kept: then nothing is asked again. */
  readonly asThen: Then | undefined
}

/** Facts and rules as they were, and the offers that fitted, each in its version of then. */
export type Then = Pick<DecisionInput, 'at' | 'timeZone' | 'combination' | 'person' | 'inCollection'> & {
  readonly order: Omit<DecisionInput['order'], 'lines' | 'shipping'>
  readonly offers: readonly LiveOffer[]
}

/** All that has come back of an order: numbers of units from 1, for each of its lines. */
export type Back = { readonly units: readonly ReadonlySet<number>[]; readonly shipping: boolean }

export const policies = ['keep', 'proRata', 'reprice'] as const
export type Policy = (typeof policies)[number]

/** `notAsked`: it makes no difference to what comes back, or what it would be asked about was not kept. */
export const conditions = ['holds', 'fails', 'notAsked'] as const

export type Refund = {
  /** What has to have been paid out when all this is back. */
  readonly refund: number
  /** What the units that came back cost, and the shipping. */
  readonly goods: number
  readonly shipping: number
  /** Of these, what is kept back for offers that no longer hold: `refund` is `goods + shipping − charged`. */
  readonly charged: number
  /** What more would be charged, if it did not make a return cost money. */
  readonly carried: number
  /** One entry an offer of `applied`. */
  readonly offers: readonly {
    readonly policy: Policy
    readonly condition: (typeof conditions)[number]
    /** Of its money off, what has been given back. */
    readonly givenBack: number
    /** What of its gifts and grants stays. */
    readonly stays: readonly Given[]
  }[]
}

/**
 * What an order has to give back when so much of it has come back: a pure function of the whole that is back, so the split into returns
 * and their order do not matter (promise 6). Never less than for a part of it, and never more than was paid.
 *
 * A unit gives back what it cost in the end. What is kept may then cost more, because an offer no longer holds for it. That is charged, but
 * only up to what would make returning more pay less than returning some of it: of all parts of what is back, the one that pays most
 * counts. Without that the end would depend on the split: 10 % off over 50, of 40 + 9 + 2 + 49 the 40 and the 9 come back, then
 * the 2; what was paid out for the 9 is gone.
 *
 *     refundOf(sale, { units: [new Set([1, 2])], shipping: false }).refund   // 1800
 */
export const refundOf = (sale: Sale, back: Back): Refund => {
  const groups = groupsOf(sale)
  const counts = countBack(groups, back)
  const judge = makeJudge(sale, groups, back.shipping)
  const goods = sum(groups.map((group, index) => counts[index]! * group.each))
  const shipping = back.shipping ? sale.shipping - sale.shippingDiscount : 0
  const { charge, conditions } = judge(counts)
  const charged = leastCharge(sale, groups, counts, charge, part => judge(part).charge)
  const parts = share(
    charged,
    conditions.map(it => it.chargeable),
  )
  return {
    refund: goods + shipping - charged,
    goods,
    shipping,
    charged,
    carried: charge - charged,
    offers: sale.applied.map(({ offer, shipping }, index) => {
      const { policy, condition, stays } = conditions[index]!
      const ofUnits = sum(groups.map((group, at) => counts[at]! * eachOf(group, offer.id)))
      return { policy, condition, stays, givenBack: ofUnits + (back.shipping ? shipping : 0) + parts[index]! }
    }),
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

/** Units of a line that cost the same; `first` is the number of the first. */
type Group = UnitShares & { readonly line: number; readonly first: number }

const groupsOf = ({ lines }: Sale): readonly Group[] =>
  lines.flatMap(({ units }, line) => {
    let first = 1
    return units.map(shares => {
      const group = { ...shares, line, first }
      first += shares.quantity
      return group
    })
  })

const countBack = (groups: readonly Group[], { units }: Back): readonly number[] =>
  groups.map(
    ({ line, first, quantity }) => [...units[line]!].filter(unit => unit >= first && unit < first + quantity).length,
  )

const eachOf = ({ discounts }: Group, offerId: string): number =>
  sum(discounts.map(it => (it.offer === offerId ? it.each : 0)))

const policyOf = ({ offer }: Benefited, then: Then | undefined): Policy => {
  const policy = offer.terms.onReturn ?? 'proRata'
  return policy === 'reprice' && !then ? 'proRata' : policy
}

/** No charge is ever higher, whatever comes back. */
const mostCharge = ({ lines, shippingDiscount, applied, asThen }: Sale): number => {
  if (applied.some(it => policyOf(it, asThen) === 'reprice')) {
    const paid = sum(lines.flatMap(({ units }) => units.map(({ quantity, each }) => quantity * each)))
    return sum(lines.map(({ line }) => lineSubtotal(line))) - paid + shippingDiscount
  }
  return sum(applied.map(it => (policyOf(it, asThen) === 'proRata' ? it.shipping : 0)))
}

/**
 * So many parts of what is back are compared: each is decided twice, and a return must not hold up the orders beside it. Beyond that nothing
 * is charged, which the customer can only gain by.
 */
const maxParts = ({ lines, asThen }: Sale): number =>
  Math.min(128, Math.max(8, Math.floor(4000 / (lines.length * (asThen?.offers.length || 1)))))

/** The least that is lost by charging, when some of the units may count as not returned. */
const leastCharge = (
  sale: Sale,
  groups: readonly Group[],
  counts: readonly number[],
  whole: number,
  chargeOf: (counts: readonly number[]) => number,
): number => {
  if (whole === 0) return 0
  // Whether the parts are too many may only depend on what is back, and grow with it: so not on what is charged for it.
  const parts = partsBelow(groups, counts, mostCharge(sale), maxParts(sale))
  if (!parts) return 0
  let least = whole
  for (const { left, lost } of parts) {
    if (lost >= least) break
    least = Math.min(least, lost + chargeOf(counts.map((count, index) => count - left[index]!)))
  }
  return least
}

type Part = { readonly left: readonly number[]; readonly lost: number }

/** Every choice of units to leave out that cost less than `most`, the cheapest first; undefined where they are more than `room`. */
const partsBelow = (
  groups: readonly Group[],
  counts: readonly number[],
  most: number,
  room: number,
): Part[] | undefined => {
  const parts: Part[] = [{ left: groups.map(() => 0), lost: 0 }]
  for (const [index, { each }] of groups.entries()) {
    for (const { left, lost } of [...parts])
      for (let count = 1; count <= counts[index]! && lost + count * each < most; count += 1) {
        if (parts.length === room) return undefined
        parts.push({ left: left.with(index, count), lost: lost + count * each })
      }
  }
  return parts.sort((a, b) => a.lost - b.lost)
}

/** Spreads an amount over what it may be spread over. */
const share = (amount: number, over: readonly number[]): readonly number[] => {
  const most = sum(over)
  return most === 0 ? over.map(() => 0) : splitLargestRemainder(Math.min(amount, most), over)
}

type Judged = {
  readonly charge: number
  readonly conditions: readonly (Pick<Refund['offers'][number], 'policy' | 'condition' | 'stays'> & {
    /** What of the benefit is still enjoyed, and may be charged. */
    readonly chargeable: number
  })[]
}

/** What is charged when so many units of each group are back, and which offers still hold for those that are kept. */
const makeJudge = (sale: Sale, groups: readonly Group[], isShippingBack: boolean) => {
  const { applied, asThen: then } = sale
  const ofThen = applied.map(it => asOfThen(it.offer))
  const again = then?.offers.map(asOfThen).map(candidateOf)
  // What is priced again leaves what failing offers of another policy gave, so all are asked.
  const mayReprice = applied.some(it => policyOf(it, then) === 'reprice')
  const paidShipping = isShippingBack ? 0 : sale.shipping - sale.shippingDiscount

  const decideKept = (then: Then, kept: readonly OrderLine[], offers: Pick<DecisionInput, 'codes' | 'unclaimed'>) =>
    decide({ ...then, order: { ...then.order, lines: kept, shipping: sale.shipping }, ...offers })

  /** The offers that would still apply beside each other, or are only beaten now. Each as a claim, so that each one's reason is told. */
  const holding = (then: Then, kept: readonly OrderLine[]): ReadonlySet<LiveOffer | undefined> => {
    const codes = ofThen.map((offer, index) => ({ given: '', code: `${index}`, candidates: [candidateOf(offer)] }))
    const { applied, refused } = decideKept(then, kept, { codes, unclaimed: [] })
    const beaten = refused.filter(it => isOnlyBeaten.includes(it.reason.code))
    return new Set([...applied, ...beaten].map(it => it.offer))
  }

  const keptLines = (counts: readonly number[]): OrderLine[] => {
    const gone = new Map<number, number>()
    for (const [index, { line }] of groups.entries()) gone.set(line, (gone.get(line) ?? 0) + counts[index]!)
    return sale.lines.flatMap(({ line }, index) => {
      const quantity = lineQuantity(line) - gone.get(index)!
      return quantity === 0 ? [] : ['amount' in line ? line : { ...line, quantity }]
    })
  }

  return (counts: readonly number[]): Judged => {
    const kept = keptLines(counts)
    const isWhole = counts.every(count => count === 0)
    const isNothing = kept.length === 0
    const part = { kept: sum(kept.map(lineSubtotal)), all: sum(sale.lines.map(({ line }) => lineSubtotal(line))) }
    const sharesOf = (offerId: string) =>
      sum(groups.map((group, index) => (group.quantity - counts[index]!) * eachOf(group, offerId)))

    const still = !then || isWhole || isNothing ? undefined : holding(then, kept)
    const judged = applied.map((benefited, index) => {
      const { offer, shipping, gives } = benefited
      const policy = policyOf(benefited, then)
      const matters = still !== undefined && (mayReprice || shipping > 0 || gives.length > 0)
      const condition = isNothing
        ? 'fails'
        : isWhole
          ? 'holds'
          : !matters
            ? 'notAsked'
            : still!.has(ofThen[index])
              ? 'holds'
              : 'fails'
      const apart =
        isNothing || policy === 'reprice'
          ? { shipping: 0, gives: [] }
          : policy === 'keep'
            ? { shipping, gives }
            : kindOf(offer.terms.benefit).undo(offer.terms.benefit, { shipping, gives }, part)
      const isOver = condition === 'fails'
      return { benefited, policy, condition, stays: isOver ? apart : { shipping, gives }, isOver } as const
    })
    const failing = judged.filter(it => it.isOver)
    const repriced = failing.filter(it => it.policy === 'reprice')

    const shippingLost = isShippingBack
      ? 0
      : sum(
          failing.map(({ benefited, stays, policy }) =>
            policy === 'reprice' ? 0 : benefited.shipping - stays.shipping,
          ),
        )
    const charge =
      isNothing || isWhole || !then
        ? 0
        : repriced.length === 0
          ? shippingLost
          : Math.max(shippingLost, priceAgain(then))

    /** What is kept costs more by so much when it is decided again; what failing offers leave is left. */
    function priceAgain(then: Then): number {
      const { totals } = decideKept(then, kept, { codes: [], unclaimed: again! })
      const shippingThen = isShippingBack ? 0 : totals.shipping - totals.shippingDiscount
      const others = failing.filter(it => it.policy !== 'reprice')
      const leftOnLines = sum(others.map(it => sharesOf(it.benefited.offer.id)))
      const leftOnShipping = Math.min(shippingThen, sum(others.map(it => it.stays.shipping)))
      const paid = sum(groups.map((group, index) => (group.quantity - counts[index]!) * group.each)) + paidShipping
      return totals.subtotal - totals.discount - leftOnLines + shippingThen - leftOnShipping - paid
    }

    return {
      charge,
      conditions: judged.map(({ benefited: { offer, shipping }, policy, condition, stays, isOver }) => ({
        policy,
        condition,
        stays: stays.gives,
        chargeable: isOver
          ? (policy === 'reprice' ? sharesOf(offer.id) : 0) + (isShippingBack ? 0 : shipping - stays.shipping)
          : 0,
      })),
    }
  }
}

/** It would apply, were it not for others. */
const isOnlyBeaten: readonly string[] = [offerRefusals.beaten_by.code, offerRefusals.excluded_by.code]

/** The offer as it was found good once: whether it runs, whom it is for, and what is left of it was settled then. */
const asOfThen = (offer: LiveOffer): LiveOffer => {
  const { chance: _drawn, ...terms } = offer.terms
  return {
    ...offer,
    state: 'live',
    campaign: { ...offer.campaign, state: 'live', audience: 'everyone' },
    terms: { ...terms, channels: {}, limits: {} },
    countsPersons: false,
    from: undefined,
    to: undefined,
  }
}

const candidateOf = (offer: LiveOffer): Candidate => ({ offer, usage: noUsage, isMember: true })
