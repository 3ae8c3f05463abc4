import { z } from 'zod'
import { channelName, instant, name } from '../kernel/schema.ts'
import type { KeyInput } from './schema.ts'

/** Where events and orders come from: a named thing with a key, which says what it may do and where it stands. */
export const sourceKinds = ['web', 'app', 'till', 'server', 'file'] as const
export const sourceKind = z.enum(sourceKinds)
export type SourceKind = z.output<typeof sourceKind>

/** What the key of a source may do: whatever everybody can read in a page or an app proves nothing. */
export const scopeOfKind = {
  web: 'publishable',
  app: 'publishable',
  till: 'till',
  server: 'secret',
  file: 'secret',
} as const satisfies Record<SourceKind, KeyInput['scope']>

/** What a key that was made as a key is taken for. */
export const kindOfScope = {
  publishable: 'web',
  till: 'till',
  secret: 'server',
} as const satisfies Record<KeyInput['scope'], SourceKind>

const location = z.string().trim().min(1).max(80)

export const sourceInput = z
  .strictObject({
    name,
    kind: sourceKind,
    channel: channelName
      .optional()
      .meta({ description: 'The channel of what this source sends when the call names none.' }),
    location: location.optional().meta({ description: 'A till stands at one location.' }),
  })
  .refine(source => source.kind !== 'till' || source.location !== undefined, {
    path: ['location'],
    message: 'a till needs its location',
  })

export const sourcePatch = z.strictObject({ name: name.optional(), channel: channelName.nullable().optional() })

const perMinute = z.number().min(0)

/** One call that was refused: why and where, never what it said. */
const sourceError = z.strictObject({
  at: instant,
  code: z.string().meta({ description: 'Of the refusal, or `internal_error`' }),
  pointer: z.string().nullable().meta({ description: 'The place of the first mistake in the body' }),
  message: z.string(),
})
export type SourceError = z.output<typeof sourceError>

export const sourceHealth = z
  .strictObject({
    lastEventAt: instant.nullable(),
    lastErrorAt: instant.nullable(),
    perMinute: z.strictObject({ now: perMinute, hour: perMinute, day: perMinute }).meta({
      description: 'Events and orders a minute: in the last minute, and on average over the last hour and day',
    }),
    errorRate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .meta({ description: 'Refused calls among all that came in the last hour; null when nothing came' }),
    lastErrors: z.array(sourceError).meta({ description: 'The last of each minute, at most 5, the newest first' }),
  })
  .meta({ id: 'SourceHealth' })
export type SourceHealth = z.output<typeof sourceHealth>

export const source = z
  .strictObject({
    id: z.string(),
    name,
    kind: sourceKind,
    channel: channelName.nullable(),
    location: location.nullable(),
    createdAt: instant,
    revokedAt: instant.nullable(),
    health: sourceHealth,
  })
  .meta({ id: 'Source' })

export const sourceCreated = source
  .extend({ key: z.string().meta({ description: 'Shown this once; only its hash is kept.' }) })
  .meta({ id: 'SourceCreated' })

export const tailOutcome = z.enum(['stored', 'known', 'refused'])

/** A line of what comes in, with nothing of whom it is about but the type of the identifier. */
export const tailRow = z
  .strictObject({
    id: z.string(),
    at: instant,
    outcome: tailOutcome.meta({ description: 'known: its messageId had come before' }),
    kind: z
      .string()
      .meta({ description: 'track, identify, page, screen, group, alias, order; of a refused call its name' }),
    name: z.string().nullable().meta({ description: 'Of the event; of an order its state' }),
    messageId: z.string().nullable(),
    subject: z
      .string()
      .nullable()
      .meta({ description: 'The type of the identifier it is about', examples: ['userId'] }),
    code: z.string().nullable().meta({ description: 'Why it was refused' }),
    issues: z.array(z.strictObject({ pointer: z.string(), message: z.string() })),
    latencyMs: z.number().min(0),
  })
  .meta({ id: 'SourceTailRow' })
export type TailRow = z.output<typeof tailRow>
