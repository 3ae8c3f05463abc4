import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'

type Props = {
  readonly title: string
  /** One sentence below the title. */
  readonly text?: ReactNode
  /** Where this page lies: from the area down, without itself. */
  readonly trail?: readonly { readonly title: string; readonly to: string }[]
  /** A state, beside the title. */
  readonly badge?: ReactNode
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of a page; it names the window too. */
export const PageHead = ({ title, text, trail = [], badge, children }: Props) => {
  useEffect(() => {
    document.title = `${title} · Tessera`
  }, [title])
  return (
    <Stack gap={4} mb="lg">
      {trail.length > 0 && (
        <Breadcrumbs>
          {trail.map(step => (
            <Anchor key={step.to} component={Link} to={step.to} size="sm">
              {step.title}
            </Anchor>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} maw="100%">
          <Group gap="sm">
            <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
              <bdi>{title}</bdi>
            </Title>
            {badge}
          </Group>
          {text && <Text c="dimmed">{text}</Text>}
        </Stack>
        {children && <Group gap="sm">{children}</Group>}
      </Group>
    </Stack>
  )
}
