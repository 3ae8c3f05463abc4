import { Select, Stack, Text } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Offer } from '../../sdk/index.ts'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { oneOf, text, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Ref, When } from '../parts/values.tsx'
import { triggerWords } from './offer-words.ts'

const states = ['live', 'paused', 'ended'] as const

/** Works as it stands: a campaign is made on the way, because an offer lies in one. */
const firstOffer = {
  method: 'POST',
  path: '/v1/campaigns',
  body: { name: 'Spring', goal: 'Second visit within a month' },
} as const

export const Page = () => {
  const words = useWords()
  const { t } = words
  const [filters, setFilters] = useFilters({ state: oneOf(states), campaign: text })
  const query = { state: filters.state, campaign: filters.campaign, limit: 50 }
  const offers = useList('listOffers', [query])
  const campaigns = useCall('listCampaigns', [{ limit: 100 }], { staleMs: 60_000 })
  const nameOf = (id: string): string => campaigns.data?.data.find(campaign => campaign.id === id)?.name ?? id
  const columns: Column<Offer>[] = [
    {
      title: t('offers.column.name'),
      cell: offer => (
        <>
          <Ref id={offer.id} name={offer.name} />
          <Text size="sm" c="dimmed" fw={400} dir="auto">
            {offer.sentence}
          </Text>
        </>
      ),
      csv: offer => offer.name,
    },
    {
      title: t('offers.column.campaign'),
      cell: offer => <bdi>{nameOf(offer.campaign)}</bdi>,
      csv: offer => nameOf(offer.campaign),
    },
    {
      title: t('offers.column.trigger'),
      cell: offer => triggerWords(offer, words),
      csv: offer => offer.trigger.on,
    },
    { title: t('offers.column.state'), cell: offer => <StateBadge state={offer.state} />, csv: offer => offer.state },
    {
      title: t('offers.column.changed'),
      cell: offer => <When at={offer.updatedAt} />,
      csv: offer => offer.updatedAt,
      align: 'end',
    },
  ]
  return (
    <Stack gap={0}>
      <PageHead title={t('offers.title')} text={t('offers.text')} />
      <DataTable
        caption={t('offers.title')}
        columns={columns}
        keyOf={offer => offer.id}
        rows={rowsOfList(offers)}
        csv="offers"
        sent={requestOf('listOffers', [query])}
        empty={
          filters.state === undefined && filters.campaign === undefined ? (
            <Empty title={t('offers.none.title')} text={t('offers.none.text')} example={firstOffer} />
          ) : (
            <Empty title={t('offers.noneSuch.title')} text={t('offers.noneSuch.text')} />
          )
        }
      >
        <Select
          size="sm"
          w={180}
          aria-label={t('offers.column.state')}
          placeholder={t('offers.anyState')}
          clearable
          clearButtonProps={{ 'aria-label': t('offers.anyState') }}
          data={states.map(state => ({ value: state, label: t(`common.states.${state}`) }))}
          value={filters.state ?? null}
          onChange={state => setFilters({ state: states.find(it => it === state) })}
        />
        <Select
          size="sm"
          w={220}
          aria-label={t('offers.column.campaign')}
          placeholder={t('offers.anyCampaign')}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': t('offers.anyCampaign') }}
          data={campaigns.data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={filters.campaign ?? null}
          onChange={campaign => setFilters({ campaign: campaign ?? undefined })}
        />
      </DataTable>
    </Stack>
  )
}
