import { Badge, Code, List, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../faces/words.ts'
import { type Reason, type ReasonHere, reasonWords } from './reason-words.ts'

type Props = ReasonHere & {
  readonly items: readonly { readonly key: string; readonly title: ReactNode; readonly reason: Reason }[]
}

/** Who was refused, and why, with the code that programs go by. */
export const Reasons = ({ items, ...here }: Props) => {
  const words = useWords()
  return (
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
            <bdi>{reasonWords(reason, words, here)}</bdi>
          </Text>
        </List.Item>
      ))}
    </List>
  )
}
