import { Badge, Code, List, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type Reason = {
  readonly code: string
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

type Props = {
  readonly items: readonly { readonly key: string; readonly title: ReactNode; readonly reason: Reason }[]
}

/** Who was refused, and why: the server's sentence, with the code that programs go by. */
export const Reasons = ({ items }: Props) => (
  <List listStyleType="none" spacing="sm">
    {items.map(({ key, title, reason }) => (
      <List.Item key={key}>
        <Text fw={600} span>
          {title}
        </Text>{' '}
        <Badge variant="default" tt="none" fw={400} component="span">
          <Code dir="ltr" bg="transparent">
            {reason.code}
          </Code>
        </Badge>
        <Text size="sm" c="dimmed">
          <bdi>{reason.message}</bdi>
        </Text>
      </List.Item>
    ))}
  </List>
)
