import { Badge, Group, Stack, Text } from '@mantine/core'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderStory } from '../../sdk/index.ts'
import { type Column, DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { Count, Money } from '../parts/values.tsx'
import { type SentLine, sentLine } from './order-words.ts'

type Discount = { readonly offer: string; readonly amount: number }
type Row = {
  readonly id: string
  /** Undefined: the shipping. */
  readonly line: SentLine | undefined
  readonly before: number
  readonly discounts: readonly Discount[]
  readonly after: number
  readonly units: OrderStory['order']['lines'][number]['units']
  readonly returned: number
}

const rowsOf = (story: OrderStory): readonly Row[] => {
  const { order } = story
  const lines = order.lines.map(({ id, subtotal, discounts, total, units }) => ({
    id,
    line: sentLine(story, id),
    before: subtotal,
    discounts,
    after: total,
    units,
    returned: order.returned?.lines[id] ?? 0,
  }))
  const { shipping, shippingDiscount } = order.totals
  if (shipping === 0) return lines
  const discounts = order.applied.flatMap(({ offer, shipping: amount = 0 }) => (amount > 0 ? [{ offer, amount }] : []))
  const row = { id: 'shipping', line: undefined, before: shipping, discounts, after: shipping - shippingDiscount }
  return [...lines, { ...row, units: undefined, returned: 0 }]
}

/** What every line cost before, each discount of it, and what it costs; the columns add up to the order's totals. */
export const OrderLines = ({ story }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  const { currency, totals } = story.order
  const nameOf = (offer: string): string => story.offers.find(it => it.offer === offer)?.name ?? offer
  const rows = rowsOf(story)
  const off = totals.discount + totals.shippingDiscount
  const columns: Column<Row>[] = [
    {
      title: t('orders.lines.item'),
      cell: ({ line, returned }) => (
        <>
          <bdi>{line?.name ?? t('orders.shipping')}</bdi>
          {line && (
            <Group gap={6} mt={2}>
              <Text size="sm" c="dimmed" fw={400}>
                <bdi dir="ltr">{[line.sku, line.category].filter(it => it !== undefined).join(' · ')}</bdi>
              </Text>
              {line.priceWas !== undefined && (
                <Badge variant="light" color="yellow" tt="none" fw={600} c="var(--warn)">
                  {t('orders.lines.priceWas')} <Money minor={line.priceWas} currency={currency} />
                </Badge>
              )}
              {line.attributes.map(([name, value]) => (
                <Badge key={name} variant="default" tt="none" fw={400}>
                  <bdi dir="ltr">{`${name}: ${value}`}</bdi>
                </Badge>
              ))}
              {returned > 0 && (
                <Badge variant="light" color="yellow" tt="none" fw={600} c="var(--warn)">
                  {t('orders.lines.returned', { count: returned })}
                </Badge>
              )}
            </Group>
          )}
        </>
      ),
      csv: ({ id, line }) => line?.sku ?? id,
    },
    {
      title: t('orders.lines.quantity'),
      cell: ({ line }) =>
        line === undefined ? (
          '–'
        ) : line.unitPrice === undefined ? (
          <bdi>{line.measure ?? <Count value={1} />}</bdi>
        ) : (
          <span style={{ whiteSpace: 'nowrap' }}>
            <Count value={line.quantity} />
            {' × '}
            <Money minor={line.unitPrice} currency={currency} />
          </span>
        ),
      csv: ({ line }) => line?.quantity,
      align: 'end',
    },
    {
      title: t('orders.lines.before'),
      cell: ({ before }) => <Money minor={before} currency={currency} />,
      csv: ({ before }) => csvMoney(before, currency),
      align: 'end',
      foot: <Money minor={totals.subtotal + totals.shipping} currency={currency} />,
    },
    {
      title: t('orders.lines.discounts'),
      cell: ({ discounts }) =>
        discounts.length === 0 ? (
          '–'
        ) : (
          <Stack gap={2}>
            {discounts.map(({ offer, amount }) => (
              <Group key={offer} gap={12} justify="flex-end" wrap="nowrap" align="baseline">
                <Text size="sm" c="dimmed" ta="end">
                  <bdi>{nameOf(offer)}</bdi>
                </Text>
                <Money minor={-amount} currency={currency} />
              </Group>
            ))}
          </Stack>
        ),
      csv: ({ discounts }) =>
        csvMoney(
          discounts.reduce((sum, { amount }) => sum - amount, 0),
          currency,
        ),
      align: 'end',
      foot: off === 0 ? '–' : <Money minor={-off} currency={currency} />,
    },
    {
      title: t('orders.lines.after'),
      cell: ({ after, units }) => (
        <div>
          <Money minor={after} currency={currency} />
          {units?.map(({ quantity, each }, place) => (
            <Text key={place} size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              <Count value={quantity} />
              {' × '}
              <Money minor={each} currency={currency} />
            </Text>
          ))}
        </div>
      ),
      csv: ({ after }) => csvMoney(after, currency),
      align: 'end',
      foot: <Money minor={totals.total} currency={currency} />,
    },
  ]
  const [first, ...rest] = columns
  return (
    <DataTable
      caption={t('orders.lines.title')}
      columns={first ? [{ ...first, foot: t('orders.total') }, ...rest] : rest}
      keyOf={({ id }) => id}
      rows={rowsOfArray(rows)}
      csv={`${story.order.id}-lines`}
      empty={<Text p="md">{t('common.nothing')}</Text>}
    >
      <Text component="h2" fw={650} size="lg">
        {t('orders.lines.title')}
      </Text>
    </DataTable>
  )
}
