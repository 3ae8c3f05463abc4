import { z } from 'zod'
import { channelName, currencyCode, instant, minorUnits, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { programmeId } from '../core/loyalty/schema.ts'
import { benefitShown, campaignId, grant, offerId } from '../core/offers/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { identifier, personId, personRef } from '../core/people/schema.ts'
import { segmentId } from '../core/segments/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { grantExample } from './grants.ts'
import { heldIdentifier, link } from './identity.ts'
import {
  activityExample,
  lotExample,
  walletActivities,
  walletExample,
  walletGiftCard,
  walletLots,
  walletLotsQuery,
  walletMoney,
  walletProgramme,
  walletReceived,
} from './wallet.ts'

const params = z.strictObject({ ref: personRef })
const example = { ref: 'email:ana@example.com' }
const refusals = [peopleRefusals.identifier_invalid, peopleRefusals.person_not_found]

const amounts = z.record(currencyCode, minorUnits)
const offersTold = z.strictObject({
  received: z.int().meta({ description: 'Grants that were issued to her' }),
  used: z.int().meta({ description: 'Uses of offers, of those for everybody too' }),
  ignored: z.int().meta({ description: 'Grants that ended without being used' }),
})
const windowTold = z.strictObject({
  orders: z.int().meta({ description: 'Without those that were cancelled or came back whole' }),
  spend: amounts.meta({ description: 'Less what was given back' }),
  averageValue: amounts,
  returns: z.int(),
  offers: offersTold,
})

const statistics = z
  .strictObject({
    windows: z.strictObject({
      last7Days: windowTold.meta({ description: 'Today and the 6 days before' }),
      last30Days: windowTold,
      last90Days: windowTold,
      last365Days: windowTold,
      ever: windowTold,
    }),
    channels: z.array(z.strictObject({ channel: channelName, orders: z.int(), spend: amounts })),
    categories: z
      .array(z.strictObject({ category: z.string(), orders: z.int(), units: z.int(), spend: amounts }))
      .meta({ description: 'At most 50, those with the most orders' }),
    preferredChannel: channelName.nullable(),
    preferredHour: z.int().nullable().meta({ description: 'Of the day, on the workspace’s clock' }),
  })
  .meta({ id: 'PersonStatistics' })

export const person = z
  .strictObject({
    id: personId,
    formerly: z.array(personId).meta({
      description: 'Other ids that lead to her: of persons that her identifiers were before, or could have been',
    }),
    identifiers: z.array(heldIdentifier),
    likely: z.array(heldIdentifier).meta({
      description:
        'Anonymous identifiers that unverified links tie to her, at most 1,000: what they look at counts as her behaviour, nothing else of them is hers',
    }),
    links: z
      .array(link.extend({ createdAt: instant }))
      .meta({ description: 'Evidence of her identifiers, at most 1,000; those that do not unite say why' }),
    armConflicts: z
      .array(
        z.strictObject({
          campaign: campaignId.nullable().meta({ description: 'null: the hold-out of the whole workspace' }),
          arm: z.enum(['treatment', 'holdout']).meta({ description: 'Of the first exposure, which stays' }),
        }),
      )
      .optional()
      .meta({
        description:
          'Campaigns that met her identifiers in different arms before they were known to be one; for admin and secret keys',
      }),
    segments: z
      .array(z.strictObject({ segment: segmentId, name: z.string(), enteredAt: instant }))
      .optional()
      .meta({ description: 'Those she is in; for admin and secret keys' }),
    computed: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Her computed traits as they are now; for admin and secret keys' }),
    statistics: statistics
      .optional()
      .meta({ description: 'What she did, in days of the workspace’s clock; for admin and secret keys' }),
    traits: z.record(z.string(), z.unknown()).meta({ description: 'Of all holders; a later holder’s wins' }),
    orders: z.int().meta({ description: 'Placed and not cancelled' }),
    spend: z.record(currencyCode, minorUnits).meta({ description: 'Minor units for each currency' }),
    firstOrderAt: instant.nullable(),
    lastOrderAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Person', description: 'One human: the holders that verified links unite. Computed.' })

export const timelineEntry = z
  .strictObject({
    at: instant,
    what: z.enum([
      'event',
      'orderOpened',
      'orderPlaced',
      'orderCancelled',
      'redemption',
      'decision',
      'grant',
      'campaign',
    ]),
    channel: channelName.nullable(),
    id: z.string().meta({ description: 'Of the event, order, redemption, decision, grant or campaign' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineEntry' })
export type TimelineEntry = z.output<typeof timelineEntry>

export const walletOffer = z
  .strictObject({
    offer: offerId,
    campaign: campaignId,
    name: z.string(),
    sentence: z.string().meta({ description: 'In English; `benefit` holds what another language needs' }),
    benefit: benefitShown,
    code: z.string().nullable().meta({ description: 'The shared code that claims it' }),
    remaining: z.int().nullable().meta({ description: 'Uses left for this person; null: no limit for a person' }),
    endsAt: instant.nullable(),
  })
  .meta({ id: 'WalletOffer' })

const walletGrant = grant
  .extend({
    duplicate: z
      .literal(true)
      .optional()
      .meta({ description: 'Of an offer for once, and she has one that came earlier: only one can be used' }),
  })
  .meta({ id: 'WalletGrant' })

export const wallet = z
  .strictObject({
    person: personId,
    grants: z
      .array(walletGrant)
      .meta({ description: 'Newest first, at most 1,000; those that ended too, with their state' }),
    offers: z
      .array(walletOffer)
      .meta({ description: 'Of campaigns that the person is a member of, live now, with uses left' }),
    programmes: z.array(walletProgramme).meta({ description: 'Those she is in, or has points of; the oldest first' }),
    money: z.array(walletMoney).meta({ description: 'Store credit and cashback' }),
    giftCards: z.array(walletGiftCard).meta({ description: 'That were put into her wallet' }),
    received: walletReceived,
  })
  .meta({ id: 'Wallet' })

const personExample = {
  id: grantExample.person,
  formerly: [],
  identifiers: [
    {
      type: 'email',
      value: 'ana@example.com',
      given: 'Ana@example.com',
      holder: 'hol_01kjm6jm000000000000000000',
      standing: null,
    },
  ],
  likely: [],
  links: [],
  armConflicts: [],
  segments: [{ segment: 'vip', name: 'VIP', enteredAt: '2026-03-01T09:00:00.000Z' }],
  traits: { firstName: 'Ana' },
  orders: 1,
  spend: { EUR: 720 },
  firstOrderAt: '2026-03-01T09:00:00.000Z',
  lastOrderAt: '2026-03-01T09:00:00.000Z',
  createdAt: '2026-03-01T08:00:00.000Z',
}

export const personFound = z
  .strictObject({
    id: personId,
    name: z.string().nullable().meta({ description: 'From the traits name, firstName and lastName' }),
    matched: z
      .strictObject({ type: z.string(), value: z.string() })
      .nullable()
      .meta({ description: 'What was found by: an identifier, or `name` or `lastName`, in small letters' }),
    identifiers: z.array(identifier).meta({ description: 'At most 20, browsers and devices last' }),
    channels: z.array(channelName).meta({ description: 'Where she was seen lately' }),
    tiers: z.array(
      z.strictObject({ programme: programmeId, tier: z.string().nullable().meta({ description: 'null: none yet' }) }),
    ),
    orders: z.int().meta({ description: 'Placed and not cancelled' }),
    lastSeenAt: instant.meta({ description: 'Of her newest event, order or identifier' }),
    createdAt: instant,
  })
  .meta({ id: 'PersonFound', description: 'Somebody in a list of people' })

export const listPeople = defineEndpoint({
  name: 'listPeople',
  method: 'GET',
  path: '/v1/people',
  summary: 'People by anything they are known by, or those who did something last',
  description:
    'With `search`: a person id, `type:value`, or what an e-mail address, phone number (in any spelling), card, user id, another identifier, a name or a last name begins with; browsers and devices are found whole only. Whoever is found by several stands once in a page. Without `search` everybody, whoever ordered, or was first seen by an identifier, last comes first. A page may be shorter than `limit` and not be the last.',
  tag: 'People',
  scopes: ['admin', 'secret'],
  query: z.strictObject({
    search: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(25),
    cursor: z.string().max(1000).optional(),
  }),
  answer: { 200: pageOf(personFound) },
  refusals: [],
  example: {
    query: { search: 'ana@' },
    answer: {
      data: [
        {
          id: personExample.id,
          name: 'Ana Rossi',
          matched: { type: 'email', value: 'ana@example.com' },
          identifiers: [{ type: 'email', value: 'ana@example.com', given: 'Ana@example.com' }],
          channels: ['store', 'web'],
          tiers: [{ programme: 'club', tier: 'silver' }],
          orders: 1,
          lastSeenAt: '2026-03-01T09:00:00.000Z',
          createdAt: '2026-03-01T08:00:00.000Z',
        },
      ],
      nextCursor: null,
    },
  },
})

export const getPerson = defineEndpoint({
  name: 'getPerson',
  method: 'GET',
  path: '/v1/people/{ref}',
  summary: 'Who somebody is, by person id or any identifier',
  description: 'A publishable key reads only the person of its personToken.',
  tag: 'People',
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params,
  answer: { 200: person },
  refusals,
  example: { params: example, answer: personExample },
})

export const getTimeline = defineEndpoint({
  name: 'getTimeline',
  method: 'GET',
  path: '/v1/people/{ref}/timeline',
  summary: 'What happened with somebody, newest first',
  tag: 'People',
  scopes: ['admin', 'secret'],
  params,
  query: pageQuery.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  answer: { 200: pageOf(timelineEntry) },
  refusals,
  example: {
    params: example,
    answer: {
      data: [
        {
          at: '2026-03-01T09:00:00.000Z',
          what: 'orderPlaced',
          channel: 'store',
          id: 'web-1001',
          details: { currency: 'EUR', total: 720, discount: 180 },
        },
      ],
      nextCursor: null,
    },
  },
})

export const getWallet = defineEndpoint({
  name: 'getWallet',
  method: 'GET',
  path: '/v1/people/{ref}/wallet',
  summary: 'What somebody has: points, tiers, stored money, grants, and offers of the campaigns she is a member of',
  description: 'A publishable key reads only the person of its personToken.',
  tag: 'People',
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params,
  answer: { 200: wallet },
  refusals,
  example: {
    params: example,
    answer: {
      person: grantExample.person,
      grants: [grantExample],
      offers: [
        {
          offer: grantExample.offer,
          campaign: 'cmp_01kjm6jm000000000000000000',
          name: '20% off coffee',
          sentence: '20 % off chosen items',
          benefit: { kind: 'percentOff' as const, percent: 20, lines: '…' },
          code: 'SUMMER',
          remaining: 1,
          endsAt: null,
        },
      ],
      ...walletExample,
    },
  },
})

export const listWalletLots = defineEndpoint({
  name: 'listWalletLots',
  method: 'GET',
  path: '/v1/people/{ref}/wallet/lots',
  summary: 'The lots of what somebody has: what came in together and ends together',
  description: 'Those that have something left. A publishable key reads only the person of its personToken.',
  tag: 'People',
  scopes: ['admin', 'secret', 'till', 'publishable'],
  params,
  query: walletLotsQuery,
  answer: { 200: walletLots },
  refusals,
  example: { params: example, query: { programme: 'club' }, answer: { data: [lotExample], nextCursor: null } },
})

export const listWalletActivity = defineEndpoint({
  name: 'listWalletActivity',
  method: 'GET',
  path: '/v1/people/{ref}/wallet/activity',
  summary: 'What came into and went out of what somebody has, and why, newest first',
  description:
    'Of points, credit and cashback. `limit` counts transactions: one that moves several assets, or what was pending, is an entry for each. A publishable key reads only the person of its personToken.',
  tag: 'People',
  scopes: ['admin', 'secret', 'publishable'],
  params,
  query: pageQuery,
  answer: { 200: walletActivities },
  refusals,
  example: { params: example, query: { limit: 30 }, answer: { data: [activityExample], nextCursor: null } },
})

export const peopleEndpoints = [
  listPeople,
  getPerson,
  getTimeline,
  getWallet,
  listWalletLots,
  listWalletActivity,
] as const
