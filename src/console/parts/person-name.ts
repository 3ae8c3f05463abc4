type Known = {
  readonly id: string
  readonly traits: Readonly<Record<string, unknown>>
  readonly identifiers: readonly { readonly type: string; readonly given: string }[]
}

const said = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** What browsers call themselves names nobody. */
const nameless = ['anonymousId', 'device']

/**
 * What to call somebody: her name, else what she is known by, else her id.
 *
 *     nameOf({ id: 'per_1', traits: { firstName: 'Ana', lastName: 'Rossi' }, identifiers: [] })   // 'Ana Rossi'
 */
export const nameOf = ({ id, traits, identifiers }: Known): string =>
  said(traits.name) ||
  [said(traits.firstName), said(traits.lastName)].filter(part => part !== '').join(' ') ||
  identifiers.find(({ type }) => !nameless.includes(type))?.given ||
  id
