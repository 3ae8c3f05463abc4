import { Anchor, Code, Stack, Text, Timeline } from '@mantine/core'
import { IconActivity, IconArrowBackUp, IconBasket, IconCheck, IconDoorEnter, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderStory } from '../../sdk/index.ts'
import { accountPath, transactionPath, useAccountName } from '../loyalty/account-words.ts'
import { useAssets } from '../parts/asset-words.ts'
import { DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { EventRef } from '../parts/named.tsx'
import { Panel } from '../parts/panel.tsx'
import { Money, When } from '../parts/values.tsx'
import { sentLine } from './order-words.ts'

type Props = { readonly story: OrderStory }
type Step = { readonly at: string; readonly title: ReactNode; readonly text?: ReactNode; readonly icon: ReactNode }

const stepsOf = (story: OrderStory, t: ReturnType<typeof useWords>['t']): readonly Step[] => {
  const { openedAt, placedAt, cancelledAt, occurredAt } = story.times
  const { currency } = story.order
  const steps: Step[] = story.events.map(({ id, name, at, channel }) => ({
    at,
    title: t('orders.history.event'),
    text: (
      <>
        <EventRef id={id} name={name} />
        {channel !== null && (
          <>
            {' · '}
            <bdi>{channel}</bdi>
          </>
        )}
      </>
    ),
    icon: <IconActivity size={14} aria-hidden />,
  }))
  if (openedAt !== null)
    steps.push({ at: openedAt, title: t('orders.history.opened'), icon: <IconBasket size={14} aria-hidden /> })
  if (placedAt !== null)
    steps.push({
      at: placedAt,
      title: t(story.source === 'event' ? 'orders.history.told' : 'orders.history.placed'),
      text: <Money minor={story.order.totals.total} currency={currency} />,
      icon: <IconCheck size={14} aria-hidden />,
    })
  for (const { id, at, lines, refund, reason } of story.returns)
    steps.push({
      at,
      title: t('orders.history.returned'),
      text: (
        <>
          <bdi>{lines.map(line => `${line.quantity} × ${sentLine(story, line.id).name}`).join(', ')}</bdi>
          {lines.length > 0 && ' · '}
          {t('orders.refunded')} <Money minor={refund} currency={currency} />
          {' · '}
          <Code dir="ltr">{id}</Code>
          {reason !== undefined && (
            <>
              {' '}
              <Code dir="ltr">{reason}</Code>
            </>
          )}
        </>
      ),
      icon: <IconArrowBackUp size={14} aria-hidden />,
    })
  if (cancelledAt !== null)
    steps.push({ at: cancelledAt, title: t('orders.history.cancelled'), icon: <IconX size={14} aria-hidden /> })
  if (steps.length === 0)
    steps.push({ at: occurredAt, title: t('orders.history.opened'), icon: <IconDoorEnter size={14} aria-hidden /> })
  return steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** From its first day to now. Only the last decision is kept: what an open order was answered before is not. */
export const OrderHistory = ({ story }: Props) => {
  const { t } = useWords()
  const steps = stepsOf(story, t)
  return (
    <Panel title={t('orders.history.title')}>
      <Timeline active={steps.length} bulletSize={28} lineWidth={2}>
        {steps.map(({ at, title, text, icon }) => (
          <Timeline.Item key={`${at} ${String(title)}`} bullet={icon} title={title}>
            {text && <Text size="sm">{text}</Text>}
            <Text size="sm" c="dimmed">
              <When at={at} as="dateTime" />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
      <Text size="sm" c="dimmed" mt="md">
        {t('orders.history.revision', { revision: story.order.revision })}
      </Text>
    </Panel>
  )
}

type Posting = OrderStory['transactions'][number]['postings'][number] & {
  readonly key: string
  readonly transaction: OrderStory['transactions'][number]
}

/** What it moved in the ledger; the postings of each transaction add up to nothing. */
export const OrderLedger = ({ story }: Props) => {
  const { t } = useWords()
  const assets = useAssets()
  const mayOpen = useMay()('getTransaction')
  const nameOf = useAccountName()
  const postings: readonly Posting[] = story.transactions.flatMap(transaction =>
    transaction.postings.map((posting, place) => ({ ...posting, transaction, key: `${transaction.id} ${place}` })),
  )
  return (
    <Stack gap="md">
      <DataTable
        caption={t('orders.ledger.title')}
        keyOf={({ key }) => key}
        rows={rowsOfArray(postings)}
        csv={`${story.order.id}-postings`}
        sent={requestOf('getOrderStory', [story.order.id])}
        empty={<Text p="md">{t('orders.ledger.none')}</Text>}
        columns={[
          {
            title: t('orders.ledger.kind'),
            cell: ({ transaction }) => (
              <>
                {mayOpen ? (
                  <Anchor component={Link} to={transactionPath(transaction.id)} inherit>
                    {t(`orders.ledger.kinds.${transaction.kind}`)}
                  </Anchor>
                ) : (
                  t(`orders.ledger.kinds.${transaction.kind}`)
                )}
                {transaction.return !== null && (
                  <Text size="sm" c="dimmed" fw={400}>
                    <Code dir="ltr">{transaction.return}</Code>
                  </Text>
                )}
              </>
            ),
            csv: ({ transaction }) => transaction.kind,
          },
          {
            title: t('orders.ledger.account'),
            cell: ({ account }) =>
              mayOpen ? (
                <Anchor component={Link} to={accountPath(account)} inherit>
                  <bdi>{nameOf(account)}</bdi>
                </Anchor>
              ) : (
                <bdi>{nameOf(account)}</bdi>
              ),
            csv: ({ account }) => account,
          },
          { title: t('orders.ledger.asset'), cell: ({ asset }) => <Code dir="ltr">{asset}</Code>, csv: it => it.asset },
          {
            title: t('orders.ledger.at'),
            cell: ({ transaction }) => <When at={transaction.effectiveAt} as="dateTime" />,
            csv: ({ transaction }) => transaction.effectiveAt,
          },
          {
            title: t('orders.ledger.amount'),
            cell: ({ asset, amount }) => <bdi>{assets.amount(asset, amount)}</bdi>,
            csv: ({ asset, amount }) => assets.csv(asset, amount),
            align: 'end',
          },
        ]}
      />
    </Stack>
  )
}
