import type { TFunction } from 'i18next'
import type { BenefitGiven } from '../sdk/index.ts'
import { formatList, formatMoney, formatNumber, formatShare } from './format.ts'
import { directionOf, type Language } from './languages.ts'

type Words = {
  readonly t: TFunction
  readonly language: Language
  /** Points in the smallest unit of their programme, as it calls them; undefined where it is not known here. */
  readonly pointsOf?: ((programme: string, amount: number) => string | undefined) | undefined
}

/** Where it is an amount, not CEL. */
type Amount = number | string

/** Which items a filter is about; `all` is what is said without a filter. */
export type ItemsWords = (lines: string | undefined, words: Words, all?: string) => string

/** Of a filter that nobody may see: what it is about is not told. */
const anyOrChosen: ItemsWords = (lines, { t }, all = 'gives.everything') =>
  lines === undefined ? t(all) : t('gives.chosen')

const percentWords = (percent: number, { language }: Words): string => formatShare(percent / 100, language)
const moneyWords = (minor: Amount, currency: string, { t, language }: Words): string =>
  typeof minor === 'number' ? formatMoney(minor, currency, language) : t('gives.calculated')
const counted = (value: number, { language }: Words) => ({ count: value, value: formatNumber(value, language) })

/** `{{most}}` of a benefit, if it has one. */
const atMost = (words: Words, amount: string | undefined): string =>
  amount === undefined ? '' : words.t('gives.atMost', { amount })
const times = (words: Words, most: number | undefined): string =>
  most === undefined ? '' : words.t('gives.times', counted(most, words))

type Says = {
  readonly [K in BenefitGiven['kind']]: (
    benefit: Extract<BenefitGiven, { kind: K }>,
    words: Words,
    itemsWords: ItemsWords,
  ) => string
}

/** What each kind gives, in the reader's words; a kind without its words here does not compile. */
const says: Says = {
  percentOff: ({ percent, lines, max }, words, itemsWords) =>
    words.t(percent === 100 ? 'gives.says.free' : 'gives.says.percentOff', {
      percent: percentWords(percent, words),
      items: itemsWords(lines, words),
    }) + atMost(words, max && moneyWords(max.amount, max.currency, words)),
  amountOff: ({ amount, currency, lines, each, maxUnits }, words, itemsWords) =>
    words.t(each === 'unit' ? 'gives.says.amountOffEach' : 'gives.says.amountOff', {
      amount: moneyWords(amount, currency, words),
      items: itemsWords(lines, words),
    }) + times(words, maxUnits),
  fixedPrice: ({ price, currency, lines, maxUnits }, words, itemsWords) =>
    words.t('gives.says.fixedPrice', {
      amount: moneyWords(price, currency, words),
      items: itemsWords(lines, words),
    }) + times(words, maxUnits),
  tieredSpend: ({ tiers, currency, lines }, words, itemsWords) =>
    words.t('gives.says.tieredSpend', {
      items: itemsWords(lines, words),
      tiers: formatList(
        tiers.map(({ spend, amount, percent }) =>
          words.t('gives.says.tier', {
            off: amount === undefined ? percentWords(percent ?? 0, words) : moneyWords(amount, currency, words),
            spend: moneyWords(spend, currency, words),
          }),
        ),
        words.language,
      ),
    }),
  buyXGetY: ({ buy, get, times: most }, words, itemsWords) => {
    const items = itemsWords(buy.lines, words, 'gives.anything')
    const other = itemsWords(get.lines ?? buy.lines, words, 'gives.anything')
    const places = {
      buy: formatNumber(buy.quantity, words.language),
      get: formatNumber(get.quantity, words.language),
      percent: percentWords(get.percent ?? 100, words),
    }
    const isFree = get.percent === undefined || get.percent === 100
    // What cannot be told apart is said once: "buy 2, get 1 free: coffee".
    if (items !== other)
      return (
        words.t(isFree ? 'gives.says.buyXGetOther' : 'gives.says.buyXGetOtherFor', { ...places, items, other }) +
        times(words, most)
      )
    const deal = words.t(isFree ? 'gives.says.buyXGetY' : 'gives.says.buyXGetYFor', places)
    return (buy.lines === undefined ? deal : words.t('gives.says.dealOn', { deal, items })) + times(words, most)
  },
  bundle: ({ items, price, currency, times: most }, words, itemsWords) =>
    words.t('gives.says.bundle', {
      items: formatList(
        items.map(
          ({ lines, quantity }) =>
            `${formatNumber(quantity, words.language)} × ${itemsWords(lines, words, 'gives.anything')}`,
        ),
        words.language,
      ),
      amount: moneyWords(price, currency, words),
    }) + times(words, most),
  freeItem: ({ items }, words) =>
    words.t('gives.says.freeItem', {
      items: formatList(
        items.map(({ sku, name }) => name ?? sku),
        words.language,
      ),
    }),
  freeShipping: ({ upTo }, words) =>
    words.t('gives.says.freeShipping') + atMost(words, upTo && moneyWords(upTo.amount, upTo.currency, words)),
  shippingOff: ({ percent, amount, currency }, words) =>
    words.t('gives.says.shippingOff', {
      off: amount === undefined ? percentWords(percent ?? 0, words) : moneyWords(amount, currency ?? '', words),
    }),
  giveOffer: ({ quantity = 1 }, words) => words.t('gives.says.giveOffer', counted(quantity, words)),
  entitlement: ({ entitlement, title, days }, words) =>
    words.t('gives.says.entitlement', { what: words.t(`gives.what.${entitlement}`), title }) +
    (days === undefined ? '' : words.t('gives.days', counted(days, words))),
  cashback: ({ percent, amount, currency, max, lines }, words, itemsWords) =>
    words.t('gives.says.cashback', {
      much: percent === undefined ? moneyWords(amount ?? 0, currency ?? '', words) : percentWords(percent, words),
      items: itemsWords(lines, words),
    }) + atMost(words, max === undefined ? undefined : moneyWords(max, currency ?? '', words)),
  points: ({ programme, per, perUnit, fixed, multiply, lines, max }, words, itemsWords) => {
    const items = itemsWords(lines, words)
    const pointsWords = (amount: number): string =>
      words.pointsOf?.(programme, amount) ?? words.t('gives.points', counted(amount, words))
    const most = max === undefined ? undefined : pointsWords(max)
    const ways = [
      ...(per
        ? [
            words.t('gives.says.pointsPer', {
              points: pointsWords(per.points),
              amount: moneyWords(per.amount, per.currency, words),
            }),
          ]
        : []),
      ...(perUnit === undefined ? [] : [words.t('gives.says.pointsPerUnit', { points: pointsWords(perUnit) })]),
      ...(typeof fixed === 'number' ? [pointsWords(fixed)] : []),
      ...(typeof fixed === 'string' ? [words.t('gives.says.pointsCalculated')] : []),
      ...(multiply === undefined
        ? []
        : [words.t('gives.says.pointsTimes', { times: formatNumber(multiply, words.language) })]),
    ]
    const what = formatList(ways, words.language)
    return (lines === undefined ? what : words.t('gives.says.pointsOn', { points: what, items })) + atMost(words, most)
  },
}

/** `capitalised('free shipping', 'en')` is 'Free shipping'. */
const capitalised = (text: string, language: Language): string =>
  text.slice(0, 1).toLocaleUpperCase(language) + text.slice(1)

/** "20 % off coffee" within a sentence, in the reader's language; the server's own words where it is a kind that is not known here. */
export const benefitWords = (
  benefit: BenefitGiven,
  words: Words,
  otherwise = '',
  itemsWords: ItemsWords = anyOrChosen,
): string => {
  // One benefit and its own words: a table of functions forgets which of them is whose.
  const say = says[benefit.kind] as
    | ((benefit: BenefitGiven, words: Words, itemsWords: ItemsWords) => string)
    | undefined
  return say ? say(benefit, words, itemsWords) : otherwise
}

/**
 * What an offer gives, where it stands alone; without its benefit (an answer that was kept before answers held one) the server's own words.
 *
 *     offerGives({ benefit: { kind: 'freeShipping' }, sentence: 'Free shipping' }, words)   // 'Spedizione gratuita'
 */
export const offerGives = (
  { benefit, sentence }: { readonly benefit?: BenefitGiven | undefined; readonly sentence: string },
  words: Words,
  itemsWords?: ItemsWords,
): string => {
  if (!benefit) return capitalised(sentence, words.language)
  const told = capitalised(benefitWords(benefit, words, sentence, itemsWords), words.language)
  // Whatever stands first, "1 bean for every €1.00" runs as its language does: an element that finds its own direction looks at that letter.
  return directionOf(words.language) === 'rtl' ? `\u200f${told}` : told
}
