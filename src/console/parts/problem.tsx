import { Alert, Button, Code, Group, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useWords } from '../../faces/words.ts'
import { TesseraRefusal, TesseraUnreachable } from '../../sdk/index.ts'

type Props = {
  readonly error: unknown
  readonly onRetry?: () => unknown
}

/** What went wrong, in the server's own sentence where it gave one, and what to do about it. */
export const Problem = ({ error, onRetry }: Props) => {
  const { t } = useWords()
  const refusal = error instanceof TesseraRefusal ? error : undefined
  const sentence = refusal
    ? refusal.message
    : t(error instanceof TesseraUnreachable ? 'error.unreachable' : 'error.unexpected')
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('error.title')}>
      <Text size="sm" dir="auto">
        {sentence}
      </Text>
      {refusal && refusal.errors.length > 0 && (
        <List size="sm" mt="xs">
          {refusal.errors.map(({ pointer, message }) => (
            <List.Item key={pointer + message}>
              <Code dir="ltr">{pointer}</Code> {message}
            </List.Item>
          ))}
        </List>
      )}
      <Group mt="sm" gap="md">
        {onRetry && (
          <Button size="xs" variant="default" onClick={() => onRetry()}>
            {t('error.retry')}
          </Button>
        )}
        {refusal?.requestId && (
          <Text size="xs" c="dimmed">
            {t('error.request')} <Code dir="ltr">{refusal.requestId}</Code>
          </Text>
        )}
      </Group>
    </Alert>
  )
}
