import type { getAccount, getTransaction, listAccounts, listPostings } from '../../contract/accounts.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import type { Asset, HouseAccount } from '../../core/ledger/account.ts'
import { ledgerRefusals } from '../../core/ledger/refusals.ts'
import {
  type AccountRow,
  type AsOf,
  accountAnswer,
  balanceAt,
  houseAccount,
  houseAccountsOf,
  isHouseAccount,
  type PostingKey,
  type PostingRow,
  postingAnswer,
  readAccount,
  readAccounts,
  readPostings,
} from '../accounts/read-accounts.ts'
import { readTransaction } from '../accounts/read-transaction.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, type Page, startAfter } from '../page.ts'
import { findPerson } from '../people/find-person.ts'
import type { Services } from '../services.ts'

type Asked = { readonly at?: string | undefined; readonly effective?: boolean | undefined }

/** What is asked of the past; undefined: as it is. */
const asOf = ({ at, effective = false }: Asked): AsOf | undefined =>
  at === undefined ? undefined : { at: parseInstant(at)!, effective }

/** Where a statement goes on: the last posting of the page before, and what the account came to before it. */
type Line = PostingKey & { readonly balance: number | null }

const lineOf = (key: string): Line | undefined => {
  const [at = '', transaction_id = '', seq = '', balance = ''] = key.split(' ')
  const numbers = [Number(at), Number(seq), Number(balance)]
  return transaction_id !== '' && numbers.every(Number.isSafeInteger) && numbers[1]! >= 0 && numbers[1]! < 2 ** 31
    ? { booked_at: numbers[0]!, transaction_id, seq: numbers[1]!, balance: balance === '' ? null : numbers[2]! }
    : undefined
}

const keyOf = ({ booked_at, transaction_id, seq, balance }: Line): string =>
  `${booked_at} ${transaction_id} ${seq} ${balance ?? ''}`

const badCursor = no(invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]))

export const accountsHandlers = ({ database, workspaces }: Pick<Services, 'database' | 'workspaces'>) => {
  const zoneOf = (workspaceId: string): string => workspaces.known(workspaceId).workspace.timeZone

  /** An account's answer, with the balance that is asked for. */
  const answerOf = async (workspaceId: string, row: AccountRow, then: AsOf | undefined) => {
    const answer = accountAnswer(row)
    return then ? { ...answer, balance: await balanceAt(database, workspaceId, row.id, then) } : answer
  }

  const list: Handler<typeof listAccounts> = async ({ query, auth, now }) => {
    const { limit, cursor, person, owner, asset } = query
    const { workspaceId } = auth
    const then = asOf(query)
    if (person !== undefined && owner !== undefined)
      return { refusal: invalidInput([{ pointer: '?owner', message: 'cannot stand beside "person"' }]) }
    if (then && person === undefined && owner === undefined)
      return { refusal: invalidInput([{ pointer: '?at', message: 'needs "person" or "owner"' }]) }
    const after = startAfter(cursor)
    if (!after.ok) return after
    if (owner === 'house') {
      const all = await houseAccountsOf(database, workspaceId, { asset, timeZone: zoneOf(workspaceId) }, then)
      return { json: { data: all, nextCursor: null } }
    }
    let owners = owner === undefined ? undefined : [owner]
    if (person !== undefined) {
      const found = await findPerson(database, workspaces.known(workspaceId).workspace, auth, person, now)
      if (!found.ok) return found
      owners = found.value.holders.map(it => it.id)
    }
    const rows = await readAccounts(database, workspaceId, { owners, asset, after: after.value, limit: limit + 1 })
    const { data, nextCursor } = makePage(
      rows,
      limit,
      row => row.id,
      row => row,
    )
    const answers = []
    for (const row of data) answers.push(await answerOf(workspaceId, row, then))
    return { json: { data: answers, nextCursor } }
  }

  const get: Handler<typeof getAccount> = async ({ params: { owner, asset, kind }, query, auth: { workspaceId } }) => {
    const id = `${owner}/${asset}/${kind}`
    const then = asOf(query)
    if (isHouseAccount(owner, asset, kind)) {
      const named = { asset: asset as Asset, kind: kind as HouseAccount, timeZone: zoneOf(workspaceId) }
      return { json: await houseAccount(database, workspaceId, named, then) }
    }
    const row = await readAccount(database, workspaceId, id)
    if (!row) return { refusal: refuse(ledgerRefusals.account_not_found, { id }) }
    return { json: await answerOf(workspaceId, row, then) }
  }

  const statement: Handler<typeof listPostings> = async ({
    params: { owner, asset, kind },
    query: { limit, cursor },
    auth: { workspaceId },
  }) => {
    const id = `${owner}/${asset}/${kind}`
    const from = statementFrom(cursor)
    if (!from.ok) return from
    if (!isHouseAccount(owner, asset, kind) && !(await readAccount(database, workspaceId, id)))
      return { refusal: refuse(ledgerRefusals.account_not_found, { id }) }
    const rows = await readPostings(database, workspaceId, id, from.value, limit + 1)
    return { json: statementPage(rows, limit, from.value) }
  }

  const transaction: Handler<typeof getTransaction> = async ({ params: { id }, auth: { workspaceId } }) => {
    const found = await readTransaction(database, workspaceId, id)
    return found ? { json: found } : { refusal: refuse(ledgerRefusals.transaction_not_found, { id }) }
  }

  return { listAccounts: list, getAccount: get, listPostings: statement, getTransaction: transaction }
}

const statementFrom = (cursor: string | undefined): Result<Line | undefined> => {
  const after = startAfter(cursor)
  if (!after.ok || after.value === '') return after.ok ? ok(undefined) : after
  const line = lineOf(after.value)
  return line ? ok(line) : badCursor
}

/** Lines with what the account came to after each: as it is now, or was where the page before ended, less what is newer. */
const statementPage = (
  rows: readonly PostingRow[],
  limit: number,
  from: Line | undefined,
): Page<ReturnType<typeof postingAnswer>> => {
  let balance = from ? from.balance : (rows[0]?.balance ?? null)
  const lines = rows.map(row => {
    const after = balance
    if (balance !== null) balance -= row.amount
    return { row, after, before: balance }
  })
  return makePage(
    lines,
    limit,
    ({ row, before }) => keyOf({ ...row, balance: before }),
    ({ row, after }) => postingAnswer(row, after),
  )
}
