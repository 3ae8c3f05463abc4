import { ActionIcon, Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import {
  type Icon,
  IconActivity,
  IconChevronDown,
  IconDiscountCheck,
  IconGift,
  IconMessageQuestion,
  IconReceipt,
  IconReceiptOff,
  IconShoppingCart,
  IconTargetArrow,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatTime } from '../../faces/format.ts'
import { useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Person, TimelineEntry } from '../../sdk/index.ts'
import { JsonBlock } from '../parts/code-block.tsx'
import { rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { CampaignRef, EventRef, OfferRef } from '../parts/named.tsx'
import { Problem } from '../parts/problem.tsx'
import { RepeatCall } from '../parts/repeat-call.tsx'
import { Money, Ref } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import classes from './timeline.module.css'

const icons: Record<TimelineEntry['what'], Icon> = {
  event: IconActivity,
  orderOpened: IconShoppingCart,
  orderPlaced: IconReceipt,
  orderCancelled: IconReceiptOff,
  redemption: IconDiscountCheck,
  decision: IconMessageQuestion,
  grant: IconGift,
  campaign: IconTargetArrow,
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** What is no track call is named after its kind, which we have words for. */
const eventName = ({ name, kind }: TimelineEntry['details']): string | undefined =>
  name === kind ? undefined : textOf(name)

const shownProperties = 3

/** What was said about an event, as far as it fits into a line. */
const propertiesOf = ({ properties }: TimelineEntry['details']): string =>
  Object.values((properties ?? {}) as Record<string, unknown>)
    .filter(value => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .slice(0, shownProperties)
    .join(' · ')

const Amount = ({ details, field }: { readonly details: TimelineEntry['details']; readonly field: string }) => {
  const currency = textOf(details.currency)
  const minor = numberOf(details[field])
  return currency === undefined || minor === undefined ? null : <Money minor={minor} currency={currency} />
}

/** One sentence an entry, and what belongs to it. */
const Sentence = ({ entry: { what, id, details } }: { readonly entry: TimelineEntry }): ReactNode => {
  const { t } = useWords()
  const offer = textOf(details.offer)
  switch (what) {
    case 'event':
      return (
        <>
          <EventRef id={id} name={eventName(details) ?? t(`people.timeline.kind.${textOf(details.kind) ?? 'track'}`)} />{' '}
          {textOf(details.order) === undefined ? (
            <Text span size="sm" c="dimmed">
              <bdi>{propertiesOf(details)}</bdi>
            </Text>
          ) : (
            <Ref id={String(details.order)} kind="order" />
          )}
        </>
      )
    case 'orderOpened':
    case 'orderPlaced':
    case 'orderCancelled':
      return (
        <>
          {t(`people.timeline.${what}`)} <Ref id={id} kind="order" /> · <Amount details={details} field="total" />
          {(numberOf(details.discount) ?? 0) > 0 && (
            <Text span size="sm" c="var(--good)">
              {' '}
              (−
              <Amount details={details} field="discount" />)
            </Text>
          )}
        </>
      )
    case 'redemption':
      return (
        <>
          {t('people.timeline.redemption')} {offer !== undefined && <OfferRef id={offer} />}{' '}
          {(numberOf(details.amount) ?? 0) > 0 && (
            <>
              · <Amount details={details} field="amount" />
            </>
          )}{' '}
          {textOf(details.order) !== undefined && <Ref id={String(details.order)} kind="order" />}
        </>
      )
    case 'grant':
      return (
        <>
          {t('people.timeline.grant')} {offer !== undefined && <OfferRef id={offer} />}
        </>
      )
    case 'campaign':
      return (
        <>
          {t('people.timeline.campaign')} <CampaignRef id={id} />
        </>
      )
    case 'decision':
      return (
        <>
          <Ref id={id} kind="decision" name={t('people.timeline.decision')} />{' '}
          <bdi>{textOf(details.cause) ?? textOf(details.kind)}</bdi>
        </>
      )
  }
}

const Entry = ({ entry }: { readonly entry: TimelineEntry }) => {
  const { t, language } = useWords()
  const [isOpen, setOpen] = useState(false)
  const Picture = icons[entry.what]
  return (
    <li className={classes.entry}>
      <span className={classes.picture}>
        <Picture size={16} aria-hidden />
      </span>
      <div className={classes.body}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" component="div">
            <Sentence entry={entry} />
          </Text>
          <Group gap="xs" wrap="nowrap" style={{ flex: 'none' }}>
            {entry.channel !== null && (
              <Badge variant="default" tt="none" fw={500} size="sm">
                <bdi>{entry.channel}</bdi>
              </Badge>
            )}
            <Text size="sm" c="dimmed" component="time" dateTime={entry.at}>
              {formatTime(entry.at, 'time', language)}
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('people.timeline.details')}
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <IconChevronDown size={16} aria-hidden className={isOpen ? classes.turned : undefined} />
            </ActionIcon>
          </Group>
        </Group>
        {isOpen && <JsonBlock value={{ id: entry.id, ...entry.details }} label={t('people.timeline.details')} />}
      </div>
    </li>
  )
}

/** What a reader may want to see alone. */
const kinds = {
  all: () => true,
  orders: ({ what }: TimelineEntry) => what.startsWith('order'),
  offers: ({ what }: TimelineEntry) => ['redemption', 'grant', 'decision', 'campaign'].includes(what),
  events: ({ what }: TimelineEntry) => what === 'event',
} as const
const kindNames = ['all', 'orders', 'offers', 'events'] as const

/** What happened on all channels, by days, the newest first. */
const Timeline = ({ person }: { readonly person: Person }) => {
  const { t, language } = useWords()
  const list = useList('getTimeline', [person.id, { limit: 50 }])
  const [{ what = 'all' }, setFilters] = useFilters({ what: oneOf(kindNames) })
  const { rows, error, retry, fetchMore, isFetchingMore } = rowsOfList<TimelineEntry>(list)
  if (error) return <Problem error={error} onRetry={retry} />
  if (!rows) return <Waiting />
  if (rows.length === 0) return <Empty title={t('people.timeline.none')} text={t('people.timeline.noneText')} />
  const dayOf = ({ at }: TimelineEntry): string => formatTime(at, 'date', language)
  const shown = rows.filter(kinds[what])
  const days = [...new Set(shown.map(dayOf))]
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t('people.timeline.show')}
          value={what}
          onChange={chosen => setFilters({ what: kindNames.find(it => it === chosen) }, { replace: true })}
          data={kindNames.map(value => ({ value, label: t(`people.timeline.only.${value}`) }))}
        />
        <RepeatCall sent={requestOf('getTimeline', [person.id, { limit: 50 }])} />
      </Group>
      {days.map(day => (
        <section key={day} aria-label={day}>
          <Text component="h2" size="sm" fw={600} mb="xs">
            {day}
          </Text>
          <ol className={classes.list}>
            {shown
              .filter(entry => dayOf(entry) === day)
              .map(entry => (
                <Entry key={entry.what + entry.id + entry.at} entry={entry} />
              ))}
          </ol>
        </section>
      ))}
      {shown.length === 0 && <Text c="dimmed">{t('people.timeline.noneSuch')}</Text>}
      {fetchMore && (
        <Group justify="center">
          <Button variant="default" loading={isFetchingMore} onClick={fetchMore}>
            {t('common.more')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

export default Timeline
