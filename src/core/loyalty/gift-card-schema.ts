import { z } from 'zod'
import { codeText, currencyCode, instant, knownCurrency, minorUnits } from '../kernel/schema.ts'
import { personId, personRef } from '../people/schema.ts'

export const giftCardId = z
  .string()
  .regex(/^gc_[0-9a-hjkmnp-tv-z]{26}$/, 'must be a gift card id (gc_…)')
  .meta({ examples: ['gc_01kjm6jm000000000000000000'] })

/** So many are issued in one commit with their accounts, lots and postings; more by a job. */
export const giftCardsAtOnce = 150

const value = z.int().min(1).max(1_000_000_000_000)

export const giftCardsInput = z
  .strictObject({
    amount: value.meta({ description: 'Minor units on each, once it is activated' }),
    currency: knownCurrency.optional().meta({ description: 'The workspace’s where left out' }),
    count: z
      .int()
      .min(1)
      .max(100_000)
      .default(1)
      .meta({ description: `More than ${giftCardsAtOnce} are issued by a job` }),
    codes: z.array(codeText).min(1).max(giftCardsAtOnce).optional().meta({
      description: 'Codes that are printed already, in the place of `count`: nobody may be able to guess them',
    }),
    active: z.boolean().default(false).meta({ description: 'Ready to pay; else a till activates it when it is sold' }),
    days: z.int().min(1).max(36_500).optional().meta({ description: 'Lasts so many days from its activation' }),
    expiresAt: instant.optional().meta({ description: 'Or until then. Without either it does not end' }),
  })
  .refine(it => it.days === undefined || it.expiresAt === undefined, 'takes "days" or "expiresAt", not both')
  .refine(it => it.codes === undefined || it.count === 1, 'takes "codes" or "count", not both')
  .meta({ id: 'GiftCardsInput' })
export type GiftCardsInput = z.output<typeof giftCardsInput>

export const blockedFor = z.enum(['lost', 'stolen', 'fraud', 'mistake', 'other'])
export type BlockedFor = z.output<typeof blockedFor>

export const giftCard = z
  .strictObject({
    id: giftCardId,
    code: z.string(),
    currency: currencyCode,
    initial: minorUnits.meta({ description: 'On it once it is activated' }),
    balance: minorUnits.meta({ description: 'That can be spent' }),
    held: minorUnits.meta({ description: 'Set aside by open orders' }),
    state: z.enum(['issued', 'active', 'blocked']),
    person: personId.nullable().meta({ description: 'In whose wallet it is' }),
    issuedAt: instant,
    activatedAt: instant.nullable(),
    expiresAt: instant.nullable().meta({ description: 'Null before it is activated, or where it does not end' }),
    blockedAt: instant.nullable().meta({ description: 'Null: it is not blocked' }),
    blockedFor: blockedFor.nullable().meta({ description: 'What was said when it was blocked' }),
  })
  .meta({ id: 'GiftCard', description: 'Money on a code: whoever holds the code may spend it' })

export const giftCardBalance = z
  .strictObject({ currency: currencyCode, balance: minorUnits, expiresAt: instant.nullable() })
  .meta({ id: 'GiftCardBalance' })

export const creditInput = z
  .strictObject({
    person: personRef,
    amount: value,
    currency: knownCurrency.optional().meta({ description: 'The workspace’s where left out' }),
    reason: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be a short code such as "goodwill"')
      .meta({ description: 'A code of your own; no free text, which might name somebody', examples: ['goodwill'] }),
    expiresAt: instant.optional().meta({ description: 'Left out, it does not end' }),
  })
  .meta({ id: 'CreditInput' })
export type CreditInput = z.output<typeof creditInput>

export const credit = z
  .strictObject({
    id: z.string().meta({ description: 'Of the transaction' }),
    person: personId,
    amount: minorUnits,
    currency: currencyCode,
    reason: z.string(),
    expiresAt: instant.nullable(),
    balance: minorUnits.meta({ description: 'Credit of this currency that the person can spend now' }),
  })
  .meta({ id: 'Credit', description: 'Store credit given to somebody' })
