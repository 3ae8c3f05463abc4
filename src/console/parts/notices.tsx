import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useWords } from '../../faces/words.ts'
import { Problem } from './problem.tsx'

const undoMs = 10_000

/** A notice that goes by itself. */
export const useNotices = () => {
  const { t } = useWords()
  const closing = { closeButtonProps: { 'aria-label': t('common.close') } }
  return {
    done: (text: string): void => {
      notifications.show({ message: text, ...closing })
    },
    /** What was done, and for ten seconds a button that takes it back. */
    doneWithUndo: (text: string, undo: () => unknown): void => {
      const id = notifications.show({
        autoClose: undoMs,
        ...closing,
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{text}</Text>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                notifications.hide(id)
                undo()
              }}
            >
              {t('common.undo')}
            </Button>
          </Group>
        ),
      })
    },
    failed: (error: unknown): void => {
      notifications.show({ autoClose: false, withBorder: false, ...closing, message: <Problem error={error} /> })
    },
  }
}
