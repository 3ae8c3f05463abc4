import i18next, { type TFunction } from 'i18next'
import { useMemo, useSyncExternalStore } from 'react'
import { chooseLanguage, directionOf, isLanguage, isolated, type Language } from './languages.ts'

// A face finds its own by import.meta.glob('./words/*/*.json', { query: '?url', import: 'default', eager: true }).

/** Addresses of the files of words, by path. */
export type WordFiles = Record<string, string>

const sharedFiles = import.meta.glob<string>('./words/*/*.json', { query: '?url', import: 'default', eager: true })
const remembered = 'tessera.language'

let files: WordFiles = {}

/** The paths of a face and of what is shared are alike. */
const prefixed = (prefix: string, given: WordFiles): WordFiles =>
  Object.fromEntries(Object.entries(given).map(([path, address]) => [`${prefix}${path}`, address]))

/** `./words/en/offers.json` holds what is said under `offers` in English. */
const load = async (language: Language): Promise<Record<string, unknown>> => {
  const wanted = Object.entries(files).flatMap(([path, address]) => {
    const [, folder, area] = /\/words\/(\w+)\/([\w-]+)\.json$/.exec(path) ?? []
    return folder === language && area !== undefined ? [{ area, address }] : []
  })
  const loaded = await Promise.all(
    wanted.map(async ({ area, address }) => {
      const response = await fetch(address)
      if (!response.ok) throw new Error(`${address} answered ${response.status}`)
      return [area, await response.json()] as const
    }),
  )
  return Object.fromEntries(loaded)
}

const readRemembered = (): string | null => {
  try {
    return localStorage.getItem(remembered)
  } catch {
    return null // a browser that keeps nothing
  }
}

const remember = (language: Language): void => {
  try {
    localStorage.setItem(remembered, language)
  } catch {
    // It is asked again the next time.
  }
}

const show = (language: Language): void => {
  document.documentElement.lang = language
  document.documentElement.dir = directionOf(language)
}

/** What the address asks for (`?lang=it`), else what was chosen here before, else what the browser prefers. */
const firstLanguage = (): Language =>
  chooseLanguage([new URLSearchParams(location.search).get('lang'), readRemembered(), ...navigator.languages])

/** Loads the words of this face in the reader's language; after it, `useWords()` answers at once. */
export const startWords = async (faceFiles: WordFiles): Promise<void> => {
  files = { ...prefixed('shared', sharedFiles), ...prefixed('face', faceFiles) }
  const lng = firstLanguage()
  await i18next.init({
    lng,
    fallbackLng: false,
    defaultNS: 'words',
    ns: ['words'],
    resources: { [lng]: { words: await load(lng) } },
    // React escapes; `escape` is i18next's hook for whatever is put into a text.
    interpolation: { escape: value => isolated(value, chooseLanguage([i18next.language])) },
  })
  show(lng)
}

export const changeLanguage = async (language: string): Promise<void> => {
  if (!isLanguage(language)) return
  if (!i18next.hasResourceBundle(language, 'words')) i18next.addResourceBundle(language, 'words', await load(language))
  await i18next.changeLanguage(language)
  remember(language)
  show(language)
}

const subscribe = (listener: () => void): (() => void) => {
  i18next.on('languageChanged', listener)
  return () => i18next.off('languageChanged', listener)
}

/** `t('offers.title')` in the reader's language, which is `language`. */
export const useWords = (): { readonly t: TFunction; readonly language: Language } => {
  const language = useSyncExternalStore(subscribe, () => chooseLanguage([i18next.language]))
  const t = useMemo(() => i18next.getFixedT(language, 'words'), [language])
  return { t, language }
}
