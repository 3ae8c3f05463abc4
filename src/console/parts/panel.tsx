import { Paper, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A surface with what belongs together. */
export const Panel = ({ title, children }: { readonly title?: string; readonly children: ReactNode }) => (
  <Paper withBorder radius={12} p={{ base: 'md', sm: 'lg' }} bg="var(--surface)">
    {title !== undefined && (
      <Title order={2} size="h4" mb="md">
        {title}
      </Title>
    )}
    {children}
  </Paper>
)
