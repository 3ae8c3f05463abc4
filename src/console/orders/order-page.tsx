import { Anchor, Button, Code, Grid, Group, Stack, Tabs, Text } from '@mantine/core'
import { IconArrowBackUp, IconX } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderStory } from '../../sdk/index.ts'
import { JsonBlock } from '../parts/code-block.tsx'
import { useConfirm } from '../parts/confirm.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Money, Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Candidates } from './candidates.tsx'
import { OrderHistory, OrderLedger } from './order-history.tsx'
import { OrderLines } from './order-lines.tsx'
import { Earned, Paid } from './order-money.tsx'

const tabs = ['decision', 'history', 'ledger', 'json'] as const
const changed = ['getOrderStory', 'getOrder', 'listOrders'] as const

/** Whom it was for, where and when: what the decision knew. */
const Circumstances = ({ story }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  const { order, personName, location, times, basket, facts } = story
  const person = order.personNow ?? order.person
  const locations = useCall('listLocations', [{ limit: 100 }], { staleMs: 60_000 })
  const place = locations.data?.data.find(it => it.id === location)?.name ?? location
  return (
    <Panel title={t('orders.known')}>
      <Facts>
        <Fact label={t('orders.fact.buyer')}>
          {person === null ? (
            t('orders.nobody')
          ) : (
            <Ref kind="person" id={person} {...(personName === null ? {} : { name: personName })} />
          )}
        </Fact>
        <Fact label={t('orders.fact.where')}>
          <bdi>{order.channel}</bdi>
          {place !== null && (
            <>
              {' · '}
              <bdi>{place}</bdi>
            </>
          )}
        </Fact>
        {story.clerk !== null && (
          <Fact label={t('orders.fact.clerk')}>
            {story.clerk.name === null ? <Code dir="ltr">{story.clerk.id}</Code> : <bdi>{story.clerk.name}</bdi>}
          </Fact>
        )}
        <Fact label={t('orders.fact.when')}>
          <When at={times.occurredAt} as="dateTime" />
        </Fact>
        <Fact label={t('orders.fact.codes')}>
          {basket.codes.length === 0 ? (
            t('orders.noCodes')
          ) : (
            <Group gap={6}>
              {basket.codes.map(code => (
                <Anchor key={code} component={Link} to={`/codes?code=${encodeURIComponent(code)}`} inherit>
                  <Code dir="ltr">{code}</Code>
                </Anchor>
              ))}
            </Group>
          )}
        </Fact>
        <Fact label={t('orders.fact.source')}>{t(`orders.source.${story.source}`)}</Fact>
        {order.decision !== null && (
          <Fact label={t('orders.fact.decision')}>
            <Code dir="ltr">{order.decision}</Code>
          </Fact>
        )}
        {facts !== null && (
          <Fact label={t('orders.fact.facts')}>
            <JsonBlock value={facts} label={t('orders.fact.facts')} />
          </Fact>
        )}
      </Facts>
    </Panel>
  )
}

const Decision = ({ story }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  return (
    <Stack gap="lg">
      <Panel title={t('orders.candidates')}>
        <Candidates story={story} />
        {story.order.combination && (
          <Text size="sm" c="dimmed" mt="md">
            {t('orders.notExact')}
          </Text>
        )}
      </Panel>
      <OrderLines story={story} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Circumstances story={story} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="lg">
            <Paid story={story} />
            <Earned story={story} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

const Actions = ({ story }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const put = useChange('putOrder', changed)
  const { id, state } = story.order
  const hasReturns = story.returns.length > 0
  const cancel = async (): Promise<void> => {
    const yes = await confirm({
      title: t('orders.cancel.title', { id }),
      text: t('orders.cancel.text'),
      action: t('orders.cancel.action'),
      isFinal: true,
    })
    if (!yes) return
    try {
      await put.mutateAsync([id, { state: 'cancelled' }])
      notices.done(t('orders.cancel.done', { id }))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <>
      {state === 'placed' && may('createReturn') && (
        <Button
          component={Link}
          to={`/orders/${encodeURIComponent(id)}/return`}
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
        >
          {t('orders.return.action')}
        </Button>
      )}
      {(state === 'placed' || state === 'open') && !hasReturns && may('putOrder') && (
        <Button
          variant="default"
          c="var(--bad)"
          leftSection={<IconX size={16} aria-hidden />}
          loading={put.isPending}
          onClick={cancel}
        >
          {t('orders.cancel.action')}
        </Button>
      )}
    </>
  )
}

/** The order in one line: what it cost, what was off, what came back. */
const Summary = ({ story: { order } }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  const { totals, currency, returned } = order
  const off = totals.discount + totals.shippingDiscount
  return (
    <>
      <Money minor={totals.total} currency={currency} />
      {off > 0 && (
        <>
          {' · '}
          {t('orders.discount')} <Money minor={off} currency={currency} />
        </>
      )}
      {returned && (
        <>
          {' · '}
          {t('orders.refunded')} <Money minor={returned.refunded} currency={currency} />
        </>
      )}
      {order.heldUntil !== null && (
        <>
          {' · '}
          {t('orders.heldUntil')} <When at={order.heldUntil} as="dateTime" />
        </>
      )}
    </>
  )
}

export const Page = () => {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ tab = 'decision' }, setFilters] = useFilters({ tab: oneOf(tabs) })
  const { data: story, error, refetch } = useCall('getOrderStory', [id])
  if (error)
    return (
      <Stack gap={0}>
        <PageHead title={id} trail={[{ title: t('orders.title'), to: '/orders' }]} />
        <Problem error={error} onRetry={refetch} />
      </Stack>
    )
  if (!story) return <Waiting />
  return (
    <Stack gap={0}>
      <PageHead
        title={t('orders.order', { id })}
        trail={[{ title: t('orders.title'), to: '/orders' }]}
        badge={<StateBadge state={story.order.state} />}
        text={<Summary story={story} />}
      >
        <Actions story={story} />
      </PageHead>
      <PageTabs
        tab={tab}
        tabs={tabs}
        labelOf={it => t(`orders.tab.${it}`)}
        onChoose={chosen => setFilters({ tab: chosen }, { replace: true })}
      >
        <Tabs.Panel value="decision">
          <Decision story={story} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <OrderHistory story={story} />
        </Tabs.Panel>
        <Tabs.Panel value="ledger">
          <OrderLedger story={story} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonBlock value={story} label={id} />
        </Tabs.Panel>
      </PageTabs>
    </Stack>
  )
}
