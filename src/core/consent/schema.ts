import { z } from 'zod'
import { instant } from '../kernel/schema.ts'
import { isTimeZone } from '../kernel/time.ts'
import { personRef } from '../people/schema.ts'
import { contactChannels, purposeOrTopic } from '../workspaces/contact.ts'
import { consentWays } from './consent.ts'

export const contactChannel = z.enum(contactChannels)

const language = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a BCP 47 tag such as "it"')
const textVersion = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ description: 'Which text she agreed to', examples: ['newsletter-2026-03'] })

const evidence = z
  .record(z.string().min(1).max(60), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine(it => Object.keys(it).length <= 20, 'holds more than 20 fields')
  .meta({
    description: 'What proves it: kept apart, because it may name her, and gone when she is erased',
    examples: [{ note: 'Signed at the till', form: 'paper-4711' }],
  })

export const consentInput = z
  .strictObject({
    address: personRef.optional().meta({ description: 'As `type:value`; the reference in the path where left out' }),
    channel: contactChannel,
    purpose: purposeOrTopic,
    state: z.enum(['given', 'withdrawn']),
    at: instant.optional().meta({
      description: 'When she said it; of secret and admin keys. Now where left out, and then newer than what is known',
    }),
    how: z.enum(consentWays).optional().meta({ description: '`api` where left out' }),
    textVersion: textVersion.optional(),
    language: language.optional().meta({ description: 'Of that text' }),
    evidence: evidence.optional(),
  })
  .meta({ id: 'ConsentInput' })
export type ConsentInput = z.output<typeof consentInput>

export const importedConsent = consentInput
  .extend({ address: personRef, how: z.enum(consentWays).default('import') })
  .meta({ id: 'ConsentImported' })

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "21:00"')
const quietHours = z
  .strictObject({
    from: time,
    to: time,
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'is no IANA time zone such as "Europe/Rome"')
      .optional()
      .meta({ description: 'The workspace’s where left out' }),
  })
  .refine(it => it.from !== it.to, 'begins when it ends')
  .meta({
    id: 'QuietHours',
    description: 'Local times between which nothing is sent; over midnight where `from` is later',
  })

const fields = {
  channelsOff: z.array(contactChannel).max(contactChannels.length).meta({ description: 'Not to be contacted on' }),
  topicsOff: z.array(purposeOrTopic).max(50).meta({ description: 'Topics not wanted on any channel' }),
  language: language.nullable(),
  quietHours: z.array(quietHours).max(20),
  atMost: z
    .strictObject({ messages: z.int().min(0).max(1000), days: z.int().min(1).max(366) })
    .nullable()
    .meta({ description: 'At most so many messages in so many days' }),
  pausedUntil: instant.nullable().meta({ description: 'Nothing is sent before' }),
}

export const preferences = z
  .strictObject(fields)
  .meta({ id: 'Preferences', description: 'What a person asked for: of her addresses the most restrictive' })
export type PreferencesAnswer = z.output<typeof preferences>

export const preferencesInput = z.strictObject(fields).partial().meta({
  id: 'PreferencesInput',
  description: 'Fields that are present replace what she asked for before; an empty list or null: no wish',
})
export type PreferencesInput = z.output<typeof preferencesInput>

export const consentRequest = consentInput
  .pick({ address: true, channel: true, purpose: true, textVersion: true, language: true })
  .meta({ id: 'ConsentRequestInput' })
export type ConsentRequest = z.output<typeof consentRequest>
