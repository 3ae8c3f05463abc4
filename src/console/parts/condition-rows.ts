/** Conditions in CEL as rows that a form can show: "field · operator · value", all of which must hold, or any. */

export type Operator = 'is' | 'isNot' | 'oneOf' | 'atLeast' | 'atMost' | 'moreThan' | 'lessThan'

type Choices = readonly { readonly value: string; readonly label: string }[]

/** What was named for the asks of a field, by their ids. */
export type Asked = Readonly<Record<string, string>>

/** What a field has to be told before it can be compared: orders on which channel, in how many days. */
export type ConditionAsk = {
  /** `{channel}` in the templates of the field; `{,days}` is a comma and it, or nothing where it is left out. */
  readonly id: string
  readonly label: string
  /** Quoted, as it stands (`person.points.club`), or a whole number of at most three digits. */
  readonly as: 'text' | 'name' | 'number'
  readonly isOptional?: boolean
  /** To choose from; of text anything else may be typed. */
  readonly choices?: Choices
  /** What it begins with. */
  readonly first?: string
  /** Words on either side of it. */
  readonly before?: string
  readonly after?: string
  /** Instead of a value that is left out. */
  readonly placeholder?: string
}

export type ConditionField = {
  readonly id: string
  /** As the reader reads it. */
  readonly label: string
  /** Under which heading it is offered. */
  readonly group?: string
  /** What its value is; `weekdays` are numbers from 1, Monday. */
  readonly value: 'number' | 'money' | 'text' | 'weekdays' | 'none'
  /** The CEL of each operator; `{v}` stands for the value. */
  readonly operators: Readonly<Partial<Record<Operator, string>>>
  readonly asks?: readonly ConditionAsk[]
  /** To choose from; of text anything else may be typed. */
  readonly choices?: Choices
  /** Instead of `choices`, where they depend on what was asked. */
  readonly choicesFor?: (asked: Asked) => Choices
  /** What its value begins with. */
  readonly first?: number
}

export type ConditionValue = string | number | readonly string[] | undefined
export type ConditionRow = {
  readonly field: string
  readonly operator: Operator
  readonly value: ConditionValue
  readonly asked?: Asked
}
export type Conditions = { readonly join: 'all' | 'any'; readonly rows: readonly ConditionRow[] }

/** The operators that a fact of a kind has, with their CEL. */
export const comparing = (fact: string): ConditionField['operators'] => ({
  atLeast: `${fact} >= {v}`,
  atMost: `${fact} <= {v}`,
  is: `${fact} == {v}`,
  moreThan: `${fact} > {v}`,
  lessThan: `${fact} < {v}`,
  isNot: `${fact} != {v}`,
})
export const naming = (fact: string): ConditionField['operators'] => ({
  is: `${fact} == {v}`,
  isNot: `${fact} != {v}`,
  oneOf: `${fact} in {v}`,
})
/** What is so or not: a flag without a value, or a question about a name. */
export const asking = (fact: string): ConditionField['operators'] => ({ is: fact, isNot: `!${fact}` })

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const unquoted = (literal: string): string | undefined => {
  const inner = /^'((?:[^'\\]|\\.)*)'$/.exec(literal)?.[1] ?? /^"((?:[^"\\]|\\.)*)"$/.exec(literal)?.[1]
  // Of escapes only those that are written here are read.
  const hasOther = inner?.replaceAll(/\\[\\'"]/g, '').includes('\\')
  return hasOther ? undefined : inner?.replaceAll(/\\(.)/g, '$1')
}

const isList = (value: ConditionField['value'], operator: Operator): boolean =>
  value === 'weekdays' || operator === 'oneOf'

const literalOf = (field: ConditionField, { operator, value }: ConditionRow): string | undefined => {
  if (field.value === 'none') return ''
  if (isList(field.value, operator)) {
    const items = typeof value === 'object' ? value : []
    if (items.length === 0) return undefined
    return `[${items.map(it => (field.value === 'weekdays' ? it : quoted(it))).join(', ')}]`
  }
  if (field.value === 'text') return typeof value === 'string' && value !== '' ? quoted(value) : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}

const namePattern = '[A-Za-z_]\\w*'
const askPatterns = {
  text: `'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*"`,
  name: namePattern,
  number: '\\d{1,3}',
} as const

/** What was named, as CEL; '' where it may be left out and is, undefined where it is missing. */
const askedLiteral = ({ id, as, isOptional = false }: ConditionAsk, asked: Asked): string | undefined => {
  const given = asked[id] ?? ''
  if (given === '') return isOptional ? '' : undefined
  if (as === 'text') return quoted(given)
  return new RegExp(`^(?:${askPatterns[as]})$`).test(given) ? given : undefined
}

/** Where something stands in a template: `{v}`, `{channel}`, `{,days}`. */
const places = /\{(,?)(\w+)\}/g

/** The CEL of one row; undefined while something of it is missing. */
const writeRow = (row: ConditionRow, fields: readonly ConditionField[]): string | undefined => {
  const field = fields.find(({ id }) => id === row.field)
  const template = field?.operators[row.operator]
  if (!field || template === undefined) return undefined
  const { asks = [] } = field
  const literals = new Map([
    ['v', literalOf(field, row)],
    ...asks.map(ask => [ask.id, askedLiteral(ask, row.asked ?? {})] as const),
  ])
  if ([...literals.values()].includes(undefined)) return undefined
  return template.replaceAll(places, (_, comma: string, id: string) => {
    const literal = literals.get(id) ?? ''
    return comma === '' || literal === '' ? literal : `, ${literal}`
  })
}

/**
 * The rows as CEL; rows whose value is still missing are left out. Undefined: there is no condition.
 *
 *     writeConditions({ join: 'all', rows: [{ field: 'subtotal', operator: 'atLeast', value: 2000 }] }, fields)
 *     // 'order.subtotal >= 2000'
 */
export const writeConditions = ({ join, rows }: Conditions, fields: readonly ConditionField[]): string | undefined => {
  const parts = rows.flatMap(row => writeRow(row, fields) ?? [])
  return parts.length === 0 ? undefined : parts.join(join === 'all' ? ' && ' : ' || ')
}

/** Splits at an operator that stands in no quotes and no brackets; undefined where quotes or brackets do not match. */
const splitAt = (text: string, separator: '&&' | '||' | ','): string[] | undefined => {
  const parts: string[] = []
  let start = 0
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!
    if (quote !== '') {
      if (character === '\\') at += 1
      else if (character === quote) quote = ''
    } else if (character === "'" || character === '"') quote = character
    else if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) {
      depth -= 1
      if (depth < 0) return undefined
    } else if (depth === 0 && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at))
      at += separator.length - 1
      start = at + 1
    }
  }
  if (quote !== '' || depth !== 0) return undefined
  return [...parts, text.slice(start)].map(part => part.trim())
}

const valueIn = (field: ConditionField, operator: Operator, literal: string): ConditionValue => {
  if (isList(field.value, operator)) {
    const inner = /^\[(.*)\]$/.exec(literal)?.[1]
    const items = inner === undefined ? undefined : splitAt(inner, ',')
    const values = items?.map(it => (field.value === 'weekdays' ? /^[1-7]$/.exec(it)?.[0] : unquoted(it)))
    return values?.every(it => it !== undefined) ? values : undefined
  }
  if (field.value === 'text') return unquoted(literal)
  return /^-?\d{1,15}$/.test(literal) ? Number(literal) : undefined
}

/** Spaces do not count, except in quotes. */
const squeezed = (text: string): string => text.replaceAll(/('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\s+/g, '$1')

const valuePatterns = {
  text: askPatterns.text,
  number: '-?\\d{1,15}',
  list: `\\[(?:${askPatterns.text}|[^'"\\]])*\\]`,
} as const

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** What a template writes; what stands in it twice has to be the same twice. */
const patternOf = (template: string, field: ConditionField, operator: Operator): RegExp => {
  const seen = new Set<string>()
  const group = (id: string): string => {
    if (seen.has(id)) return `\\k<${id}>`
    seen.add(id)
    const ask = field.asks?.find(it => it.id === id)
    const kind = isList(field.value, operator) ? 'list' : field.value === 'text' ? 'text' : 'number'
    return `(?<${id}>${ask ? askPatterns[ask.as] : valuePatterns[kind]})`
  }
  let pattern = ''
  let end = 0
  const text = squeezed(template)
  for (const { index, 0: all, 1: comma, 2: id = '' } of text.matchAll(places)) {
    const isOptional = field.asks?.some(ask => ask.id === id && ask.isOptional) ?? false
    const placed = (comma === '' ? '' : ',') + group(id)
    pattern += escaped(text.slice(end, index)) + (isOptional ? `(?:${placed})?` : placed)
    end = index + all.length
  }
  return new RegExp(`^${pattern}${escaped(text.slice(end))}$`)
}

/** What was named, as it was meant; undefined where a text cannot be read. */
const askedIn = (field: ConditionField, found: Readonly<Record<string, string | undefined>>): Asked | undefined => {
  const asked: Record<string, string> = {}
  for (const { id, as } of field.asks ?? []) {
    const literal = found[id]
    const given = literal !== undefined && as === 'text' ? unquoted(literal) : (literal ?? '')
    if (given === undefined) return undefined
    asked[id] = given
  }
  return asked
}

const readRow = (text: string, fields: readonly ConditionField[]): ConditionRow | undefined => {
  const given = squeezed(text)
  for (const field of fields) {
    for (const [name, template] of Object.entries(field.operators)) {
      const operator = name as Operator
      const match = patternOf(template, field, operator).exec(given)
      if (!match) continue
      const found = match.groups ?? {}
      const value = field.value === 'none' ? undefined : valueIn(field, operator, found.v ?? '')
      const asked = askedIn(field, found)
      if (asked === undefined || (value === undefined && field.value !== 'none')) continue
      return { field: field.id, operator, value, ...(field.asks && { asked }) }
    }
  }
  return undefined
}

/** `((a) && (b))` is `(a) && (b)`: brackets go that stand around the whole of it. */
const withoutBrackets = (cel: string): string => {
  if (!cel.startsWith('(') || !cel.endsWith(')')) return cel
  const inner = cel.slice(1, -1).trim()
  return splitAt(inner, ',') === undefined ? cel : withoutBrackets(inner)
}

/**
 * CEL as rows; undefined where it says what no row can.
 *
 *     readConditions("order.subtotal >= 2000 && channel in ['web']", fields)   // { join: 'all', rows: [{ field: 'subtotal', … }, …] }
 */
export const readConditions = (cel: string | undefined, fields: readonly ConditionField[]): Conditions | undefined => {
  if (cel === undefined || cel.trim() === '') return { join: 'all', rows: [] }
  const whole = withoutBrackets(cel.trim())
  const read = (part: string) => {
    const bare = withoutBrackets(part)
    // Some rows are two questions that belong together: they are written in brackets.
    return readRow(bare, fields) ?? readRow(`(${bare})`, fields)
  }
  const alone = read(whole)
  if (alone) return { join: 'all', rows: [alone] }
  const all = splitAt(whole, '&&')
  const any = splitAt(whole, '||')
  if (!all || !any || (all.length > 1 && any.length > 1)) return undefined
  const parts = any.length > 1 ? any : all
  const rows = parts.map(read)
  return rows.every(row => row !== undefined) ? { join: any.length > 1 ? 'any' : 'all', rows } : undefined
}
