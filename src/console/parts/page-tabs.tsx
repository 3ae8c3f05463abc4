import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'

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
export const PageTabs = <T extends string>({ tab, tabs, labelOf, onChoose, children }: Props<T>) => (
  <Tabs value={tab} onChange={chosen => onChoose(tabs.find(it => it === chosen))} keepMounted={false}>
    <Tabs.List mb="md">
      {tabs.map(it => (
        <Tabs.Tab key={it} value={it}>
          {labelOf(it)}
        </Tabs.Tab>
      ))}
    </Tabs.List>
    {children}
  </Tabs>
)
