import { useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useSession } from '../../faces/session.ts'
import type { Workspace } from '../../sdk/index.ts'

/** The workspace that is looked at, with its currency and time zone; undefined until it is known. */
export const useWorkspace = (): Workspace | undefined => {
  const { data: session } = useSession()
  const id = session?.workspace.id ?? ''
  return useCall('getWorkspace', [id], { enabled: id !== '', staleMs: 60_000 }).data
}

/** When the page was opened by the clock of the workspace, which of a demo may be ahead: epoch milliseconds. Undefined until it is known. */
export const useNowMs = (): number | undefined => {
  const [openedMs] = useState(Date.now)
  const workspace = useWorkspace()
  return workspace && openedMs + 1000 * (workspace.demo?.aheadSeconds ?? 0)
}
