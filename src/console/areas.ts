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
import type { CallName } from '../faces/api.ts'
import { pages } from './pages.ts'

type Area = {
  /** Its first screen. */
  readonly path: string
  /** The key of its name. */
  readonly label: string
  readonly icon: Icon
  /** Where else its screens lie. */
  readonly also?: readonly string[]
  /** The call without which it shows nothing: whoever may not make it does not see the area. */
  readonly needs?: CallName
}

/** Something to do that begins on a page of its own; the keyboard finds it. */
type Command = { readonly to: string; readonly label: string; readonly needs: CallName }

/** The areas of the navigation, in its order. */
const all: readonly Area[] = [
  { path: '/', label: 'shell.areas.home', icon: IconHome },
  {
    path: '/people',
    label: 'shell.areas.people',
    icon: IconUsers,
    also: ['/identity', '/events'],
    needs: 'listPeople',
  },
  { path: '/segments', label: 'shell.areas.segments', icon: IconFilter, also: ['/new-segment'], needs: 'listSegments' },
  { path: '/offers', label: 'shell.areas.offers', icon: IconDiscount, also: ['/campaigns', '/simulate'] },
  { path: '/codes', label: 'shell.areas.codes', icon: IconTicket, needs: 'lookupCode' },
  { path: '/orders', label: 'shell.areas.orders', icon: IconReceipt, also: ['/decisions'] },
  { path: '/loyalty', label: 'shell.areas.loyalty', icon: IconCoin },
  { path: '/reports', label: 'shell.areas.reports', icon: IconChartBar, needs: 'getCampaignReport' },
  { path: '/developers', label: 'shell.areas.developers', icon: IconCode, needs: 'listSources' },
  { path: '/settings', label: 'shell.areas.settings', icon: IconSettings },
]

/** Those that have a screen. */
export const areas = all.filter(area => pages.some(page => page.path === area.path))

export const commands: readonly Command[] = [
  { to: '/offers/new', label: 'shell.commands.newOffer', needs: 'createOffer' },
  { to: '/campaigns', label: 'shell.commands.campaigns', needs: 'listCampaigns' },
  { to: '/simulate', label: 'shell.commands.simulate', needs: 'createSimulation' },
  { to: '/new-segment', label: 'shell.commands.newSegment', needs: 'putSegment' },
  { to: '/new-segment?kind=list', label: 'shell.commands.newList', needs: 'putSegment' },
  { to: '/loyalty/gift-cards', label: 'shell.commands.giftCards', needs: 'getGiftCard' },
  { to: '/loyalty/liability', label: 'shell.commands.liability', needs: 'getLiability' },
  { to: '/loyalty/closing', label: 'shell.commands.closing', needs: 'createClosing' },
  { to: '/loyalty/ledger', label: 'shell.commands.ledger', needs: 'listAccounts' },
  { to: '/loyalty/audits', label: 'shell.commands.audit', needs: 'startAudit' },
  { to: '/settings/team', label: 'shell.commands.inviteMember', needs: 'createTeamMember' },
  { to: '/settings/locations', label: 'shell.commands.pairTill', needs: 'createKey' },
  { to: '/developers/keys', label: 'shell.commands.newKey', needs: 'createKey' },
  { to: '/developers/start', label: 'shell.commands.quickStart', needs: 'createSource' },
]
