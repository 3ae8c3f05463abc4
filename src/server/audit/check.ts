import type { Database } from '../../adapters/storage/database.ts'
import type { AuditFinding } from '../../contract/audits.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'

/** What a check looks at. */
export type Audited = {
  readonly database: Database
  readonly workspace: Workspace
  readonly now: number
}

/** A piece of a check: how many rows it looked at, what was off, and where the next begins; null: that was the last. */
export type Piece = {
  readonly rows: number
  readonly findings: readonly AuditFinding[]
  readonly after: string | null
}

/**
 * One thing that must hold of the stored rows, looked at in pieces by key. Each statement is short, because the embedded store has one
 * connection; and judges only what it sees itself, at one instant, because everybody goes on working meanwhile.
 */
export type Check = {
  readonly name: string
  /** A sentence without a full stop: what holds where nothing is found. */
  readonly holds: string
  readonly piece: (audited: Audited, after: string) => Promise<Piece>
}

/** What is off, as its statement says it. */
export type FindingRow = {
  readonly what: string | null
  readonly subject: string
  readonly is: number
  readonly should: number
  readonly of: string | null
}

type Sentence = (row: FindingRow) => string

/** Findings of rows by what they found; rows without one stand for a piece in which nothing is off. */
export const findingsOf = (
  promise: AuditFinding['promise'],
  rows: readonly FindingRow[],
  says: Readonly<Record<string, Sentence>>,
): AuditFinding[] =>
  rows.flatMap(row =>
    row.what === null
      ? []
      : [{ promise, what: row.what, subject: row.subject, is: row.is, should: row.should, says: says[row.what]!(row) }],
  )
