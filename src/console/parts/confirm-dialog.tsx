import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { Dialog } from './dialog.tsx'

export type Question = {
  readonly title: string
  readonly text: ReactNode
  /** The word on the button: what will happen, not "OK". */
  readonly action: string
  /** What cannot be undone. */
  readonly isFinal?: boolean
  /** What has to be typed first, for what is worse than that. */
  readonly typed?: string
}

type DialogProps = {
  readonly question: Question
  readonly isOpen: boolean
  readonly onAnswer: (yes: boolean) => void
}

/** The question of `useConfirm`. */
const ConfirmDialog = ({ question, isOpen, onAnswer }: DialogProps) => {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const { title, text, action, isFinal = false, typed: wanted } = question
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onAnswer(true)
  }
  return (
    <Dialog isOpen={isOpen} onClose={() => onAnswer(false)} title={title}>
      <form onSubmit={submit}>
        <Stack>
          <Text component="div">{text}</Text>
          {wanted !== undefined && (
            <TextInput
              label={t('common.typeToConfirm', { text: wanted })}
              value={typed}
              onChange={event => setTyped(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onAnswer(false)} data-autofocus>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              color={isFinal ? 'red.8' : undefined}
              disabled={wanted !== undefined && typed.trim() !== wanted}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export default ConfirmDialog
