import { z } from 'zod'
import { channelName } from '../kernel/schema.ts'
import { parseInstant } from '../kernel/time.ts'

/**
 * The bodies of the Segment HTTP tracking API (its "spec" pages are the reference). Fields we do not know are welcome and
 * kept; only what decides who, what and when is checked. SDKs write null for what they do not know, so null is absence.
 */
export const eventKinds = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const
export type EventKind = (typeof eventKinds)[number]

/** What points to someone: `value` is matched, `given` is what the sender wrote. The people domain normalizes it. */
export type Identifier = { readonly type: string; readonly value: string; readonly given: string }

const senderId = z.union([z.string(), z.number()], 'must be a string or a number')
const instant = z
  .string()
  .refine(text => parseInstant(text) !== undefined, 'must be an RFC 3339 time such as 2026-03-01T10:00:00Z')
  .meta({ format: 'date-time' })
const anyObject = z.looseObject({})

const context = z
  .looseObject({
    channel: channelName.nullish(),
    verified: z
      .boolean()
      .nullish()
      .meta({ description: 'false: identifiers that come together are not proven one human' }),
    history: z
      .boolean()
      .nullish()
      .meta({ description: 'true: it tells of the past, as an import does; it counts, and no offer answers it' }),
    traits: anyObject.nullish(),
    personToken: z.string().nullish().meta({ description: 'Of who sits at the browser; is not stored' }),
  })
  .nullish()

const common = {
  messageId: z.string().min(1).max(255).nullish().meta({ description: 'Sent twice, an event counts once.' }),
  userId: senderId.nullish(),
  anonymousId: senderId.nullish(),
  timestamp: instant.nullish(),
  originalTimestamp: instant.nullish(),
  sentAt: instant.nullish().meta({ description: 'The sender’s clock when it sent; corrects its skew.' }),
  context,
}

const ownFields = {
  track: {
    event: z
      .string()
      .trim()
      .min(1)
      .max(256)
      .meta({ examples: ['Order Completed'] }),
    properties: anyObject.nullish(),
  },
  identify: { traits: anyObject.nullish() },
  page: { name: z.string().nullish(), properties: anyObject.nullish() },
  screen: { name: z.string().nullish(), properties: anyObject.nullish() },
  group: { groupId: senderId, traits: anyObject.nullish() },
  alias: { previousId: senderId },
} as const

/** SDKs write '' where nobody is logged in: that is nobody, not somebody. */
export const isPresent = (id: unknown): id is string | number =>
  typeof id === 'number' || (typeof id === 'string' && id.trim() !== '')

type Sender = { readonly userId?: unknown; readonly anonymousId?: unknown; readonly context?: unknown }

/** A till knows a card and neither an account nor a browser, so what `context.externalIds` names is enough. */
const namesSomebody = ({ userId, anonymousId, context }: Sender): boolean => {
  const { externalIds } = Object(context) as { readonly externalIds?: unknown }
  return (
    isPresent(userId) ||
    isPresent(anonymousId) ||
    (Array.isArray(externalIds) && externalIds.some(it => isPresent((Object(it) as { readonly id?: unknown }).id)))
  )
}

const withSender = <S extends z.ZodRawShape>(shape: S) =>
  z.looseObject({ ...common, ...shape }).refine((event: unknown) => namesSomebody(event as Sender), {
    path: ['userId'],
    message: 'is needed, or an anonymousId, or one of context.externalIds',
  })

const withUser = <S extends z.ZodRawShape>(shape: S) =>
  z.looseObject({ ...common, ...shape }).refine((event: unknown) => isPresent((event as Sender).userId), {
    path: ['userId'],
    message: 'is needed: the user that the previousId becomes',
  })

/** The body of each single call (`POST /v1/track` …); `type` may be left out, the path says it. */
export const eventBodies = {
  track: withSender({ type: z.literal('track').nullish(), ...ownFields.track }).meta({ id: 'Track' }),
  identify: withSender({ type: z.literal('identify').nullish(), ...ownFields.identify }).meta({ id: 'Identify' }),
  page: withSender({ type: z.literal('page').nullish(), ...ownFields.page }).meta({ id: 'Page' }),
  screen: withSender({ type: z.literal('screen').nullish(), ...ownFields.screen }).meta({ id: 'Screen' }),
  group: withSender({ type: z.literal('group').nullish(), ...ownFields.group }).meta({ id: 'Group' }),
  alias: withUser({ type: z.literal('alias').nullish(), ...ownFields.alias }).meta({ id: 'Alias' }),
}

const batchedEvent = z
  .discriminatedUnion(
    'type',
    [
      withSender({ type: z.literal('track'), ...ownFields.track }),
      withSender({ type: z.literal('identify'), ...ownFields.identify }),
      withSender({ type: z.literal('page'), ...ownFields.page }),
      withSender({ type: z.literal('screen'), ...ownFields.screen }),
      withSender({ type: z.literal('group'), ...ownFields.group }),
      withUser({ type: z.literal('alias'), ...ownFields.alias }),
    ],
    {
      // Called for what is no object as well, which zod's type of the issue does not say.
      error: issue =>
        issue.code === 'invalid_union' ? `must be one of ${eventKinds.join(', ')}` : 'must be a JSON object',
    },
  )
  .meta({ id: 'Event' })

/** The body of `POST /v1/batch`. Its context is the default of every event's. */
export const batchBody = z
  .looseObject({ batch: z.array(batchedEvent), sentAt: instant.nullish(), context })
  .meta({ id: 'Batch' })
