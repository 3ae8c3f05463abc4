import type { Identifier } from '../../core/events/schema.ts'
import { erased, messageReading, readOne, senderReader } from './messages.ts'
import { type Flaw, fieldsOf, groupReader, type ReaderOptions, type Reading, type RowReader } from './reader.ts'

/**
 * People as identify calls: the identifiers of a row are one human, and what else it tells are her traits.
 *
 *     take({ line: 2, cells: { 'E-mail': 'ana@example.com', Card: '42', 'First name': 'Ana' } })
 *     // identify { traits: { firstName: 'Ana' }, context: { history: true, externalIds: [email, loyaltyCard] } }
 */
export const peopleReader = (options: ReaderOptions): RowReader => {
  const { mapping, cells, idPrefix } = options
  const fields = fieldsOf(mapping, cells)
  const sender = senderReader(options)
  const traitsOf = groupReader('traits', mapping, cells)
  const counts: Record<string, number> = {}
  let people = 0
  return {
    take: row => {
      let identifiers: readonly Identifier[] = []
      const read = (flaw: Flaw): Reading => {
        const gone = erased(fields, row)
        if (gone) return gone
        const { ids, contextOf, ...named } = sender(row, flaw)
        identifiers = named.identifiers
        const at = fields.instant(row, 'createdAt', flaw)
        return messageReading([row], {
          type: 'identify',
          messageId: `${idPrefix}-${row.line}`,
          ...(at !== undefined && { timestamp: at }),
          ...ids,
          traits: { ...fields.json(row, 'traits', flaw), ...traitsOf(row, flaw) },
          context: contextOf({}),
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
