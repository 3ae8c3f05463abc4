import { z } from 'zod'
import { currencyCode, instant, minorUnits, money, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { transactionKinds } from '../core/ledger/book.ts'
import { programmeId, tierId } from '../core/loyalty/schema.ts'
import { offerId } from '../core/offers/schema.ts'

/** Points, or minor units of money. */
const amount = z.int()
const amounts = z.record(currencyCode, minorUnits)

const ending = z.array(
  z.strictObject({
    at: instant.meta({ description: 'From then on it is gone' }),
    lastDay: z.iso.date().meta({ description: 'The last day on which it can be spent' }),
    amount,
  }),
)

export const walletProgramme = z
  .strictObject({
    programme: programmeId,
    name: z.string(),
    unit: z.strictObject({ one: z.string(), many: z.string(), decimals: z.int() }),
    memberSince: instant.nullable().meta({ description: 'null: she is not in it, or not any more' }),
    balance: amount.meta({ description: 'Points of her own that can be spent now, in the smallest unit' }),
    toSpend: amount.meta({
      description: 'What she may spend: her own points less what she owes, and her household’s where she may burn',
    }),
    worth: money.nullable().meta({ description: 'What they pay at the programme’s rate; null: nothing' }),
    pending: z.strictObject({
      amount,
      next: z
        .array(z.strictObject({ at: instant, amount }))
        .meta({ description: 'Which can be spent from when on, the next 10 dates' }),
      awaiting: amount.meta({ description: 'Of them those that wait for an event' }),
    }),
    held: amount.meta({ description: 'Set aside for orders that are open' }),
    debt: amount.meta({
      description: 'Points that were taken back after they were spent: what is earned next pays them off',
    }),
    expiring: ending.meta({ description: 'What ends when, the next 10 dates' }),
    tier: z
      .strictObject({
        tier: tierId,
        name: z.string(),
        since: instant,
        until: instant
          .nullable()
          .meta({ description: 'She keeps it at least until then; null: nothing takes it away' }),
        benefits: z.array(z.string()),
      })
      .nullable(),
    next: z
      .strictObject({
        tier: tierId,
        name: z.string(),
        by: z.enum(['points', 'spend', 'visits']),
        have: amount.meta({ description: 'Qualifying points, minor units or orders in the period' }),
        needed: amount.meta({ description: 'How many more it takes' }),
        until: instant.nullable().meta({ description: 'Then counting begins anew; null: the days roll' }),
      })
      .nullable()
      .meta({ description: 'null: she has the highest, or there are none' }),
    household: z
      .strictObject({
        household: z.string(),
        name: z.string(),
        members: z.int(),
        mayBurn: z.boolean().meta({ description: 'Whether she may spend what the others have' }),
        balance: amount.meta({ description: 'What all have together' }),
      })
      .nullable(),
  })
  .meta({ id: 'WalletProgramme' })

export const walletMoney = z
  .strictObject({
    kind: z.enum(['credit', 'cashback']),
    currency: currencyCode,
    balance: amount,
    pending: amount,
    held: amount,
    debt: amount,
    expiring: ending,
  })
  .meta({ id: 'WalletMoney' })

export const walletGiftCard = z
  .strictObject({
    id: z.string().meta({ description: 'Names it as a tender of its holder’s own orders' }),
    lastFour: z.string().meta({ description: 'Of its code: the whole code spends it' }),
    state: z.enum(['issued', 'active', 'blocked']),
    currency: currencyCode,
    balance: amount,
    held: amount,
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'WalletGiftCard' })

export const walletReceived = z
  .strictObject({
    ever: amounts,
    thisYear: amounts.meta({ description: 'Since 1 January on the workspace’s clock' }),
  })
  .meta({
    id: 'WalletReceived',
    description:
      'What it gave her, in money: discounts of offers she used, and what points (at the programme’s rate) and cashback paid, less what of it goods that came back have given back',
  })

export const walletLot = z
  .strictObject({
    id: z.string(),
    asset: z.string().meta({ examples: ['points:club'] }),
    state: z.enum(['spendable', 'pending', 'ended']).meta({ description: 'At this instant' }),
    amount: amount.meta({ description: 'At first' }),
    remaining: amount,
    earnedAt: instant,
    activeAt: instant.nullable().meta({ description: 'Of a pending one: from when it can be spent' }),
    awaits: z.string().nullable().meta({ description: 'The event that makes it spendable' }),
    expiresAt: instant.nullable().meta({ description: 'From then on it is gone' }),
    order: z.string().nullable(),
    offer: offerId.nullable(),
    fromLot: z.string().nullable().meta({ description: 'The lot of another owner that it was given out of' }),
  })
  .meta({ id: 'WalletLot' })

export const walletLots = pageOf(walletLot)
export const walletLotsQuery = pageQuery.extend({
  programme: programmeId.optional().meta({ description: 'Points of this programme alone' }),
})

export const walletActivity = z
  .strictObject({
    transaction: z.string(),
    at: instant.meta({ description: 'When it counts from' }),
    asset: z.string().meta({ examples: ['points:club'] }),
    amount: amount.meta({ description: 'What came (above 0) or went, in smallest units' }),
    pending: z.boolean().meta({ description: 'Into or out of what cannot be spent yet' }),
    kind: z.enum(transactionKinds),
    order: z.string().nullable(),
    return: z.string().nullable(),
    offer: z.strictObject({ id: offerId, name: z.string() }).nullable(),
    reason: z.string().nullable(),
    location: z.string().nullable(),
    locationName: z.string().nullable().meta({ description: 'Where the location is known by one' }),
    channel: z.string().nullable(),
    with: z
      .string()
      .nullable()
      .meta({
        description:
          'Of a gift of points, who the other one is. To who got it: the first name of who gave it, or, where it is not known, her address, masked. To who gave it: the address it went to, masked; never a name, which whoever knows an address may not know',
        examples: ['Ana', 'b…@example.com'],
      }),
    note: z.string().nullable().meta({ description: 'What was written with a gift of points' }),
  })
  .meta({ id: 'WalletActivity', description: 'A plus or a minus of what somebody has, and why' })
export type WalletActivityAnswer = z.output<typeof walletActivity>

export const walletActivities = pageOf(walletActivity)

export const walletExample = {
  programmes: [
    {
      programme: 'club',
      name: 'Club',
      unit: { one: 'point', many: 'points', decimals: 0 },
      memberSince: '2026-01-10T09:00:00.000Z',
      balance: 640,
      toSpend: 640,
      worth: { amount: 640, currency: 'EUR' },
      pending: { amount: 90, next: [{ at: '2026-03-15T09:00:00.000Z', amount: 90 }], awaiting: 0 },
      held: 0,
      debt: 0,
      expiring: [{ at: '2026-12-31T23:00:00.000Z', lastDay: '2026-12-31', amount: 640 }],
      tier: {
        tier: 'silver',
        name: 'Silver',
        since: '2026-02-01T09:00:00.000Z',
        until: '2026-12-31T23:00:00.000Z',
        benefits: ['Free delivery'],
      },
      next: {
        tier: 'gold',
        name: 'Gold',
        by: 'points' as const,
        have: 730,
        needed: 270,
        until: '2026-12-31T23:00:00.000Z',
      },
      household: null,
    },
  ],
  money: [],
  giftCards: [],
  received: { ever: { EUR: 1820 }, thisYear: { EUR: 180 } },
}

export const lotExample = {
  id: 'lot_01kjm6jm000000000000000000',
  asset: 'points:club',
  state: 'spendable' as const,
  amount: 720,
  remaining: 640,
  earnedAt: '2026-03-01T09:00:00.000Z',
  activeAt: null,
  awaits: null,
  expiresAt: '2026-12-31T23:00:00.000Z',
  order: 'web-1001',
  offer: null,
  fromLot: null,
}

export const activityExample: WalletActivityAnswer = {
  transaction: 'txn_01kjm6jm000000000000000000',
  at: '2026-03-01T09:00:00.000Z',
  asset: 'points:club',
  amount: 39,
  pending: false,
  kind: 'earn',
  order: 'web-1001',
  return: null,
  offer: { id: 'off_01kjm6jm000000000000000000', name: 'A point per euro' },
  reason: null,
  location: null,
  locationName: null,
  channel: 'web',
  with: null,
  note: null,
}
