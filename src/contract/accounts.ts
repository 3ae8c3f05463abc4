import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { accountKinds, houseAccounts } from '../core/ledger/account.ts'
import { transactionKinds } from '../core/ledger/book.ts'
import { ledgerRefusals } from '../core/ledger/refusals.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personRef } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { flag } from './fields.ts'

const tag = 'Ledger'
const scopes = ['admin', 'secret'] as const

/** Text that may stand in an id. */
const part = z.string().min(1).max(128)
const params = z.strictObject({ owner: part, asset: part, kind: z.enum([...accountKinds, ...houseAccounts]) })

const asOf = {
  at: instant.optional().meta({ description: 'The balance as it was then, by when it was booked' }),
  effective: flag.optional().meta({
    description:
      'With `at`: by when things count from, so that what was booked late, or by the clock, counts when it was due',
  }),
}

export const account = z
  .strictObject({
    id: z.string().meta({ description: 'owner/asset/kind' }),
    owner: z.string().meta({ description: 'A holder, a gift card, or `house`' }),
    asset: z.string(),
    kind: params.shape.kind,
    balance: z.int().meta({
      description:
        'As it is booked. What the clock has to do by now is booked before anything else happens to the account.',
    }),
    floor: z.int().nullable().meta({ description: 'It never falls below; null: nothing bounds it' }),
    dueAt: instant.nullable().meta({ description: 'Nothing in it becomes active or ends before' }),
    openedAt: instant.nullable().meta({ description: 'null: of the house' }),
  })
  .meta({ id: 'Account' })

const cause = z
  .strictObject({
    holder: z.string(),
    order: z.string(),
    return: z.string(),
    message: z.string().meta({ description: 'Of the event' }),
    decision: z.string(),
    offer: z.string(),
    offerVersion: z.int(),
    channel: z.string(),
    location: z.string(),
    actor: z.string().meta({ description: 'Key id; left out: the clock' }),
    reason: z.string(),
  })
  .partial()

export const posting = z
  .strictObject({
    transaction: z.string(),
    kind: z.enum(transactionKinds),
    amount: z.int(),
    balance: z.int().nullable().meta({ description: 'Of the account after it; null: not told of the house' }),
    lot: z.string().nullable().meta({ description: 'In main and pending accounts' }),
    effectiveAt: instant.meta({ description: 'When it counts from' }),
    bookedAt: instant,
    period: z.string().meta({ description: 'The month it is booked in' }),
    cause,
    reverses: z.string().nullable().meta({ description: 'The transaction it takes back, or a part of it' }),
    endsHold: z.string().nullable(),
  })
  .meta({ id: 'Posting' })
export type PostingAnswer = z.output<typeof posting>

/** One side of a transaction. */
export const leg = z.strictObject({
  account: z.string(),
  asset: z.string(),
  amount: z.int(),
  lot: z.string().nullable(),
})

const txnId = z.string().regex(/^txn_[0-9a-hjkmnp-tv-z]{26}$/, 'must be a transaction id (txn_…)')

const transaction = z
  .strictObject({
    id: txnId,
    kind: posting.shape.kind,
    effectiveAt: posting.shape.effectiveAt,
    bookedAt: instant,
    period: posting.shape.period,
    cause,
    adjustment: z.string().nullable().meta({ description: 'By hand: what was adjusted' }),
    transfer: z.string().nullable().meta({ description: 'Given by one person to another' }),
    reverses: posting.shape.reverses,
    reversedBy: z
      .array(z.string())
      .meta({ description: 'Transactions that take it back, or parts of it, the oldest first; at most 100' }),
    endsHold: posting.shape.endsHold,
    endedBy: z.string().nullable().meta({ description: 'Of a hold: the transaction that ended it; null: none did' }),
    postings: z.array(leg).meta({ description: 'They sum to zero for each asset; the first 1,000' }),
    postingsTotal: z.int().meta({ description: 'So many there are' }),
  })
  .meta({ id: 'Transaction' })
export type TransactionAnswer = z.output<typeof transaction>

const id = 'hol_01kjm6jm000000000000000000/points:club/main'
const path = { params: { owner: 'hol_01kjm6jm000000000000000000', asset: 'points:club', kind: 'main' as const } }
const example: z.output<typeof account> = {
  id,
  owner: path.params.owner,
  asset: 'points:club',
  kind: 'main',
  balance: 120,
  floor: 0,
  dueAt: '2027-03-01T23:00:00.000Z',
  openedAt: '2026-03-01T08:00:00.000Z',
}

export const listAccounts = defineEndpoint({
  name: 'listAccounts',
  method: 'GET',
  path: '/v1/accounts',
  summary: 'Accounts of a person, of an owner, of the house, or all',
  description:
    'An owner has up to four accounts of an asset: `main` can be spent, `pending` not yet, `held` is set aside, and `debt` is owed. The accounts of ' +
    'the house say where value came from and where it went: together with all others they come to zero.',
  tag,
  scopes,
  query: pageQuery.extend({
    person: personRef.optional().meta({ description: 'Those of all her holders' }),
    owner: part.optional().meta({ description: 'Of one holder or gift card, or `house`' }),
    asset: part.optional(),
    ...asOf,
  }),
  answer: { 200: pageOf(account) },
  refusals: [peopleRefusals.person_not_found],
  example: { query: { person: 'email:ana@example.com' }, answer: { data: [example], nextCursor: null } },
})

export const getAccount = defineEndpoint({
  name: 'getAccount',
  method: 'GET',
  path: '/v1/accounts/{owner}/{asset}/{kind}',
  summary: 'An account, now or as of any instant',
  tag,
  scopes,
  params,
  query: z.strictObject(asOf),
  answer: { 200: account },
  refusals: [ledgerRefusals.account_not_found],
  example: { ...path, query: { at: '2026-03-31T22:00:00Z' }, answer: example },
})

export const listPostings = defineEndpoint({
  name: 'listPostings',
  method: 'GET',
  path: '/v1/accounts/{owner}/{asset}/{kind}/postings',
  summary: 'The statement of an account, newest first',
  description: 'Postings are never changed or deleted: what is taken back is a posting of its own.',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(posting) },
  refusals: [ledgerRefusals.account_not_found],
  example: {
    ...path,
    query: { limit: 100 },
    answer: {
      data: [
        {
          transaction: 'txn_01kjm6jm000000000000000000',
          kind: 'earn',
          amount: 120,
          balance: 120,
          lot: 'lot_01kjm6jm000000000000000000',
          effectiveAt: '2026-03-01T08:00:00.000Z',
          bookedAt: '2026-03-01T08:00:00.000Z',
          period: '2026-03',
          cause: { order: 'web-1001', offer: 'off_01kjm6jm000000000000000000', offerVersion: 1, channel: 'web' },
          reverses: null,
          endsHold: null,
        },
      ],
      nextCursor: null,
    },
  },
})

const txn = 'txn_01kjm6jm000000000000000000'
const asset = 'points:club'
const lot = 'lot_01kjm6jm000000000000000000'

export const getTransaction = defineEndpoint({
  name: 'getTransaction',
  method: 'GET',
  path: '/v1/transactions/{id}',
  summary: 'A transaction of the ledger: all its postings, and what it came of',
  tag,
  scopes,
  params: z.strictObject({ id: txnId }),
  answer: { 200: transaction },
  refusals: [ledgerRefusals.transaction_not_found],
  example: {
    params: { id: txn },
    answer: {
      id: txn,
      kind: 'earn',
      effectiveAt: '2026-03-01T08:00:00.000Z',
      bookedAt: '2026-03-01T08:00:00.000Z',
      period: '2026-03',
      cause: { order: 'web-1001', offer: 'off_01kjm6jm000000000000000000', offerVersion: 1, channel: 'web' },
      adjustment: null,
      transfer: null,
      reverses: null,
      reversedBy: [],
      endsHold: null,
      endedBy: null,
      postings: [
        { account: 'house/points:club/earned', asset, amount: -120, lot: null },
        { account: id, asset, amount: 120, lot },
      ],
      postingsTotal: 2,
    },
  },
})

export const accountEndpoints = [listAccounts, getAccount, listPostings, getTransaction] as const
