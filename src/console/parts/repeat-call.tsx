import { Button, Popover, Stack, Text } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { curlOf, type Sent } from '../../faces/api.ts'
import { useWords } from '../../faces/words.ts'
import { CodeBlock } from './code-block.tsx'

/** The call behind what is on the screen, for a terminal. */
export const RepeatCall = ({ sent, label }: { readonly sent: Sent; readonly label?: string }) => {
  const { t } = useWords()
  return (
    <Popover width={440} position="bottom-end" shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconTerminal2 size={16} aria-hidden />}>
          {label ?? t('common.call.button')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 24px)">
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t('common.call.text')}
          </Text>
          <CodeBlock text={curlOf(sent, location.origin)} label={t('common.call.button')} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
