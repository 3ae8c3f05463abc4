import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { type Identifier, normalizeIdentifier } from './identifier.ts'
import { peopleRefusals } from './refusals.ts'
import { personId } from './schema.ts'

export type ParsedRef = { readonly personId: string } | Identifier

/**
 * Reads how a caller names a person: a person id, or `type:value` with the value normalized.
 *
 *     parseRef('email:Ana@Example.com')   // { type: 'email', value: 'ana@example.com', given: 'Ana@Example.com' }
 *     parseRef('per_01kjm6jm000000000000000000')   // { personId: 'per_01kjm6jm000000000000000000' }
 *     parseRef('ana@example.com')   // refused: identifier_invalid
 */
export const parseRef = (text: string, options: { readonly country?: string } = {}): Result<ParsedRef> => {
  if (personId.safeParse(text).success) return ok({ personId: text })
  const colon = text.indexOf(':')
  if (colon < 0) {
    return no(
      refuse(peopleRefusals.identifier_invalid, {
        type: 'reference',
        because: 'reference',
        reason: 'it must be a person id (per_…) or type:value, such as email:ana@example.com',
      }),
    )
  }
  return normalizeIdentifier(text.slice(0, colon), text.slice(colon + 1), options)
}
