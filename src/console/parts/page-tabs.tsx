import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import scrolls from './scrolls.module.css'
import { useShown } from './use-shown.ts'

type Props<T extends string> = {
  /** The one that is shown. */
  readonly tab: T
  readonly tabs: readonly T[]
  readonly labelOf: (tab: T) => string
  /** Where the reader goes: it belongs into the address. */
  readonly onChoose: (tab: T | undefined) => void
  /** `Tabs.Panel`s. */
  readonly children: ReactNode
}

/** The parts of a page, of which one is shown; the others are not even asked for. */
export const PageTabs = <T extends string>({ tab, tabs, labelOf, onChoose, children }: Props<T>) => {
  const row = useShown<HTMLDivElement>('[aria-selected=true]', tab)
  return (
    <Tabs value={tab} onChange={chosen => onChoose(tabs.find(it => it === chosen))} keepMounted={false}>
      <Tabs.List ref={row} mb="md" className={scrolls.row} style={{ flexWrap: 'nowrap' }}>
        {tabs.map(it => (
          <Tabs.Tab key={it} value={it} style={{ flex: 'none' }}>
            {labelOf(it)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {children}
    </Tabs>
  )
}
