import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../../adapters/storage/database.ts'
import type { CodePurpose } from '../../contract/wallet-session.ts'
import { makeId } from '../../core/kernel/id.ts'
import type { Result } from '../../core/kernel/refusal.ts'
import { type Identifier, normalizeIdentifier } from '../../core/people/identifier.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import { hashFor, type KnownWorkspace } from '../workspaces.ts'

const codeMinutes = 10
const triesOfCode = 5
const outboxDays = 7
const rowsAtOnce = 1000

/** What a code proves: that whoever has it reads what comes to this address. */
export type ToProve = {
  readonly of: KnownWorkspace
  readonly address: Pick<Identifier, 'type' | 'value'>
  readonly purpose: CodePurpose
}

/**
 * An address as people type it: what has an @ is an e-mail address, all else a phone number.
 *
 *     addressOf('Ana@example.com', workspace)   // { type: 'email', value: 'ana@example.com', … }
 */
export const addressOf = (text: string, { country }: Workspace): Result<Identifier> =>
  normalizeIdentifier(text.includes('@') ? 'email' : 'phone', text, country === undefined ? {} : { country })

const addressHash = ({ of, address }: ToProve): string =>
  hashFor(of.secret, `wallet-address\n${address.type}:${address.value}`)

const codeHash = ({ of, address, purpose }: ToProve, code: string): string =>
  hashFor(of.secret, `wallet-code\n${purpose}\n${address.type}:${address.value}\n${code}`)

/** Six digits, each as likely as any other: 2^32 is cut to a multiple of a million. */
const drawCode = (random: (bytes: number) => Uint8Array): string => {
  const most = Math.floor(2 ** 32 / 1_000_000) * 1_000_000
  for (;;) {
    const drawn = Buffer.from(random(4)).readUInt32BE()
    if (drawn < most) return String(drawn % 1_000_000).padStart(6, '0')
  }
}

/** Makes a code, which the message alone tells; the one before is good no longer. Answers when it ends. */
export const sendCode = async (
  database: Database,
  asked: ToProve,
  {
    now,
    random,
    message,
  }: {
    readonly now: number
    readonly random: (bytes: number) => Uint8Array
    readonly message: (code: string) => string
  },
): Promise<number> => {
  const { of, address, purpose } = asked
  const workspaceId = of.workspace.id
  const code = drawCode(random)
  const endsAt = now + codeMinutes * 60_000
  await database.transaction(async tx => {
    await tx.query(
      `insert into wallet_codes (workspace_id, address_hash, purpose, hash, ends_at)
       values ($1, $2, $3, $4, to_timestamp($5 / 1000.0))
       on conflict (workspace_id, address_hash, purpose) do update set hash = excluded.hash, tries = 0, ends_at = excluded.ends_at`,
      [workspaceId, addressHash(asked), purpose, codeHash(asked, code), endsAt],
    )
    await tx.query(
      `insert into outbox (workspace_id, id, at, type, value, text, purpose)
       values ($1, $2, to_timestamp($3 / 1000.0), $4, $5, $6, $7)`,
      [workspaceId, makeId('msg', now, random(10)), now, address.type, address.value, message(code), purpose],
    )
  })
  return endsAt
}

/**
 * Whether this is the code that was sent, which is used up by it. A try is counted, and committed, before anything is compared, so that
 * those that run at once count as those one after the other.
 */
export const useCode = async (database: Database, asked: ToProve, code: string, now: number): Promise<boolean> => {
  const place = [asked.of.workspace.id, addressHash(asked), asked.purpose]
  const { rows } = await database.query<{ hash: string }>(
    `update wallet_codes set tries = tries + 1
     where workspace_id = $1 and address_hash = $2 and purpose = $3 and tries < $4 and ends_at > to_timestamp($5 / 1000.0)
     returning hash`,
    [...place, triesOfCode, now],
  )
  const given = codeHash(asked, code)
  if (!rows[0] || !timingSafeEqual(Buffer.from(rows[0].hash), Buffer.from(given))) return false
  const { affected } = await database.query(
    'delete from wallet_codes where workspace_id = $1 and address_hash = $2 and purpose = $3 and hash = $4',
    [...place, given],
  )
  return affected === 1
}

/** Forgets messages, codes and sessions that have ended, in short commits. */
export const pruneWallets = async (database: Database, now: number, signal: AbortSignal): Promise<void> => {
  const old = [
    ['outbox', 'at', now - outboxDays * 86_400_000],
    ['wallet_codes', 'ends_at', now],
    ['wallet_sessions', 'ends_at', now],
  ] as const
  for (const [table, column, before] of old) {
    let deleted = rowsAtOnce
    while (deleted === rowsAtOnce && !signal.aborted) {
      const { affected } = await database.query(
        `delete from ${table} where ctid = any(array(
           select ctid from ${table} where ${column} < to_timestamp($1 / 1000.0) order by ${column} limit $2))`,
        [before, rowsAtOnce],
      )
      deleted = affected
    }
  }
}
