import type { Queryable } from '../../adapters/storage/database.ts'
import type { Exposure } from '../../core/loop/world.ts'

/** When these holders were first met by campaigns, and in which arm. */
export const readExposures = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
): Promise<readonly Exposure[]> => {
  const { rows } = await source.query<Exposure>(
    `select holder_id as "holderId", campaign_id as "campaignId", arm, at from exposures
     where workspace_id = $1 and holder_id = any($2::text[])`,
    [workspaceId, holderIds],
  )
  return rows
}
