import { canonicalJson } from '../kernel/canonical.ts'
import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, type ZoneOffsets } from '../kernel/time.ts'
import type { Programme } from '../loyalty/schema.ts'
import type { StoredCampaign, StoredOffer } from '../offers/live-offer.ts'
import type { GrantState } from '../offers/schema.ts'
import type { PersonFacts } from '../rules/facts.ts'
import type { Combination } from '../workspaces/schema.ts'
import { packRefusals } from './refusals.ts'

/**
 * Which decision this code makes. Raised with every change after which the same facts may be answered otherwise: a till that has another
 * one must not decide, or it would promise what the server does not.
 */
export const engineVersion = 'decide-1'

/**
 * All that a till decides by while there is no network: plain JSON, signed as it stands. Times are epoch milliseconds, money minor units.
 * Codes and identifiers of people stand in it as hashes under `hashKey` only (`hashOf`).
 */
export type Pack = {
  readonly engine: string
  readonly id: string
  /** Counts how often it was renewed: slices are what the pack has been given in all, so any of its texts may be the latest. */
  readonly revision: number
  readonly workspace: string
  /** The key's id. */
  readonly till: string
  /** The device's public key, which signs its journal. */
  readonly device: string
  readonly channel: string
  readonly location: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly currency: string
  readonly timeZone: string
  readonly zones: Readonly<Record<string, ZoneOffsets>>
  readonly combination: Combination
  /** The workspace's, base64url. */
  readonly publicKey: string
  readonly hashKey: string
  readonly campaigns: readonly StoredCampaign[]
  readonly offers: readonly (StoredOffer & { readonly campaign: string; readonly onlineOnly?: 'holdout' | 'person' })[]
  /** SKUs by collection, of those that the offers ask for. */
  readonly collections: Readonly<Record<string, readonly string[]>>
  readonly programmes: readonly Programme[]
  readonly slices: readonly Slice[]
  readonly codes: readonly LeasedCode[]
  readonly people: readonly LeasedPerson[]
}

/** What of one limit the till may use up by itself; `bucket` is the counter's, '' the offer as a whole. */
export type Slice = {
  readonly offer: string
  readonly bucket: string
  /** Uses; of a gift's stock, pieces. */
  readonly uses: number
  /** Minor units of the offer's budget. */
  readonly budget: number
}

/** A code that the till knows. `left`: so many uses are leased to it; left out: the code is not limited. */
export type LeasedCode = {
  readonly hash: string
  readonly offer: string
  readonly left?: number
  readonly grant?: LeasedGrant
  /** The leased person whose it is. */
  readonly person?: string
}

export type LeasedGrant = { readonly id: string; readonly state: GrantState; readonly expiresAt: number | null }

/** Somebody of whom the till knows all that offers ask for. */
export type LeasedPerson = {
  readonly id: string
  /** Of each of her identifiers. */
  readonly hashes: readonly string[]
  readonly facts: PersonFacts
  /** Campaigns: that she was added to, and that hold her out. */
  readonly memberOf: readonly string[]
  readonly heldOut: readonly string[]
  readonly programmes: readonly { readonly id: string; readonly isMember: boolean; readonly joins: boolean }[]
  /** Uses of offers that count what each person uses. */
  readonly left: Readonly<Record<string, number>>
  readonly grants: readonly (LeasedGrant & { readonly offer: string })[]
}

export type SignedPack = { readonly pack: Pack; readonly signature: string }

/** The bytes that are signed, as text: JSON with sorted keys (RFC 8785), so that a pack may travel in any order of keys. */
export const packText = (pack: Pack): string => canonicalJson(pack)

/** What is hashed of a code and of an identifier: `hashOf(key, codeText('ana-7kq2'))`; the hash is HMAC-SHA256, base64url. */
export const codeHashed = (normalized: string): string => `code\n${normalized}`
export const identifierHashed = (ref: string): string => `person\n${ref}`

/** Whether `signature` is that of `text` by the key; Ed25519, all base64url. */
export type Verify = (publicKey: string, text: string, signature: string) => boolean

/** Who the till is, and what it trusts: the workspace's key as it was when the till was set up, not that of the pack. */
export type TillIs = Pick<Pack, 'workspace' | 'till' | 'device' | 'location' | 'publicKey'>

/** How far a till's clock may be before the server's. */
const clockToleranceMs = 5 * 60_000

/**
 * Whether a till may use a pack now.
 *
 *     openPack(signed, till, now, verify)   // { ok: false, refusal: { code: 'pack_expired', … } }
 */
export const openPack = ({ pack, signature }: SignedPack, till: TillIs, now: number, verify: Verify): Result<Pack> => {
  if (pack.publicKey !== till.publicKey || !verify(till.publicKey, packText(pack), signature))
    return no(refuse(packRefusals.pack_tampered))
  if (pack.engine !== engineVersion)
    return no(refuse(packRefusals.pack_of_another_engine, { needed: pack.engine, has: engineVersion }))
  for (const what of ['workspace', 'till', 'device', 'location'] as const)
    if (pack[what] !== till[what]) return no(refuse(packRefusals.pack_foreign, { what, own: till[what] }))
  if (now >= pack.expiresAt || now < pack.issuedAt - clockToleranceMs)
    return no(refuse(packRefusals.pack_expired, { expiredAt: formatInstant(pack.expiresAt) }))
  return ok(pack)
}
