import { useCall } from '../../faces/queries.ts'
import { useSession } from '../../faces/session.ts'
import type { Workspace } from '../../sdk/index.ts'

/** The workspace that is looked at, with its currency and time zone; undefined until it is known. */
export const useWorkspace = (): Workspace | undefined => {
  const { data: session } = useSession()
  const id = session?.workspace.id ?? ''
  return useCall('getWorkspace', [id], { enabled: id !== '', staleMs: 60_000 }).data
}
