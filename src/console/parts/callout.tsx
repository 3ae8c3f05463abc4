import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'

const icons = { good: IconCheck, warn: IconAlertTriangle, bad: IconBan } as const

type Props = { readonly tone: keyof typeof icons; readonly title: string; readonly children?: ReactNode }

/** What matters first about a thing: it is well, it wants a look, it is stopped. */
export const Callout = ({ tone, title, children }: Props) => {
  const Icon = icons[tone]
  const color = `var(--${tone})`
  return (
    <Alert
      role="note"
      title={title}
      icon={<Icon aria-hidden />}
      styles={{
        root: { background: `var(--${tone}-soft)`, borderColor: 'transparent' },
        title: { color },
        icon: { color },
        message: { color: 'var(--text)' },
      }}
    >
      {children}
    </Alert>
  )
}
