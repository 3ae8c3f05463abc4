import type { TFunction } from 'i18next'

type Known = {
  readonly id: string
  readonly traits: Readonly<Record<string, unknown>>
  readonly identifiers: readonly { readonly type: string; readonly given: string }[]
}

const said = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

/** What browsers call themselves names nobody. */
const nameless = ['anonymousId', 'device']

/** What somebody is known by that people would call her by; undefined where it is only a browser or a device. */
export const knownAs = ({ identifiers }: Pick<Known, 'identifiers'>): string | undefined =>
  identifiers.find(({ type }) => !nameless.includes(type))?.given

const shownOfId = 6

/** Somebody of whom nothing is known that could be said: enough of her id to tell her from others. */
export const unnamed = (id: string, t: TFunction): string => t('common.unnamed', { id: id.slice(-shownOfId) })

/**
 * What to call somebody: her name, else what she is known by, else the end of her id.
 *
 *     nameOf({ id: 'per_1', traits: { firstName: 'Ana', lastName: 'Rossi' }, identifiers: [] }, t)   // 'Ana Rossi'
 */
export const nameOf = ({ id, traits, identifiers }: Known, t: TFunction): string =>
  said(traits.name) ||
  [said(traits.firstName), said(traits.lastName)].filter(part => part !== '').join(' ') ||
  knownAs({ identifiers }) ||
  unnamed(id, t)
