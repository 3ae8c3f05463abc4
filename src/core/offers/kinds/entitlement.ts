import { z } from 'zod'
import { name } from '../../kernel/schema.ts'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'

const words = {
  upgrade: 'Free upgrade',
  membership: 'Membership',
  experience: 'Experience',
  merchandise: 'Merchandise',
} as const

const schema = z
  .strictObject({
    kind: z.literal('entitlement'),
    entitlement: z.enum(Object.keys(words) as (keyof typeof words)[]),
    title: name.meta({ description: 'What it is, as customers read it', examples: ['Ocean view suite'] }),
    days: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .meta({ description: 'Valid for so many days; without end where left out' }),
  })
  .meta({ id: 'Entitlement' })

export type Entitlement = z.output<typeof schema>

/** A right that somebody fulfils. It cannot be divided: when the offer does not hold any more, it does not stay. */
export const entitlement: BenefitKind<Entitlement> = {
  kind: 'entitlement',
  schema,
  title: 'Entitlement',
  about: 'A free upgrade, a membership, an experience or merchandise, to be fulfilled',
  form: [
    { field: 'entitlement', label: 'What', input: 'choice', help: 'Upgrade, membership, experience or merchandise' },
    { field: 'title', label: 'Title', input: 'text', help: 'As customers read it' },
    { field: 'days', label: 'Days', input: 'number', help: 'How long it is valid; without end where left empty' },
  ],
  examples: [
    { kind: 'entitlement', entitlement: 'upgrade', title: 'Ocean view suite' },
    { kind: 'entitlement', entitlement: 'membership', title: 'Gold', days: 365 },
  ],
  sentence: ({ entitlement, title, days }) =>
    `${words[entitlement]}: ${title}${days === undefined ? '' : days === 1 ? ', for 1 day' : `, for ${days} days`}`,
  currency: () => undefined,
  expressions: () => [],
  moments: ['order', 'event', 'request'],
  stage: () => 'extra',
  shrinks: () => true,
  ofTotal: () => true,
  givesGrants: true,
  apply: ({ entitlement, title, days }) => ({
    gives: [{ what: 'entitlement', entitlement, title, ...(days === undefined ? {} : { days }) }],
  }),
  undo: nothingApart,
}
