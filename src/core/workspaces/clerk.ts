import { z } from 'zod'
import { instant, name } from '../kernel/schema.ts'
import { locationId } from './nouns.ts'

/**
 * Who stands at a till. A clerk is nobody who signs in: the till's key decides what the till may do, and the PIN only says who did it, so
 * that a till can ask for it without a network.
 */
export const clerkId = z.string().regex(/^clk_[0-9a-z]{26}$/, 'must be the id of a clerk (clk_…)')

const pin = z
  .string()
  .regex(/^\d{4,8}$/, 'must be 4 to 8 digits')
  .meta({ description: 'What the clerk types; only a slow hash of it is kept' })
const supervisor = z
  .boolean()
  .meta({ description: 'May allow what a clerk may not, such as another price, with a reason' })
const locations = z
  .array(locationId)
  .max(200)
  .refine(all => new Set(all).size === all.length, 'names a location twice')
  .meta({ description: 'Where she serves; none: everywhere' })

export const clerkInput = z
  .strictObject({ name, pin, supervisor: supervisor.default(false), locations: locations.default([]) })
  .meta({ id: 'ClerkInput' })

export const clerkPatch = z
  .strictObject({
    name: name.optional(),
    pin: pin.optional(),
    supervisor: supervisor.optional(),
    locations: locations.optional(),
    active: z.boolean().optional().meta({ description: 'false: no till takes the PIN any more' }),
  })
  .meta({ id: 'ClerkPatch' })

export const pinCheck = z
  .strictObject({
    salt: z.string().meta({ description: 'base64' }),
    hash: z.string().meta({ description: 'PBKDF2-HMAC-SHA-256 of the PIN as UTF-8, 32 bytes, base64' }),
    rounds: z.int(),
  })
  .meta({ id: 'PinCheck' })
export type PinCheck = z.output<typeof pinCheck>

export const clerk = z
  .strictObject({
    id: z.string(),
    name,
    supervisor,
    locations,
    active: z.boolean(),
    pinCheck: pinCheck.optional().meta({ description: 'For a till’s key alone' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Clerk' })
