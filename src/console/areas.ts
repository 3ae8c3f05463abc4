import {
  type Icon,
  IconChartBar,
  IconCode,
  IconCoin,
  IconDiscount,
  IconFilter,
  IconHome,
  IconReceipt,
  IconSettings,
  IconTicket,
  IconUsers,
} from '@tabler/icons-react'
import { pages } from './pages.ts'

type Area = {
  /** Its first screen. */
  readonly path: string
  /** The key of its name. */
  readonly label: string
  readonly icon: Icon
  /** Where else its screens lie. */
  readonly also?: readonly string[]
}

/** The areas of the navigation, in its order. */
const all: readonly Area[] = [
  { path: '/', label: 'shell.areas.home', icon: IconHome },
  { path: '/people', label: 'shell.areas.people', icon: IconUsers, also: ['/identity'] },
  { path: '/segments', label: 'shell.areas.segments', icon: IconFilter, also: ['/new-segment'] },
  { path: '/offers', label: 'shell.areas.offers', icon: IconDiscount, also: ['/campaigns'] },
  { path: '/codes', label: 'shell.areas.codes', icon: IconTicket },
  { path: '/orders', label: 'shell.areas.orders', icon: IconReceipt, also: ['/decisions'] },
  { path: '/loyalty', label: 'shell.areas.loyalty', icon: IconCoin },
  { path: '/reports', label: 'shell.areas.reports', icon: IconChartBar },
  { path: '/developers', label: 'shell.areas.developers', icon: IconCode },
  { path: '/settings', label: 'shell.areas.settings', icon: IconSettings },
]

/** Those that have a screen. */
export const areas = all.filter(area => pages.some(page => page.path === area.path))
