import { z } from 'zod'
import { channelName, codeText, instant, minorUnits, money, name } from '../kernel/schema.ts'
import { programmeId } from '../loyalty/schema.ts'
import { segmentId } from '../segments/schema.ts'
import { holdoutPercent } from '../workspaces/schema.ts'
import { offerId } from './kinds/fields.ts'
import { benefit } from './kinds/index.ts'

export { codeText, offerId }

export const campaignId = z.string().regex(/^cmp_[0-9a-z]{26}$/, 'must be a campaign id (cmp_…)')

/** CEL source; checked for names, types and cost when the offer is saved. */
export const condition = z.string().trim().min(1).max(2000)

const timeZone = z
  .string()
  .max(64)
  .meta({ description: 'IANA name; the workspace’s where left out', examples: ['Europe/Rome'] })

export const lifeState = z.enum(['live', 'paused', 'ended'])
export type LifeState = z.output<typeof lifeState>

const inOrder = (value: { from?: string; to?: string }): boolean =>
  value.from === undefined || value.to === undefined || Date.parse(value.from) < Date.parse(value.to)
const orderMistake = { path: ['to'], message: 'must be later than "from"', params: { code: 'later_than_from' } }

export const campaignInput = z
  .strictObject({
    name,
    goal: z.string().max(500).optional(),
    from: instant.optional().meta({ description: 'Inclusive. No offer of the campaign applies before it.' }),
    to: instant.optional().meta({ description: 'Exclusive.' }),
    audience: z
      .enum(['everyone', 'members'])
      .default('everyone')
      .meta({ description: '`members`: only people added to the campaign.' }),
    state: lifeState.default('live'),
    tags: z.array(z.string().trim().min(1).max(60)).max(20).default([]),
    holdout: holdoutPercent.optional(),
  })
  .refine(inOrder, orderMistake)
export type CampaignInput = z.output<typeof campaignInput>

export const campaign = z
  .strictObject({
    id: campaignId,
    name,
    goal: z.string().nullable(),
    from: instant.nullable(),
    to: instant.nullable(),
    audience: z.enum(['everyone', 'members']),
    state: lifeState,
    tags: z.array(z.string()),
    holdout: holdoutPercent.optional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Campaign', description: 'A purpose with a schedule and an audience; owns offers.' })

export const campaignPatch = z
  .strictObject({
    name: name.optional(),
    goal: z.string().max(500).nullable().optional(),
    from: instant.nullable().optional(),
    to: instant.nullable().optional(),
    audience: z.enum(['everyone', 'members']).optional(),
    state: lifeState.optional(),
    tags: z.array(z.string().trim().min(1).max(60)).max(20).optional(),
    holdout: holdoutPercent.optional(),
  })
  .meta({ id: 'CampaignPatch' })

export const trigger = z
  .discriminatedUnion('on', [
    z.strictObject({ on: z.enum(['code', 'grant', 'basket']) }),
    z.strictObject({
      on: z.literal('event'),
      event: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .meta({ examples: ['Product Reviewed'] }),
    }),
    z.strictObject({
      on: z.literal('request'),
      moments: z
        .array(z.string().trim().min(1).max(60))
        .min(1)
        .max(20)
        .optional()
        .meta({ description: 'Only at these moments', examples: [['app home', 'receipt']] }),
    }),
  ])
  .meta({
    description:
      '`code`: a code in the order claims it. `grant`: it was issued to the person. `basket`: any basket that fits. `event`: an event of that name gives it, once an event. `request`: shown, and claimed, at a moment without a basket (`POST /v1/decisions`).',
  })
export type Trigger = z.output<typeof trigger>

const period = z.enum(['hour', 'day', 'week', 'month'])

const bucketLimit = z
  .strictObject({
    uses: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    period: period
      .optional()
      .meta({ description: 'In the offer’s time zone; weeks begin on Monday. Ever where left out.' }),
    by: z
      .enum(['offer', 'person', 'location', 'channel'])
      .optional()
      .meta({ description: 'Counted for the offer as a whole (where left out), each person, location or channel' }),
  })
  .refine(({ period, by }) => period !== undefined || by === 'location' || by === 'channel', {
    path: ['period'],
    message: 'is needed: for all time there are "uses" and "perPerson"',
    params: { code: 'period_needed' },
  })
export type BucketLimit = z.output<typeof bucketLimit>

export const limits = z.strictObject({
  uses: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  perPerson: z.int().min(1).max(10_000).optional(),
  perCode: z.int().min(1).max(1_000_000).optional(),
  per: z
    .union([bucketLimit, z.array(bucketLimit).min(1).max(8)])
    .optional()
    .meta({ description: 'So many uses in a period, at a location, on a channel; one or several' }),
  budget: money.optional().meta({ description: 'Discount given in all, in the offer’s currency.' }),
})

const groupName = z
  .string()
  .regex(/^(?!off_)[a-zA-Z][\w-]{0,39}$/, 'must be a short name such as "drinks", not an offer id')
  .meta({ examples: ['drinks'] })

export const stacking = z
  .strictObject({
    priority: z.int().min(-1000).max(1000).default(0),
    group: groupName.optional(),
    exclusive: z
      .union([z.boolean(), z.enum(['group', 'order'])])
      .optional()
      .meta({
        description:
          '`group`: no other offer of its group applies beside it. `order`: no other offer at all. `true`: in its group, or in the order where it has none.',
      }),
    base: z.enum(['initial', 'running']).optional().meta({
      description: 'The price it reckons with: before any discount, or after those before it (where left out)',
    }),
    combinesWith: z
      .array(
        z
          .string()
          .regex(
            /^(off_[0-9a-z]{26}|(?!off_)[a-zA-Z][\w-]{0,39})$/,
            'must be an offer id (off_…) or the name of a group such as "drinks"',
          ),
      )
      .max(50)
      .optional()
      .meta({ description: 'Applies only beside these groups and offers; any where left out, none where empty' }),
  })
  .refine(({ exclusive, group }) => exclusive !== 'group' || group !== undefined, {
    path: ['exclusive'],
    message: 'is "group", but the offer has no group: give it one, or say "order"',
    params: { code: 'group_needed' },
  })
  .meta({
    description:
      'How it combines. Offers apply to units, then lines, the order, shipping; to the initial price before the running one; then from the highest priority to the lowest.',
  })

export const chance = z
  .strictObject({
    wins: z.int().min(1).max(1_000_000),
    outOf: z.int().min(2).max(1_000_000),
    period: period.optional().meta({ description: 'One draw a person and period; one for ever where left out' }),
  })
  .refine(({ wins, outOf }) => wins < outOf, {
    path: ['wins'],
    message: 'must be less than "outOf"',
    params: { code: 'wins_below' },
  })
  .meta({ description: 'A surprise: drawn when the order is placed or the event comes, never at a question' })

export const onReturn = z.enum(['keep', 'proRata', 'reprice'])

export const validity = z
  .strictObject({
    from: instant.optional().meta({ description: 'Inclusive' }),
    to: instant.optional().meta({ description: 'Exclusive' }),
    grantDays: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .meta({ description: 'A grant ends so many local days after it was issued.' }),
    timeZone: timeZone.optional(),
  })
  .refine(inOrder, orderMistake)

/** What claiming costs. */
export const price = z
  .strictObject({ programme: programmeId, points: z.int().min(1).max(1_000_000_000) })
  .meta({ description: 'A reward: claiming it at a moment (`request`) costs so many points' })
export type Price = z.output<typeof price>

const offerFields = {
  campaign: campaignId,
  name,
  trigger,
  when: condition.optional().meta({
    description: 'CEL over order (or event, or moment, as it is triggered), person, campaign, channel, location, local',
  }),
  benefit,
  channels: z
    .strictObject({
      show: z.array(channelName).max(20).optional(),
      redeem: z.array(channelName).min(1).max(20).optional(),
    })
    .default({}),
  stacking: stacking.default({ priority: 0 }),
  chance: chance.optional(),
  worth: money.optional().meta({
    description:
      'What gifts, grants and entitlements count for when the best combination is sought; nothing where left out',
  }),
  price: price.optional(),
  onReturn: onReturn.optional().meta({
    description:
      'When goods come back and the condition no longer holds: `keep` what was given, `proRata` (where left out), or `reprice` what remains as of then. Returned units give back their share of a discount in any case.',
  }),
  limits: limits.default({}),
  validity: validity.default({}),
  state: lifeState.default('live'),
}

export const offerInput = z.strictObject(offerFields).meta({ id: 'OfferInput' })
export type OfferInput = z.output<typeof offerInput>

/** What of an offer is versioned and decides: everything but its state and its campaign. */
export type OfferTerms = Omit<OfferInput, 'campaign' | 'state'>

export const offer = z
  .strictObject({
    ...offerFields,
    id: offerId,
    version: z.int().min(1),
    sentence: z.string().meta({ description: 'The benefit in plain words' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Offer', description: 'A rule that gives value. A change of its terms makes a new version.' })

export const offerPatch = z
  .strictObject({
    name: name.optional(),
    when: condition.nullable().optional(),
    benefit: benefit.optional(),
    channels: offerFields.channels.unwrap().optional(),
    stacking: stacking.optional(),
    chance: chance.nullable().optional(),
    worth: money.nullable().optional(),
    price: price.nullable().optional(),
    onReturn: onReturn.optional(),
    limits: limits.optional(),
    validity: validity.optional(),
    state: lifeState.optional(),
  })
  .meta({ id: 'OfferPatch', description: 'Fields that are present replace the offer’s.' })

export const codesInput = z
  .union([
    z.strictObject({
      count: z.int().min(1).max(1_000_000),
      pattern: z
        .string()
        .min(1)
        .max(40)
        .default('########')
        .meta({
          description: 'Each # becomes a random character; the rest stands as it is; a check character is appended.',
          examples: ['ANA-####-####'],
        }),
    }),
    z.strictObject({ codes: z.array(codeText).min(1).max(10_000), shared: z.boolean().default(false) }),
  ])
  .meta({ id: 'CodesInput', description: 'Generate unique codes (a job), or import given ones.' })

export const codeFound = z
  .strictObject({
    code: z.string(),
    offer: offerId,
    campaign: campaignId,
    shared: z.boolean(),
    grant: z.string().nullable(),
    uses: z.int(),
    held: z.int(),
    createdAt: instant,
    blockedAt: instant.nullable().meta({ description: 'Since when it cannot be used; null: it is not blocked' }),
  })
  .meta({ id: 'Code' })

export const codeUpdate = z
  .strictObject({
    blocked: z.boolean(),
    offer: offerId.optional().meta({ description: 'Only for this offer; for all that it belongs to where left out' }),
  })
  .meta({ id: 'CodeUpdate' })

/** Of an entitlement: whether what was promised has been done. */
export const fulfilment = z.enum(['pending', 'fulfilled'])
export type Fulfilment = z.output<typeof fulfilment>

export const grantState = z.enum(['issued', 'held', 'redeemed', 'returned', 'expired', 'revoked'])
export type GrantState = z.output<typeof grantState>

/** What an offer gives, as whoever may use it may know it. */
export const benefitShown = benefit.meta({
  description: 'What it gives; `…` stands for a condition over items or a formula',
})

export const grant = z
  .strictObject({
    id: z.string(),
    offer: offerId,
    name,
    sentence: z.string().meta({ description: 'In English; `benefit` holds what another language needs' }),
    benefit: benefitShown,
    person: z.string(),
    state: grantState,
    code: z.string().nullable(),
    issuedAt: instant,
    expiresAt: instant.nullable(),
    title: z.string().optional().meta({ description: 'Of an entitlement: what the person may have' }),
    fulfilment: fulfilment.optional().meta({ description: 'Of an entitlement: whether it has been handed over' }),
  })
  .meta({ id: 'Grant', description: 'An offer issued to someone.' })

export const personRefs = z.array(z.string().min(1).max(400)).min(1).max(1000)
export const grantsInput = z
  .union([
    z.strictObject({ people: personRefs, withCode: z.boolean().default(false) }),
    z.strictObject({ segment: segmentId, withCode: z.boolean().default(false) }),
  ])
  .meta({ id: 'GrantsInput' })
export const membersInput = z.strictObject({ people: personRefs }).meta({ id: 'MembersInput' })
export const membersToAdd = z.union([membersInput, z.strictObject({ segment: segmentId })]).meta({ id: 'MembersToAdd' })
export const membersAdded = z.strictObject({ added: z.int(), members: z.int() }).meta({ id: 'MembersAdded' })

export const collectionId = z.string().regex(/^[\w.-]{1,64}$/, 'must be 1–64 letters, digits or . _ -')
export const collectionInput = z
  .strictObject({
    description: z.string().max(500).default(''),
    skus: z.array(z.string().min(1).max(128)).max(10_000).optional(),
  })
  .meta({ id: 'CollectionInput' })
export const collection = z
  .strictObject({ id: collectionId, description: z.string(), size: z.int(), createdAt: instant, updatedAt: instant })
  .meta({
    id: 'Collection',
    description: 'A named set of SKUs that offers refer to: inCollection(line.sku, "coffee").',
  })

export const budgetAmount = minorUnits
