import { segmentId } from '../../core/segments/schema.ts'
import { erased, readOne } from './messages.ts'
import { fieldsOf, identityReader, type ReaderOptions, type RowReader } from './reader.ts'

/** Members of lists, segment by segment: a file may hold several, each in one piece, because each replaces its list. */
export const segmentsReader = ({ mapping, cells, country }: ReaderOptions): RowReader => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const members: Record<string, number> = {}
  let latest = ''
  return {
    take: row =>
      readOne(row, flaw => {
        const gone = erased(fields, row)
        if (gone) return gone
        const segment = fields.text(row, 'segment')
        if (!segmentId.safeParse(segment).success) flaw('segment: no id such as vip; name it with --set segment=vip')
        else if (segment !== latest && Object.hasOwn(members, segment))
          flaw(`segment ${segment} comes again after another one; sort the file by segment`)
        const [identifier] = identifiersOf(row, flaw)
        if (!identifier) {
          flaw('names nobody: no e-mail address, phone number, user id or other identifier')
          return undefined
        }
        latest = segment
        members[segment] = (members[segment] ?? 0) + 1
        return { item: { rows: [row], message: { segment, identifier: `${identifier.type}:${identifier.value}` } } }
      }),
    end: () => [],
    made: () => ({ members }),
  }
}
