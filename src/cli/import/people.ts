import type { Identifier } from '../../core/events/schema.ts'
import { channelOf, erased, historyContext, messageReading, namesNobody, readOne } from './messages.ts'
import {
  type Flaw,
  fieldsOf,
  groupReader,
  identityReader,
  type ReaderOptions,
  type Reading,
  type RowReader,
  senderOf,
} from './reader.ts'

/**
 * People as identify calls: the identifiers of a row are one human, and what else it tells are her traits.
 *
 *     take({ line: 2, cells: { 'E-mail': 'ana@example.com', Card: '42', 'First name': 'Ana' } })
 *     // identify { traits: { firstName: 'Ana' }, context: { history: true, externalIds: [email, loyaltyCard] } }
 */
export const peopleReader = ({ mapping, cells, country, verified, source, idPrefix }: ReaderOptions): RowReader => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const traitsOf = groupReader('traits', mapping, cells)
  const counts: Record<string, number> = {}
  let people = 0
  return {
    take: row => {
      let identifiers: readonly Identifier[] = []
      const read = (flaw: Flaw): Reading => {
        const gone = erased(fields, row)
        if (gone) return gone
        identifiers = identifiersOf(row, flaw)
        if (identifiers.length === 0) flaw(namesNobody)
        const at = fields.instant(row, 'createdAt', flaw)
        const channel = channelOf(fields, row, flaw)
        const isVerified = fields.flag(row, 'verified', flaw) ?? verified
        const { ids, externalIds } = senderOf(identifiers)
        return messageReading([row], {
          type: 'identify',
          messageId: `${idPrefix}-${row.line}`,
          ...(at !== undefined && { timestamp: at }),
          ...ids,
          traits: { ...fields.json(row, 'traits', flaw), ...traitsOf(row, flaw) },
          context: historyContext({}, { channel, source, verified: isVerified, externalIds }),
        })
      }
      return readOne(row, read, () => {
        people += 1
        for (const { type } of identifiers) counts[type] = (counts[type] ?? 0) + 1
      })
    },
    end: () => [],
    made: () => ({ people, identifiers: counts }),
  }
}
