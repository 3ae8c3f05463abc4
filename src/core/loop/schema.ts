import { z } from 'zod'
import { channelName, currencyCode, instant, money } from '../kernel/schema.ts'
import { benefitShown, campaignId, offerId, price } from '../offers/schema.ts'
import { given, refusalAnswer } from '../orders/schema.ts'

/** What is asked at a moment without a basket: what may this person be shown or given here and now. */
export const momentInput = z
  .strictObject({
    person: z
      .string()
      .min(1)
      .max(400)
      .optional()
      .meta({ description: 'A person id or type:value', examples: ['email:ana@example.com'] }),
    channel: channelName.optional().meta({ description: 'The key’s where left out' }),
    location: z.string().min(1).max(80).optional(),
    currency: currencyCode.optional().meta({
      description:
        'Only offers that fit it; where left out offers of any are shown, and worth counts in the workspace’s',
    }),
    moment: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .meta({ description: 'Where the person is now, in your words', examples: ['app home'] }),
    limit: z.int().min(1).max(50).default(10).meta({ description: 'At most so many offers' }),
    record: z.boolean().default(false).meta({ description: 'Keep that this was shown' }),
    explain: z.boolean().default(false).meta({
      description:
        'Tell of every offer that could be shown on this channel why it is not; for all but publishable keys',
    }),
    claim: z
      .array(offerId)
      .max(10)
      .refine(ids => new Set(ids).size === ids.length, 'names an offer twice')
      .default([])
      .meta({ description: 'Offers that the person takes now; of what was shown those that are claimable' }),
  })
  .meta({ id: 'MomentInput' })
export type MomentInput = z.output<typeof momentInput>

export const momentAnswer = z
  .strictObject({
    id: z.string().nullable().meta({ description: 'Null where nothing is stored' }),
    person: z.string().nullable(),
    moment: z.string(),
    channel: z.string(),
    offers: z.array(
      z.strictObject({
        rank: z.int().meta({ description: 'From 1: priority, then worth, then what ends first' }),
        offer: offerId,
        name: z.string(),
        sentence: z.string().meta({ description: 'In English; `benefit` holds what another language needs' }),
        benefit: benefitShown,
        campaign: campaignId,
        how: z.enum(['claim', 'grant', 'code', 'basket']).meta({
          description:
            '`claim`: taken by naming it under `claim`. `grant`, `code`: was issued to the person, and redeemed in an order by itself or by its code. `basket`: applies by itself to a basket that fits.',
        }),
        claimable: z.boolean(),
        grant: z.string().optional(),
        code: z.string().optional(),
        expiresAt: instant.nullable(),
        worth: money.optional(),
        price: price.optional(),
        missing: z.record(z.string(), z.unknown()).optional().meta({
          description: 'What a basket needs for it, as far as that is a number; of a reward the points that it lacks',
        }),
      }),
    ),
    claimed: z.array(
      z.strictObject({
        offer: offerId,
        name: z.string(),
        redemption: z.string(),
        gives: z.array(given),
        price: price.optional().meta({ description: 'Points that it took' }),
      }),
    ),
    refused: z
      .array(
        z.strictObject({
          offer: offerId,
          name: z.string().optional().meta({ description: 'Left out where there is no such offer' }),
          grant: z.string().optional(),
          reason: refusalAnswer,
        }),
      )
      .meta({
        description:
          'Of what was to be claimed, and of what was issued to the person; with `explain` of up to 500 offers that are not shown',
      }),
    withheld: z
      .array(z.strictObject({ offer: offerId, name: z.string() }))
      .optional()
      .meta({ description: 'What somebody who is held out would have seen or been given; secret and admin keys only' }),
  })
  .meta({ id: 'MomentDecision' })
export type MomentAnswer = z.output<typeof momentAnswer>

/** Which claim of a decision is given back. */
export const claimBackInput = z.strictObject({ offer: offerId }).meta({ id: 'ClaimBackInput' })

export const claimBackAnswer = z
  .strictObject({
    decision: z.string(),
    offer: offerId,
    redemption: z.string(),
    price: price.optional().meta({ description: 'Points that went back to the lots they came from' }),
    revoked: z.array(z.string()).meta({ description: 'Grants that the claim made and that are void now' }),
  })
  .meta({ id: 'ClaimBack' })
export type ClaimBackAnswer = z.output<typeof claimBackAnswer>
