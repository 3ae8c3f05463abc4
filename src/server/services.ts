import type { Database } from '../adapters/storage/database.ts'
import type { LiveCatalogues } from './catalogue.ts'
import type { Writer } from './commit/writer.ts'
import type { SourceLog } from './sources/source-log.ts'
import type { Clock, Workspaces } from './workspaces.ts'

/** What handlers work with. Time and randomness come in here, so that tests can replace them. */
export type Services = {
  readonly database: Database
  /**
   * The real time, or that in a workspace: a demo has a clock of its own. What is about access (sessions, keys, links, tries) goes by the
   * real time; `call.now` is that in the caller's workspace.
   */
  readonly clock: Clock
  /** Cryptographically secure. */
  readonly random: (bytes: number) => Uint8Array
  readonly workspaces: Workspaces
  /** Offers, segments and computed traits in memory. */
  readonly catalogues: LiveCatalogues
  /** Hot writes: orders and events join the next group commit. */
  readonly writer: Writer
  /** What comes from where. */
  readonly sources: SourceLog
  readonly adminKey: string
}
