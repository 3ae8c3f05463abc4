import { z } from 'zod'
import type { InputError } from '../core/kernel/refusal.ts'
import { nearest } from './nearest.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** More mistakes than anyone reads; a batch of 500 broken events would otherwise answer with a megabyte. */
const mostErrors = 50

const pointerOf = (path: Path): string =>
  path.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Where a mistake was found: `/lines/0/sku` in a body, `?limit` in the query, `{id}` in the path. */
const places = {
  body: pointerOf,
  query: (path: Path) => `?${path.map(String).join('.')}`,
  params: (path: Path) => `{${path.map(String).join('.')}}`,
}
export type Place = keyof typeof places

const inner = (schema: z.core.$ZodType): z.core.$ZodType => {
  const { def } = schema._zod as {
    def: { innerType?: z.core.$ZodType; in?: z.core.$ZodType; getter?: () => z.core.$ZodType }
  }
  const next = def.innerType ?? def.in ?? def.getter?.()
  return next ? inner(next) : schema
}

/** The fields a schema knows at a path: what "did you mean" chooses from. A union knows the fields of all its options. */
const fieldsAt = (given: z.core.$ZodType, path: Path): string[] => {
  const schema = inner(given)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(option => fieldsAt(option, path))
  if (path.length === 0) return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const [head, ...rest] = path as [PropertyKey, ...PropertyKey[]]
  if (schema instanceof z.ZodObject) {
    const field: z.core.$ZodType | undefined = schema.shape[String(head)]
    return field ? fieldsAt(field, rest) : []
  }
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, rest)
  if (schema instanceof z.ZodRecord) return fieldsAt(schema.valueType, rest)
  return []
}

const deepest = (issues: readonly Issue[]): number => Math.max(...issues.map(issue => issue.path.length))

/** Of a union's options the one that the input came closest to: its mistakes lie deepest, then are fewest. */
const closest = (options: readonly (readonly Issue[])[]): readonly Issue[] =>
  options.reduce((best, next) => {
    const deeper = deepest(next) - deepest(best)
    return deeper > 0 || (deeper === 0 && next.length < best.length) ? next : best
  })

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (held, part) => (held === null || held === undefined ? undefined : (held as Record<PropertyKey, unknown>)[part]),
    value,
  )

const explain = (schema: z.core.$ZodType, value: unknown, issue: Issue, place: Place, base: Path): InputError[] => {
  const path = [...base, ...issue.path]
  const locate = places[place]
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, path)
    return issue.keys.map(key => {
      const meant = nearest(key, known)
      return {
        pointer: locate([...path, key]),
        message: `is not a known field${meant ? `; did you mean "${meant}"?` : ''}`,
      }
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closest(issue.errors).flatMap(nested => explain(schema, value, nested, place, path))
  }
  const words = issue.message.replace(/^Invalid (input|option|string|discriminator value)[:.] /, '')
  if (issue.code === 'invalid_type' && at(value, path) === undefined) {
    return [{ pointer: locate(path), message: `is required (${issue.expected})` }]
  }
  return [{ pointer: locate(path), message: words.charAt(0).toLowerCase() + words.slice(1) }]
}

/**
 * Reads a value by its schema; the mistakes come with their places and, for unknown fields, with what was probably meant.
 *
 *     validate(z.strictObject({ items: z.array(z.string()) }), { itmes: [] }, 'body')
 *     // { ok: false, errors: [{ pointer: '/items', message: 'is required (array)' },
 *     //                       { pointer: '/itmes', message: 'is not a known field; did you mean "items"?' }] }
 */
export const validate = <T extends z.ZodType>(
  schema: T,
  value: unknown,
  place: Place,
): { ok: true; value: z.output<T> } | { ok: false; errors: InputError[] } => {
  const read = schema.safeParse(value)
  if (read.success) return { ok: true, value: read.data }
  const errors = read.error.issues.flatMap(issue => explain(schema, value, issue, place, []))
  return { ok: false, errors: errors.slice(0, mostErrors) }
}
