/** Conditions in CEL as rows that a form can show: "field · operator · value", all of which must hold, or any. */

export type Operator = 'is' | 'isNot' | 'oneOf' | 'atLeast' | 'atMost' | 'moreThan' | 'lessThan'

export type ConditionField = {
  readonly id: string
  /** As the reader reads it. */
  readonly label: string
  /** What its value is; `weekdays` are numbers from 1, Monday. */
  readonly value: 'number' | 'money' | 'text' | 'weekdays' | 'none'
  /** The CEL of each operator; `{v}` stands for the value. */
  readonly operators: Readonly<Partial<Record<Operator, string>>>
  /** To choose from; of text anything else may be typed. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
}

export type ConditionValue = string | number | readonly string[] | undefined
export type ConditionRow = { readonly field: string; readonly operator: Operator; readonly value: ConditionValue }
export type Conditions = { readonly join: 'all' | 'any'; readonly rows: readonly ConditionRow[] }

/** The operators that a fact of a kind has, with their CEL. */
export const comparing = (fact: string): ConditionField['operators'] => ({
  atLeast: `${fact} >= {v}`,
  atMost: `${fact} <= {v}`,
  is: `${fact} == {v}`,
  moreThan: `${fact} > {v}`,
  lessThan: `${fact} < {v}`,
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

/** The CEL of one row; undefined while its value is missing. */
const writeRow = (row: ConditionRow, fields: readonly ConditionField[]): string | undefined => {
  const field = fields.find(({ id }) => id === row.field)
  const template = field?.operators[row.operator]
  if (!field || template === undefined) return undefined
  const literal = literalOf(field, row)
  return literal === undefined ? undefined : template.replaceAll('{v}', () => literal)
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

/** Splits at an operator that stands in no quotes and no brackets; undefined where quotes or brackets do not close. */
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
    else if (')]}'.includes(character)) depth -= 1
    else if (depth === 0 && text.startsWith(separator, at)) {
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

const readRow = (text: string, fields: readonly ConditionField[]): ConditionRow | undefined => {
  const given = squeezed(text)
  for (const field of fields) {
    for (const [name, template] of Object.entries(field.operators)) {
      const operator = name as Operator
      const [before = '', ...rest] = squeezed(template).split('{v}')
      if (field.value === 'none') {
        if (given === before) return { field: field.id, operator, value: undefined }
        continue
      }
      const after = rest.join('{v}')
      // Where the value stands twice, both are the same text: its length follows from that of the whole.
      const times = rest.length
      const length = (given.length - before.length - rest.join('').length) / times
      if (!Number.isInteger(length) || length < 1 || !given.startsWith(before)) continue
      const literal = given.slice(before.length, before.length + length)
      if (given !== before + literal + after.replaceAll('{v}', () => literal)) continue
      const value = valueIn(field, operator, literal)
      if (value !== undefined) return { field: field.id, operator, value }
    }
  }
  return undefined
}

/**
 * CEL as rows; undefined where it says what no row can.
 *
 *     readConditions("order.subtotal >= 2000 && channel in ['web']", fields)   // { join: 'all', rows: [{ field: 'subtotal', … }, …] }
 */
export const readConditions = (cel: string | undefined, fields: readonly ConditionField[]): Conditions | undefined => {
  if (cel === undefined || cel.trim() === '') return { join: 'all', rows: [] }
  const all = splitAt(cel, '&&')
  const any = splitAt(cel, '||')
  if (!all || !any || (all.length > 1 && any.length > 1)) return undefined
  const parts = any.length > 1 ? any : all
  const rows = parts.map(part => readRow(part, fields))
  return rows.every(row => row !== undefined) ? { join: any.length > 1 ? 'any' : 'all', rows } : undefined
}
