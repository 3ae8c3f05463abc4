import { formatList, formatMoney, formatNumber, formatShare } from '../../faces/format.ts'
import type { BenefitGiven, Offer } from '../../sdk/index.ts'
import { asking, type ConditionField, naming, readConditions } from '../parts/condition-rows.ts'
import type { Words } from './offer-words.ts'

/** Where it is an amount, not CEL. */
type Amount = number | string

const lineFacts: readonly ConditionField[] = [
  { id: 'category', label: '', value: 'text', operators: naming('line.category') },
  { id: 'sku', label: '', value: 'text', operators: naming('line.sku') },
  { id: 'collection', label: '', value: 'text', operators: asking('inCollection(line.sku, {v})') },
]

/** Which items a filter is about: their category or name where it asks for nothing else. */
const itemsWords = (lines: string | undefined, { t, language }: Words, all = 'benefits.everything'): string => {
  if (lines === undefined) return t(all)
  const read = readConditions(lines, lineFacts)
  const [row, ...others] = read?.rows ?? []
  if (!row || others.length > 0 || row.operator === 'isNot') return t('benefits.chosen')
  return typeof row.value === 'object' ? formatList(row.value, language) : String(row.value)
}

const percentWords = (percent: number, { language }: Words): string => formatShare(percent / 100, language)
const moneyWords = (minor: Amount, currency: string, { t, language }: Words): string =>
  typeof minor === 'number' ? formatMoney(minor, currency, language) : t('benefits.calculated')
const counted = (value: number, { language }: Words) => ({ count: value, value: formatNumber(value, language) })

/** `{{most}}` of a benefit, if it has one. */
const atMost = (words: Words, amount: string | undefined): string =>
  amount === undefined ? '' : words.t('benefits.atMost', { amount })
const times = (words: Words, most: number | undefined): string =>
  most === undefined ? '' : words.t('benefits.times', counted(most, words))

type Says = {
  readonly [K in BenefitGiven['kind']]: (benefit: Extract<BenefitGiven, { kind: K }>, words: Words) => string
}

/** What each kind gives, in the reader's words; a kind without its words here does not compile. */
const says: Says = {
  percentOff: ({ percent, lines, max }, words) =>
    words.t('benefits.says.percentOff', { percent: percentWords(percent, words), items: itemsWords(lines, words) }) +
    atMost(words, max && moneyWords(max.amount, max.currency, words)),
  amountOff: ({ amount, currency, lines, each, maxUnits }, words) =>
    words.t(each === 'unit' ? 'benefits.says.amountOffEach' : 'benefits.says.amountOff', {
      amount: moneyWords(amount, currency, words),
      items: itemsWords(lines, words),
    }) + times(words, maxUnits),
  fixedPrice: ({ price, currency, lines, maxUnits }, words) =>
    words.t('benefits.says.fixedPrice', {
      amount: moneyWords(price, currency, words),
      items: itemsWords(lines, words),
    }) + times(words, maxUnits),
  tieredSpend: ({ tiers, currency, lines }, words) =>
    words.t('benefits.says.tieredSpend', {
      items: itemsWords(lines, words),
      tiers: formatList(
        tiers.map(({ spend, amount, percent }) =>
          words.t('benefits.says.tier', {
            off: amount === undefined ? percentWords(percent ?? 0, words) : moneyWords(amount, currency, words),
            spend: moneyWords(spend, currency, words),
          }),
        ),
        words.language,
      ),
    }),
  buyXGetY: ({ buy, get, times: most }, words) =>
    words.t(get.percent === undefined || get.percent === 100 ? 'benefits.says.buyXGetY' : 'benefits.says.buyXGetYFor', {
      buy: formatNumber(buy.quantity, words.language),
      get: formatNumber(get.quantity, words.language),
      items: itemsWords(buy.lines, words, 'benefits.anything'),
      other: itemsWords(get.lines ?? buy.lines, words, 'benefits.anything'),
      percent: percentWords(get.percent ?? 100, words),
    }) + times(words, most),
  bundle: ({ items, price, currency, times: most }, words) =>
    words.t('benefits.says.bundle', {
      items: formatList(
        items.map(
          ({ lines, quantity }) =>
            `${formatNumber(quantity, words.language)} × ${itemsWords(lines, words, 'benefits.anything')}`,
        ),
        words.language,
      ),
      amount: moneyWords(price, currency, words),
    }) + times(words, most),
  freeItem: ({ items }, words) =>
    words.t('benefits.says.freeItem', {
      items: formatList(
        items.map(({ sku, name }) => name ?? sku),
        words.language,
      ),
    }),
  freeShipping: ({ upTo }, words) =>
    words.t('benefits.says.freeShipping') + atMost(words, upTo && moneyWords(upTo.amount, upTo.currency, words)),
  shippingOff: ({ percent, amount, currency }, words) =>
    words.t('benefits.says.shippingOff', {
      off: amount === undefined ? percentWords(percent ?? 0, words) : moneyWords(amount, currency ?? '', words),
    }),
  giveOffer: ({ quantity = 1 }, words) => words.t('benefits.says.giveOffer', counted(quantity, words)),
  entitlement: ({ entitlement, title, days }, words) =>
    words.t('benefits.says.entitlement', { what: words.t(`benefits.choices.${entitlement}`), title }) +
    (days === undefined ? '' : words.t('benefits.days', counted(days, words))),
  cashback: ({ percent, amount, currency, max, lines }, words) =>
    words.t('benefits.says.cashback', {
      much: percent === undefined ? moneyWords(amount ?? 0, currency ?? '', words) : percentWords(percent, words),
      items: itemsWords(lines, words),
    }) + atMost(words, max === undefined ? undefined : moneyWords(max, currency ?? '', words)),
  points: ({ per, perUnit, fixed, multiply, lines, max }, words) => {
    const items = itemsWords(lines, words)
    const most = max === undefined ? undefined : words.t('benefits.points', counted(max, words))
    const ways = [
      ...(per
        ? [
            words.t('benefits.says.pointsPer', {
              points: words.t('benefits.points', counted(per.points, words)),
              amount: moneyWords(per.amount, per.currency, words),
            }),
          ]
        : []),
      ...(perUnit === undefined
        ? []
        : [words.t('benefits.says.pointsPerUnit', { points: words.t('benefits.points', counted(perUnit, words)) })]),
      ...(typeof fixed === 'number' ? [words.t('benefits.points', counted(fixed, words))] : []),
      ...(typeof fixed === 'string' ? [words.t('benefits.says.pointsCalculated')] : []),
      ...(multiply === undefined
        ? []
        : [words.t('benefits.says.pointsTimes', { times: formatNumber(multiply, words.language) })]),
    ]
    const what = formatList(ways, words.language)
    return (
      (lines === undefined ? what : words.t('benefits.says.pointsOn', { points: what, items })) + atMost(words, most)
    )
  },
}

/** "20 % off coffee", in the reader's language; the server's own sentence where it is a kind that this page does not know. */
export const benefitWords = (benefit: BenefitGiven, words: Words, otherwise = ''): string => {
  // One benefit and its own words: a table of functions forgets which of them is whose.
  const say = says[benefit.kind] as ((benefit: BenefitGiven, words: Words) => string) | undefined
  return say ? say(benefit, words) : otherwise
}

/** `capitalised('free shipping', 'en')` is 'Free shipping'. */
const capitalised = (text: string, language: Words['language']): string =>
  text.slice(0, 1).toLocaleUpperCase(language) + text.slice(1)

/** What an offer gives, where it stands alone: 'Free shipping, at most €5.00'. */
export const offerGives = (offer: Pick<Offer, 'benefit' | 'sentence'>, words: Words): string =>
  capitalised(benefitWords(offer.benefit, words, offer.sentence), words.language)
