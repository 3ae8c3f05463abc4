import type { Readable } from 'node:stream'
import { identifierType } from '../../core/people/schema.ts'
import { csvRecords, FileMistake } from '../csv-file.ts'

export const mostListed = 1_000_000
/** Rows a commit: who is new becomes a holder, which is a row more. */
const chunkRows = 250

/** Headers of a column of identifiers as `type:value`. */
const refHeaders = ['person', 'identifier', 'people', 'ref']

/** How the fields of a line become references; undefined: the line is no header, and its only field a reference. */
const readersOf = (fields: readonly string[], line: number): readonly (string | undefined)[] | undefined => {
  const names = fields.map(field => field.trim())
  if (names.length === 1 && names[0]!.includes(':')) return undefined
  return names.map((name, index) => {
    if (refHeaders.includes(name.toLowerCase())) return undefined
    if (identifierType.safeParse(name).success) return name
    // Not what stands there: in a file without a header it is somebody's, and mistakes are shown in the tail of the source.
    throw new FileMistake(
      line,
      `is no header in its field ${index + 1}: name each column after a type of identifier, as email`,
    )
  })
}

/** References with the lines they stand in. */
export type Listed = { readonly refs: readonly string[]; readonly lines: readonly number[] }

/**
 * The references in a CSV file of people, in chunks: of one column `type:value`, or of a column for each type; of a line with several
 * identifiers all. `seen` is told every piece of the file. Throws a `FileMistake`.
 */
export async function* listedIn(file: Readable, seen: (piece: Buffer) => void): AsyncGenerator<Listed> {
  let types: readonly (string | undefined)[] | undefined
  let refs: string[] = []
  let lines: number[] = []
  for await (const { fields, line } of csvRecords(file, seen)) {
    if (types === undefined) {
      types = readersOf(fields, line)
      if (types) continue
      types = [undefined]
    }
    const named = types.flatMap((type, index) => {
      const field = fields[index]?.trim() ?? ''
      return field === '' ? [] : [type === undefined ? field : `${type}:${field}`]
    })
    if (named.length === 0) throw new FileMistake(line, 'names nobody')
    refs.push(...named)
    lines.push(...named.map(() => line))
    if (refs.length < chunkRows) continue
    yield { refs, lines }
    refs = []
    lines = []
  }
  if (refs.length > 0) yield { refs, lines }
}
