import { formatInstant } from '../../core/kernel/time.ts'
import type { Grant, Holder, NewEvent, NewLink, StoredOrder, StoredRedemption } from '../../core/loop/world.ts'

/**
 * The tables that a group commit reads and writes, said once: field of the world → SQL type. Select lists, inserts and updates
 * are made from it; a column is the field's name in snake case.
 */
type ColumnType = 'text' | 'int4' | 'int8' | 'bool' | 'timestamptz' | 'json'
export type Columns<T> = { readonly [K in keyof T]-?: ColumnType }

export const holderColumns = {
  id: 'text',
  type: 'text',
  value: 'text',
  given: 'text',
  createdAt: 'timestamptz',
  personId: 'text',
  revision: 'int4',
  orders: 'int4',
  spend: 'json',
  firstOrderAt: 'timestamptz',
  lastOrderAt: 'timestamptz',
  traits: 'json',
} as const satisfies Columns<Holder>

export const orderColumns = {
  id: 'text',
  holderId: 'text',
  state: 'text',
  source: 'text',
  revision: 'int4',
  touched: 'int4',
  channel: 'text',
  location: 'text',
  currency: 'text',
  subtotal: 'int8',
  discount: 'int8',
  shipping: 'int8',
  total: 'int8',
  occurredAt: 'timestamptz',
  openedAt: 'timestamptz',
  placedAt: 'timestamptz',
  cancelledAt: 'timestamptz',
  heldUntil: 'timestamptz',
  requestHash: 'text',
  basket: 'json',
  decisionId: 'text',
  catalogueVersion: 'int8',
  answer: 'text',
} as const satisfies Columns<StoredOrder>

export const redemptionColumns = {
  orderId: 'text',
  seq: 'int4',
  id: 'text',
  offerId: 'text',
  offerVersion: 'int4',
  campaignId: 'text',
  holderId: 'text',
  code: 'text',
  useNo: 'int4',
  grantId: 'text',
  channel: 'text',
  location: 'text',
  currency: 'text',
  amount: 'int8',
  revenue: 'int8',
  state: 'text',
  heldUntil: 'timestamptz',
  at: 'timestamptz',
} as const satisfies Columns<StoredRedemption>

export const grantColumns = {
  id: 'text',
  offerId: 'text',
  holderId: 'text',
  code: 'text',
  expiresAt: 'timestamptz',
  state: 'text',
  orderId: 'text',
} as const satisfies Columns<Grant>

export const eventColumns = {
  messageId: 'text',
  holderId: 'text',
  kind: 'text',
  name: 'text',
  channel: 'text',
  orderId: 'text',
  occurredAt: 'timestamptz',
  receivedAt: 'timestamptz',
  properties: 'json',
  personal: 'json',
} as const satisfies Columns<NewEvent>

export const linkColumns = {
  a: 'text',
  b: 'text',
  verified: 'bool',
  source: 'text',
  cause: 'text',
} as const satisfies Columns<NewLink>

export const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** `r.holder_id as "holderId", …` */
export const selectList = (columns: Readonly<Record<string, ColumnType>>, alias: string): string =>
  Object.keys(columns)
    .map(field => `${alias}.${columnOf(field)} as "${field}"`)
    .join(', ')

const toParameter: Readonly<Record<ColumnType, (value: unknown) => unknown>> = {
  text: value => value,
  int4: value => value,
  int8: value => value,
  bool: value => value,
  timestamptz: value => (value === null ? null : formatInstant(value as number)),
  json: value => JSON.stringify(value),
}

// json travels as text: the driver would take an array of objects for nested arrays.
const arrayType = (type: ColumnType): string => `${type === 'json' ? 'text' : type}[]`
const cast = (field: string, type: ColumnType): string => `u.${columnOf(field)}${type === 'json' ? '::json' : ''}`

type Rows = readonly Readonly<Record<string, unknown>>[]

const unnest = (columns: Readonly<Record<string, ColumnType>>, firstParameter: number): string =>
  `unnest(${Object.values(columns)
    .map((type, index) => `$${index + firstParameter}::${arrayType(type)}`)
    .join(', ')}) as u(${Object.keys(columns).map(columnOf).join(', ')})`

const parameters = (columns: Readonly<Record<string, ColumnType>>, rows: Rows): unknown[] =>
  Object.entries(columns).map(([field, type]) => rows.map(row => toParameter[type](row[field] ?? null)))

/** One statement that inserts all rows; `$1` is the workspace, `extra` are columns with SQL of their own. */
export const insertSql = (
  table: string,
  columns: Readonly<Record<string, ColumnType>>,
  extra: Readonly<Record<string, string>> = {},
): string =>
  `insert into ${table} (workspace_id, ${[...Object.keys(columns).map(columnOf), ...Object.keys(extra)].join(', ')})
   select ${['$1', ...Object.entries(columns).map(([field, type]) => cast(field, type)), ...Object.values(extra)].join(', ')}
   from ${unnest(columns, 2)}`

/** One statement that updates all rows by their keys. */
export const updateSql = (
  table: string,
  columns: Readonly<Record<string, ColumnType>>,
  keys: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): string =>
  `update ${table} t set ${[
    ...Object.entries(columns)
      .filter(([field]) => !keys.includes(field))
      .map(([field, type]) => `${columnOf(field)} = ${cast(field, type)}`),
    ...Object.entries(extra).map(([column, sql]) => `${column} = ${sql}`),
  ].join(', ')}
   from ${unnest(columns, 2)}
   where t.workspace_id = $1 and ${keys.map(key => `t.${columnOf(key)} = u.${columnOf(key)}`).join(' and ')}`

export const rowParameters = (
  workspaceId: string,
  columns: Readonly<Record<string, ColumnType>>,
  rows: Rows,
): unknown[] => [workspaceId, ...parameters(columns, rows)]
