import type { Queryable } from '../../adapters/storage/database.ts'
import { ownerOf } from '../../core/ledger/account.ts'
import type { Lot, Transaction } from '../../core/ledger/book.ts'
import { isOpenHold } from '../../core/ledger/lots.ts'
import { drawKey, pairKey, type StoredOrder, type StoredRedemption, type World } from '../../core/loop/world.ts'
import { idempotencyDays } from '../change.ts'
import { Redo } from './lock.ts'
import {
  accountColumns,
  adjustmentColumns,
  auditColumns,
  type Columns,
  columnOf,
  consentColumns,
  counterColumns,
  counterParts,
  decisionColumns,
  deleteSql,
  drawColumns,
  entryColumns,
  eventColumns,
  exposureColumns,
  giftCardColumns,
  grantColumns,
  holderColumns,
  householdColumns,
  insertSql,
  leaseColumns,
  linkColumns,
  lotColumns,
  membershipColumns,
  neverMergeColumns,
  type OpenHold,
  openHoldColumns,
  orderColumns,
  packColumns,
  postingColumns,
  programmeMemberColumns,
  redemptionColumns,
  returnColumns,
  rowParameters,
  transactionColumns,
  transferColumns,
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
const changedAccount = pick(accountColumns, 'id', 'balance', 'endsAt', 'dueAt', 'revision')
const changedLot = pick(
  lotColumns,
  'id',
  'kind',
  'remaining',
  'short',
  'activeAt',
  'awaits',
  'expiresAt',
  'slides',
  'dueAt',
)
const movedLot = pick(lotColumns, 'id', 'remaining')
const changedProgrammeMember = pick(
  programmeMemberColumns,
  'holderId',
  'programmeId',
  'leftAt',
  'source',
  'terms',
  'tier',
  'tierSince',
  'tierUntil',
  'fallsTo',
  'householdId',
  'dueAt',
  'revision',
)
const changedHousehold = pick(householdColumns, 'id', 'name', 'members', 'revision', 'updatedAt')
const householdPeopleColumns = { holderId: 'text', householdId: 'text' } as const
const changedPack = pick(
  packColumns,
  'id',
  'state',
  'revision',
  'touched',
  'renewedAt',
  'expiresAt',
  'entries',
  'lastSequence',
  'closesAt',
  'endedAt',
  'endedBy',
)
const changedEntry = pick(entryColumns, 'packId', 'id', 'state', 'body', 'differences')
const answerColumns = { keyHash: 'text', bodyHash: 'text', status: 'int4', answer: 'text' } as const

// What most orders and uses have nothing of stays with the column's default: each column more is a list more to send and take apart.
const { returned: _returned, asThen: _asThen, ...plainOrder } = orderColumns
const { given: _given, arm: _arm, returned: _givenBack, ...plainUse } = redemptionColumns
const plainCauses = [
  'orderId',
  'returnId',
  'messageId',
  'decisionId',
  'offerId',
  'offerVersion',
  'location',
  'reason',
  'reverses',
  'endsHold',
] as const
const plainTransaction = Object.fromEntries(
  Object.entries(transactionColumns).filter(([field]) => !plainCauses.some(it => it === field)),
) as Omit<typeof transactionColumns, (typeof plainCauses)[number]>
const { short: _short, activeAt: _activeAt, awaits: _awaits, slides: _slides, ...lotToSpend } = lotColumns
const { offerId: _offerId, orderId: _orderId, ...plainLot } = lotToSpend
const isPlainLot = ({ short, activeAt, awaits, slides, offerId, orderId }: Lot): boolean =>
  short === 0 && activeAt === null && awaits === null && !slides && offerId === null && orderId === null
const isPlainTransaction = (it: Transaction): boolean => plainCauses.every(field => it[field] === null)
const isPlainOrder = ({ returned, asThen }: StoredOrder): boolean => returned === null && asThen === null
const isPlainUse = ({ given, arm, returned }: StoredRedemption): boolean =>
  given === null && arm === null && returned === 0

const decidedAdjustment = pick(adjustmentColumns, 'id', 'state', 'decidedBy', 'decidedAt', 'transactionId')

const changedGiftCard = pick(
  giftCardColumns,
  'id',
  'state',
  'holderId',
  'activatedAt',
  'expiresAt',
  'blockedAt',
  'blockedFor',
  'revision',
)
const endedHold = pick(openHoldColumns, 'ownerId', 'transactionId')

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
  newProgrammeMembers: {
    sql: insertSql('programme_members', programmeMemberColumns),
    columns: programmeMemberColumns,
  },
  programmeMembers: {
    sql: updateSql('programme_members', changedProgrammeMember, ['holderId', 'programmeId']),
    columns: changedProgrammeMember,
  },
  newHouseholds: { sql: insertSql('households', householdColumns), columns: householdColumns },
  households: { sql: updateSql('households', changedHousehold, ['id']), columns: changedHousehold },
  newHouseholdPeople: {
    // Whoever comes back to it was in it before.
    sql: `${insertSql('household_people', householdPeopleColumns)} on conflict do nothing`,
    columns: householdPeopleColumns,
    mustAffectAll: false,
  },
  newAccounts: { sql: insertSql('accounts', accountColumns), columns: accountColumns },
  // Another process may have changed one whose owner this batch did not lock: then it is decided again.
  accounts: {
    sql: `${updateSql('accounts', changedAccount, ['id'])} and t.revision = u.revision - 1`,
    columns: changedAccount,
  },
  newLots: { sql: insertSql('lots', lotColumns, { live: 'u.remaining > 0' }), columns: lotColumns },
  plainLots: { sql: insertSql('lots', plainLot, { live: 'u.remaining > 0' }), columns: plainLot },
  lots: { sql: updateSql('lots', changedLot, ['id'], { live: 'u.remaining > 0' }), columns: changedLot },
  movedLots: { sql: updateSql('lots', movedLot, ['id'], { live: 'u.remaining > 0' }), columns: movedLot },
  newTransactions: {
    sql: insertSql('transactions', transactionColumns, { schema_version: '1' }),
    columns: transactionColumns,
  },
  plainTransactions: {
    sql: insertSql('transactions', plainTransaction, { schema_version: '1' }),
    columns: plainTransaction,
  },
  newPostings: { sql: insertSql('postings', postingColumns), columns: postingColumns },
  newOpenHolds: { sql: insertSql('open_holds', openHoldColumns), columns: openHoldColumns },
  endedHolds: { sql: deleteSql('open_holds', endedHold), columns: endedHold, mustAffectAll: false },
  newGiftCards: { sql: insertSql('gift_cards', giftCardColumns), columns: giftCardColumns },
  giftCards: { sql: updateSql('gift_cards', changedGiftCard, ['id']), columns: changedGiftCard },
  newAdjustments: { sql: insertSql('adjustments', adjustmentColumns), columns: adjustmentColumns },
  // Two keys that decide at once, in two processes: the second finds none that is proposed still, and is decided again.
  adjustments: {
    sql: `${updateSql('adjustments', decidedAdjustment, ['id'])} and t.state = 'proposed'`,
    columns: decidedAdjustment,
  },
  newTransfers: { sql: insertSql('transfers', transferColumns), columns: transferColumns },
  newReturns: { sql: insertSql('returns', returnColumns, { schema_version: '1' }), columns: returnColumns },
  newExposures: { sql: insertSql('exposures', exposureColumns), columns: exposureColumns },
  newDraws: { sql: insertSql('draws', drawColumns), columns: drawColumns },
  newDecisions: { sql: insertSql('decisions', decisionColumns, { schema_version: '1' }), columns: decisionColumns },
  newEvents: { sql: insertSql('events', eventColumns, { schema_version: '1' }), columns: eventColumns },
  newPacks: { sql: insertSql('packs', packColumns), columns: packColumns },
  // Another process may have changed one that this batch did not know of when it took its locks.
  packs: { sql: `${updateSql('packs', changedPack, ['id'])} and t.touched = u.touched - 1`, columns: changedPack },
  newLeases: { sql: insertSql('leases', leaseColumns), columns: leaseColumns },
  leases: { sql: updateSql('leases', leaseColumns, ['packId', 'offerId', 'bucket']), columns: leaseColumns },
  newEntries: { sql: insertSql('pack_entries', entryColumns), columns: entryColumns },
  entries: {
    sql: `${updateSql('pack_entries', changedEntry, ['packId', 'id'])} and t.state = 'waiting'`,
    columns: changedEntry,
  },
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

const memberAt = (world: World, key: string) => {
  const [holderId, programmeId] = key.split('\n') as [string, string]
  return world.programmeMembers.get(holderId)!.get(programmeId)!
}

/** Whose value a hold of an order holds. */
const held = ({ book }: World, holdId: string): readonly OpenHold[] => {
  const orderId = book.transactions.get(holdId)?.orderId
  if (orderId == null) return []
  const owners = book.postings.get(holdId)!.flatMap(it => (it.accountId.endsWith('/held') ? ownerOf(it.accountId) : []))
  return owners.map(ownerId => ({ ownerId, transactionId: holdId, orderId }))
}

const openHolds = (world: World): readonly OpenHold[] =>
  world.book.changes.newTransactions.flatMap(it => (isOpenHold(world, it) ? held(world, it.id) : []))

const endedHolds = (world: World): readonly OpenHold[] =>
  world.book.changes.newTransactions.flatMap(it => (it.endsHold === null ? [] : held(world, it.endsHold)))

/**
 * Saves what a batch changed, a statement a table, in a fixed order of tables and, where two batches may insert the same
 * key, of keys: whoever has to wait for another's row never holds one that the other waits for.
 */
export const save = async (tx: Queryable, world: World): Promise<void> => {
  const { changes, book } = world
  const unsavedUses = [...changes.newRedemptions].sort(
    by(use => `${use.code ?? '~'}\n${use.offerId}\n${String(use.useNo ?? 0).padStart(8, '0')}\n${use.orderId}`),
  )
  const counted = [...changes.counters].sort()
  const counterRow = (key: string) => ({ ...counterParts(key), ...world.counters.get(key)! })
  const newLots = [...book.changes.newLots].map(id => book.lots.get(id)!)
  const newOrders = [...changes.newOrders].sort().map(id => world.orders.get(id)!)
  const rows: readonly [keyof typeof saves, readonly object[]][] = [
    ['newHolders', [...changes.newHolders.values()].sort(by(it => `${it.type}:${it.value}`))],
    ['newLinks', [...changes.newLinks].sort().map(key => world.links.get(key)!)],
    ['links', [...changes.links].sort().map(key => world.links.get(key)!)],
    // Before those that are new: one that is taken away and wished for again in one commit has another cause.
    ['removedNeverMerge', [...changes.removedNeverMerge].sort(by(it => pairKey(it.a, it.b)))],
    ['newNeverMerge', [...changes.newNeverMerge].sort(by(it => pairKey(it.a, it.b)))],
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
    ['newPacks', [...changes.newPacks].sort().map(id => world.packs.get(id)!)],
    ['packs', [...changes.packs].sort().map(id => world.packs.get(id)!)],
    ['newLeases', [...changes.newLeases].sort().map(key => world.leases.get(key)!)],
    ['leases', [...changes.leases].sort().map(key => world.leases.get(key)!)],
    ['newEntries', [...changes.newEntries].sort().map(key => world.entries.get(key)!)],
    ['entries', [...changes.entries].sort().map(key => world.entries.get(key)!)],
    ['newProgrammeMembers', [...changes.newProgrammeMembers].sort().map(key => memberAt(world, key))],
    ['programmeMembers', [...changes.programmeMembers].sort().map(key => memberAt(world, key))],
    ['newHouseholds', [...changes.newHouseholds].sort().map(id => world.households.get(id)!)],
    ['households', [...changes.households].sort().map(id => world.households.get(id)!)],
    ['newHouseholdPeople', [...changes.newHouseholdPeople].sort(by(it => pairKey(it.holderId, it.householdId)))],
    ['newAccounts', [...book.changes.newAccounts].sort().map(id => book.accounts.get(id)!)],
    ['accounts', [...book.changes.accounts].sort().map(id => book.accounts.get(id)!)],
    [newLots.every(isPlainLot) ? 'plainLots' : 'newLots', newLots],
    ['lots', [...book.changes.lots].map(id => book.lots.get(id)!)],
    ['movedLots', [...book.changes.movedLots].filter(id => !book.changes.lots.has(id)).map(id => book.lots.get(id)!)],
    [
      book.changes.newTransactions.every(isPlainTransaction) ? 'plainTransactions' : 'newTransactions',
      book.changes.newTransactions,
    ],
    ['newPostings', book.changes.newPostings],
    ['newOpenHolds', openHolds(world)],
    ['endedHolds', endedHolds(world)],
    ['newGiftCards', [...changes.newGiftCards].sort().map(code => world.giftCards.get(code)!)],
    ['giftCards', [...changes.giftCards].map(code => world.giftCards.get(code)!)],
    ['newAdjustments', [...changes.newAdjustments].sort().map(id => world.adjustments.get(id)!)],
    ['adjustments', [...changes.adjustments].sort().map(id => world.adjustments.get(id)!)],
    ['newTransfers', changes.newTransfers],
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
