import type { Queryable } from '../adapters/storage/database.ts'

/**
 * Raises the version of a workspace's catalogue and returns it, to be stamped on the rows that change in this transaction.
 * Call it first: it locks the workspace's row, so changes of one catalogue happen one after the other, their versions become
 * visible in order, and two of them cannot wait for each other crosswise.
 *
 *     const version = await raiseCatalogueVersion(tx, 'default')   // 42
 */
export const raiseCatalogueVersion = async (tx: Queryable, workspaceId: string): Promise<number> => {
  const { rows } = await tx.query<{ version: number }>(
    'update workspaces set catalogue_version = catalogue_version + 1 where id = $1 returning catalogue_version as version',
    [workspaceId],
  )
  return rows[0]!.version
}
