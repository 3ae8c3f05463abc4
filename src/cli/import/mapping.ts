import { basename } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { nearest } from '../../contract/nearest.ts'
import { validate } from '../../contract/validate.ts'
import { identifierType } from '../../core/people/schema.ts'
import { UsageError } from '../command.ts'
import { columnKey } from '../simulate/past-columns.ts'
import type { Input, Row } from './input.ts'
import { type ImportKind, importKinds, lineTargets, restOf, targetNames, toldOnly } from './targets.ts'

export const dateFormats = ['iso', 'dmy', 'mdy'] as const
export type DateFormat = (typeof dateFormats)[number]

/** What the texts of a column are read as; what is JSON already stays as it is. */
const valueTypes = ['text', 'number', 'boolean', 'date', 'time', 'json'] as const
export type ValueType = (typeof valueTypes)[number]

export type Target = { readonly to: string; readonly type?: ValueType; readonly format?: DateFormat }

/** Which column becomes what; columns that are not named are left out. `set` is what holds for every row. */
export type Mapping = {
  readonly kind: ImportKind
  readonly columns: Readonly<Record<string, Target>>
  readonly set: Readonly<Record<string, string>>
}

const target = z.union([
  z.string(),
  z.null(),
  z.strictObject({ to: z.string(), type: z.enum(valueTypes).optional(), format: z.enum(dateFormats).optional() }),
])
const mapFile = z.strictObject({
  kind: z.enum(importKinds).optional(),
  columns: z.record(z.string(), target),
  set: z.record(z.string(), z.string()).default({}),
})

/** `traits.firstName`, `properties.sku`, `identifiers.seatNumber` name one of many. */
const isTarget = (kind: ImportKind, to: string): boolean => {
  if (Object.hasOwn(targetNames(kind), to)) return true
  const [group = '', name = ''] = splitTarget(to)
  if (group === 'identifiers') return identifierType.safeParse(name).success
  return name !== '' && (group === restOf[kind] || (group === 'traits' && kind === 'events'))
}

/** `splitTarget('traits.first.name')` is ['traits', 'first.name']. */
const splitTarget = (to: string): readonly string[] => {
  const dot = to.indexOf('.')
  return dot < 0 ? [to] : [to.slice(0, dot), to.slice(dot + 1)]
}

const checkTarget = (kind: ImportKind, to: string, where: string): void => {
  if (isTarget(kind, to)) return
  const known = Object.keys(targetNames(kind))
  const meant = nearest(to, known)
  const more = restOf[kind] ? `, ${restOf[kind]}.<name>` : ''
  throw new UsageError(
    `${where}: ${kind} have no "${to}".${meant === undefined ? '' : ` Did you mean ${meant}?`} They have ${known.join(', ')}${more}, identifiers.<type>.`,
  )
}

/** Fixed values of a command line: `channel=store,purpose=marketing`. */
export const readSet = (kind: ImportKind, text: string | undefined): Readonly<Record<string, string>> => {
  if (text === undefined) return {}
  return Object.fromEntries(
    text.split(',').map(part => {
      const [, to, value] = /^([^=]+)=(.*)$/.exec(part.trim()) ?? []
      if (to === undefined || value === undefined)
        throw new UsageError(`--set is "${text}"; it takes target=value, such as channel=store.`)
      checkTarget(kind, to, '--set')
      return [to, value]
    }),
  )
}

/**
 * Reads a mapping, YAML or JSON:
 *
 *     columns:
 *       E-mail: email
 *       Nato il: { to: traits.birthday, type: date, format: dmy }
 *       Note: null
 *     set: { channel: store }
 *
 * Throws a `UsageError` for a target that the kind does not have, a column that the file does not have, two columns for one target.
 */
export const readMapping = (kind: ImportKind, path: string, text: string, input: Input): Mapping => {
  const file = basename(path)
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message.split('\n')[0]}`)
  }
  const read = validate(mapFile, value, 'body')
  if (!read.ok)
    throw new UsageError(read.errors.map(it => `${file}: ${it.pointer || 'the file'} ${it.message}`).join('\n'))
  if (read.value.kind !== undefined && read.value.kind !== kind)
    throw new UsageError(`${file} maps ${read.value.kind}, not ${kind}.`)
  const columns: Record<string, Target> = {}
  for (const [column, given] of Object.entries(read.value.columns)) {
    if (given === null || given === 'ignore') continue
    const one: Target = typeof given === 'string' ? { to: given } : given
    checkTarget(kind, one.to, `${file}, "${column}"`)
    // Lines of NDJSON need not all have the same names.
    if (input.format === 'csv' && !input.columns.includes(column)) {
      const meant = nearest(column, input.columns)
      throw new UsageError(
        `${file} names a column "${column}", which ${input.name} does not have.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
      )
    }
    columns[column] = one
  }
  const twice = Object.values(columns).find(({ to }, index, all) => all.findIndex(it => it.to === to) !== index)
  if (twice) throw new UsageError(`${file}: two columns become ${twice.to}.`)
  for (const to of Object.keys(read.value.set)) checkTarget(kind, to, `${file}, set`)
  return { kind, columns, set: read.value.set }
}

/** A mapping as `readMapping` takes it. */
export const writeMapping = ({ kind, columns, set }: Mapping, input: Input): string =>
  stringify({
    kind,
    columns: Object.fromEntries(
      input.columns.map(column => {
        const { to, type, format } = columns[column] ?? {}
        return [column, to === undefined ? null : type || format ? { to, type, format } : to]
      }),
    ),
    ...(Object.keys(set).length > 0 && { set }),
  })

const words = (column: string): string[] =>
  column
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** `traitName('First name')` and `traitName('first_name')` are 'firstName'. */
const traitName = (column: string): string =>
  words(column)
    .map((word, index) => (index === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1).toLowerCase()))
    .join('')

const birthdays = ['birthday', 'birthdate', 'dateofbirth', 'dob', 'birth']
/** Digits that stand for something, and lose their zeros as numbers. */
const isNoNumber = /(id|code|zip|postal|postcode|number|no|nr|phone|card|sku|ean|gtin)$/

/** What the texts of a column look like; a text where they are not all alike. */
const typeOf = (column: string, sample: readonly Row[]): ValueType | undefined => {
  const texts = sample.flatMap(({ cells }) => (typeof cells[column] === 'string' ? [cells[column].trim()] : []))
  const told = texts.filter(text => text !== '')
  if (told.length === 0) return undefined
  if (told.every(text => /^(true|false)$/i.test(text))) return 'boolean'
  const looksNumeric = told.every(text => /^-?(0|[1-9]\d{0,14})([.,]\d{1,6})?$/.test(text))
  return looksNumeric && !isNoNumber.test(columnKey(column)) ? 'number' : undefined
}

/** What some targets take and nothing else: `type` is the kind of an event here, and the kind of a product there. */
const shapes: Readonly<Record<string, RegExp>> = {
  type: /^(track|identify|page|screen|group|alias)$/,
  identifier: /^[a-z][A-Za-z0-9]{1,31}:/,
  address: /^[a-z][A-Za-z0-9]{1,31}:/,
}
/** Most of them, because some may be bad. */
const looksLike = (to: string, column: string, sample: readonly Row[]): boolean => {
  const shape = shapes[to]
  const told = sample.flatMap(({ cells }) => (cells[column] ? [String(cells[column])] : []))
  return shape === undefined || told.filter(text => shape.test(text)).length * 2 >= told.length
}

const rest = (kind: ImportKind, column: string, sample: readonly Row[]): Target | undefined => {
  const group = restOf[kind]
  if (group === undefined || toldOnly.has(columnKey(column))) return undefined
  if (group === 'traits' && birthdays.includes(columnKey(column))) return { to: 'traits.birthday', type: 'date' }
  const name = group === 'traits' ? traitName(column) : words(column).join('_')
  const type = typeOf(column, sample)
  return name === '' ? undefined : { to: `${group}.${name}`, ...(type && { type }) }
}

/**
 * Guesses what the columns of a file are by their names, and of those that no target is known for what they look like.
 *
 *     guessMapping('people', { columns: ['E-mail', 'First name', 'Points'], … })
 *     // E-mail → email, First name → traits.firstName, Points → traits.points (number)
 */
export const guessMapping = (kind: ImportKind, { columns, sample }: Input): Mapping => {
  const left = new Set(columns)
  const found: Record<string, Target> = {}
  const find = (to: string, synonym: string): string | undefined => {
    for (const column of left) {
      const inLine = column.startsWith('line.')
      if (columnKey(inLine ? column.slice('line.'.length) : column) !== synonym) continue
      // Where orders hold lists of lines, an order's own price is none of a line.
      if (kind === 'orders' && [...left].some(it => it.startsWith('line.')) && inLine !== lineTargets.has(to)) continue
      if (looksLike(to, column, sample)) return column
    }
    return undefined
  }
  for (const [to, synonyms] of Object.entries(targetNames(kind))) {
    for (const synonym of synonyms.split(' ')) {
      const column = find(to, synonym)
      if (column === undefined) continue
      found[column] = { to }
      left.delete(column)
      break
    }
  }
  const names = new Set(Object.values(found).map(({ to }) => to))
  for (const column of left) {
    const one = rest(kind, column, sample)
    if (!one || names.has(one.to)) continue
    names.add(one.to)
    found[column] = one
  }
  return { kind, columns: found, set: {} }
}

/** A mapping as a person reads it: one column a line. */
export const describeMapping = ({ columns, set }: Mapping, input: Input): string =>
  [
    ...input.columns.map(column => {
      const { to, type, format } = columns[column] ?? {}
      const how = [type, format].filter(Boolean).join(', ')
      return `  ${column} → ${to === undefined ? 'left out' : `${to}${how === '' ? '' : ` (${how})`}`}`
    }),
    ...Object.entries(set).map(([to, value]) => `  every row → ${to} is ${value}`),
  ].join('\n')
