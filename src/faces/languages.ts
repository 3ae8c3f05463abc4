/** The languages of the faces, in the order they are offered; each is named in itself. */
export const languages = {
  en: 'English',
  id: 'Bahasa Indonesia',
  it: 'Italiano',
  ms: 'Bahasa Melayu',
  ar: 'العربية',
} as const

export type Language = keyof typeof languages

export const languageCodes = Object.keys(languages) as Language[]

export const isLanguage = (text: string | null | undefined): text is Language =>
  text !== null && text !== undefined && Object.hasOwn(languages, text)

/** Which way a language is written. */
export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr')

const otherWay = { ltr: /\p{Script=Arabic}|\p{Script=Hebrew}/u, rtl: /\p{Script=Latin}/u } as const

/**
 * What is put into a text of a language, kept together where it is written the other way (U+2068 … U+2069): a product's English name amid
 * Arabic words would else be scattered around them.
 *
 *     isolated('3.00 off', 'ar')   // '\u20683.00 off\u2069'
 */
export const isolated = (value: string, language: Language): string =>
  otherWay[directionOf(language)].test(value) ? `\u2068${value}\u2069` : value

/**
 * The first of the wishes that there is, by its language alone; English else.
 *
 *     chooseLanguage(['', 'de-CH', 'it-CH'])   // 'it'
 */
export const chooseLanguage = (wishes: readonly (string | null | undefined)[]): Language => {
  for (const wish of wishes) {
    const [language] = (wish ?? '').toLowerCase().split('-')
    if (isLanguage(language)) return language
  }
  return 'en'
}

/** How Intl is asked: Arabic with Latin digits, because codes, cards and receipts carry those. */
export const localeOf = (language: Language): string => (language === 'ar' ? 'ar-u-nu-latn' : language)
