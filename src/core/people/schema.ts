import { z } from 'zod'

/** The identifier types Tessera knows; a workspace may use its own beside them, such as `seatNumber`. */
export const knownIdentifierTypes = [
  'email',
  'phone',
  'userId',
  'anonymousId',
  'device',
  'loyaltyCard',
  'posCustomer',
  'whatsapp',
  'social',
] as const

export const identifierType = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{1,31}$/, 'must be 2 to 32 letters or digits and begin with a small letter')
  .meta({
    description: `One of ${knownIdentifierTypes.join(', ')}, or the workspace’s own`,
    examples: ['email', 'loyaltyCard'],
  })

/** What points to someone: `value` is matched, `given` is what the sender wrote. */
export const identifier = z
  .strictObject({ type: identifierType, value: z.string(), given: z.string() })
  .meta({ id: 'Identifier', description: 'A typed value that points to someone.' })

export const personId = z
  .string()
  .regex(/^per_[0-9a-hjkmnp-tv-z]{26}$/, 'must be a person id (per_…)')
  .meta({ examples: ['per_01kjm6jm000000000000000000'] })

/** How callers name a person; `parseRef` reads it. */
export const personRef = z
  .string()
  .min(1)
  .max(400)
  .meta({
    id: 'PersonRef',
    description: 'A person id, or an identifier as `type:value`',
    examples: ['email:ana@example.com', 'per_01kjm6jm000000000000000000'],
  })
