import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react'
import type { Question } from './confirm-dialog.tsx'

const Dialog = lazy(() => import('./confirm-dialog.tsx'))

type Ask = (question: Question) => Promise<boolean>

const ConfirmContext = createContext<Ask>(() => Promise.resolve(false))

/**
 * A plain question before what cannot be undone.
 *
 *     const confirm = useConfirm()
 *     if (await confirm({ title: 'End the offer?', text: '…', action: 'End it', isFinal: true })) …
 */
export const useConfirm = (): Ask => useContext(ConfirmContext)

export const ConfirmProvider = ({ children }: { readonly children: ReactNode }) => {
  const [asked, setAsked] = useState<Question & { readonly answer: (yes: boolean) => void }>()
  const [isOpen, setOpen] = useState(false)
  const ask: Ask = question =>
    new Promise(answer => {
      setAsked({ ...question, answer })
      setOpen(true)
    })
  const answer = (yes: boolean): void => {
    asked?.answer(yes)
    setOpen(false)
  }
  return (
    <ConfirmContext value={ask}>
      {children}
      <Suspense fallback={null}>
        {asked && <Dialog key={asked.title} question={asked} isOpen={isOpen} onAnswer={answer} />}
      </Suspense>
    </ConfirmContext>
  )
}
