import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { createContext, type FormEvent, type ReactNode, useContext, useState } from 'react'
import { useWords } from '../../faces/words.ts'

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
      {asked && <Dialog key={asked.title} question={asked} isOpen={isOpen} onAnswer={answer} />}
    </ConfirmContext>
  )
}

type DialogProps = {
  readonly question: Question
  readonly isOpen: boolean
  readonly onAnswer: (yes: boolean) => void
}

const Dialog = ({ question, isOpen, onAnswer }: DialogProps) => {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const { title, text, action, isFinal = false, typed: wanted } = question
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onAnswer(true)
  }
  return (
    <Modal
      opened={isOpen}
      onClose={() => onAnswer(false)}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': t('common.cancel') }}
    >
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
    </Modal>
  )
}
