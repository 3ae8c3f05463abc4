import { z } from 'zod'
import { canonicalJson } from '../kernel/canonical.ts'
import { instant } from '../kernel/schema.ts'

/** Who did something: a team member, a key, the admin key, a customer in her wallet, or nobody who could be told (a sign-in that was refused). */
export const actor = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['member', 'key', 'admin', 'customer', 'nobody']),
    name: z.string().nullable(),
  })
  .meta({ id: 'Actor' })

const changed = z
  .strictObject({ field: z.string(), before: z.unknown(), after: z.unknown() })
  .meta({ id: 'AuditChange', description: 'Of a field that is too long to be kept here, before and after are null' })
export type AuditChange = z.output<typeof changed>

export const auditEntry = z
  .strictObject({
    id: z.string(),
    at: instant,
    actor,
    action: z.string().meta({ description: 'The name of the call', examples: ['updateOffer'] }),
    subject: z.string().meta({ description: 'The id of what it was about' }),
    outcome: z.enum(['done', 'refused']),
    refusal: z.string().nullable().meta({ description: 'The code, where it was refused: sign-ins only' }),
    requestId: z.string().nullable(),
    reason: z.string().nullable().meta({ description: 'Where the call asks for one out of a list' }),
    changes: z
      .array(changed)
      .meta({ description: 'Of settings, offers, programmes and the like: what is different now' }),
  })
  .meta({ id: 'AuditEntry' })

/** Of a field longer than this only that it changed is kept: a basket of conditions is found under its version. */
const longestField = 4000
/** Told by the entry itself. */
const unsaid = ['updatedAt', 'version', 'generation']

const short = (value: unknown): unknown =>
  (JSON.stringify(value)?.length ?? 0) > longestField ? null : (value ?? null)

/**
 * What is different between two answers about one thing, by field.
 *
 *     changesBetween({ name: 'A', state: 'live' }, { name: 'A', state: 'paused' })
 *     // [{ field: 'state', before: 'live', after: 'paused' }]
 */
export const changesBetween = (before: object, after: object): AuditChange[] => {
  const [old, fresh] = [before, after] as [Record<string, unknown>, Record<string, unknown>]
  const fields = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(field => !unsaid.includes(field))
  return fields
    .filter(field => canonicalJson(old[field] ?? null) !== canonicalJson(fresh[field] ?? null))
    .map(field => ({ field, before: short(old[field]), after: short(fresh[field]) }))
}
