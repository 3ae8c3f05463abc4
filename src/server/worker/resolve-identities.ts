import type { Database } from '../../adapters/storage/database.ts'
import { resolveAgain } from '../../core/loop/link.ts'
import type { Writer } from '../commit/writer.ts'
import type { Workspaces } from '../workspaces.ts'
import type { ApartKind } from './job-runner.ts'
import { submitPatiently } from './submit-patiently.ts'

/** Holders a step asks again, each with everything that hangs together with it: a batch waits that long at the most. */
const holdersAtOnce = 100

type Place = { readonly after?: string }

/**
 * Who is who under the rules of now, for everybody of a workspace: after its rules changed, and once for a store whose people are older than
 * the rules. Beside orders and events, so that limits stay exact; whoever is linked meanwhile is resolved by the new rules anyway. Doing
 * a step twice changes nothing.
 */
export const resolveIdentities =
  ({
    database,
    workspaces,
    writer,
  }: {
    readonly database: Database
    readonly workspaces: Workspaces
    readonly writer: Writer
  }): ApartKind =>
  async ({ workspaceId, id: cause, params }, signal) => {
    const { after = '' } = params as Place
    const { rows } = await database.query<{ id: string }>(
      'select id from holders where workspace_id = $1 and id > $2 order by id limit $3',
      [workspaceId, after, holdersAtOnce],
    )
    const ids = rows.map(row => row.id)
    const last = ids.at(-1)
    if (last === undefined) return { done: 0, result: {} }
    // The writer knows the workspaces that somebody has asked for.
    await workspaces.get(workspaceId)
    const outcome = await submitPatiently(
      writer,
      {
        workspaceId,
        needs: { holders: ids, components: ids },
        fromBrowser: false,
        weight: holdersAtOnce * 4,
        bytes: 0,
        decide: world => {
          resolveAgain(
            world,
            ids.filter(id => world.holders.has(id)),
            cause,
          )
          return { text: '', status: 200 }
        },
      },
      signal,
    )
    return outcome ? { done: ids.length, params: { after: last } } : { done: 0 }
  }
