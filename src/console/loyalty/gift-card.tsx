import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { GiftCard, Posting } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { Callout } from '../parts/callout.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { PersonRef } from '../parts/named.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAct } from '../parts/use-act.ts'
import { useNowMs } from '../parts/use-workspace.ts'
import { Money, Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { BlockCard } from './block-card.tsx'
import { cardStateOf, cardTones, endOfCode } from './gift-card-words.ts'

const changes = ['getGiftCard', 'listGiftCards', 'listPostings'] as const

/** What was put on it and spent from it, with the orders that it paid; nothing before it was sold. */
const Movements = ({ card }: { readonly card: GiftCard }) => {
  const { t } = useWords()
  const assets = useAssets()
  const asset = `giftCard:${card.currency}`
  const args = [card.id, asset, 'main', { limit: 50 }] as const
  const postings = useList('listPostings', [...args])
  return (
    <Section title={t('loyalty.giftCards.life')}>
      <DataTable<Posting>
        caption={t('loyalty.giftCards.life')}
        keyOf={({ transaction, lot, amount }) => `${transaction} ${lot} ${amount}`}
        rows={rowsOfList(postings)}
        csv={card.id}
        sent={requestOf('listPostings', [...args])}
        empty={<Text p="md">{t('common.nothing')}</Text>}
        columns={[
          {
            title: t('loyalty.giftCards.what'),
            cell: ({ kind }) => t(`orders.ledger.kinds.${kind}`),
            csv: ({ kind }) => kind,
          },
          {
            title: t('loyalty.giftCards.order'),
            cell: ({ cause: { order, channel, location } }) => (
              <>
                {order === undefined ? '–' : <Ref kind="order" id={order} name={order} />}
                {channel !== undefined && (
                  <Text size="sm" c="dimmed">
                    <bdi>{[channel, location].filter(it => it !== undefined).join(' · ')}</bdi>
                  </Text>
                )}
              </>
            ),
            csv: ({ cause }) => cause.order,
          },
          {
            title: t('loyalty.giftCards.at'),
            cell: ({ bookedAt }) => <When at={bookedAt} as="dateTime" />,
            csv: ({ bookedAt }) => bookedAt,
          },
          {
            title: t('loyalty.giftCards.amount'),
            cell: ({ amount }) => <Money minor={amount} currency={card.currency} />,
            csv: ({ amount }) => assets.csv(asset, amount),
            align: 'end',
          },
          {
            title: t('loyalty.giftCards.after'),
            cell: ({ balance }) => (balance === null ? '–' : <Money minor={balance} currency={card.currency} />),
            csv: ({ balance }) => (balance === null ? null : assets.csv(asset, balance)),
            align: 'end',
          },
        ]}
      />
    </Section>
  )
}

const Buttons = ({ card }: { readonly card: GiftCard }) => {
  const { t } = useWords()
  const may = useMay()
  const act = useAct()
  const [isBlocking, setBlocking] = useState(false)
  const activate = useChange('activateGiftCard', changes)
  const unblock = useChange('unblockGiftCard', changes)
  // Within a sentence that may run from right to left: the isolate keeps the dots before the code.
  const name = `\u2066${endOfCode(card.code)}\u2069`
  return (
    <Group gap="sm">
      {card.state === 'issued' && may('activateGiftCard') && (
        <Button
          loading={activate.isPending}
          onClick={() =>
            act(() => activate.mutateAsync([card.id]), t('loyalty.giftCards.activate.done'), {
              title: t('loyalty.giftCards.activate.title', { name }),
              text: t('loyalty.giftCards.activate.text'),
              action: t('loyalty.giftCards.activate.action'),
            })
          }
        >
          {t('loyalty.giftCards.activate.action')}
        </Button>
      )}
      {card.state === 'blocked' && may('unblockGiftCard') && (
        <Button
          loading={unblock.isPending}
          onClick={() =>
            act(() => unblock.mutateAsync([card.id]), t('loyalty.giftCards.unblock.done'), {
              title: t('loyalty.giftCards.unblock.title', { name }),
              text: t('loyalty.giftCards.unblock.text'),
              action: t('loyalty.giftCards.unblock.action'),
            })
          }
        >
          {t('loyalty.giftCards.unblock.action')}
        </Button>
      )}
      {card.state !== 'blocked' && may('blockGiftCard') && (
        <Button variant="default" c="var(--bad)" onClick={() => setBlocking(true)}>
          {t('loyalty.giftCards.block.action')}
        </Button>
      )}
      {isBlocking && <BlockCard id={card.id} name={name} onClose={() => setBlocking(false)} />}
    </Group>
  )
}

/** One card: what is on it, whether it pays, its life, and what it paid. Its code is not shown: whoever reads it may spend it. */
export const GiftCardFound = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const may = useMay()
  const nowMs = useNowMs()
  const { data: card, error, refetch } = useCall('getGiftCard', [id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!card || nowMs === undefined) return <Waiting />
  const { currency } = card
  const state = cardStateOf(card, nowMs)
  return (
    <Stack gap="lg">
      <Panel>
        <Stack gap="md">
          <Group justify="space-between" align="flex-start">
            <div>
              <Group gap="sm">
                <Text component="h2" fz="h4" fw={700}>
                  {t('loyalty.giftCards.one')} <bdi dir="ltr">{endOfCode(card.code)}</bdi>
                </Text>
                <StateBadge state={state} tone={cardTones[state]} label={t(`loyalty.giftCards.state.${state}`)} />
              </Group>
              <Text fz={28} fw={650} lh={1.3}>
                <Money minor={card.balance} currency={currency} />
              </Text>
              <Text size="sm" c="dimmed">
                {t('loyalty.giftCards.of')} <Money minor={card.initial} currency={currency} />
              </Text>
            </div>
            <Buttons card={card} />
          </Group>
          {state === 'blocked' && (
            <Callout tone="bad" title={t('loyalty.giftCards.blocked')}>
              <Text size="sm">
                {card.blockedFor !== null && t(`loyalty.giftCards.reason.${card.blockedFor}`)}
                {card.blockedAt !== null && (
                  <>
                    {' · '}
                    <When at={card.blockedAt} as="dateTime" />
                  </>
                )}
              </Text>
            </Callout>
          )}
          <Facts>
            {card.held > 0 && (
              <Fact label={t('loyalty.giftCards.held')}>
                <Money minor={card.held} currency={currency} />
              </Fact>
            )}
            <Fact label={t('loyalty.giftCards.issued')}>
              <When at={card.issuedAt} as="dateTime" />
            </Fact>
            <Fact label={t('loyalty.giftCards.activated')}>
              {card.activatedAt === null ? t('loyalty.giftCards.notYet') : <When at={card.activatedAt} as="dateTime" />}
            </Fact>
            <Fact label={t('loyalty.giftCards.ends')}>
              {card.expiresAt === null ? (
                t(card.activatedAt === null ? 'loyalty.giftCards.endsLater' : 'loyalty.giftCards.never')
              ) : (
                <When at={card.expiresAt} as="date" />
              )}
            </Fact>
            <Fact label={t('loyalty.giftCards.wallet')}>
              {card.person === null ? t('loyalty.giftCards.nobody') : <PersonRef id={card.person} />}
            </Fact>
          </Facts>
        </Stack>
      </Panel>
      {card.activatedAt !== null && may('listPostings') && <Movements card={card} />}
    </Stack>
  )
}
