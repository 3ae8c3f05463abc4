import type { Catalogue } from '../core/loop/world.ts'
import type { Services } from './services.ts'

/** The offers, programmes and segments of a workspace as they are now, whoever changed them last. */
export const catalogueNow = async (
  { catalogues, database }: Pick<Services, 'catalogues' | 'database'>,
  workspaceId: string,
): Promise<Catalogue> => {
  const { rows } = await database.query<{ version: number }>(
    'select catalogue_version as version from workspaces where id = $1',
    [workspaceId],
  )
  return catalogues.atLeast(database, workspaceId, rows[0]!.version)
}
