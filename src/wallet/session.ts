import { createContext, useContext } from 'react'
import { type Answer, publicly, useAnswer } from './answers.ts'
import { api } from './api.ts'

export type Session = Awaited<ReturnType<typeof api.getWalletSession>>
export type Settings = Awaited<ReturnType<typeof api.getWalletSettings>>
export type Wallet = Awaited<ReturnType<typeof api.getWallet>>
export type WalletProgramme = Wallet['programmes'][number]
export type Moment = Awaited<ReturnType<typeof api.decideMoment>>

const remembered = 'tessera.wallet.workspace'

/** Whose customer the reader is: as the address says (`?workspace=`), else as it said before. */
export const workspaceOfAddress = (): string => {
  const asked = new URLSearchParams(location.search).get('workspace')
  try {
    if (asked !== null) localStorage.setItem(remembered, asked)
    return asked ?? localStorage.getItem(remembered) ?? 'default'
  } catch {
    return asked ?? 'default' // a browser that keeps nothing
  }
}

/** Who is signed in; only pages behind the door use it. */
export const SessionContext = createContext<Session | undefined>(undefined)

export const useSession = (): Session => {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('this page is behind the door')
  return session
}

/** What the customer has. */
export const useWallet = (): Answer<Wallet> => {
  const { person } = useSession()
  return useAnswer('wallet', () => api.getWallet(person))
}

/** Of the business: its name, colours, programmes. */
export const useSettings = (workspace: string): Answer<Settings> =>
  useAnswer(`${publicly}${workspace}`, () => api.getWalletSettings({ workspace }))

/** What she may use or take here and now. */
export const useMoment = (): Answer<Moment> => {
  const { person } = useSession()
  return useAnswer('moment', () => api.decideMoment({ ...atHome, person, limit: 50, record: true }))
}

/** How the wallet asks for offers: as an app that shows its first page. */
export const atHome = { channel: 'app', moment: 'wallet' } as const

/** Who she is to the business. */
export const usePerson = () => {
  const { person } = useSession()
  return useAnswer('person', () => api.getPerson(person))
}
