import { z } from 'zod'

/** `?dryRun=true`: said as text on the wire, a boolean everywhere else (`jsonSchema` is what OpenAPI and the SDK show). */
export const flag = z
  .enum(['true', 'false'])
  .transform(text => text === 'true')
  .meta({ jsonSchema: { type: 'boolean' } })

/** Of a call on one key, which is its source too; `what` it is called where it is no such id. */
export const keyParams = (what: 'key' | 'source') =>
  z.strictObject({ id: z.string().regex(/^key_[0-9a-z]{26}$/, `must be a ${what} id (key_…)`) })

/** How a key is replaced. */
export const keyRotation = z.strictObject({
  graceSeconds: z.int().min(0).max(86_400).default(0).meta({ description: 'How long the old key still works' }),
})
