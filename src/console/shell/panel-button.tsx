import { Button } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import classes from './panel-button.module.css'

type Props = {
  readonly label: string
  readonly face: ReactNode
  readonly children: ReactNode
  /** `nav`: along the whole side where reading begins. */
  readonly as?: 'corner' | 'nav'
}

/**
 * A button in the head with a panel of its own. The browser opens, closes and leaves it (the popover of HTML): what stands on every page
 * is not to cost every page a library that places boxes.
 */
export const PanelButton = ({ label, face, children, as = 'corner' }: Props) => {
  const id = useId()
  return (
    <>
      <Button variant="subtle" color="gray" c="var(--text)" px="xs" aria-label={label} popoverTarget={id}>
        {face}
      </Button>
      <div id={id} popover="auto" className={as === 'nav' ? classes.nav : classes.corner}>
        {children}
      </div>
    </>
  )
}

/** For a button inside a panel that has done what the panel was opened for. */
export const closePanel = (inside: Element): void => {
  const panel = inside.closest<HTMLElement>('[popover]')
  if (panel?.matches(':popover-open')) panel.hidePopover()
}
