import type { Queryable } from '../../adapters/storage/database.ts'
import { drawKey, pairKey, type StoredOrder, type StoredRedemption, type World } from '../../core/loop/world.ts'
import { idempotencyDays } from '../change.ts'
import { Redo } from './lock.ts'
import {
  auditColumns,
  type Columns,
  columnOf,
  consentColumns,
  counterColumns,
  counterParts,
  decisionColumns,
  deleteSql,
  drawColumns,
  eventColumns,
  exposureColumns,
  grantColumns,
  holderColumns,
  insertSql,
  linkColumns,
  membershipColumns,
  neverMergeColumns,
  orderColumns,
  redemptionColumns,
  returnColumns,
  rowParameters,
  updateSql,
} from './tables.ts'

const pick = <T extends object, K extends keyof T>(columns: T, ...names: K[]): Pick<T, K> =>
  Object.fromEntries(names.map(name => [name, columns[name]])) as Pick<T, K>

const changedHolder = pick(
  holderColumns,
  'id',
  'personId',
  'revision',
  'orders',
  'spend',
  'firstOrderAt',
  'lastOrderAt',
  'traits',
  'standing',
  'behaviourId',
  'statistics',
  'consents',
  'preferences',
  'dueAt',
)
const countedHolder = pick(holderColumns, 'id', 'revision', 'statistics', 'dueAt')
const changedLink = pick(linkColumns, 'a', 'b', 'verified', 'source', 'cause', 'firstSeenAt', 'suppressed', 'removedAt')
const neverMergeKeys = pick(neverMergeColumns, 'a', 'b')
const membershipKeys = pick(membershipColumns, 'holderId', 'segmentId', 'generation')
const changedUse = pick(
  redemptionColumns,
  'orderId',
  'seq',
  'channel',
  'given',
  'revenue',
  'returned',
  'state',
  'heldUntil',
)
const changedGrant = pick(grantColumns, 'id', 'holderId', 'state', 'orderId', 'fulfilment')
const answerColumns = { keyHash: 'text', bodyHash: 'text', status: 'int4', answer: 'text' } as const

// What most orders and uses have nothing of stays with the column's default: each column more is a list more to send and take apart.
const { returned: _returned, asThen: _asThen, ...plainOrder } = orderColumns
const { given: _given, arm: _arm, returned: _givenBack, ...plainUse } = redemptionColumns
const isPlainOrder = ({ returned, asThen }: StoredOrder): boolean => returned === null && asThen === null
const isPlainUse = ({ given, arm, returned }: StoredRedemption): boolean =>
  given === null && arm === null && returned === 0

const now = (columns: object): string => `to_timestamp($${Object.keys(columns).length + 2} / 1000.0)`

type Save = {
  readonly sql: string
  readonly columns: Readonly<Columns<Record<string, unknown>>>
  readonly takesNow?: true
  /** False: rows that are there already stay (evidence is kept once). */
  readonly mustAffectAll?: false
}

const saves = {
  newHolders: { sql: insertSql('holders', holderColumns), columns: holderColumns },
  newLinks: {
    // One that was not loaded because it changes nothing may be there: evidence is kept once.
    sql: `${insertSql('links', linkColumns, { created_at: now(linkColumns) })} on conflict do nothing`,
    columns: linkColumns,
    takesNow: true,
    mustAffectAll: false,
  },
  links: { sql: updateSql('links', changedLink, ['a', 'b', 'verified']), columns: changedLink },
  newNeverMerge: {
    sql: `${insertSql('never_merge', neverMergeColumns, { created_at: now(neverMergeColumns) })} on conflict do nothing`,
    columns: neverMergeColumns,
    takesNow: true,
    mustAffectAll: false,
  },
  removedNeverMerge: {
    sql: deleteSql('never_merge', neverMergeKeys),
    columns: neverMergeKeys,
    mustAffectAll: false,
  },
  newConsents: {
    sql: insertSql('consents', consentColumns, { created_at: now(consentColumns) }),
    columns: consentColumns,
    takesNow: true,
  },
  removedMemberships: {
    sql: deleteSql('segment_members', membershipKeys),
    columns: membershipKeys,
    mustAffectAll: false,
  },
  newMemberships: {
    sql: `${insertSql('segment_members', membershipColumns)} on conflict do nothing`,
    columns: membershipColumns,
    mustAffectAll: false,
  },
  newOrders: { sql: insertSql('orders', orderColumns, { schema_version: '1' }), columns: orderColumns },
  plainOrders: { sql: insertSql('orders', plainOrder, { schema_version: '1' }), columns: plainOrder },
  orders: { sql: updateSql('orders', orderColumns, ['id']), columns: orderColumns },
  holders: { sql: updateSql('holders', changedHolder, ['id']), columns: changedHolder },
  countedHolders: { sql: updateSql('holders', countedHolder, ['id']), columns: countedHolder },
  redemptions: {
    sql: updateSql('redemptions', changedUse, ['orderId', 'seq'], { changed_at: now(changedUse) }),
    columns: changedUse,
    takesNow: true,
  },
  newRedemptions: {
    sql: insertSql('redemptions', redemptionColumns, { changed_at: now(redemptionColumns) }),
    columns: redemptionColumns,
    takesNow: true,
  },
  plainRedemptions: {
    sql: insertSql('redemptions', plainUse, { changed_at: now(plainUse) }),
    columns: plainUse,
    takesNow: true,
  },
  newGrants: { sql: insertSql('grants', grantColumns), columns: grantColumns },
  grants: { sql: updateSql('grants', changedGrant, ['holderId', 'id']), columns: changedGrant },
  newCounters: { sql: insertSql('counters', counterColumns), columns: counterColumns },
  counters: { sql: updateSql('counters', counterColumns, ['offerId', 'bucket']), columns: counterColumns },
  newReturns: { sql: insertSql('returns', returnColumns, { schema_version: '1' }), columns: returnColumns },
  newExposures: { sql: insertSql('exposures', exposureColumns), columns: exposureColumns },
  newDraws: { sql: insertSql('draws', drawColumns), columns: drawColumns },
  newDecisions: { sql: insertSql('decisions', decisionColumns, { schema_version: '1' }), columns: decisionColumns },
  newEvents: { sql: insertSql('events', eventColumns, { schema_version: '1' }), columns: eventColumns },
  newAudits: { sql: insertSql('audit_log', auditColumns), columns: auditColumns },
  newAnswers: {
    // A key of long ago may be used again; a fresh one makes this affect fewer rows than given, and the batch is redone.
    sql: `${insertSql('idempotency', answerColumns, { created_at: now(answerColumns) })}
      on conflict (workspace_id, key_hash) do update
      set ${Object.keys(answerColumns)
        .map(field => `${columnOf(field)} = excluded.${columnOf(field)}`)
        .join(', ')}, created_at = excluded.created_at
      where idempotency.created_at < excluded.created_at - interval '${idempotencyDays} days'`,
    columns: answerColumns,
    takesNow: true,
  },
} as const satisfies Record<string, Save>

const by =
  <T>(key: (row: T) => string) =>
  (a: T, b: T): number => {
    const [left, right] = [key(a), key(b)]
    return left < right ? -1 : left > right ? 1 : 0
  }

/**
 * Saves what a batch changed, a statement a table, in a fixed order of tables and, where two batches may insert the same
 * key, of keys: whoever has to wait for another's row never holds one that the other waits for.
 */
export const save = async (tx: Queryable, world: World): Promise<void> => {
  const { changes } = world
  const unsavedUses = [...changes.newRedemptions].sort(
    by(use => `${use.code ?? '~'}\n${use.offerId}\n${String(use.useNo ?? 0).padStart(8, '0')}\n${use.orderId}`),
  )
  const counted = [...changes.counters].sort()
  const counterRow = (key: string) => ({ ...counterParts(key), ...world.counters.get(key)! })
  const newOrders = [...changes.newOrders].sort().map(id => world.orders.get(id)!)
  const rows: readonly [keyof typeof saves, readonly object[]][] = [
    ['newHolders', [...changes.newHolders.values()].sort(by(it => `${it.type}:${it.value}`))],
    ['newLinks', [...changes.newLinks].sort().map(key => world.links.get(key)!)],
    ['links', [...changes.links].sort().map(key => world.links.get(key)!)],
    ['newNeverMerge', [...changes.newNeverMerge].sort(by(it => pairKey(it.a, it.b)))],
    ['removedNeverMerge', [...changes.removedNeverMerge].sort(by(it => pairKey(it.a, it.b)))],
    [newOrders.every(isPlainOrder) ? 'plainOrders' : 'newOrders', newOrders],
    ['orders', [...changes.orders].map(id => world.orders.get(id)!)],
    ['holders', [...changes.holders.values()].filter(it => !changes.onlyCounted.has(it.id))],
    ['countedHolders', [...changes.onlyCounted].map(id => changes.holders.get(id)!)],
    ['newConsents', changes.newConsents],
    ['removedMemberships', [...changes.removedMemberships].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it)],
    ['newMemberships', [...changes.newMemberships].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it)],
    ['redemptions', [...changes.redemptions]],
    [unsavedUses.every(isPlainUse) ? 'plainRedemptions' : 'newRedemptions', unsavedUses],
    ['newGrants', [...changes.newGrants].sort().map(id => world.grants.get(id)!)],
    ['grants', [...changes.grants].map(id => world.grants.get(id)!)],
    ['newCounters', counted.filter(key => changes.newCounters.has(key)).map(counterRow)],
    ['counters', counted.filter(key => !changes.newCounters.has(key)).map(counterRow)],
    ['newReturns', [...changes.newReturns].sort().map(key => world.returns.get(key)!)],
    ['newExposures', [...changes.newExposures].sort(by(it => pairKey(it.holderId, it.campaignId)))],
    ['newDraws', [...changes.newDraws].sort(by(drawKey))],
    ['newDecisions', changes.newDecisions],
    ['newEvents', [...changes.newEvents].sort(by(it => it.messageId))],
    ['newAudits', changes.newAudits],
    [
      'newAnswers',
      [...changes.newAnswers].map(([keyHash, answer]) => ({ keyHash, ...answer })).sort(by(it => it.keyHash)),
    ],
  ]
  // Sent together: the statements run in this order, and their answers come back in one round trip.
  await Promise.all(
    rows.map(async ([name, all]) => {
      if (all.length === 0) return
      const { sql, columns, takesNow, mustAffectAll }: Save = saves[name]
      const params = rowParameters(world.workspace.id, columns, all as readonly Readonly<Record<string, unknown>>[])
      // An update is planned each time: a plan kept from when its table was small would read all of it.
      const planName = sql.startsWith('insert') ? `save ${name}` : undefined
      const { affected } = await tx.query(sql, takesNow ? [...params, world.now] : params, planName)
      if (mustAffectAll !== false && affected !== all.length)
        throw new Redo(`${name}: ${affected} of ${all.length} rows were saved`)
    }),
  )
}
