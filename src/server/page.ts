import { no, ok, type Result } from '../core/kernel/refusal.ts'
import { invalidInput } from './http/problem.ts'

/** One page of a list that is ordered by a text key; the cursor is the last key, opaque to callers. */
export type Page<T> = { readonly data: T[]; readonly nextCursor: string | null }

/**
 * Where a page starts: after this key, '' for the first page.
 *
 *     startAfter('b2ZmXzAx')   // { ok: true, value: 'off_01' }
 */
export const startAfter = (cursor: string | undefined): Result<string> => {
  if (cursor === undefined) return ok('')
  const bytes = Buffer.from(cursor, 'base64url')
  const key = bytes.toString('utf8')
  // Nothing that a page ever gave: a typo must not silently start somewhere else, and NUL is no text to PostgreSQL.
  return key !== '' && !key.includes('\0') && Buffer.from(key).toString('base64url') === cursor
    ? ok(key)
    : no(invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]))
}

/** Where the next page begins, opaque to callers; null: there is none. */
export const cursorOf = (place: string | null): string | null =>
  place === null ? null : Buffer.from(place).toString('base64url')

/**
 * Cuts a page out of `limit + 1` rows: the one too many tells that there is more.
 *
 *     makePage(rows, 2, row => row.id, answerFrom)   // { data: [ … two … ], nextCursor: 'b2ZmXzAy' }
 */
export const makePage = <R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => string,
  answer: (row: R) => T,
): Page<T> => {
  const shown = rows.slice(0, limit)
  return {
    data: shown.map(answer),
    nextCursor: cursorOf(rows.length > limit ? keyOf(shown.at(-1)!) : null),
  }
}
