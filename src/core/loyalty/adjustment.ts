import { z } from 'zod'
import { instant } from '../kernel/schema.ts'
import type { Asset } from '../ledger/account.ts'
import { programmeId } from './schema.ts'

/** What can be adjusted by hand for a person. Gift cards have calls of their own. */
export const adjustableAsset = z
  .string()
  .regex(
    /^((points|qualifying):[a-z][a-z0-9-]{0,39}|(credit|cashback):[A-Z]{3})$/,
    'must be points:<programme>, qualifying:<programme>, credit:<currency> or cashback:<currency>',
  )
  .meta({ examples: ['points:club', 'credit:EUR'] })

export const adjustmentId = z.string().regex(/^adj_[0-9a-hjkmnp-tv-z]{26}$/, 'must be an id that begins with adj_')

export const adjustmentReasons = ['goodwill', 'complaint', 'correction', 'migration', 'fraud', 'other'] as const

const most = Number.MAX_SAFE_INTEGER
/** As much as everything else that gives value: no balance is ever more than can be counted. */
const mostAtOnce = 1_000_000_000_000

const why = {
  reason: z.enum(adjustmentReasons),
  note: z.string().trim().min(1).max(500).optional().meta({
    description: 'In words, for the auditor: with `other` it must be there. Name nobody in it: it is kept for ever',
  }),
} as const
const needsNote = (it: { reason: string; note?: string | undefined }): boolean =>
  it.reason !== 'other' || it.note !== undefined
const noteMissing = { path: ['note'], message: 'is required with the reason "other"' }

export const adjustmentInput = z
  .strictObject({
    person: z
      .string()
      .max(400)
      .meta({ examples: ['email:ana@example.com'] }),
    programme: programmeId.optional().meta({ description: 'Its points' }),
    asset: adjustableAsset.optional().meta({ description: 'Instead of `programme`' }),
    amount: z
      .int()
      .min(-mostAtOnce)
      .max(mostAtOnce)
      .refine(amount => amount !== 0, 'must not be 0')
      .meta({ description: 'Points or minor units; below zero it takes away' }),
    ...why,
    effectiveAt: instant.optional().meta({
      description:
        'When it counts as happening, in the past; now where it is left out. The month it is booked in is that of this time, or the open one where that is closed',
    }),
  })
  .refine(it => (it.programme === undefined) !== (it.asset === undefined), 'needs either "programme" or "asset"')
  .refine(needsNote, noteMissing)
  .meta({ id: 'AdjustmentInput' })
export type AdjustmentInput = z.output<typeof adjustmentInput>

export const reversalInput = z.strictObject(why).refine(needsNote, noteMissing).meta({ id: 'AdjustmentReversalInput' })

export const adjustmentStates = ['proposed', 'booked', 'rejected'] as const

export const adjustment = z
  .strictObject({
    id: adjustmentId,
    state: z.enum(adjustmentStates).meta({
      description: '`proposed` waits for a second key, because it is above what one may adjust alone',
    }),
    person: z.string().meta({ description: 'Who holds it now' }),
    asset: z.string(),
    amount: z.int(),
    reason: z.enum(adjustmentReasons),
    note: z.string().nullable(),
    effectiveAt: instant.nullable(),
    proposedBy: z.string().meta({ description: 'Key id' }),
    proposedAt: instant,
    decidedBy: z.string().nullable().meta({ description: 'The second key; null where one was enough' }),
    decidedAt: instant.nullable(),
    transaction: z.string().nullable().meta({ description: 'In the ledger' }),
    reverses: adjustmentId.nullable().meta({ description: 'The adjustment that this one takes back' }),
  })
  .meta({ id: 'Adjustment', description: 'Value that somebody gave or took by hand, and why' })

/** What one person may give at once and still several times a day, before the sum of it is too much for one alone. */
const timesPerDay = 10

const limitedAsset = z
  .string()
  .regex(
    /^((points|qualifying):[a-z][a-z0-9-]{0,39}|(credit|cashback|giftCard):[A-Z]{3})$/,
    'must be an asset that can be adjusted, or giftCard:<currency>',
  )

/** What of an asset one key may adjust alone: `{ secondPersonAbove: { 'points:club': 5000, 'credit:EUR': 2000 } }`. */
export const adjustmentSettings = z
  .strictObject({
    secondPersonAbove: z
      .record(adjustableAsset, z.int().min(0).max(most))
      .default({})
      .meta({
        description:
          'By asset, in points or minor units: an adjustment of more, up or down, waits for a second key. What is not named never does',
        examples: [{ 'points:club': 5000, 'credit:EUR': 2000 }],
      }),
    alonePerDay: z
      .record(limitedAsset, z.int().min(0).max(most))
      .optional()
      .meta({
        description: `By asset: what one person, with whichever of her keys, adjusts up and down, gives as store credit or issues on gift cards in a day of the workspace, added up. An adjustment beyond it waits for a second key, the others are refused. Left out for an asset, ${timesPerDay} times what it needs a second key for; where nothing does, no limit`,
        examples: [{ 'points:club': 20_000, 'giftCard:EUR': 50_000 }],
      }),
  })
  .meta({ id: 'AdjustmentSettings' })
export type AdjustmentSettings = z.output<typeof adjustmentSettings>
export const defaultAdjustmentSettings: AdjustmentSettings = { secondPersonAbove: {} }

/** What one person may give, take and issue of an asset in a day; undefined: as much as she likes. */
export const alonePerDay = (settings: AdjustmentSettings, asset: Asset): number | undefined => {
  const once = settings.secondPersonAbove[asset]
  return settings.alonePerDay?.[asset] ?? (once === undefined ? undefined : Math.min(most, once * timesPerDay))
}

/** An adjustment as it lies in its table. */
export type StoredAdjustment = {
  readonly id: string
  readonly holderId: string
  readonly asset: Asset
  readonly amount: number
  readonly reason: string
  readonly note: string | null
  readonly effectiveAt: number | null
  /** The first key of the source: a key that was changed for a new one is the same person's. */
  readonly proposedBy: string
  readonly proposedAt: number
  readonly reverses: string | null
  state: (typeof adjustmentStates)[number]
  decidedBy: string | null
  decidedAt: number | null
  transactionId: string | null
}
