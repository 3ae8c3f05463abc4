import { z } from 'zod'
import { callerId, currencyCode, instant, minorUnits } from '../kernel/schema.ts'
import { codeText, offerId } from '../offers/schema.ts'
import { returnInput } from '../orders/return-schema.ts'
import { given, MAX_LINES, orderLine, refusalAnswer } from '../orders/schema.ts'
import { clerkId } from '../workspaces/clerk.ts'

export const packId = z.string().regex(/^pck_[0-9a-z]{26}$/, 'must be a pack id (pck_…)')

/** 32 bytes, base64url: a public key of Ed25519 without any wrapping, or a SHA-256. */
export const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes, base64url')
const signature = z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'must be a signature of Ed25519, base64url')

const share = z.strictObject({
  id: z.string().max(64),
  subtotal: minorUnits,
  discount: minorUnits,
  total: minorUnits,
  discounts: z.array(z.strictObject({ offer: offerId, amount: minorUnits })).max(200),
  units: z
    .array(
      z.strictObject({
        quantity: z.int().min(1),
        each: minorUnits,
        discounts: z.array(z.strictObject({ offer: offerId, each: minorUnits })).max(200),
      }),
    )
    .optional(),
})

const toldApplied = z.strictObject({
  offer: offerId,
  version: z.int().min(1),
  name: z.string().max(200),
  code: codeText.optional(),
  /** As the pack names the code: `LeasedCode.hash`. */
  hash: z.string().max(64).optional(),
  grant: z.string().max(64).optional(),
  amount: minorUnits,
  shipping: minorUnits.optional(),
  gives: z.array(given).max(50).optional(),
})
export type ToldApplied = z.output<typeof toldApplied>

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

/** What the till told the customer: what she got, to the minor unit. */
export const told = z
  .strictObject({
    totals: z.strictObject({
      subtotal: minorUnits,
      discount: minorUnits,
      shipping: minorUnits,
      shippingDiscount: minorUnits,
      total: minorUnits,
    }),
    lines: z.array(share).min(1).max(MAX_LINES),
    applied: z.array(toldApplied).max(200),
    earned: z
      .array(z.strictObject({ programme: z.string().max(64), points: z.int().min(0) }))
      .max(20)
      .optional(),
    available: z
      .array(z.strictObject({ offer: offerId, name: z.string(), missing: z.record(z.string(), z.unknown()) }))
      .max(50)
      .default([]),
    refused: z
      .array(z.strictObject({ code: z.string().optional(), offer: offerId.optional(), reason: refusalAnswer }))
      .max(200)
      .default([]),
  })
  .superRefine(({ totals, lines, applied }, context) => {
    const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (lines.some(line => line.subtotal - line.discount !== line.total)) complain('lines', 'do not add up')
    const is = [sum(lines.map(it => it.subtotal)), sum(lines.map(it => it.discount)), sum(applied.map(it => it.amount))]
    if (is[0] !== totals.subtotal || is[1] !== totals.discount) complain('totals', 'are not those of the lines')
    if (totals.subtotal - totals.discount + totals.shipping - totals.shippingDiscount !== totals.total)
      complain('totals', 'do not add up')
    if (is[2] !== totals.discount + totals.shippingDiscount) complain('applied', 'do not add up to the discount')
  })
  .meta({ id: 'ToldDecision' })
export type Told = z.output<typeof told>

const every = {
  id: callerId.meta({ description: 'The till’s own: the same entry is settled once, for ever' }),
  sequence: z.int().min(1).max(2_000_000_000).meta({ description: 'Counts up from 1 in the pack' }),
  previous: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'SHA-256 of the entry before it, base64url; of the first the pack’s id' }),
  at: instant,
  signature: signature.meta({
    description: 'The device’s, Ed25519, over the entry without its signature as JSON with sorted keys (RFC 8785)',
  }),
}

const sale = z.strictObject({
  ...every,
  kind: z.literal('sale'),
  order: callerId,
  clerk: clerkId.optional().meta({ description: 'Who served' }),
  person: z.string().min(1).max(400).optional(),
  leased: z.string().max(64).optional().meta({ description: 'The leased person that the till took the buyer for' }),
  currency: currencyCode,
  lines: z.array(orderLine).min(1).max(MAX_LINES),
  shipping: minorUnits.default(0),
  codes: z.array(codeText).max(50).default([]),
  tenders: z.array(z.string().min(1).max(40)).max(20).optional(),
  choices: z.record(offerId, z.string().min(1).max(128)).optional(),
  told,
})
const back = z.strictObject({
  ...every,
  kind: z.literal('return'),
  order: callerId,
  return: returnInput,
  refund: minorUnits.meta({ description: 'What was paid out' }),
})
const giveBack = z.strictObject({
  ...every,
  kind: z.literal('giveBack'),
  slices: z
    .array(
      z.strictObject({
        offer: offerId,
        bucket: z.string().max(200),
        uses: z.int().min(0).default(0),
        budget: minorUnits.default(0),
      }),
    )
    .min(1)
    .max(1000),
})
const close = z.strictObject({ ...every, kind: z.literal('close') })

export const journalEntry = z.discriminatedUnion('kind', [sale, back, giveBack, close]).meta({
  id: 'JournalEntry',
  description:
    '`sale`: what was sold, and what the till decided. `return`: goods that came back. `giveBack`: slices that the till does without from now on. `close`: the last entry; all that is left goes back.',
})
export type JournalEntry = z.output<typeof journalEntry>
export type SaleEntry = Extract<JournalEntry, { kind: 'sale' }>
export type ReturnEntry = Extract<JournalEntry, { kind: 'return' }>

/** The reason of a return by which a till undoes a sale that it has just made: where the server has cancelled it already, that is the same undoing. */
export const undoReason = 'undo'

/** How what was told differs from what the server would have decided, or finds. */
export const difference = z
  .strictObject({
    what: z.enum([
      'applied',
      'not_applied',
      'amount',
      'total',
      'points',
      'refund',
      'order_known',
      'order_over',
      'offer_unknown',
      'person_unknown',
      'tender_not_taken',
      'time',
      'chain',
      'overrun',
      'not_returned',
    ]),
    subject: z.string().meta({ description: 'The offer, order, programme or limit that it is about' }),
    told: z.number(),
    now: z.number(),
  })
  .meta({
    id: 'JournalDifference',
    description:
      '`applied`, `not_applied`: an offer that the server would (not) have applied, with its amount. `overrun`: more than the limit had left, which only happens after a write-off. `chain`: the entries before or after it are others.',
  })
export type Difference = z.output<typeof difference>
