type Traits = Readonly<Record<string, unknown>>
type Told = { readonly id: string; readonly type: string; readonly createdAt: number; readonly traits: Traits }

/** Anonymous ids and devices are made by whoever sends them, so anybody may say anything of them. */
export const isAnonymous = (type: string): boolean => type === 'anonymousId' || type === 'device'

/**
 * What was said about a person: of two that say different things the known identifier counts, then the newer one. In a fixed order,
 * because conditions ask for traits and a decision must not depend on how rows were read.
 *
 *     traitsOf([{ type: 'userId', traits: { plan: 'basic' }, … }, { type: 'anonymousId', traits: { plan: 'gold', size: 'M' }, … }])
 *     // { plan: 'basic', size: 'M' }
 */
export const traitsOf = (holders: readonly Told[]): Record<string, unknown> =>
  Object.assign(
    {},
    ...holders
      .toSorted(
        (a, b) =>
          Number(isAnonymous(b.type)) - Number(isAnonymous(a.type)) ||
          a.createdAt - b.createdAt ||
          (a.id < b.id ? -1 : 1),
      )
      .map(holder => holder.traits),
  ) as Record<string, unknown>
