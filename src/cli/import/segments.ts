import { segmentId } from '../../core/segments/schema.ts'
import { erased, namesNobody, readOne } from './messages.ts'
import { type Flaw, fieldsOf, identityReader, type ReaderOptions, type Reading, type RowReader } from './reader.ts'

/** Members of lists, segment by segment: a file may hold several, each in one piece, because each replaces its list. */
export const segmentsReader = ({ mapping, cells, country }: ReaderOptions): RowReader => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const members = new Map<string, number>()
  let latest = ''
  return {
    take: row => {
      let segment = ''
      const read = (flaw: Flaw): Reading | undefined => {
        const gone = erased(fields, row)
        if (gone) return gone
        segment = fields.text(row, 'segment')
        if (!segmentId.safeParse(segment).success) flaw('segment: no id such as vip; name it with --set segment=vip')
        else if (segment !== latest && members.has(segment))
          flaw(`segment ${segment} comes again after another one; sort the file by segment`)
        const [identifier] = identifiersOf(row, flaw)
        if (!identifier) {
          flaw(namesNobody)
          return undefined
        }
        return { item: { rows: [row], message: { segment, identifier: `${identifier.type}:${identifier.value}` } } }
      }
      return readOne(row, read, () => {
        latest = segment
        members.set(segment, (members.get(segment) ?? 0) + 1)
      })
    },
    end: () => [],
    made: () => ({ members: Object.fromEntries(members) }),
  }
}
