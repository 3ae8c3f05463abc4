import { z } from 'zod'
import { callerId, channelName, money, name } from '../kernel/schema.ts'
import { isTimeZone } from '../kernel/time.ts'

/**
 * What a business is made of, told once for screens and reports. None of it decides anything: an order may name a channel or a location that
 * nobody described.
 */
const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is no IANA time zone such as "Europe/Rome"')
  .meta({ description: 'IANA name; the workspace’s where left out', examples: ['Europe/Rome'] })

export const brandInput = z
  .strictObject({ name, website: z.url().max(300).optional() })
  .meta({ id: 'BrandInput', description: 'A name that customers know, where a business has several' })

export const locationId = z
  .string()
  .regex(/^[\w.:@~+-][\w .:@~+-]{0,79}$/, 'must be 1–80 letters, digits, blanks or . : @ ~ + - _')
const till = z.strictObject({ id: callerId, name })
export const locationInput = z
  .strictObject({
    name,
    timeZone: timeZone.optional(),
    brand: callerId.optional().meta({ description: 'Id of a brand' }),
    address: z.string().trim().min(1).max(500).optional(),
    tills: z
      .array(till)
      .max(200)
      .refine(tills => new Set(tills.map(({ id }) => id)).size === tills.length, 'names a till twice')
      .default([]),
  })
  .meta({ id: 'LocationInput', description: 'A store, a counter, a machine' })

export const channelInput = z
  .strictObject({
    name,
    canShow: z.boolean().default(true).meta({ description: 'Offers can be shown there' }),
    canRedeem: z.boolean().default(true).meta({ description: 'Orders come from there' }),
    canContact: z.boolean().default(false).meta({ description: 'Messages can be sent by it' }),
    costPerContact: money.optional().meta({ description: 'Of one message' }),
  })
  .meta({ id: 'ChannelInput', description: 'Where contact happens, and what can be done there' })
export const channelId = channelName
