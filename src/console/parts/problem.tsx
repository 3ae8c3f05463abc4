import { Alert, Button, Code, Group, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useWords } from '../../faces/words.ts'
import { TesseraRefusal, TesseraUnreachable } from '../../sdk/index.ts'
import { mistakeWords } from './mistake-words.ts'
import { type Reason, reasonWords } from './reason-words.ts'
import { Reasons } from './reasons.tsx'

type Props = {
  readonly error: unknown
  readonly onRetry?: () => unknown
}

type RefusedCode = { readonly code: string; readonly reason: Reason }

/** An order that needs its codes is refused with the reason of each (`codes_refused`). */
const reasonsOf = (refusal: TesseraRefusal | undefined) => {
  const refused = (refusal?.details.refused ?? []) as readonly RefusedCode[]
  return refused.map(({ code, reason }) => ({ key: code, title: <bdi dir="ltr">{code}</bdi>, reason }))
}

/** What went wrong, as the server says it where it answered, and what to do about it. */
export const Problem = ({ error, onRetry }: Props) => {
  const words = useWords()
  const { t } = words
  const refusal = error instanceof TesseraRefusal ? error : undefined
  const reasons = reasonsOf(refusal)
  const sentence = refusal
    ? reasonWords(refusal, words)
    : t(error instanceof TesseraUnreachable ? 'error.unreachable' : 'error.unexpected')
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('error.title')}>
      <Text size="sm">
        <bdi>{sentence}</bdi>
      </Text>
      {refusal && refusal.errors.length > 0 && (
        <List size="sm" mt="xs">
          {refusal.errors.map(it => (
            <List.Item key={it.pointer + it.message}>
              <Code dir="ltr">{it.pointer}</Code> <bdi>{mistakeWords(it, words)}</bdi>
            </List.Item>
          ))}
        </List>
      )}
      {reasons.length > 0 && (
        <div style={{ marginTop: 8 }}>
          <Reasons items={reasons} />
        </div>
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
