import { Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = { readonly title?: string; readonly children: ReactNode }

/** A heading and a table below it, which has a surface of its own. */
export const Section = ({ title, children }: Props) => (
  <section>
    {title !== undefined && (
      <Title order={2} size="h4" mt="xs" mb="sm">
        {title}
      </Title>
    )}
    {children}
  </section>
)

/** A surface with what belongs together. */
export const Panel = ({ title, children }: Props) => (
  <Paper withBorder radius={12} p={{ base: 'md', sm: 'lg' }} bg="var(--surface)">
    {title !== undefined && (
      <Title order={2} size="h4" mb="md">
        {title}
      </Title>
    )}
    {children}
  </Paper>
)
