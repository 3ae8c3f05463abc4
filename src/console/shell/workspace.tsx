import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { createApi } from '../../faces/api.ts'
import { ApiContext } from '../../faces/queries.ts'

const remembered = 'tessera.workspace'
const ChooseContext = createContext<(workspace: string | undefined) => void>(() => undefined)

const readRemembered = (): string | undefined => {
  try {
    return localStorage.getItem(remembered) ?? undefined
  } catch {
    return undefined // a browser that keeps nothing
  }
}

/** Gives everything below it the API of the workspace that was chosen here last; the member's first where none was. */
export const WorkspaceProvider = ({ children }: { readonly children: ReactNode }) => {
  const [workspace, setWorkspace] = useState(readRemembered)
  const value = useMemo(
    () => ({ api: createApi(workspace === undefined ? {} : { workspace }), workspace }),
    [workspace],
  )
  const choose = (chosen: string | undefined): void => {
    try {
      if (chosen === undefined) localStorage.removeItem(remembered)
      else localStorage.setItem(remembered, chosen)
    } catch {
      // As it is for this visit.
    }
    setWorkspace(chosen)
  }
  return (
    <ChooseContext value={choose}>
      <ApiContext value={value}>{children}</ApiContext>
    </ChooseContext>
  )
}

export const useChooseWorkspace = (): ((workspace: string | undefined) => void) => useContext(ChooseContext)
