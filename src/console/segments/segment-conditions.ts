import type { TFunction } from 'i18next'
import { asking, type ConditionAsk, type ConditionField, comparing } from '../parts/condition-rows.ts'

type Choices = NonNullable<ConditionField['choices']>

/** What the rows of a segment's condition choose from. */
export type SegmentNouns = {
  readonly channels: Choices
  readonly consentChannels: Choices
  readonly purposes: Choices
  readonly identifiers: Choices
  readonly segments: Choices
  readonly programmes: readonly { readonly value: string; readonly label: string; readonly tiers: Choices }[]
}

const usualDays = '30'
const usualEvents = ['Product Viewed', 'Product Added', 'Product Reviewed']

/**
 * What a segment may ask of somebody: what they did, on which channel and in how many days, and what they are like.
 *
 *     segmentFields(nouns, t)   // `orders({days}) >= {v}`, `consented({channel}, {purpose})`, …
 */
export const segmentFields = (nouns: SegmentNouns, t: TFunction): readonly ConditionField[] => {
  const { channels, programmes } = nouns
  const ask = (id: string, as: ConditionAsk['as'], choices?: Choices): ConditionAsk => ({
    id,
    label: t(`segments.of.${id}`),
    as,
    ...(choices && { choices }),
  })
  const days: ConditionAsk = {
    id: 'days',
    label: t('segments.builder.days'),
    as: 'number',
    isOptional: true,
    first: usualDays,
    before: t('segments.builder.within'),
    after: t('segments.builder.daysAfter'),
    placeholder: t('segments.builder.ever'),
  }
  const named = {
    channel: ask('channel', 'text', channels),
    category: ask('category', 'text'),
    event: ask(
      'event',
      'text',
      usualEvents.map(value => ({ value, label: value })),
    ),
    programme: ask('programme', 'name', programmes),
  } as const
  /** What is counted, or summed up, in so many days or ever. */
  const counted = (id: string, value: 'number' | 'money' = 'number', of?: 'channel' | 'category' | 'event') => ({
    id,
    label: t(`segments.fact.${id}`),
    group: t('segments.builder.did'),
    value,
    first: value === 'money' ? 100 : 1,
    operators: comparing(of ? `${id}({${of}}{,days})` : `${id}({days})`),
    asks: of ? [named[of], days] : [days],
  })
  const like = (id: string, more: Pick<ConditionField, 'value' | 'operators'> & Partial<ConditionField>) => ({
    id,
    label: t(`segments.fact.${id}`),
    group: t('segments.builder.isLike'),
    ...more,
  })
  const equal = (fact: string) => ({ is: `${fact} == {v}`, isNot: `${fact} != {v}` })
  const around = (id: 'before' | 'after', first: string): ConditionAsk => {
    const isBefore = id === 'before'
    return {
      id,
      label: t(isBefore ? 'segments.builder.daysBefore' : 'segments.builder.daysLater'),
      as: 'number',
      first,
      after: t(isBefore ? 'segments.builder.before' : 'segments.builder.later'),
    }
  }
  return [
    counted('orders'),
    counted('spend', 'money'),
    counted('averageValue', 'money'),
    counted('ordersIn', 'number', 'channel'),
    counted('spendIn', 'money', 'channel'),
    counted('ordersOf', 'number', 'category'),
    counted('unitsOf', 'number', 'category'),
    counted('spendOf', 'money', 'category'),
    counted('returns'),
    counted('events', 'number', 'event'),
    counted('offersReceived'),
    counted('offersUsed'),
    counted('offersIgnored'),
    { ...counted('points'), operators: comparing('person.points.{programme}'), asks: [named.programme] },
    like('segment', { value: 'text', operators: asking('inSegment({v})'), choices: nouns.segments }),
    like('consent', {
      value: 'none',
      operators: asking('consented({channel}, {purpose})'),
      asks: [
        { ...ask('channel', 'text', nouns.consentChannels), first: 'email' },
        { ...ask('purpose', 'text', nouns.purposes), first: 'marketing' },
      ],
    }),
    like('birthday', {
      value: 'none',
      operators: asking('birthdayWithin({before}, {after})'),
      asks: [around('before', '7'), around('after', '0')],
    }),
    like('identifier', {
      value: 'text',
      operators: { is: '{v} in person.identifiers', isNot: '!({v} in person.identifiers)' },
      choices: nouns.identifiers,
    }),
    like('tier', {
      value: 'text',
      operators: equal('person.tiers.{programme}'),
      asks: [named.programme],
      choicesFor: ({ programme }) => programmes.find(({ value }) => value === programme)?.tiers ?? [],
    }),
    like('mostlyOn', { value: 'text', operators: equal('person.preferredChannel'), choices: channels }),
    like('trait', {
      value: 'text',
      operators: asking('(has(person.traits.{trait}) && person.traits.{trait} == {v})'),
      asks: [ask('trait', 'name')],
    }),
  ]
}
