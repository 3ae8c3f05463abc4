import type { ComponentType } from 'react'

type PageModule = { readonly Page: ComponentType }

/** One screen with an address of its own: `$id` in the path is a parameter. Its code is loaded when it is opened first. */
export type PageEntry = {
  readonly path: string
  readonly load: () => Promise<PageModule>
}

/** Every screen of the console behind the sign-in. `/` first, then by area as they stand in the navigation. */
export const pages: readonly PageEntry[] = [
  { path: '/', load: () => import('./home/home-page.tsx') },
  { path: '/people', load: () => import('./people/people-page.tsx') },
  { path: '/identity/quarantine', load: () => import('./people/quarantine-page.tsx') },
  { path: '/people/$id', load: () => import('./people/person-page.tsx') },
  { path: '/events/$id', load: () => import('./people/event-page.tsx') },
  { path: '/segments', load: () => import('./segments/segments-page.tsx') },
  { path: '/segments/$id', load: () => import('./segments/segment-page.tsx') },
  { path: '/new-segment', load: () => import('./segments/new-segment-page.tsx') },
  { path: '/offers', load: () => import('./offers/offers-page.tsx') },
  { path: '/offers/new', load: () => import('./offers/edit/new-page.tsx') },
  { path: '/offers/$id/edit', load: () => import('./offers/edit/edit-page.tsx') },
  { path: '/offers/$id', load: () => import('./offers/offer-page.tsx') },
  { path: '/campaigns', load: () => import('./campaigns/campaigns-page.tsx') },
  { path: '/campaigns/$id', load: () => import('./campaigns/campaign-page.tsx') },
  { path: '/offers/$id/grants', load: () => import('./grants/grants-page.tsx') },
  { path: '/offers/$id/codes', load: () => import('./codes/offer-codes-page.tsx') },
  { path: '/simulate', load: () => import('./simulate/simulate-page.tsx') },
  { path: '/codes', load: () => import('./codes/codes-page.tsx') },
  { path: '/orders', load: () => import('./orders/orders-page.tsx') },
  { path: '/orders/$id', load: () => import('./orders/order-page.tsx') },
  { path: '/orders/$id/return', load: () => import('./orders/return-page.tsx') },
  { path: '/decisions/$id', load: () => import('./orders/decision-page.tsx') },
  { path: '/loyalty', load: () => import('./loyalty/programmes-page.tsx') },
  { path: '/loyalty/programmes/new', load: () => import('./loyalty/programme-edit-page.tsx') },
  { path: '/loyalty/programmes/$id', load: () => import('./loyalty/programme-page.tsx') },
  { path: '/loyalty/programmes/$id/edit', load: () => import('./loyalty/programme-edit-page.tsx') },
  { path: '/loyalty/ledger', load: () => import('./loyalty/ledger-page.tsx') },
  { path: '/loyalty/ledger/$owner/$asset/$kind', load: () => import('./loyalty/account-page.tsx') },
  { path: '/loyalty/transactions/$id', load: () => import('./loyalty/transaction-page.tsx') },
  { path: '/loyalty/audits', load: () => import('./loyalty/audits-page.tsx') },
  { path: '/developers', load: () => import('./developers/sources-page.tsx') },
  { path: '/developers/live', load: () => import('./developers/live-page.tsx') },
  { path: '/developers/requests', load: () => import('./developers/requests-page.tsx') },
  { path: '/developers/keys', load: () => import('./developers/keys-page.tsx') },
  { path: '/developers/start', load: () => import('./developers/start-page.tsx') },
  { path: '/developers/outbox', load: () => import('./developers/outbox-page.tsx') },
  { path: '/settings', load: () => import('./settings/workspace-page.tsx') },
  { path: '/settings/locations', load: () => import('./settings/locations-page.tsx') },
  { path: '/settings/clerks', load: () => import('./settings/clerks-page.tsx') },
  { path: '/settings/channels', load: () => import('./settings/channels-page.tsx') },
  { path: '/settings/identifiers', load: () => import('./settings/identifiers-page.tsx') },
  { path: '/settings/team', load: () => import('./settings/team-page.tsx') },
  { path: '/settings/sessions', load: () => import('./settings/sessions-page.tsx') },
  { path: '/settings/audit-log', load: () => import('./settings/audit-page.tsx') },
  { path: '/loyalty/gift-cards', load: () => import('./loyalty/gift-cards-page.tsx') },
  { path: '/loyalty/liability', load: () => import('./loyalty/liability-page.tsx') },
  { path: '/loyalty/closing', load: () => import('./loyalty/closing-page.tsx') },
  { path: '/loyalty/adjustments', load: () => import('./loyalty/adjustments-page.tsx') },
  { path: '/reports', load: () => import('./reports/reports-page.tsx') },
  { path: '/jobs/$id', load: () => import('./jobs/job-page.tsx') },
]
