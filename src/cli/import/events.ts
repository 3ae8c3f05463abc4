import { eventKinds } from '../../core/events/schema.ts'
import type { Row } from './input.ts'
import { erased, messageReading, readOne, senderReader } from './messages.ts'
import { type Flaw, fieldsOf, groupReader, type ReaderOptions, type Reading, type RowReader } from './reader.ts'

const longestName = 256
const longestMessageId = 255
/** More different names are no names; the rest is told together. */
const mostNames = 100

/** Events as they come in over the API, of the past: they count, and no offer answers them. */
export const eventsReader = (options: ReaderOptions): RowReader => {
  const { mapping, cells, idPrefix } = options
  const fields = fieldsOf(mapping, cells)
  const sender = senderReader(options)
  const propertiesOf = groupReader('properties', mapping, cells)
  const traitsOf = groupReader('traits', mapping, cells)
  /** Of an alias and of a group, where a column has them. */
  const idsOf = (row: Row): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      ['previousId', 'groupId'].flatMap(name => {
        const id = fields.text(row, name)
        return id === '' ? [] : [[name, id]]
      }),
    )
  const counts = new Map<string, number>()
  let events = 0
  let first: string | undefined
  let last: string | undefined
  return {
    take: row => {
      let called = ''
      let at: string | undefined
      const read = (flaw: Flaw): Reading => {
        const gone = erased(fields, row)
        if (gone) return gone
        const told = fields.text(row, 'type') || 'track'
        const kind = eventKinds.find(it => it === told)
        if (kind === undefined) flaw(`type: none of ${eventKinds.join(', ')}`)
        const body = { ...fields.json(row, 'body', flaw), ...idsOf(row) }
        // The store keeps neither of the two; whom an alias united is in an export of people.
        const lacks = kind === 'alias' ? 'previousId' : kind === 'group' ? 'groupId' : undefined
        if (lacks !== undefined && body[lacks] === undefined)
          return { leftOut: [row], reason: `${told} without its ${lacks}` }
        const name = fields.text(row, 'event')
        if (kind === 'track' && (name === '' || name.length > longestName))
          flaw(`event: its name has 1 to ${longestName} characters`)
        const { ids, contextOf } = sender(row, flaw)
        const messageId = fields.text(row, 'messageId') || `${idPrefix}-${row.line}`
        if (messageId.length > longestMessageId) flaw(`messageId: longer than ${longestMessageId} characters`)
        at = fields.instant(row, 'timestamp', flaw)
        const properties = { ...fields.json(row, 'properties', flaw), ...propertiesOf(row, flaw) }
        const traits = { ...fields.json(row, 'traits', flaw), ...traitsOf(row, flaw) }
        const context = {
          ...(body.context as Readonly<Record<string, unknown>> | undefined),
          ...fields.json(row, 'context', flaw),
        }
        const isView = kind === 'page' || kind === 'screen'
        const viewed = name !== '' ? name : properties.name
        called = kind === 'track' ? name : told
        return messageReading([row], {
          ...body,
          type: told,
          messageId,
          ...(at !== undefined && { timestamp: at }),
          ...ids,
          ...(kind === 'track' && { event: name }),
          ...(isView && typeof viewed === 'string' && viewed !== kind && { name: viewed }),
          ...(Object.keys(properties).length > 0 && { properties }),
          ...(Object.keys(traits).length > 0 && { traits }),
          context: contextOf(context),
        })
      }
      return readOne(row, read, () => {
        events += 1
        const counted = counts.has(called) || counts.size < mostNames ? called : 'others'
        counts.set(counted, (counts.get(counted) ?? 0) + 1)
        if (at !== undefined && (first === undefined || at < first)) first = at
        if (at !== undefined && (last === undefined || at > last)) last = at
      })
    },
    end: () => [],
    made: () => ({ events, names: Object.fromEntries(counts), first: first ?? null, last: last ?? null }),
  }
}
