import { useCall } from '../../../faces/queries.ts'
import { useMay } from '../../../faces/session.ts'
import { useWords } from '../../../faces/words.ts'
import { asking, type ConditionField, comparing, naming } from '../../parts/condition-rows.ts'
import type { Draft } from './offer-draft.ts'

type Named = { readonly id: string; readonly name: string }
const choicesOf = (items: readonly Named[] | undefined) => items?.map(({ id, name }) => ({ value: id, label: name }))

const staleMs = 60_000

/** The channels, stores, segments and collections of the workspace, to choose from. */
export const useNouns = () => {
  const may = useMay()
  const channels = useCall('listChannels', [{ limit: 100 }], { staleMs, enabled: may('listChannels') })
  const locations = useCall('listLocations', [{ limit: 200 }], { staleMs, enabled: may('listLocations') })
  const segments = useCall('listSegments', [{ limit: 200 }], { staleMs, enabled: may('listSegments') })
  const collections = useCall('listCollections', [{ limit: 200 }], { staleMs, enabled: may('listCollections') })
  return {
    channels: choicesOf(channels.data?.data) ?? [],
    locations: choicesOf(locations.data?.data) ?? [],
    segments: choicesOf(segments.data?.data) ?? [],
    collections: (collections.data?.data ?? []).map(({ id }) => ({ value: id, label: id })),
  }
}

const anyLine = (test: string): string => `order.lines.exists(item, ${test})`

/** What the condition of an offer may ask, by its trigger, for the rows of a form. */
export const useOfferConditionFields = (draft: Pick<Draft, 'trigger'>): readonly ConditionField[] => {
  const { t } = useWords()
  const { channels, locations, segments, collections } = useNouns()
  const { on } = draft.trigger
  const field = (id: string, more: Omit<ConditionField, 'id' | 'label'>): ConditionField => ({
    id,
    label: t(`conditions.fields.${id}`),
    ...more,
  })
  const ofOrders = [
    field('subtotal', { value: 'money', operators: comparing('order.subtotal') }),
    field('quantity', { value: 'number', operators: comparing('order.quantity') }),
    field('anyCategory', { value: 'text', operators: { is: anyLine('item.category == {v}') } }),
    field('anySku', { value: 'text', operators: { is: anyLine('item.sku == {v}') } }),
    field('anyCollection', {
      value: 'text',
      operators: { is: anyLine('inCollection(item.sku, {v})') },
      choices: collections,
    }),
    field('tender', { value: 'text', operators: { is: '{v} in order.tenders' } }),
  ]
  const ofRequests = [field('moment', { value: 'text', operators: naming('moment') })]
  return [
    ...(on === 'event' ? [] : on === 'request' ? ofRequests : ofOrders),
    field('channel', { value: 'text', operators: naming('channel'), choices: channels }),
    field('location', { value: 'text', operators: naming('location'), choices: locations }),
    field('segment', { value: 'text', operators: asking('inSegment({v})'), choices: segments }),
    field('known', { value: 'none', operators: asking('person.known') }),
    field('orders', { value: 'number', operators: comparing('person.orders.count') }),
    field('spend', { value: 'money', operators: comparing('person.orders.spend') }),
    field('orders30', { value: 'number', operators: comparing('orders(30)') }),
    field('away', {
      value: 'number',
      operators: { moreThan: '(person.orders.count > 0 && daysSince(person.orders.lastAt) > {v})' },
    }),
    field('birthday', { value: 'number', operators: { atMost: 'birthdayWithin({v}, {v})' } }),
    field('tier', { value: 'text', operators: naming('person.tier') }),
    field('weekday', { value: 'weekdays', operators: { is: 'local.weekday in {v}' } }),
    field('hour', {
      value: 'number',
      operators: { atLeast: 'local.hour >= {v}', lessThan: 'local.hour < {v}' },
    }),
    field('date', { value: 'text', operators: naming('local.date') }),
  ]
}

/** What a filter over the lines of a basket may ask. */
export const useLineFields = (): readonly ConditionField[] => {
  const { t } = useWords()
  const { collections } = useNouns()
  return [
    { id: 'category', label: t('conditions.fields.category'), value: 'text', operators: naming('line.category') },
    { id: 'sku', label: t('conditions.fields.sku'), value: 'text', operators: naming('line.sku') },
    {
      id: 'collection',
      label: t('conditions.fields.collection'),
      value: 'text',
      operators: asking('inCollection(line.sku, {v})'),
      choices: collections,
    },
    {
      id: 'unitPrice',
      label: t('conditions.fields.unitPrice'),
      value: 'money',
      operators: comparing('line.unitPrice'),
    },
    {
      id: 'lineQuantity',
      label: t('conditions.fields.lineQuantity'),
      value: 'number',
      operators: comparing('line.quantity'),
    },
  ]
}
