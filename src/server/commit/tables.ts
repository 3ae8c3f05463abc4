import type { NewConsent } from '../../core/consent/consent.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Account, Lot, Posting, Transaction } from '../../core/ledger/book.ts'
import type {
  Counter,
  Draw,
  Exposure,
  Grant,
  Holder,
  Lease,
  Membership,
  NeverMerge,
  NewAudit,
  NewDecision,
  NewEvent,
  StoredEntry,
  StoredOrder,
  StoredPack,
  StoredRedemption,
  StoredReturn,
} from '../../core/loop/world.ts'
import type { StoredAdjustment } from '../../core/loyalty/adjustment.ts'
import type { GiftCard } from '../../core/loyalty/gift-card.ts'
import type { Household } from '../../core/loyalty/household.ts'
import type { ProgrammeMember } from '../../core/loyalty/schema.ts'
import type { StoredTransfer } from '../../core/loyalty/transfer.ts'
import type { StoredLink } from '../../core/people/links.ts'

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
  standing: 'text',
  behaviourId: 'text',
  statistics: 'json',
  consents: 'json',
  preferences: 'json',
  dueAt: 'timestamptz',
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
  returned: 'json',
  asThen: 'json',
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
  given: 'json',
  arm: 'text',
  revenue: 'int8',
  returned: 'int8',
  state: 'text',
  heldUntil: 'timestamptz',
  at: 'timestamptz',
} as const satisfies Columns<StoredRedemption>

export const grantColumns = {
  id: 'text',
  offerId: 'text',
  holderId: 'text',
  code: 'text',
  issuedAt: 'timestamptz',
  expiresAt: 'timestamptz',
  title: 'text',
  fulfilment: 'text',
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
  sourceId: 'text',
  hearsay: 'bool',
} as const satisfies Columns<NewEvent>

export const linkColumns = {
  a: 'text',
  b: 'text',
  verified: 'bool',
  source: 'text',
  cause: 'text',
  firstSeenAt: 'timestamptz',
  suppressed: 'text',
  removedAt: 'timestamptz',
} as const satisfies Columns<StoredLink>

export const neverMergeColumns = { a: 'text', b: 'text', cause: 'text' } as const satisfies Columns<NeverMerge>

export const membershipColumns = {
  holderId: 'text',
  segmentId: 'text',
  generation: 'int4',
  enteredAt: 'timestamptz',
} as const satisfies Columns<Membership>

export const consentColumns = {
  id: 'text',
  holderId: 'text',
  channel: 'text',
  purpose: 'text',
  state: 'text',
  at: 'timestamptz',
  how: 'text',
  textVersion: 'text',
  language: 'text',
  by: 'text',
  personal: 'json',
} as const satisfies Columns<NewConsent>

export const counterColumns = {
  offerId: 'text',
  bucket: 'text',
  used: 'int8',
  held: 'int8',
  leased: 'int8',
  overrun: 'int8',
  budgetUsed: 'int8',
  budgetHeld: 'int8',
  budgetLeased: 'int8',
  budgetOverrun: 'int8',
} as const satisfies Columns<CounterRow>
export type CounterRow = Counter & { readonly offerId: string; readonly bucket: string }

/** What `counterKey` put together. */
export const counterParts = (key: string): { readonly offerId: string; readonly bucket: string } => {
  const cut = key.indexOf('\n')
  return { offerId: key.slice(0, cut), bucket: key.slice(cut + 1) }
}

export const packColumns = {
  id: 'text',
  deviceKey: 'text',
  keyId: 'text',
  channel: 'text',
  location: 'text',
  hashKey: 'text',
  issuedAt: 'timestamptz',
  state: 'text',
  revision: 'int4',
  touched: 'int4',
  renewedAt: 'timestamptz',
  expiresAt: 'timestamptz',
  entries: 'int4',
  lastSequence: 'int4',
  closesAt: 'int4',
  endedAt: 'timestamptz',
  endedBy: 'text',
} as const satisfies Columns<StoredPack>

export const leaseColumns = {
  packId: 'text',
  offerId: 'text',
  bucket: 'text',
  uses: 'int8',
  charged: 'int8',
  back: 'int8',
  overrun: 'int8',
  budget: 'int8',
  budgetCharged: 'int8',
  budgetBack: 'int8',
  budgetOverrun: 'int8',
} as const satisfies Columns<Lease>

export const entryColumns = {
  packId: 'text',
  id: 'text',
  sequence: 'int4',
  kind: 'text',
  previous: 'text',
  hash: 'text',
  orderId: 'text',
  at: 'timestamptz',
  receivedAt: 'timestamptz',
  state: 'text',
  body: 'json',
  differences: 'json',
} as const satisfies Columns<StoredEntry>

export const returnColumns = {
  orderId: 'text',
  id: 'text',
  seq: 'int4',
  refund: 'int8',
  requestHash: 'text',
  at: 'timestamptz',
  answer: 'text',
} as const satisfies Columns<StoredReturn>

export const exposureColumns = {
  holderId: 'text',
  campaignId: 'text',
  arm: 'text',
  at: 'timestamptz',
} as const satisfies Columns<Exposure>

export const drawColumns = {
  offerId: 'text',
  offerVersion: 'int4',
  holderId: 'text',
  period: 'text',
  draw: 'int4',
  wins: 'int4',
  outOf: 'int4',
  cause: 'text',
  at: 'timestamptz',
} as const satisfies Columns<Draw>

export const auditColumns = {
  id: 'text',
  at: 'timestamptz',
  keyId: 'text',
  action: 'text',
  subject: 'text',
  details: 'json',
} as const satisfies Columns<NewAudit>

export const decisionColumns = {
  id: 'text',
  holderId: 'text',
  kind: 'text',
  cause: 'text',
  channel: 'text',
  location: 'text',
  shown: 'bool',
  at: 'timestamptz',
  answer: 'text',
} as const satisfies Columns<NewDecision>

export const accountColumns = {
  id: 'text',
  ownerId: 'text',
  asset: 'text',
  kind: 'text',
  balance: 'int8',
  floor: 'int8',
  endsAt: 'timestamptz',
  dueAt: 'timestamptz',
  revision: 'int4',
  openedAt: 'timestamptz',
} as const satisfies Columns<Account>

export const lotColumns = {
  id: 'text',
  ownerId: 'text',
  asset: 'text',
  kind: 'text',
  amount: 'int8',
  remaining: 'int8',
  short: 'int8',
  earnedAt: 'timestamptz',
  activeAt: 'timestamptz',
  awaits: 'text',
  expiresAt: 'timestamptz',
  slides: 'bool',
  dueAt: 'timestamptz',
  fromLot: 'text',
  transactionId: 'text',
  offerId: 'text',
  orderId: 'text',
} as const satisfies Columns<Lot>

export const transactionColumns = {
  id: 'text',
  kind: 'text',
  effectiveAt: 'timestamptz',
  bookedAt: 'timestamptz',
  period: 'text',
  holderId: 'text',
  orderId: 'text',
  returnId: 'text',
  messageId: 'text',
  decisionId: 'text',
  offerId: 'text',
  offerVersion: 'int4',
  channel: 'text',
  location: 'text',
  actor: 'text',
  reason: 'text',
  reverses: 'text',
  endsHold: 'text',
  details: 'json',
} as const satisfies Columns<Transaction>

export const postingColumns = {
  transactionId: 'text',
  seq: 'int4',
  accountId: 'text',
  asset: 'text',
  amount: 'int8',
  lotId: 'text',
  period: 'text',
  effectiveAt: 'timestamptz',
  bookedAt: 'timestamptz',
} as const satisfies Columns<Posting>

export const programmeMemberColumns = {
  holderId: 'text',
  programmeId: 'text',
  joinedAt: 'timestamptz',
  leftAt: 'timestamptz',
  source: 'text',
  terms: 'text',
  tier: 'text',
  tierSince: 'timestamptz',
  tierUntil: 'timestamptz',
  fallsTo: 'text',
  householdId: 'text',
  dueAt: 'timestamptz',
  revision: 'int4',
} as const satisfies Columns<ProgrammeMember>

export const householdColumns = {
  id: 'text',
  programmeId: 'text',
  name: 'text',
  members: 'json',
  revision: 'int4',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
} as const satisfies Columns<Household>

export const giftCardColumns = {
  id: 'text',
  code: 'text',
  currency: 'text',
  initial: 'int8',
  state: 'text',
  days: 'int4',
  holderId: 'text',
  offerId: 'text',
  jobId: 'text',
  issuedAt: 'timestamptz',
  activatedAt: 'timestamptz',
  expiresAt: 'timestamptz',
  blockedAt: 'timestamptz',
  blockedFor: 'text',
  revision: 'int4',
} as const satisfies Columns<GiftCard>

export type OpenHold = { readonly ownerId: string; readonly transactionId: string; readonly orderId: string }
export const openHoldColumns = {
  ownerId: 'text',
  transactionId: 'text',
  orderId: 'text',
} as const satisfies Columns<OpenHold>

export const adjustmentColumns = {
  id: 'text',
  state: 'text',
  holderId: 'text',
  asset: 'text',
  amount: 'int8',
  reason: 'text',
  note: 'text',
  effectiveAt: 'timestamptz',
  proposedBy: 'text',
  proposedAt: 'timestamptz',
  decidedBy: 'text',
  decidedAt: 'timestamptz',
  transactionId: 'text',
  reverses: 'text',
} as const satisfies Columns<StoredAdjustment>

export const transferColumns = {
  id: 'text',
  programmeId: 'text',
  fromHolder: 'text',
  toHolder: 'text',
  points: 'int8',
  fee: 'int8',
  note: 'text',
  at: 'timestamptz',
  by: 'text',
  transactionId: 'text',
} as const satisfies Columns<StoredTransfer>

export const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** `r.holder_id as "holderId", …` */
export const selectList = (columns: Readonly<Record<string, ColumnType>>, alias: string): string =>
  Object.keys(columns)
    .map(field => `${alias}.${columnOf(field)} as "${field}"`)
    .join(', ')

/** Most times of a batch are the same few. */
const instantText = (ms: number): string => {
  if (ms !== lastInstant.ms) lastInstant = { ms, text: formatInstant(ms) }
  return lastInstant.text
}
let lastInstant = { ms: 0, text: formatInstant(0) }

/**
 * How a value stands in PostgreSQL's text of an array. Written here, because the driver asks each value what it is and goes over it three
 * times, which was a sixth of what it takes to save an event. JSON as a text needs just the escapes that JSON has for a text.
 */
const inArray: Readonly<Record<ColumnType, (value: unknown) => string>> = {
  text: value => `"${escaped(String(value))}"`,
  int4: String,
  int8: String,
  bool: String,
  timestamptz: value => instantText(value as number),
  json: value => JSON.stringify(JSON.stringify(value)),
}
/** The same of a list of keys, to look them up. */
export const listOf = (values: readonly (string | number | boolean)[]): string =>
  `{${values.map(it => (typeof it === 'string' ? inArray.text(it) : String(it))).join()}}`

const escaped = (text: string): string => (/["\\]/.test(text) ? text.replaceAll(/["\\]/g, '\\$&') : text)

// json travels as text: the driver would take an array of objects for nested arrays.
const arrayType = (type: ColumnType): string => `${type === 'json' ? 'text' : type}[]`
const cast = (field: string, type: ColumnType): string => `u.${columnOf(field)}${type === 'json' ? '::json' : ''}`

type Rows = readonly Readonly<Record<string, unknown>>[]

const unnest = (columns: Readonly<Record<string, ColumnType>>, firstParameter: number): string =>
  `unnest(${Object.values(columns)
    .map((type, index) => `$${index + firstParameter}::${arrayType(type)}`)
    .join(', ')}) as u(${Object.keys(columns).map(columnOf).join(', ')})`

const parameters = (columns: Readonly<Record<string, ColumnType>>, rows: Rows): unknown[] =>
  Object.entries(columns).map(([field, type]) => {
    const values = rows.map(row => {
      const value = row[field] ?? null
      return value === null ? 'NULL' : inArray[type](value)
    })
    return `{${values.join()}}`
  })

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

/** One statement that deletes all rows by their keys. */
export const deleteSql = (table: string, keys: Readonly<Record<string, ColumnType>>): string =>
  `delete from ${table} t using ${unnest(keys, 2)}
   where t.workspace_id = $1 and ${Object.keys(keys)
     .map(key => `t.${columnOf(key)} = u.${columnOf(key)}`)
     .join(' and ')}`

export const rowParameters = (
  workspaceId: string,
  columns: Readonly<Record<string, ColumnType>>,
  rows: Rows,
): unknown[] => [workspaceId, ...parameters(columns, rows)]
