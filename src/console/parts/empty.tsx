import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { curlOf, type Sent } from '../../faces/api.ts'
import { CodeBlock } from './code-block.tsx'

type Props = {
  readonly title: string
  readonly text: string
  /** What fills this place; it works as it stands. */
  readonly example?: Sent
  /** The button that does it here. */
  readonly children?: ReactNode
}

/** A place where nothing is yet, and how something comes to be there. */
export const Empty = ({ title, text, example, children }: Props) => (
  <Stack gap="sm" align="center" py={48} px="md" maw={640} mx="auto" ta="center">
    <Title order={2} size="h4">
      {title}
    </Title>
    <Text c="dimmed">{text}</Text>
    {children}
    {example && (
      <div style={{ width: '100%' }}>
        <CodeBlock text={curlOf(example, location.origin)} label={title} />
      </div>
    )}
  </Stack>
)
