import type { Draft } from './offer-draft.ts'

/** What a template has to know of the workspace. */
type Facts = { readonly currency: string; readonly unit: number; readonly programme: string }

export type Template = {
  readonly id: string
  readonly draft: (facts: Facts, name: string) => Draft
  /** A code that it suggests for everybody. */
  readonly code?: string
}

/** Offers that many begin with. Their names and what they are for are words: `offerForm.templates.welcome.title`, `.text`. */
export const templates: readonly Template[] = [
  {
    id: 'welcome',
    code: 'WELCOME10',
    draft: (_facts, name) => ({
      name,
      trigger: { on: 'code' },
      when: 'person.orders.count == 0',
      benefit: { kind: 'percentOff', percent: 10 },
      limits: { perPerson: 1 },
    }),
  },
  {
    id: 'threeForTwo',
    draft: (_facts, name) => ({
      name,
      trigger: { on: 'basket' },
      benefit: { kind: 'buyXGetY', buy: { quantity: 2, lines: "line.category == 'coffee'" }, get: { quantity: 1 } },
    }),
  },
  {
    id: 'multiplier',
    draft: ({ programme }, name) => ({
      name,
      trigger: { on: 'basket' },
      when: 'local.weekday in [6, 7]',
      benefit: { kind: 'points', programme, multiply: 2 },
    }),
  },
  {
    id: 'freeShipping',
    draft: ({ unit }, name) => ({
      name,
      trigger: { on: 'basket' },
      when: `order.subtotal >= ${50 * unit}`,
      benefit: { kind: 'freeShipping' },
    }),
  },
  {
    id: 'spendAndSave',
    draft: ({ currency, unit }, name) => ({
      name,
      trigger: { on: 'basket' },
      benefit: {
        kind: 'tieredSpend',
        currency,
        tiers: [
          { spend: 30 * unit, amount: 3 * unit },
          { spend: 60 * unit, amount: 8 * unit },
        ],
      },
    }),
  },
  {
    id: 'winBack',
    draft: ({ currency, unit }, name) => ({
      name,
      trigger: { on: 'grant' },
      when: '(person.orders.count > 0 && daysSince(person.orders.lastAt) > 60)',
      benefit: { kind: 'amountOff', amount: 5 * unit, currency },
      limits: { perPerson: 1 },
      validity: { grantDays: 30 },
    }),
  },
  {
    id: 'birthday',
    draft: (_facts, name) => ({
      name,
      trigger: { on: 'basket' },
      when: 'birthdayWithin(3, 3)',
      benefit: { kind: 'percentOff', percent: 20 },
      limits: { per: { uses: 1, period: 'month', by: 'person' } },
    }),
  },
  {
    id: 'review',
    draft: ({ programme }, name) => ({
      name,
      trigger: { on: 'event', event: 'Product Reviewed' },
      benefit: { kind: 'points', programme, fixed: 50 },
      limits: { per: { uses: 1, period: 'day', by: 'person' } },
    }),
  },
]
