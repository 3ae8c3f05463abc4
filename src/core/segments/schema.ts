import { z } from 'zod'
import { instant, name } from '../kernel/schema.ts'

export const segmentId = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1–64 letters, digits or . _ -')
  .meta({ examples: ['vip'] })

const description = z.string().max(500).default('')
export const segmentCondition = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .meta({ description: 'CEL about `person` and `local`', examples: ["orders(30) >= 2 && ordersIn('store') == 0"] })

/** What a caller says of a segment; its id stands in the path. */
export const segmentInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('live'), name: name.optional(), description, when: segmentCondition }),
    z.strictObject({ kind: z.literal('list'), name: name.optional(), description }),
  ])
  .meta({ id: 'SegmentInput' })
export type SegmentInput = z.output<typeof segmentInput>

export const segmentState = z.enum(['building', 'ready'])

export const segment = z
  .strictObject({
    id: segmentId,
    kind: z.enum(['live', 'list']),
    name: z.string(),
    description: z.string(),
    when: z.string().nullable().meta({ description: 'What the members that count were asked; null for a list' }),
    generation: z.int().meta({ description: 'Of the members that count; 0 while the first are being found' }),
    state: segmentState.meta({
      description: '`building`: other members are being found, and count all at once when all are',
    }),
    next: z
      .strictObject({
        when: z.string().nullable(),
        job: z.string().nullable().meta({ description: 'GET /v1/jobs/{id} tells how far it is' }),
        done: z.int(),
        total: z.int().nullable(),
      })
      .nullable()
      .meta({ description: 'What is being built' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Segment', description: 'A set of people: those of whom a condition is true, or a list.' })
export type Segment = z.output<typeof segment>

/** A part of a condition, as it was for somebody; indented under the part it belongs to. */
export const explainedPart = z
  .strictObject({
    part: z.string(),
    depth: z.int(),
    is: z.enum(['all', 'any', 'not', 'part']).meta({ description: 'What it makes of the parts under it, if any' }),
    value: z.boolean(),
    error: z.string().optional(),
    reads: z
      .array(z.strictObject({ what: z.string(), value: z.unknown() }))
      .optional()
      .meta({ description: 'What was read of the person, and what it was' }),
  })
  .meta({ id: 'ExplainedPart' })
export type ExplainedPart = z.output<typeof explainedPart>
