import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatNumber } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderStory } from '../../sdk/index.ts'
import { Panel } from '../parts/panel.tsx'
import { Money, When } from '../parts/values.tsx'

type Row = { readonly key: string; readonly what: ReactNode; readonly much: ReactNode }

const Rows = ({ rows, empty }: { readonly rows: readonly Row[]; readonly empty: string }) =>
  rows.length === 0 ? (
    <Text size="sm" c="dimmed">
      {empty}
    </Text>
  ) : (
    <Stack gap="xs">
      {rows.map(({ key, what, much }) => (
        <Group key={key} justify="space-between" wrap="nowrap" align="baseline" gap="md">
          <div>{what}</div>
          <Text fw={600} component="span" ta="end">
            {much}
          </Text>
        </Group>
      ))}
    </Stack>
  )

type Props = { readonly story: OrderStory }

/** How it was paid: what lies in the ledger with what is left of it, then what is paid otherwise. */
export const Paid = ({ story: { order, basket } }: Props) => {
  const { t, language } = useWords()
  const { currency, paid = [], due } = order
  const stored = new Set<string>(paid.map(({ type }) => type))
  const rows: Row[] = paid.map((it, place) => ({
    key: `${place} ${it.type}`,
    what: (
      <>
        {t(`orders.tender.${it.type}`)}
        <Text size="sm" c="dimmed">
          {it.type === 'points' ? (
            t('orders.pointsPaid', { value: formatNumber(it.points, language), programme: it.programme })
          ) : (
            <>
              {it.type === 'giftCard' && <bdi dir="ltr">{it.card} </bdi>}
              {t('orders.left')} <Money minor={it.left} currency={currency} />
            </>
          )}
        </Text>
      </>
    ),
    much: <Money minor={it.amount} currency={currency} />,
  }))
  const others = basket.tenders.filter(({ type }) => !stored.has(type))
  for (const [place, { type, amount }] of others.entries())
    rows.push({
      key: `other ${place}`,
      what: <bdi>{type}</bdi>,
      much: amount === undefined ? '' : <Money minor={amount} currency={currency} />,
    })
  if (due !== undefined)
    rows.push({ key: 'due', what: t('orders.due'), much: <Money minor={due} currency={currency} /> })
  return (
    <Panel title={t('orders.paid')}>
      <Rows rows={rows} empty={t('orders.paidUnknown')} />
    </Panel>
  )
}

/** Points and money to spend later that came of it. */
export const Earned = ({ story: { order } }: Props) => {
  const { t, language } = useWords()
  const { earned = [], cashback = [] } = order
  const term = ({ state, activeAt, expiresAt }: (typeof earned)[number] | (typeof cashback)[number]) => (
    <Text size="sm" c="dimmed">
      {state === 'active' ? t('orders.earnedActive') : activeAt === null ? t('orders.earnedPending') : null}
      {state === 'pending' && activeAt !== null && (
        <>
          {t('orders.earnedFrom')} <When at={activeAt} as="date" />
        </>
      )}
      {expiresAt !== null && (
        <>
          {' · '}
          {t('orders.earnedUntil')} <When at={expiresAt} as="date" />
        </>
      )}
    </Text>
  )
  const rows: Row[] = [
    ...earned.map(it => ({
      key: it.programme,
      what: (
        <>
          <bdi>{it.programme}</bdi>
          {term(it)}
        </>
      ),
      much: t('orders.points', { count: it.points, value: formatNumber(it.points, language) }),
    })),
    ...cashback.map(it => ({
      key: it.offer,
      what: (
        <>
          {t('orders.tender.cashback')}
          {term(it)}
        </>
      ),
      much: <Money minor={it.amount} currency={it.currency} />,
    })),
  ]
  return (
    <Panel title={t('orders.earned')}>
      <Rows rows={rows} empty={t('orders.earnedNothing')} />
    </Panel>
  )
}
