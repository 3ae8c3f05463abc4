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

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (held, part) => (held === null || held === undefined ? undefined : (held as Record<PropertyKey, unknown>)[part]),
    value,
  )

/** Of a union that is told apart by one field the option that the value names; of any other union all. */
const optionsFor = (union: z.ZodUnion, value: unknown): readonly z.core.$ZodType[] => {
  if (!(union instanceof z.ZodDiscriminatedUnion)) return union.options
  const { discriminator } = union.def
  const named = union.options.filter(option => {
    const kind = inner(option)
    return kind instanceof z.ZodObject && kind.shape[discriminator]?.safeParse(at(value, [discriminator])).success
  })
  return named.length > 0 ? named : union.options
}

/** The fields a schema knows at a path: what "did you mean" chooses from. */
const fieldsAt = (given: z.core.$ZodType, path: Path, value: unknown): string[] => {
  const schema = inner(given)
  if (schema instanceof z.ZodUnion) return optionsFor(schema, value).flatMap(option => fieldsAt(option, path, value))
  if (path.length === 0) return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const [head, ...rest] = path as [PropertyKey, ...PropertyKey[]]
  if (schema instanceof z.ZodObject) {
    const field: z.core.$ZodType | undefined = schema.shape[String(head)]
    return field ? fieldsAt(field, rest, at(value, [head])) : []
  }
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, rest, at(value, [head]))
  if (schema instanceof z.ZodRecord) return fieldsAt(schema.valueType, rest, at(value, [head]))
  return []
}

const deepest = (issues: readonly Issue[]): number => Math.max(...issues.map(issue => issue.path.length))

/** Of a union's options the one that the input came closest to: its mistakes lie deepest, then are fewest. */
const closest = (options: readonly (readonly Issue[])[]): readonly Issue[] =>
  options.reduce((best, next) => {
    const deeper = deepest(next) - deepest(best)
    return deeper > 0 || (deeper === 0 && next.length < best.length) ? next : best
  })

const signs: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
}

/** What zod says, to follow the name of a field: 'Too small: expected number to be >=1' is 'must be at least 1'. */
const wordsOf = (message: string): string => {
  const words = message
    .replace(/^Invalid (input|option|string|discriminator value)[:.] /, '')
    .replace(/^Too \w+: expected \w+ to (\w+) ([<>]=?)/, (_, verb, sign) => `must ${verb} ${signs[sign]} `)
  return words.charAt(0).toLowerCase() + words.slice(1)
}

/** Of what is too small, short or few, or too much of that: `{ code: 'at_least', details: { bound: 1 } }`. */
const codeOf = (issue: Issue): Pick<InputError, 'code' | 'details'> => {
  // A check of ours names its own: `.refine(…, { message, params: { code } })`.
  if (issue.code === 'custom') return typeof issue.params?.code === 'string' ? { code: issue.params.code } : {}
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return {}
  const isSmall = issue.code === 'too_small'
  const bound = Number(isSmall ? issue.minimum : issue.maximum)
  const details = { bound }
  if (issue.origin === 'string') {
    if (isSmall && bound === 1) return { code: 'required' }
    return { code: isSmall ? 'characters_at_least' : 'characters_at_most', details }
  }
  if (issue.origin === 'array') return { code: isSmall ? 'items_at_least' : 'items_at_most', details }
  if (issue.inclusive === false) return { code: isSmall ? 'more_than' : 'less_than', details }
  return { code: isSmall ? 'at_least' : 'at_most', details }
}

const explain = (schema: z.core.$ZodType, value: unknown, issue: Issue, place: Place, base: Path): InputError[] => {
  const path = [...base, ...issue.path]
  const locate = places[place]
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, path, value)
    return issue.keys.map(key => {
      const meant = nearest(
        key,
        known.filter(field => field !== key),
      )
      return {
        pointer: locate([...path, key]),
        message: `is not a known field${meant ? `; did you mean "${meant}"?` : ''}`,
      }
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closest(issue.errors).flatMap(nested => explain(schema, value, nested, place, path))
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ pointer: locate(path), message }))
  if (issue.code === 'invalid_type' && issue.expected === 'int' && typeof at(value, path) === 'number') {
    const message = 'must be a whole number; money is in minor units, 5.50 EUR is 550'
    return [{ pointer: locate(path), message, code: 'not_whole' }]
  }
  if (issue.code === 'invalid_type' && at(value, path) === undefined) {
    return [{ pointer: locate(path), message: `is required (${issue.expected})`, code: 'required' }]
  }
  return [{ pointer: locate(path), message: wordsOf(issue.message), ...codeOf(issue) }]
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
  const { issues } = read.error
  // Of a text in the place of a list zod also says that it is too long for a list.
  const told = issues.filter(({ code, path }, index) => {
    const before = issues[index - 1]
    return code !== 'too_big' || before?.code !== 'invalid_type' || pointerOf(before.path) !== pointerOf(path)
  })
  const errors = told.flatMap(issue => explain(schema, value, issue, place, []))
  return { ok: false, errors: errors.slice(0, mostErrors) }
}
