import type { Programme } from '../../sdk/index.ts'

/** Everything that can be edited, with nothing left out. */
export type Draft = Omit<Programme, 'id' | 'version' | 'state' | 'createdAt' | 'updatedAt'>
export type Level = NonNullable<Draft['tiers']>['levels'][number]

/** What a programme is that nobody has said anything about. */
export const newDraft = (currency: string): Draft => ({
  name: '',
  unit: { one: 'point', many: 'points', decimals: 0 },
  rounding: 'down',
  rate: { points: 100, worth: { amount: 100, currency } },
  join: { on: 'asking' },
  leaving: { points: 'keep', days: 0 },
  expiry: { kind: 'after', months: 12 },
  burning: { order: 'soonestExpiring', minimum: 0, maxPercent: 100 },
  returns: { earned: 'withinBalance', graceDays: 0 },
  earnsOn: { points: false, giftCards: false, credit: false, shipping: false },
  transfers: { between: 'nobody', minimum: 1, waitingDays: 0, feePercent: 0 },
})

export const draftOf = (programme: Programme): Draft => {
  const { id: _, version: __, state: ___, createdAt: ____, updatedAt: _____, ...terms } = programme
  const { clock: ______, ...draft } = terms as typeof terms & { readonly clock?: unknown }
  return draft
}

/**
 * An id out of a name: `idFrom('Café Club 2')` is 'cafe-club-2'. Empty where nothing of it can be in an id.
 */
export const idFrom = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)

/** One level more, above the others, with an id that none has. */
export const withLevel = (levels: readonly Level[], name: string): Level[] => {
  const top = levels.at(-1)?.threshold ?? 0
  const used = new Set(levels.map(({ id }) => id))
  let number = levels.length + 1
  while (used.has(`tier-${number}`)) number++
  return [...levels, { id: `tier-${number}`, name, threshold: top === 0 ? 500 : top * 2, benefits: [] }]
}
