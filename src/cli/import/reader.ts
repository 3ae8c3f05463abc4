import type { Identifier } from '../../core/events/schema.ts'
import { normalizeIdentifier } from '../../core/people/identifier.ts'
import { type Cells, textOf } from './cells.ts'
import type { Row } from './input.ts'
import type { Mapping, Target } from './mapping.ts'
import { identityTypes } from './targets.ts'

/** What one call sends of some rows. */
export type Item = { readonly rows: readonly Row[]; readonly message: object }

/** What became of rows: `reason` says it in words that many rows share, `why` of this one. */
export type Reading =
  | { readonly item: Item }
  | { readonly bad: Row; readonly reason: string; readonly why?: string }
  | { readonly leftOut: readonly Row[]; readonly reason: string }

/** Makes what is sent of rows; those of an order may lie apart. */
export type RowReader = {
  take(row: Row): readonly Reading[]
  end(): readonly Reading[]
  /** What would be made of all that was taken so far, in words and numbers. */
  made(): Readonly<Record<string, unknown>>
}

export type ReaderOptions = {
  readonly mapping: Mapping
  readonly cells: Cells
  /** Where phone numbers without a country code are from. */
  readonly country: string | undefined
  readonly timeZone: string
  readonly currency: string | undefined
  /** Identifiers of one row are proven one human. */
  readonly verified: boolean
  /** Where the rows come from. */
  readonly source: string | undefined
  /** Begins the ids of messages. */
  readonly idPrefix: string
}

/** Told what is wrong with a row; the first mistake counts. */
export type Flaw = (reason: string, why?: string) => void

type Getter = (row: Row) => unknown

const atPath = (cells: Readonly<Record<string, unknown>>, path: string): unknown => {
  if (Object.hasOwn(cells, path) || !path.includes('.')) return cells[path]
  return path
    .split('.')
    .reduce<unknown>((held, key) => (held as Record<string, unknown> | null | undefined)?.[key], cells)
}

/** Where the value of a target lies: in a column, or the same for every row. */
const getterOf = ({ columns, set }: Mapping, to: string): Getter | undefined => {
  const column = Object.keys(columns).find(name => columns[name]!.to === to)
  const fixed = set[to]
  if (column === undefined) return fixed === undefined ? undefined : () => fixed
  return ({ cells }) => {
    const value = atPath(cells, column)
    return value === '' || value === null || value === undefined ? fixed : value
  }
}

/**
 * Reads the cells of rows by what they are mapped to.
 *
 *     const { text, has } = fieldsOf(mapping, cells)
 *     text(row, 'event')   // 'Product Viewed'
 */
export const fieldsOf = (mapping: Mapping, cells: Cells) => {
  const getters = new Map<string, Getter | undefined>()
  const value = (row: Row, to: string): unknown => {
    if (!getters.has(to)) getters.set(to, getterOf(mapping, to))
    return getters.get(to)?.(row)
  }
  const text = (row: Row, to: string): string => textOf(value(row, to))
  const formats = new Map(Object.values(mapping.columns).map(({ to, format }) => [to, format]))
  return {
    text,
    has: (to: string): boolean => getterOf(mapping, to) !== undefined,
    json: (row: Row, to: string, flaw: Flaw): Readonly<Record<string, unknown>> => {
      const told = value(row, to)
      if (textOf(told) === '') return {}
      const read = cells.json(told)
      if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>
      flaw(`${to}: no JSON object`)
      return {}
    },
    /** Undefined where nothing stands there, or nothing that can be read, which is then a flaw. */
    instant: (row: Row, to: string, flaw: Flaw): string | undefined => {
      const told = text(row, to)
      if (told === '') return undefined
      const ms = cells.instant(told, formats.get(to))
      if (ms === undefined) flaw(`${to}: no time such as 2026-03-01 10:00`, `${to}: ${JSON.stringify(told)} is no time`)
      return ms === undefined ? undefined : new Date(ms).toISOString()
    },
    flag: (row: Row, to: string, flaw: Flaw): boolean | undefined => {
      const told = text(row, to)
      if (told === '') return undefined
      const read = cells.flag(told)
      if (read === undefined) flaw(`${to}: neither yes nor no`)
      return read
    },
  }
}
export type Fields = ReturnType<typeof fieldsOf>

const typed = (value: unknown, { to, type, format }: Target, cells: Cells, flaw: Flaw): unknown => {
  if (typeof value !== 'string') return value ?? undefined
  const text = value.trim()
  if (text === '') return undefined
  const read = (() => {
    switch (type) {
      case 'number': {
        const decimal = cells.decimal(text)
        return decimal === undefined ? undefined : Number(decimal)
      }
      case 'boolean':
        return cells.flag(text)
      case 'date':
        return cells.date(text, format)
      case 'time': {
        const ms = cells.instant(text, format)
        return ms === undefined ? undefined : new Date(ms).toISOString()
      }
      case 'json':
        return cells.json(text)
      default:
        return text
    }
  })()
  if (read === undefined) flaw(`${to}: no ${type}`, `${to}: ${JSON.stringify(text)} is no ${type}`)
  return read
}

/** The cells of the columns that become `<group>.<name>`, by name. */
export const groupReader = (group: 'traits' | 'properties', mapping: Mapping, cells: Cells) => {
  const columns = Object.entries(mapping.columns).filter(([, { to }]) => to.startsWith(`${group}.`))
  return (row: Row, flaw: Flaw): Record<string, unknown> => {
    const found: Record<string, unknown> = {}
    for (const [column, target] of columns) {
      const value = typed(atPath(row.cells, column), target, cells, flaw)
      if (value !== undefined) found[target.to.slice(group.length + 1)] = value
    }
    return found
  }
}

/** A number column with gaps leaves many a tool as 17850.0. */
const withoutPointZero = (text: string): string => (/^\d+\.0$/.test(text) ? text.slice(0, -2) : text)

const listed = (value: unknown): readonly string[] => {
  const text = textOf(value)
  if (text === '') return []
  const read: unknown = Array.isArray(value) ? value : text.startsWith('[') ? safeJson(text) : text.split(/[\s;|]+/)
  return Array.isArray(read) ? read.map(textOf).filter(Boolean) : [text]
}

const safeJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/**
 * Reads who a row is about: of every column that holds identifiers, the strongest first, none twice. An identifier that cannot be
 * is a flaw, because its row is worth mending.
 */
export const identityReader = (mapping: Mapping, country: string | undefined) => {
  const own = Object.values(mapping.columns).flatMap(({ to }) =>
    to.startsWith('identifiers.') ? [{ to, type: to.slice('identifiers.'.length) }] : [],
  )
  const columns = [...identityTypes.map(type => ({ to: type as string, type: type as string })), ...own].flatMap(it => {
    const get = getterOf(mapping, it.to)
    return get ? [{ ...it, get }] : []
  })
  const lists = ['identifier', 'identifiers', 'address'].flatMap(to => {
    const get = getterOf(mapping, to)
    return get ? [{ to, get }] : []
  })
  return (row: Row, flaw: Flaw): readonly Identifier[] => {
    const found = new Map<string, Identifier>()
    const take = (to: string, type: string, given: string): void => {
      const read = normalizeIdentifier(type, given, country === undefined ? {} : { country })
      if (read.ok) found.set(`${type}:${read.value.value}`, read.value)
      else flaw(`${to}: ${String(read.refusal.details.reason)}`)
    }
    for (const { to, get } of lists) {
      for (const text of to === 'identifiers' ? listed(get(row)) : [textOf(get(row))].filter(Boolean)) {
        const colon = text.indexOf(':')
        if (colon > 0) take(to, text.slice(0, colon), text.slice(colon + 1))
        else flaw(`${to}: not type:value, such as email:ana@example.com`)
      }
    }
    for (const { to, type, get } of columns) {
      const text = withoutPointZero(textOf(get(row)))
      if (text !== '') take(to, type, text)
    }
    return [...found.values()].sort((a, b) => strength(a.type) - strength(b.type))
  }
}

/** As events have it: the account first, what a browser or a machine made up last. */
const strength = (type: string): number => {
  const place = (identityTypes as readonly string[]).indexOf(type)
  return place < 0 ? identityTypes.length - 2.5 : place
}

/** Identifiers as an event names them; a phone number goes with its country code. */
export const senderOf = (identifiers: readonly Identifier[]) => {
  const userId = identifiers.find(({ type }) => type === 'userId')
  const anonymousId = identifiers.find(({ type }) => type === 'anonymousId')
  const others = identifiers.filter(it => it !== userId && it !== anonymousId)
  return {
    ids: { ...(userId && { userId: userId.given }), ...(anonymousId && { anonymousId: anonymousId.given }) },
    externalIds: others.map(({ type, value, given }) => ({
      type,
      id: type === 'phone' || type === 'whatsapp' ? value : given,
      collection: 'users',
      encoding: 'none',
    })),
  }
}
