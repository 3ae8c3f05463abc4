type Traits = Readonly<Record<string, unknown>>
type Told = { readonly id: string; readonly type: string; readonly createdAt: number; readonly traits: Traits }

/** Anonymous ids and devices are made by whoever sends them, so anybody may say anything of them. */
export const isAnonymous = (type: string): boolean => type === 'anonymousId' || type === 'device'

/**
 * What was said about a person: of two that say different things the newer identifier counts. Of somebody known what was said of her browsers
 * does not count, because a browser may say anything of itself: whoever logs in on one would else be what it claims. In a
 * fixed order, because conditions ask for traits and a decision must not depend on how rows were read.
 *
 *     traitsOf([{ type: 'userId', traits: { plan: 'basic' }, … }, { type: 'anonymousId', traits: { plan: 'gold', size: 'M' }, … }])
 *     // { plan: 'basic' }
 */
export const traitsOf = (holders: readonly Told[]): Record<string, unknown> => {
  const known = holders.filter(({ type }) => !isAnonymous(type))
  const telling = known.length > 0 ? known : holders
  return Object.assign(
    {},
    ...telling.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)).map(holder => holder.traits),
  ) as Record<string, unknown>
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/**
 * How somebody is called, as far as traits tell it in the names the Segment specification reserves; null: they do not.
 *
 *     displayName({ firstName: 'Ana', lastName: 'Rossi' })   // 'Ana Rossi'
 */
export const displayName = ({ name, firstName, lastName }: Traits): string | null =>
  textOf(name) || [textOf(firstName), textOf(lastName)].filter(part => part !== '').join(' ') || null

/**
 * How friends call somebody; null: traits do not tell.
 *
 *     firstNameOf({ name: 'Ana Rossi' })   // 'Ana'
 */
export const firstNameOf = (traits: Traits): string | null =>
  textOf(traits.firstName) || textOf(traits.name).split(/\s/u)[0] || null
