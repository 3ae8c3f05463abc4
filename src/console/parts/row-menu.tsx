import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'

type Item = {
  readonly label: string
  readonly run: () => unknown
  /** What cannot be undone. */
  readonly isFinal?: boolean
}

/** What can be done with one row of a table; nothing where there is nothing. */
export const RowMenu = ({ label, items }: { readonly label: string; readonly items: readonly Item[] }) =>
  items.length === 0 ? null : (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <Button variant="default" size="xs" px={8} aria-label={label}>
          <IconDots size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ label: name, run, isFinal = false }) => (
          <Menu.Item key={name} c={isFinal ? 'var(--bad)' : undefined} onClick={run}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
