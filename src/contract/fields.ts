import { z } from 'zod'

/** `?dryRun=true`: said as text on the wire, a boolean everywhere else (`jsonSchema` is what OpenAPI and the SDK show). */
export const flag = z
  .enum(['true', 'false'])
  .transform(text => text === 'true')
  .meta({ jsonSchema: { type: 'boolean' } })
