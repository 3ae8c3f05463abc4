import { Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { requestOf } from '../../faces/api.ts'
import { formatList } from '../../faces/format.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderRow } from '../../sdk/index.ts'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { DayFilter } from '../parts/day-filter.tsx'
import { Empty } from '../parts/empty.tsx'
import { FilterSelect } from '../parts/filter-select.tsx'
import { oneOf, type Reader, text, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { unnamed } from '../parts/person-name.ts'
import { StateBadge } from '../parts/state-badge.tsx'
import { Money, Ref, When } from '../parts/values.tsx'
import { OrderSearch } from './order-search.tsx'

const states = ['open', 'placed', 'returned', 'cancelled'] as const

/** `2026-03-01`, a day on the reader's own calendar. */
const day: Reader<string> = raw => (/^\d{4}-\d{2}-\d{2}$/.test(raw) && Date.parse(raw) ? raw : undefined)

/** The instant at which a day begins where the reader is; with `days` so many days later. */
const beginOf = (date: string | undefined, days = 0): string | undefined => {
  if (date === undefined) return undefined
  const begin = new Date(`${date}T00:00`)
  begin.setDate(begin.getDate() + days)
  return begin.toISOString()
}

/** Works as it stands: the first order. */
const firstOrder = {
  method: 'PUT',
  path: '/v1/orders/web-1001',
  body: {
    person: 'email:ana@example.com',
    channel: 'web',
    state: 'placed',
    lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: 2, unitPrice: 450 }],
  },
} as const

export const Page = () => {
  const { t, language } = useWords()
  const [filters, setFilters] = useFilters({
    person: text,
    code: text,
    channel: text,
    location: text,
    state: oneOf(states),
    offer: text,
    from: day,
    to: day,
  })
  const { person, code, channel, location, state, offer, from, to } = filters
  const query = { person, code, channel, location, state, offer, from: beginOf(from), to: beginOf(to, 1), limit: 50 }
  const orders = useList('listOrders', [query])
  const offers = useCall('listOffers', [{ limit: 100 }], { staleMs: 60_000 })
  const channels = useCall('listChannels', [{ limit: 100 }], { staleMs: 60_000 })
  const locations = useCall('listLocations', [{ limit: 100 }], { staleMs: 60_000 })
  const setChannel = useDebouncedCallback((channel: string) => setFilters({ channel }, { replace: true }), 300)
  const offerName = (id: string): string => offers.data?.data.find(it => it.id === id)?.name ?? id
  const locationName = (id: string): string => locations.data?.data.find(it => it.id === id)?.name ?? id
  const isFiltered = Object.values(filters).some(it => it !== undefined)
  const usedBy = ({ uses }: OrderRow): string =>
    formatList([...new Set(uses.map(use => use.code ?? offerName(use.offer)))], language)
  const columns: Column<OrderRow>[] = [
    {
      title: t('orders.column.order'),
      cell: order => <Ref kind="order" id={order.id} name={order.id} noWrap />,
      csv: order => order.id,
    },
    {
      title: t('orders.column.at'),
      cell: order => <When at={order.at} as="dateTime" />,
      csv: order => order.at,
    },
    {
      title: t('orders.column.buyer'),
      cell: ({ person, personName }) =>
        person === null ? (
          <Text span inherit c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {t('orders.nobody')}
          </Text>
        ) : (
          <Ref id={person} name={personName ?? unnamed(person, t)} noWrap={personName === null} />
        ),
      csv: order => order.personName ?? order.person,
    },
    {
      title: t('orders.column.where'),
      cell: order => (
        <div>
          <bdi>{order.channel}</bdi>
          {order.location !== null && (
            <Text size="sm" c="dimmed">
              <bdi>{locationName(order.location)}</bdi>
            </Text>
          )}
        </div>
      ),
      csv: order => [order.channel, order.location].filter(it => it !== null).join(' '),
    },
    {
      title: t('orders.column.state'),
      cell: order => <StateBadge state={order.state} />,
      csv: order => order.state,
    },
    {
      title: t('orders.column.uses'),
      cell: order => <bdi>{usedBy(order)}</bdi>,
      csv: usedBy,
    },
    {
      title: t('orders.column.discount'),
      cell: ({ totals, currency }) =>
        totals.discount > 0 ? <Money minor={-totals.discount} currency={currency} /> : '–',
      csv: order => csvMoney(-order.totals.discount, order.currency),
      align: 'end',
    },
    {
      title: t('orders.column.total'),
      cell: ({ totals, currency, refunded }) => (
        <div>
          <Money minor={totals.total} currency={currency} />
          {refunded > 0 && (
            <Text size="sm" c="dimmed">
              {t('orders.refunded')} <Money minor={refunded} currency={currency} />
            </Text>
          )}
        </div>
      ),
      csv: order => csvMoney(order.totals.total, order.currency),
      align: 'end',
    },
  ]
  return (
    <Stack gap={0}>
      <PageHead title={t('orders.title')} text={t('orders.text')} />
      <Stack gap="sm">
        <OrderSearch person={person} code={code} onSearch={setFilters} />
        <DataTable
          caption={t('orders.title')}
          columns={columns}
          keyOf={order => order.id}
          rows={rowsOfList(orders)}
          csv="orders"
          sent={requestOf('listOrders', [query])}
          empty={
            isFiltered ? (
              <Empty title={t('orders.noneSuch.title')} text={t('orders.noneSuch.text')} />
            ) : (
              <Empty title={t('orders.none.title')} text={t('orders.none.text')} example={firstOrder} />
            )
          }
        >
          <FilterSelect
            width={136}
            label={t('orders.column.state')}
            any={t('orders.any.state')}
            options={states.map(it => ({ value: it, label: t(`common.states.${it}`) }))}
            value={state}
            onChoose={state => setFilters({ state })}
          />
          {channels.data && channels.data.data.length > 0 ? (
            <FilterSelect
              width={136}
              label={t('orders.channel')}
              any={t('orders.any.channel')}
              options={channels.data.data.map(({ id, name }) => ({ value: id, label: name }))}
              value={channel}
              onChoose={channel => setFilters({ channel })}
            />
          ) : (
            <TextInput
              size="sm"
              w={136}
              aria-label={t('orders.channel')}
              placeholder={t('orders.any.channel')}
              defaultValue={channel ?? ''}
              onChange={event => setChannel(event.currentTarget.value)}
            />
          )}
          {locations.data && locations.data.data.length > 0 && (
            <FilterSelect
              width={150}
              label={t('orders.location')}
              any={t('orders.any.location')}
              options={locations.data.data.map(({ id, name }) => ({ value: id, label: name }))}
              value={location}
              onChoose={location => setFilters({ location })}
              isSearchable
            />
          )}
          <FilterSelect
            width={160}
            label={t('orders.offer')}
            any={t('orders.any.offer')}
            options={offers.data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? []}
            value={offer}
            onChoose={offer => setFilters({ offer })}
            isSearchable
          />
          <DayFilter
            label={t('orders.from')}
            value={from}
            max={to}
            onChoose={from => setFilters({ from }, { replace: true })}
          />
          <DayFilter
            label={t('orders.to')}
            value={to}
            min={from}
            onChoose={to => setFilters({ to }, { replace: true })}
          />
        </DataTable>
      </Stack>
    </Stack>
  )
}
