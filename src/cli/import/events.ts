import { eventKinds } from '../../core/events/schema.ts'
import { channelOf, erased, historyContext, messageReading, readOne } from './messages.ts'
import { fieldsOf, groupReader, identityReader, type ReaderOptions, type RowReader, senderOf } from './reader.ts'

const longestName = 256
const longestMessageId = 255

/** Events as they come in over the API, of the past: they count, and no offer answers them. */
export const eventsReader = ({ mapping, cells, country, verified, source, idPrefix }: ReaderOptions): RowReader => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const propertiesOf = groupReader('properties', mapping, cells)
  const traitsOf = groupReader('traits', mapping, cells)
  const counts = new Map<string, number>()
  let events = 0
  let first: string | undefined
  let last: string | undefined
  return {
    take: row =>
      readOne(row, flaw => {
        const gone = erased(fields, row)
        if (gone) return gone
        const told = fields.text(row, 'type') || 'track'
        const kind = eventKinds.find(it => it === told)
        if (kind === undefined) flaw(`type: none of ${eventKinds.join(', ')}`)
        const body = fields.json(row, 'body', flaw)
        // Whom they were about is in the links of people, which an export of people tells.
        if ((kind === 'alias' && body.previousId === undefined) || (kind === 'group' && body.groupId === undefined))
          return { leftOut: [row], reason: `${kind} without its ${kind === 'alias' ? 'previousId' : 'groupId'}` }
        const name = fields.text(row, 'event')
        if (kind === 'track' && (name === '' || name.length > longestName))
          flaw(`event: its name has 1 to ${longestName} characters`)
        const identifiers = identifiersOf(row, flaw)
        if (identifiers.length === 0) flaw('names nobody: no e-mail address, phone number, user id or other identifier')
        const messageId = fields.text(row, 'messageId') || `${idPrefix}-${row.line}`
        if (messageId.length > longestMessageId) flaw(`messageId: longer than ${longestMessageId} characters`)
        const at = fields.instant(row, 'timestamp', flaw)
        const channel = channelOf(fields, row, flaw)
        const isVerified = fields.flag(row, 'verified', flaw) ?? verified
        const properties = { ...fields.json(row, 'properties', flaw), ...propertiesOf(row, flaw) }
        const traits = { ...fields.json(row, 'traits', flaw), ...traitsOf(row, flaw) }
        const context = {
          ...(body.context as Readonly<Record<string, unknown>> | undefined),
          ...fields.json(row, 'context', flaw),
        }
        const { ids, externalIds } = senderOf(identifiers)
        const isView = kind === 'page' || kind === 'screen'
        const reading = messageReading([row], {
          ...body,
          type: kind,
          messageId,
          ...(at !== undefined && { timestamp: at }),
          ...ids,
          ...(kind === 'track' && { event: name }),
          ...(isView && name !== '' && name !== kind && { name }),
          ...(Object.keys(properties).length > 0 && { properties }),
          ...(Object.keys(traits).length > 0 && { traits }),
          context: historyContext(context, { channel, source, verified: isVerified, externalIds }),
        })
        if ('item' in reading) {
          events += 1
          const called = kind === 'track' ? name : kind!
          // So many different names are no names; the rest is told together.
          const counted = counts.has(called) || counts.size < 100 ? called : 'others'
          counts.set(counted, (counts.get(counted) ?? 0) + 1)
          if (at !== undefined && (first === undefined || at < first)) first = at
          if (at !== undefined && (last === undefined || at > last)) last = at
        }
        return reading
      }),
    end: () => [],
    made: () => ({ events, names: Object.fromEntries(counts), first: first ?? null, last: last ?? null }),
  }
}
