import { z } from 'zod'
import { channelName, currencyCode, instant, name } from '../kernel/schema.ts'
import { topics } from './contact.ts'

export const workspaceId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, such as "acme"')

/** Made as a demo. */
export const demoInput = z
  .strictObject({
    startsAt: instant
      .optional()
      .meta({ description: 'What its clock shows at first: an instant of the last 20 years. Left out, now' }),
  })
  .meta({
    id: 'DemoInput',
    description:
      'Marks it as a demo, for ever: it has a clock of its own that can be moved forward, and it can be deleted. No other workspace can become one',
  })

/** What a demo has of its own. */
export const demoState = z
  .strictObject({
    now: instant.meta({ description: 'What its clock shows' }),
    aheadSeconds: z.int().meta({ description: 'So far is it ahead of the real time; below 0: behind' }),
  })
  .meta({ id: 'DemoState' })

export const workspaceInput = z.strictObject({
  id: workspaceId,
  name,
  currency: currencyCode.default('EUR'),
  timeZone: z
    .string()
    .max(64)
    .default('UTC')
    .meta({ description: 'IANA name', examples: ['Europe/Rome'] }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a BCP 47 tag such as "it"')
    .default('en'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code such as "IT"')
    .optional()
    .meta({ description: 'Reads phone numbers given without a country code.' }),
  taxIncluded: z.boolean().default(true),
  demo: demoInput.optional(),
})
export type WorkspaceInput = z.output<typeof workspaceInput>

/** Part of an audience that gets nothing, so that what the rest did can be compared. */
export const holdoutPercent = z
  .number()
  .min(0)
  .max(50)
  .refine(percent => Math.round(percent * 100) / 100 === percent, 'has more than 2 decimals')
  .meta({ description: 'Percent of the people who are held out: decided for as everybody, and given nothing' })

/** How offers combine in this business, and how many people are held out of all of them. */
export const combination = z
  .strictObject({
    policy: z.enum(['bestForCustomer', 'priority']).default('bestForCustomer').meta({
      description: 'The legal combination that saves the customer most, or the offers of the highest priority',
    }),
    perOrder: z.int().min(1).max(100).optional().meta({ description: 'At most so many offers an order' }),
    perGroup: z
      .record(z.string().max(40), z.int().min(1).max(100))
      .default({})
      .meta({ description: 'At most so many offers of a group an order', examples: [{ drinks: 1 }] }),
  })
  .meta({ id: 'Combination' })
export type Combination = z.output<typeof combination>

const days = z.int().min(1).max(36_500)
const daysKept = z.union([days, z.record(z.string().min(1).max(200), days)])

/** How long events are kept. */
export const retention = z
  .strictObject({
    track: daysKept,
    page: daysKept,
    screen: daysKept,
    identify: daysKept,
    group: daysKept,
    alias: daysKept,
  })
  .partial()
  .meta({
    id: 'Retention',
    description:
      'Days after which events of a kind, or of a name, are emptied: what is left is that they happened. Their rows go after 90 days at the earliest. What is not named is kept.',
    examples: [{ page: 90, track: { 'Product Viewed': 30 } }],
  })
export type Retention = z.output<typeof retention>

/** How a customer's wallet looks, where the business has a look. */
export const colours = z
  .strictObject({
    accent: z
      .string()
      .regex(/^#[0-9a-f]{6}$/, 'must be a colour such as "#8a4b2a"')
      .meta({ description: 'Of its card and buttons' }),
  })
  .meta({ id: 'WalletColours' })
export type Colours = z.output<typeof colours>

export const workspace = workspaceInput.extend({
  country: z.string().nullable(),
  combination,
  holdout: holdoutPercent,
  topics,
  retention,
  demo: demoState.nullable().meta({ description: 'null: it is no demo' }),
  colours: colours.nullable().meta({ description: 'Of the wallet; null: Tessera’s' }),
  createdAt: instant,
})

export const workspacePatch = z.strictObject({
  name: name.optional(),
  combination: combination.optional().meta({ description: 'Replaces the workspace’s' }),
  holdout: holdoutPercent.optional().meta({ description: 'Percent of all people who are held out of every campaign' }),
  retention: retention.optional().meta({ description: 'Replaces the workspace’s' }),
  colours: colours.nullable().optional().meta({ description: 'Of the wallet; null: Tessera’s' }),
  topics: topics.optional().meta({ description: 'What people may want to hear of, or not; replaces the workspace’s' }),
})

/** Where the clock of a demo is moved to. */
export const clockMove = z
  .union([
    z.strictObject({
      forward: z
        .string()
        .max(40)
        .regex(
          /^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/,
          'must be a duration such as "P7D"',
        )
        .meta({ description: 'By so much (ISO 8601); months and years as the workspace’s time zone counts them' }),
    }),
    z.strictObject({ to: instant.meta({ description: 'To this instant' }) }),
  ])
  .meta({ id: 'ClockMove', examples: [{ forward: 'P7D' }, { to: '2026-12-24T08:00:00.000Z' }] })
export type ClockMove = z.output<typeof clockMove>

export const defaultCombination: Combination = { policy: 'bestForCustomer', perGroup: {} }

/** What pure code needs to know of a workspace: what never changes about it. Its settings come with the catalogue. */
export type Workspace = {
  readonly id: string
  readonly currency: string
  readonly timeZone: string
  readonly language: string
  readonly country: string | undefined
  readonly taxIncluded: boolean
}

export const keyScope = z.enum(['secret', 'publishable', 'till'])
export type Scope = z.output<typeof keyScope> | 'admin'

export const keyInput = z
  .strictObject({
    name,
    scope: keyScope,
    channel: channelName
      .optional()
      .meta({ description: 'The channel of what this key sends when the call names none.' }),
    location: z.string().trim().min(1).max(80).optional().meta({ description: 'A till key belongs to one location.' }),
  })
  .refine(key => key.scope !== 'till' || key.location !== undefined, {
    path: ['location'],
    message: 'a till key needs its location',
  })
export type KeyInput = z.output<typeof keyInput>

export const key = z
  .strictObject({
    id: z.string(),
    name,
    scope: keyScope,
    channel: channelName.nullable(),
    location: z.string().nullable(),
    createdAt: instant,
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'Key' })

export const keyCreated = key
  .extend({ key: z.string().meta({ description: 'Shown this once; only its hash is kept.' }) })
  .meta({ id: 'KeyCreated' })

export const personTokenInput = z.strictObject({
  person: z
    .string()
    .max(400)
    .meta({ examples: ['userId:4711'] }),
  seconds: z.int().min(60).max(86_400).default(3600),
})
export const personToken = z.strictObject({ token: z.string(), expiresAt: instant }).meta({ id: 'PersonToken' })
