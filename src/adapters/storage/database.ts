/**
 * The storage port: PostgreSQL, spoken as SQL. Two implementations (an embedded one in a worker thread, and a server
 * reached by `DATABASE_URL`) pass one conformance suite, `database.conformance.test.ts`.
 *
 * Values out: int8 → `number` (throws outside ±(2^53 − 1)), timestamptz → epoch milliseconds as `number`,
 * json and jsonb → parsed, text/bool as they are. Values in: epoch milliseconds go through `to_timestamp($1/1000.0)` or,
 * for arrays, as ISO strings cast `::timestamptz[]`; JSON goes in as text cast in the SQL.
 */
export type Row = Record<string, unknown>

export interface Queryable {
  /** Runs one statement. `name` asks for a prepared statement: same name, same text, for the life of the database. */
  query<R extends Row = Row>(
    sql: string,
    params?: readonly unknown[],
    name?: string,
  ): Promise<{ rows: R[]; affected: number }>
  /** Runs a script of statements without parameters. */
  script(sql: string): Promise<void>
}

export interface Database extends Queryable {
  readonly kind: 'pglite' | 'postgres'
  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects (and rejects with the same error).
   * Durable once it resolves: what was committed survives SIGKILL of this process.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** SQLSTATE of an error that PostgreSQL reported, e.g. `23505` for a unique conflict, `40P01` for a deadlock; undefined for anything else. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
