import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'

type Props = {
  readonly title: string
  /** The word on the button. */
  readonly action: string
  readonly onClose: () => void
  /** What it does; the dialog closes after it, and shows what went wrong. Answering 'stay' keeps it open, for what has to be shown next. */
  readonly onSubmit: () => Promise<unknown>
  readonly isReady?: boolean
  readonly children: ReactNode
}

/** A few fields in a window, and a button that stores them. */
export const FormDialog = ({ title, action, onClose, onSubmit, isReady = true, children }: Props) => {
  const { t } = useWords()
  const [state, setState] = useState<'open' | 'busy' | { readonly error: unknown }>('open')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setState('busy')
    try {
      if ((await onSubmit()) === 'stay') setState('open')
      else onClose()
    } catch (error) {
      setState({ error })
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          {typeof state === 'object' && <Problem error={state.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={state === 'busy'} disabled={!isReady}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
