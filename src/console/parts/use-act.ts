import { useConfirm } from './confirm.tsx'
import type { Question } from './confirm-dialog.tsx'
import { useNotices } from './notices.tsx'

/**
 * Does what a click asked for, after a question where one is given, and tells how it went.
 *
 *     const act = useAct()
 *     act(() => revoke.mutateAsync([id]), 'The key has ended.', { title: 'End the key?', text: '…', action: 'End it' })
 */
export const useAct = () => {
  const confirm = useConfirm()
  const notices = useNotices()
  return async (work: () => Promise<unknown>, done: string, question?: Question): Promise<void> => {
    try {
      if (question && !(await confirm(question))) return
      await work()
      notices.done(done)
    } catch (error) {
      notices.failed(error)
    }
  }
}
