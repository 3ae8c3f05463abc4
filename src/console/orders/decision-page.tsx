import { Code, Stack, Tabs, Text } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useCall } from '../../faces/queries.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { MomentDecision, StoredDecision } from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useConditionWords } from '../offers/use-condition-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { useAssets } from '../parts/asset-words.ts'
import { JsonBlock } from '../parts/code-block.tsx'
import { DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { EventRef } from '../parts/named.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Money, Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { givenWords, missingWords } from './order-words.ts'

const tabs = ['decision', 'json'] as const

/** What was answered, as far as this page tells it: an older answer may lack some. */
type Answer = Partial<Pick<MomentDecision, 'offers' | 'claimed' | 'refused' | 'withheld'>>

const Known = ({ decision }: { readonly decision: StoredDecision }) => {
  const { t } = useWords()
  const { person, personName, channel, location, at, kind, cause, shown } = decision
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
        <Fact label={t(`orders.moment.cause.${kind}`)}>
          {kind === 'event' ? <EventRef id={cause} /> : <bdi>{cause}</bdi>}
        </Fact>
        {(channel !== null || location !== null) && (
          <Fact label={t('orders.fact.where')}>
            <bdi>{[channel, location].filter(it => it !== null).join(' · ')}</bdi>
          </Fact>
        )}
        <Fact label={t('orders.fact.when')}>
          <When at={at} as="dateTime" />
        </Fact>
        <Fact label={t('orders.moment.shown')}>{t(shown ? 'orders.moment.wasShown' : 'orders.moment.notShown')}</Fact>
        <Fact label={t('orders.fact.decision')}>
          <Code dir="ltr">{decision.id}</Code>
        </Fact>
      </Facts>
    </Panel>
  )
}

const Told = ({ answer }: { readonly answer: Answer }) => {
  const words = useOfferWords()
  const { t } = words
  const currency = useWorkspace()?.currency ?? 'EUR'
  const sayCondition = useConditionWords(currency)
  const { offers = [], claimed = [], refused = [], withheld = [] } = answer
  const names = new Map([...offers, ...claimed, ...withheld].map(({ offer, name }) => [offer, name]))
  const known = useCall('listOffers', [{ limit: 100 }], { enabled: refused.length > 0, staleMs: 60_000 })
  const assets = useAssets()
  const nameOf = (id: string): string => names.get(id) ?? known.data?.data.find(it => it.id === id)?.name ?? id
  return (
    <Stack gap="lg">
      {claimed.length > 0 && (
        <Panel title={t('orders.moment.claimed')}>
          <Facts>
            {claimed.map(({ offer, name, gives, price, redemption }) => (
              <Fact key={redemption} label={name}>
                <Ref id={offer} name={name} />
                <Text size="sm" c="dimmed">
                  {gives.map(it => givenWords(it, words, { nameOf, assets })).join(', ')}
                  {price &&
                    ` · ${t('orders.moment.price', { count: price.points, value: price.points, programme: price.programme })}`}
                </Text>
              </Fact>
            ))}
          </Facts>
        </Panel>
      )}
      <DataTable
        caption={t('orders.moment.offers')}
        keyOf={({ rank }) => String(rank)}
        rows={rowsOfArray(offers)}
        empty={<Text p="md">{t('orders.moment.none')}</Text>}
        columns={[
          {
            title: t('orders.moment.offer'),
            cell: ({ rank, offer, name, sentence, benefit }) => (
              <>
                <bdi>{rank}</bdi> <Ref id={offer} name={name} />
                <Text size="sm" c="dimmed" fw={400}>
                  <bdi>{offerGives({ sentence, benefit }, words)}</bdi>
                </Text>
              </>
            ),
            csv: ({ name }) => name,
          },
          {
            title: t('orders.moment.how'),
            cell: ({ how, code, missing, worth }) => (
              <>
                {t(`orders.moment.by.${how}`)} {code !== undefined && <Code dir="ltr">{code}</Code>}
                {missing && (
                  <Text size="sm" c="dimmed">
                    {t('orders.lacks')} {missingWords(missing, worth?.currency ?? currency, words)}
                  </Text>
                )}
              </>
            ),
            csv: ({ how }) => how,
          },
          {
            title: t('orders.moment.until'),
            cell: ({ expiresAt }) => (expiresAt === null ? '–' : <When at={expiresAt} as="date" />),
            csv: ({ expiresAt }) => expiresAt,
          },
          {
            title: t('orders.moment.worth'),
            cell: ({ worth }) => (worth ? <Money minor={worth.amount} currency={worth.currency} /> : '–'),
            csv: ({ worth }) => worth && csvMoney(worth.amount, worth.currency),
            align: 'end',
          },
        ]}
      >
        <Text component="h2" fw={650} size="lg">
          {t('orders.moment.offers')}
        </Text>
      </DataTable>
      {refused.length > 0 && (
        <Panel title={t('orders.moment.refused')}>
          <Reasons
            currency={currency}
            sayCondition={sayCondition}
            items={refused.map(({ offer, reason }, place) => ({
              key: `${place} ${offer}`,
              title: <Ref id={offer} name={nameOf(offer)} />,
              reason,
            }))}
          />
        </Panel>
      )}
      {withheld.length > 0 && (
        <Panel title={t('orders.outcome.withheld')}>
          <Text size="sm" c="dimmed" mb="xs">
            {t('orders.outcomeText.withheld')}
          </Text>
          {withheld.map(({ offer, name }) => (
            <div key={offer}>
              <Ref id={offer} name={name} />
            </div>
          ))}
        </Panel>
      )}
    </Stack>
  )
}

export const Page = () => {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ tab = 'decision' }, setFilters] = useFilters({ tab: oneOf(tabs) })
  const { data: decision, error, refetch } = useCall('getDecision', [id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!decision) return <Waiting />
  return (
    <Stack gap={0}>
      <PageHead
        title={t(`orders.moment.title.${decision.kind}`, { cause: decision.cause })}
        trail={[{ title: t('orders.title'), to: '/orders' }]}
      />
      <PageTabs
        tab={tab}
        tabs={tabs}
        labelOf={it => t(`orders.tab.${it}`)}
        onChoose={chosen => setFilters({ tab: chosen }, { replace: true })}
      >
        <Tabs.Panel value="decision">
          <Stack gap="lg">
            <Known decision={decision} />
            <Told answer={decision.answer as Answer} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonBlock value={decision} label={id} />
        </Tabs.Panel>
      </PageTabs>
    </Stack>
  )
}
