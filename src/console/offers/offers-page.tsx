import { Button, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FilterSelect } from '../parts/filter-select.tsx'
import { oneOf, text, useFilters } from '../parts/filters.ts'
import { OffersHead } from './offers-head.tsx'
import { OffersTable } from './offers-table.tsx'

const states = ['live', 'paused', 'ended'] as const

/** Works as it stands: a campaign comes first, because an offer lies in one. */
const firstCampaign = {
  method: 'POST',
  path: '/v1/campaigns',
  body: { name: 'Spring', goal: 'Second visit within a month' },
} as const

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const [{ state, campaign }, setFilters] = useFilters({ state: oneOf(states), campaign: text })
  const query = { state, campaign, limit: 50 }
  const offers = useList('listOffers', [query])
  const campaigns = useCall('listCampaigns', [{ limit: 100 }], { staleMs: 60_000 })
  return (
    <Stack gap={0}>
      <OffersHead title={t('offers.title')} text={t('offers.text')}>
        {may('createOffer') && (
          <Button component={Link} to="/offers/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {t('offerForm.newOffer')}
          </Button>
        )}
      </OffersHead>
      <OffersTable
        rows={rowsOfList(offers)}
        sent={requestOf('listOffers', [query])}
        empty={
          state === undefined && campaign === undefined ? (
            <Empty title={t('offers.none.title')} text={t('offers.none.text')} example={firstCampaign} />
          ) : (
            <Empty title={t('offers.noneSuch.title')} text={t('offers.noneSuch.text')} />
          )
        }
      >
        <FilterSelect
          width={180}
          label={t('offers.column.state')}
          any={t('offers.anyState')}
          options={states.map(it => ({ value: it, label: t(`common.states.${it}`) }))}
          value={state}
          onChoose={state => setFilters({ state })}
        />
        <FilterSelect
          width={220}
          label={t('offers.column.campaign')}
          any={t('offers.anyCampaign')}
          options={campaigns.data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={campaign}
          onChoose={campaign => setFilters({ campaign })}
          isSearchable
        />
      </OffersTable>
    </Stack>
  )
}
