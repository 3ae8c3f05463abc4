import { channelOf, erased, historyContext, messageReading, readOne } from './messages.ts'
import {
  fieldsOf,
  groupReader,
  identityReader,
  type ReaderOptions,
  type RowReader,
  senderOf,
  typeTally,
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
  const tally = typeTally()
  let people = 0
  return {
    take: row =>
      readOne(row, flaw => {
        const gone = erased(fields, row)
        if (gone) return gone
        const identifiers = identifiersOf(row, flaw)
        if (identifiers.length === 0) flaw('names nobody: no e-mail address, phone number, user id or other identifier')
        const traits = { ...fields.json(row, 'traits', flaw), ...traitsOf(row, flaw) }
        const at = fields.instant(row, 'createdAt', flaw)
        const channel = channelOf(fields, row, flaw)
        const isVerified = fields.flag(row, 'verified', flaw) ?? verified
        const { ids, externalIds } = senderOf(identifiers)
        const reading = messageReading([row], {
          type: 'identify',
          messageId: `${idPrefix}-${row.line}`,
          ...(at !== undefined && { timestamp: at }),
          ...ids,
          traits,
          context: historyContext({}, { channel, source, verified: isVerified, externalIds }),
        })
        if ('item' in reading) {
          people += 1
          tally.add(identifiers)
        }
        return reading
      }),
    end: () => [],
    made: () => ({ people, identifiers: tally.counts() }),
  }
}
