import { canonicalJson } from '../kernel/canonical.ts'
import type { Period } from '../kernel/time.ts'
import { kindOf } from '../offers/kinds/index.ts'
import type { OfferTerms } from '../offers/schema.ts'
import { bucketLimits, bucketsOf, isCounted, stockBucket, stockOf, type UsePlace } from '../orders/limits.ts'
import type { Pack } from './pack.ts'
import type { JournalEntry, ToldApplied } from './schema.ts'

/**
 * What a device signs of an entry: all of it but the signature. Its SHA-256, base64url, is the next entry's `previous`; the first's is the
 * pack's id.
 */
export const entryText = ({ signature: _, ...entry }: JournalEntry): string => canonicalJson(entry)

/** What of a limit is left, by `sliceKey`. */
export type Left = ReadonlyMap<string, { readonly uses: number; readonly budget: number }>

export const sliceKey = (offer: string, bucket: string): string => `${offer}\n${bucket}`

type Charge = { readonly bucket: string; readonly uses: number; readonly budget: number }

/** What one use takes of the limits of an offer, bucket by bucket. */
export const chargesOf = (
  terms: Pick<OfferTerms, 'limits' | 'benefit'>,
  { amount, gives = [] }: { readonly amount: number; readonly gives?: ToldApplied['gives'] },
  place: UsePlace,
): readonly Charge[] => {
  const stock = stockOf(terms)
  return [
    ...(isCounted(terms)
      ? [
          {
            bucket: '',
            uses: terms.limits.uses === undefined ? 0 : 1,
            budget: terms.limits.budget === undefined ? 0 : amount,
          },
        ]
      : []),
    ...bucketsOf(terms, place).map(bucket => ({ bucket, uses: 1, budget: 0 })),
    ...gives.flatMap(it =>
      it.what === 'gift' && stock[it.sku] !== undefined
        ? [{ bucket: stockBucket(it.sku), uses: it.quantity, budget: 0 }]
        : [],
    ),
  ]
}

const hourMs = 3_600_000

/** The counters of an offer that uses at a place may fall into over some time, with what each allows in all. */
export const leasable = (
  terms: Pick<OfferTerms, 'limits' | 'benefit'>,
  place: Omit<UsePlace, 'at'>,
  from: number,
  until: number,
): ReadonlyMap<string, { readonly uses: number; readonly budget: number }> => {
  const allowed = new Map<string, { uses: number; budget: number }>()
  const { uses, budget } = terms.limits
  if (isCounted(terms)) allowed.set('', { uses: uses ?? 0, budget: budget?.amount ?? 0 })
  for (const [sku, pieces] of Object.entries(stockOf(terms))) allowed.set(stockBucket(sku), { uses: pieces, budget: 0 })
  for (const limit of bucketLimits(terms))
    for (let at = from; ; at = Math.min(at + hourMs, until)) {
      for (const bucket of bucketsOf({ benefit: terms.benefit, limits: { per: limit } }, { ...place, at })) {
        const known = allowed.get(bucket)
        allowed.set(bucket, { uses: Math.min(known?.uses ?? limit.uses, limit.uses), budget: 0 })
      }
      if (at >= until) break
    }
  return allowed
}

/** Whether a till has closed its pack: its slices are everybody's as soon as that arrives. */
export const isClosed = (journal: readonly JournalEntry[]): boolean => journal.some(entry => entry.kind === 'close')

/** What a journal leaves of the slices of a pack. Never more than was leased: what comes back is not sold again without the server. */
export const leftOf = (
  pack: Pack,
  journal: readonly JournalEntry[],
  termsOf: (offer: string) => OfferTerms | undefined,
): Left => {
  const left = new Map(
    pack.slices.map(({ offer, bucket, uses, budget }) => [sliceKey(offer, bucket), { uses, budget }]),
  )
  const take = (offer: string, { bucket, uses, budget }: Charge): void => {
    const slice = left.get(sliceKey(offer, bucket))
    if (!slice) return
    slice.uses -= uses
    slice.budget -= budget
  }
  for (const entry of journal) {
    if (entry.kind === 'giveBack') for (const slice of entry.slices) take(slice.offer, slice)
    if (entry.kind !== 'sale') continue
    for (const applied of entry.told.applied) {
      const terms = termsOf(applied.offer)
      if (!terms) continue
      for (const charge of chargesOf(terms, applied, placeOf(pack, terms, Date.parse(entry.at))))
        take(applied.offer, charge)
    }
  }
  return left
}

export const placeOf = (
  { channel, location, timeZone }: Pick<Pack, 'channel' | 'location' | 'timeZone'>,
  terms: Pick<OfferTerms, 'validity'>,
  at: number,
): UsePlace => ({ at, channel, location, timeZone: terms.validity.timeZone ?? timeZone })

/** Whether an offer counts what each person uses of it, beside what its limits say of codes. */
export const countsPersons = ({ limits, benefit }: Pick<OfferTerms, 'limits' | 'benefit'>): boolean =>
  limits.perPerson !== undefined ||
  bucketLimits({ limits }).some(limit => limit.by === 'person') ||
  kindOf(benefit).cap?.(benefit) !== undefined

/** How many more uses a person may make: the least that any of her limits leaves; undefined: nothing limits her. */
export const leftForPerson = (
  { limits }: Pick<OfferTerms, 'limits'>,
  used: { readonly perPerson: number; readonly inPeriod: (period: Period | undefined) => number },
): number | undefined => {
  const rest = [
    ...(limits.perPerson === undefined ? [] : [limits.perPerson - used.perPerson]),
    ...bucketLimits({ limits }).flatMap(limit =>
      limit.by === 'person' ? [limit.uses - used.inPeriod(limit.period)] : [],
    ),
  ]
  return rest.length === 0 ? undefined : Math.max(0, Math.min(...rest))
}
