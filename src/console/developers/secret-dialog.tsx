import { Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../faces/words.ts'
import { CodeBlock } from '../parts/code-block.tsx'
import { Dialog } from '../parts/dialog.tsx'
import type { MadeKey } from './made-key.ts'

/** A new key, this once. */
export const SecretDialog = ({ made, onClose }: { readonly made: MadeKey; readonly onClose: () => void }) => {
  const { t } = useWords()
  return (
    <Dialog title={t('developers.secret.title', { name: made.name })} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('developers.secret.text')}</Text>
        <CodeBlock text={made.key} label={t('developers.secret.key')} />
        <Text size="sm" c="dimmed">
          {t(made.isPublic ? 'developers.secret.public' : 'developers.secret.secret')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" component={Link} to="/developers/start">
            {t('developers.secret.start')}
          </Button>
          <Button onClick={onClose}>{t('common.close')}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
