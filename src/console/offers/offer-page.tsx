import { Button, Code, List, Stack, Tabs, Text } from '@mantine/core'
import { IconCopy, IconFlask, IconPencil } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Offer } from '../../sdk/index.ts'
import { Callout } from '../parts/callout.tsx'
import { CodeBlock, JsonBlock } from '../parts/code-block.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { LifeButtons } from '../parts/life-buttons.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Ref } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { offerGives } from './benefit-words.ts'
import { draftOf, meetsBaskets } from './edit/offer-draft.ts'
import { channelWords, limitWords, triggerWords, validityWords } from './offer-words.ts'
import { useConditionWords } from './use-condition-words.ts'
import { useOfferWords } from './use-offer-words.ts'
import { Versions } from './versions.tsx'

const tabs = ['terms', 'versions', 'json'] as const

const Terms = ({ offer }: { readonly offer: Offer }) => {
  const words = useOfferWords()
  const { t } = words
  const campaign = useCall('getCampaign', [offer.campaign], { staleMs: 60_000 })
  const limits = limitWords(offer, words)
  const told = useConditionWords(useWorkspace()?.currency ?? 'EUR')(offer.when ?? '') || undefined
  return (
    <Panel>
      <Facts>
        <Fact label={t('offers.fact.benefit')}>
          <bdi>{offerGives(offer, words)}</bdi>
        </Fact>
        <Fact label={t('offers.fact.campaign')}>
          <bdi>{campaign.data?.name ?? offer.campaign}</bdi>
        </Fact>
        <Fact label={t('offers.fact.trigger')}>{triggerWords(offer, words)}</Fact>
        {offer.when !== undefined && (
          <Fact label={t('offers.fact.when')}>
            {told !== undefined && <Text mb={4}>{told}</Text>}
            <CodeBlock text={offer.when} label={t('offers.fact.when')} />
          </Fact>
        )}
        <Fact label={t('offers.fact.show')}>{channelWords(offer.channels.show, words) ?? t('offers.everywhere')}</Fact>
        <Fact label={t('offers.fact.redeem')}>
          {channelWords(offer.channels.redeem, words) ?? t('offers.everywhere')}
        </Fact>
        <Fact label={t('offers.fact.limits')}>
          {limits.length === 0 ? (
            t('offers.noLimits')
          ) : (
            <List size="sm" spacing={4}>
              {limits.map(limit => (
                <List.Item key={limit}>{limit}</List.Item>
              ))}
            </List>
          )}
        </Fact>
        <Fact label={t('offers.fact.validity')}>{validityWords(offer, words) ?? t('offers.always')}</Fact>
        <Fact label={t('offers.fact.id')}>
          <Code dir="ltr">{offer.id}</Code>
        </Fact>
      </Facts>
    </Panel>
  )
}

const Actions = ({ offer }: { readonly offer: Offer }) => {
  const { t } = useWords()
  const { name } = offer
  const update = useChange('updateOffer', ['getOffer', 'listOffers', 'listOfferVersions'])
  const may = useMay()
  if (!may('updateOffer')) return null
  const duplicate = (
    <Button
      variant="default"
      component={Link}
      to="/offers/new"
      search={{ copy: offer.id } as never}
      leftSection={<IconCopy size={16} aria-hidden />}
    >
      {t('offers.duplicate')}
    </Button>
  )
  if (offer.state === 'ended') return duplicate
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to={`/offers/${offer.id}/edit`}
        leftSection={<IconPencil size={16} aria-hidden />}
      >
        {t('offers.edit')}
      </Button>
      {duplicate}
      <LifeButtons
        state={offer.state}
        change={state => update.mutateAsync([offer.id, { state }])}
        isPending={update.isPending}
        done={{
          live: t('offers.liveNow', { name }),
          paused: t('offers.pausedNow', { name }),
          ended: t('offers.endedNow', { name }),
        }}
        question={{
          title: t('offers.end.title', { name }),
          text: t('offers.end.text'),
          action: t('offers.end.action'),
        }}
      />
    </>
  )
}

/** Live offers that it cannot stand beside, or says the same as. */
const Conflicts = ({ offer }: { readonly offer: Offer }) => {
  const { t } = useWords()
  const may = useMay()
  const { data } = useCall('findOfferConflicts', [{ draft: draftOf(offer), replaces: offer.id }], {
    enabled: may('findOfferConflicts') && offer.state !== 'ended',
    staleMs: 30_000,
  })
  if (data === undefined || data.data.length === 0) return null
  return (
    <Callout tone="warn" title={t('offerForm.conflicts')}>
      {data.data.map(({ kind, offer: other, name }) => (
        <Text key={other} size="sm">
          {t(`offerForm.conflict.${kind}`)} <Ref id={other} name={name} />
        </Text>
      ))}
    </Callout>
  )
}

/** What claims it: its codes, or whom it was issued to. */
const Issued = ({ offer: { id, trigger } }: { readonly offer: Offer }) => {
  const { t } = useWords()
  const may = useMay()
  if (trigger.on === 'code' && may('listCodeSets'))
    return (
      <Button variant="default" component={Link} to={`/offers/${id}/codes`}>
        {t('codes.title')}
      </Button>
    )
  if (trigger.on === 'grant' && may('listGrants'))
    return (
      <Button variant="default" component={Link} to={`/offers/${id}/grants`}>
        {t('grants.issued')}
      </Button>
    )
  return null
}

export const Page = () => {
  const words = useOfferWords()
  const { t } = words
  const may = useMay()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ tab = 'terms' }, setFilters] = useFilters({ tab: oneOf(tabs) })
  const { data: offer, error, refetch } = useCall('getOffer', [id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!offer) return <Waiting />
  return (
    <Stack gap={0}>
      <PageHead
        title={offer.name}
        trail={[{ title: t('offers.title'), to: '/offers' }]}
        badge={<StateBadge state={offer.state} />}
        text={<bdi>{offerGives(offer, words)}</bdi>}
      >
        <Issued offer={offer} />
        {may('createSimulation') && meetsBaskets(offer) && (
          <Button
            variant="default"
            component={Link}
            to="/simulate"
            search={{ offers: id } as never}
            leftSection={<IconFlask size={16} aria-hidden />}
          >
            {t('simulate.action')}
          </Button>
        )}
        <Actions offer={offer} />
      </PageHead>
      <PageTabs
        tab={tab}
        tabs={tabs}
        labelOf={it => t(`offers.tab.${it}`)}
        onChoose={chosen => setFilters({ tab: chosen }, { replace: true })}
      >
        <Tabs.Panel value="terms">
          <Stack gap="md">
            <Conflicts offer={offer} />
            <Terms offer={offer} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions offer={offer} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonBlock value={offer} label={offer.name} />
        </Tabs.Panel>
      </PageTabs>
    </Stack>
  )
}
