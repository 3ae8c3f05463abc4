import { isLanguage, isolated } from './languages.ts'

/**
 * The part of i18next that faces use, at a twentieth of its size, for the faces that have to be small: their build puts it in i18next's place
 * (`tools/small-words.mjs`). `small-i18next.test.ts` holds that both say the same of every text in every language.
 */
type Words = { readonly [key: string]: string | Words }
type Places = Readonly<Record<string, unknown>>

const bundles = new Map<string, Words>()
const rules = new Map<string, Intl.PluralRules>()
const listeners = new Set<() => void>()

const pluralForm = (language: string, count: number): string => {
  const known = rules.get(language) ?? new Intl.PluralRules(language)
  rules.set(language, known)
  return known.select(count)
}

const find = (language: string, key: string): string | undefined => {
  let at: string | Words | undefined = bundles.get(language)
  for (const name of key.split('.')) at = typeof at === 'object' ? at[name] : undefined
  return typeof at === 'string' ? at : undefined
}

const textOf = (language: string, key: string, { count, defaultValue }: Places): string => {
  const plural = typeof count === 'number' ? find(language, `${key}_${pluralForm(language, count)}`) : undefined
  return plural ?? find(language, key) ?? (typeof defaultValue === 'string' ? defaultValue : key)
}

const put = (value: string, language: string): string => (isLanguage(language) ? isolated(value, language) : value)

const i18next = {
  language: '',

  async init({
    lng,
    resources,
  }: {
    readonly lng: string
    readonly resources: Record<string, { readonly words: Words }>
  }) {
    i18next.language = lng
    for (const [language, { words }] of Object.entries(resources)) bundles.set(language, words)
  },

  hasResourceBundle: (language: string): boolean => bundles.has(language),

  addResourceBundle: (language: string, _: string, words: Words): void => {
    bundles.set(language, words)
  },

  async changeLanguage(language: string) {
    i18next.language = language
    for (const listener of listeners) listener()
  },

  on: (_: 'languageChanged', listener: () => void): void => {
    listeners.add(listener)
  },

  off: (_: 'languageChanged', listener: () => void): void => {
    listeners.delete(listener)
  },

  getFixedT:
    (language: string) =>
    (key: string, places: Places = {}): string =>
      textOf(language, key, places).replace(/\{\{(\w+)\}\}/g, (place, name: string) =>
        Object.hasOwn(places, name) ? put(String(places[name] ?? ''), language) : place,
      ),
}

export default i18next
