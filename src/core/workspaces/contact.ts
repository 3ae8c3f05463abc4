import { z } from 'zod'
import { name } from '../kernel/schema.ts'

/** Ways to reach somebody, as permission is asked for them; a closed list, so that a typo never reads as "nobody objected". */
export const contactChannels = [
  'email',
  'sms',
  'call',
  'whatsapp',
  'push',
  'app',
  'web',
  'social',
  'store',
  'post',
] as const
export type ContactChannel = (typeof contactChannels)[number]

/** What somebody may be contacted for, or her data used for. */
export const purposes = ['marketing', 'service', 'research', 'profiling'] as const
export type Purpose = (typeof purposes)[number]

/** A purpose, or the id of a topic. */
export const purposeOrTopic = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, such as "marketing" or "new-drinks"')
  .meta({ description: `One of ${purposes.join(', ')}, or a topic of the workspace`, examples: ['marketing'] })

const topic = z
  .strictObject({
    id: purposeOrTopic.refine(id => !purposes.some(purpose => purpose === id), 'is the name of a purpose'),
    name,
    purpose: z.enum(purposes).meta({ description: 'What it is a part of' }),
  })
  .meta({ id: 'Topic', description: 'What people may want to hear of, or not: a part of a purpose.' })
export type Topic = z.output<typeof topic>

export const topics = z
  .array(topic)
  .max(50)
  .refine(all => new Set(all.map(it => it.id)).size === all.length, 'names a topic twice')
