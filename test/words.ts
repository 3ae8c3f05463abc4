import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInstance, type TFunction } from 'i18next'
import { refusalsOf } from '../src/contract/endpoint.ts'
import { endpoints } from '../src/contract/index.ts'
import { refusals } from '../src/contract/refusals.ts'
import { type Language, languageCodes } from '../src/faces/languages.ts'

type Area = { readonly [key: string]: string | Area }

const areasIn = (folder: string, language: Language): readonly (readonly [string, Area])[] => {
  const path = join(import.meta.dirname, '../src', folder, 'words', language)
  return readdirSync(path).map(file => [basename(file, '.json'), JSON.parse(readFileSync(join(path, file), 'utf8'))])
}

/**
 * The words of a face, with those that all faces share, for tests of who tells something by them; what is put into them stays as it is.
 *
 *     const { areas, words } = await wordsOf('till')
 *     areas('it').reason             // { code_unknown: '…', … }
 *     reasonText(reason, words('it'))
 */
export const wordsOf = async (
  face: 'console' | 'wallet' | 'till',
): Promise<{
  readonly areas: (language: Language) => Readonly<Record<string, Area>>
  readonly words: (language: Language) => { readonly t: TFunction; readonly language: Language }
}> => {
  const all = Object.fromEntries(
    languageCodes.map(code => [code, Object.fromEntries([...areasIn('faces', code), ...areasIn(face, code)])]),
  )
  const i18n = createInstance()
  await i18n.init({
    resources: Object.fromEntries(languageCodes.map(code => [code, { words: all[code]! }])),
    defaultNS: 'words',
    ns: ['words'],
    fallbackLng: false,
    interpolation: { escapeValue: false },
  })
  return {
    areas: language => all[language]!,
    words: language => ({ t: i18n.getFixedT(language, 'words'), language }),
  }
}

/** Every refusal that one of these calls may answer. */
export const answeredBy = (calls: readonly string[]): string[] =>
  endpoints.filter(({ name }) => calls.includes(name)).flatMap(endpoint => refusalsOf(endpoint).map(({ code }) => code))

/** What no face of ours meets: each makes well-formed calls, every id once, of the workspace that it shows. */
export const neverOfFaces = [
  'role_forbidden',
  'workspace_mismatch',
  'unsupported_media_type',
  'payload_too_large',
  'idempotency_key_reused',
  'consent_in_future',
] as const

const placesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

/** `code place`, where words of a refusal ask for what neither it nor their writer (`more`) says. */
export const strangePlaces = (
  codes: readonly string[],
  area: Area | string | undefined,
  more: readonly string[] = [],
) =>
  codes.flatMap(code => {
    const text = typeof area === 'object' ? area[code] : undefined
    const known = [...placesIn(refusals.get(code)!.sentence), ...more]
    return typeof text === 'string' ? placesIn(text).flatMap(it => (known.includes(it) ? [] : [`${code} ${it}`])) : []
  })
