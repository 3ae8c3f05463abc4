import { Group, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../faces/words.ts'

type Props = {
  readonly title: string
  readonly onClose: () => void
  readonly isOpen?: boolean
  readonly size?: 'md' | 'lg' | 'xl'
  readonly children: ReactNode
}

/** A window above the page. Its head is no `header`, which would be a second one of the page to those who hear it. */
export const Dialog = ({ title, onClose, isOpen = true, size = 'md', children }: Props) => {
  const { t } = useWords()
  return (
    <Modal.Root opened={isOpen} onClose={onClose} centered size={size}>
      <Modal.Overlay />
      <Modal.Content>
        <Group justify="space-between" wrap="nowrap" align="flex-start" p="md" pb={0}>
          <Modal.Title fw={650} fz="lg">
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t('common.close')} />
        </Group>
        <Modal.Body pt="md">{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
