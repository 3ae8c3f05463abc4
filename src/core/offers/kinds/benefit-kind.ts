import type { z } from 'zod'
import type { InputError } from '../../kernel/refusal.ts'

/**
 * When a benefit applies, in this order: to single units, to lines, to the whole order, to shipping; what is given besides money
 * (gifts, grants) comes last.
 */
export const stages = ['unit', 'line', 'order', 'shipping', 'extra'] as const
export type Stage = (typeof stages)[number]

/** Units of a line that are alike: `left` is what each still costs, `price` what the benefit reckons with (its base). */
export type UnitRun = { readonly count: number; readonly price: number; readonly left: number; readonly taken: boolean }

/** So many units out of one run of a line, the first ones of it. */
export type UnitPick = { readonly line: number; readonly run: number; readonly count: number }

/**
 * A basket as a benefit sees it, at the moment it applies. Lines go by their place in the order. Money is in minor units of the
 * order's currency. `price` is the initial or the running price, as the offer's `base` says; `left` the running one, which
 * nothing ever takes below zero.
 */
export type Basket = {
  readonly currency: string
  /** How many lines there are. */
  readonly size: number
  readonly id: (line: number) => string
  readonly sku: (line: number) => string
  readonly price: (line: number) => number
  readonly left: (line: number) => number
  readonly units: (line: number) => readonly UnitRun[]
  /** What shipping still costs. */
  readonly shipping: number
  /** The lines that a CEL filter of the benefit matches (`expressions` names the field); all where it has none. */
  readonly matching: (field: string) => readonly number[]
  /** The value of a CEL amount of the benefit, at least 0; undefined where it could not be evaluated. */
  readonly amount: (field: string) => number | undefined
  /** The SKU that the caller chose for this offer, where there is something to choose. */
  readonly choice: string | undefined
  /** How many of a gift are left; Infinity where its stock is not limited. */
  readonly stock: (sku: string) => number
}

/** Something given besides money off. */
export type Given =
  | { readonly what: 'gift'; readonly sku: string; readonly name?: string; readonly quantity: number }
  | { readonly what: 'offer'; readonly offer: string; readonly quantity: number }
  | { readonly what: 'entitlement'; readonly entitlement: string; readonly title: string; readonly days?: number }
  | GivenPoints
  | GivenCashback

/** Points of a programme. What those that go by amount or unit come to is known when all prices are (`withPoints`). */
export type GivenPoints = {
  readonly what: 'points'
  readonly programme: string
  readonly points: number
  /** Points that count towards a tier, where they are others. */
  readonly qualifying?: number
  /** Ids of the lines that they are given for; left out: all of the order. */
  readonly lines?: readonly string[]
  /** What was left of a cap, where the offer has one. */
  readonly most?: number
}

/** Money to spend later. How much is known when all prices are (`withCashback`). */
export type GivenCashback = {
  readonly what: 'cashback'
  readonly amount: number
  readonly currency: string
  /** Ids of the lines that it is given for; left out: all of the order. */
  readonly lines?: readonly string[]
}

/** Money off, in all, over lines or over single units; the decision spreads it by largest remainder over what they still cost. */
export type Off = {
  readonly amount: number
  readonly over: { readonly lines: readonly number[] } | { readonly units: readonly UnitPick[] }
}

/** What a benefit does to a basket. Nothing at all: undefined, and the offer is not used up. */
export type Effect = {
  readonly off?: readonly Off[]
  readonly shipping?: number
  readonly gives?: readonly Given[]
  /** Units that no other benefit of single units may use: those paid for it and those it discounts. */
  readonly takes?: readonly UnitPick[]
}

/** What was given apart from money off lines: that hangs on no unit, so the kind says what becomes of it when goods come back. */
export type GivenApart = { readonly shipping: number; readonly gives: readonly Given[] }

/** CEL inside a benefit: a filter over lines (`bool`, asked once a line) or an amount (`int`). */
export type BenefitExpression = {
  /** Where it stands in the benefit, such as `lines` or `get/lines`. */
  readonly field: string
  readonly source: string
  /** `order`: where there is none, what the offer is triggered by. */
  readonly scope: 'line' | 'order'
  readonly gives: 'bool' | 'int'
}

/** How a screen asks for one field of the benefit. */
export type FormField = {
  readonly field: string
  readonly label: string
  readonly input: 'percent' | 'money' | 'number' | 'lines' | 'choice' | 'text' | 'offer' | 'tiers' | 'items' | 'switch'
  readonly help: string
}

/** Where an offer may give a benefit: at a basket, at an event, or asked for without a basket. */
export type Moment = 'order' | 'event' | 'request'

/**
 * A kind of benefit, one file each, that answers for itself. Shared code asks the kind and never switches on it; a new kind is a
 * new file and its name in `index.ts`.
 */
export type BenefitKind<B extends { kind: string }> = {
  readonly kind: B['kind']
  readonly schema: z.ZodType<B> & z.core.$ZodTypeDiscriminable
  /** The kind in a list to choose from, and what it is for. */
  readonly title: string
  readonly about: string
  readonly form: readonly FormField[]
  readonly examples: readonly B[]
  /** In plain words, for screens and receipts: "20 % off". */
  readonly sentence: (benefit: B) => string
  /** The currency that the order must have; undefined: any. */
  readonly currency: (benefit: B) => string | undefined
  readonly expressions: (benefit: B) => readonly BenefitExpression[]
  readonly moments: readonly Moment[]
  readonly stage: (benefit: B) => Stage
  /**
   * True where it never takes off more when the basket costs less, the same lines given: the search for the best combination
   * may then take what it gives at the full prices as the most it can ever give.
   */
  readonly shrinks: (benefit: B) => boolean
  /** True where what is left of the whole basket depends on its total alone, and never falls when the total rises. */
  readonly ofTotal: (benefit: B) => boolean
  /** Gifts that are limited in number, by SKU. */
  readonly stock?: (benefit: B) => Readonly<Record<string, number>>
  /** True where it gives grants, so that somebody must be there to get them. */
  readonly givesGrants?: true
  /** The programme whose points it gives. */
  readonly programme?: (benefit: B) => string
  /** Points a person may get of it in a period. */
  readonly cap?: (benefit: B) => { readonly points: number; readonly period: 'day' | 'week' | 'month' } | undefined
  /** True where somebody must be there to get it. */
  readonly givesToSomebody?: true
  /** True where it reckons with an order, so that neither an event nor a request can give it. */
  readonly needsOrder?: (benefit: B) => boolean
  /** True where what it gives besides money goes back with the units, so that nothing is asked again when goods come back. */
  readonly goesWithUnits?: (benefit: B) => boolean
  /** Offers it issues. */
  readonly issues?: (benefit: B) => readonly string[]
  /** What is wrong that the schema cannot see; pointers lie within the benefit. */
  readonly mistakes?: (benefit: B) => readonly InputError[]
  readonly apply: (benefit: B, basket: Basket) => Effect | undefined
  /**
   * What stays of what was given apart from the lines when only `kept` of `all` (minor units before discounts) is not returned and the
   * offer does not hold any more. Money off the lines goes back with its units, whatever the kind.
   */
  readonly undo: (benefit: B, given: GivenApart, part: { readonly kept: number; readonly all: number }) => GivenApart
}

/** For kinds that give nothing but money off lines: there is nothing apart to undo. */
export const nothingApart = (): GivenApart => ({ shipping: 0, gives: [] })
