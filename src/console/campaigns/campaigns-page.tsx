import { Button, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { OffersHead } from '../offers/offers-head.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FilterSelect } from '../parts/filter-select.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { StateBadge } from '../parts/state-badge.tsx'
import { Ref, When } from '../parts/values.tsx'
import { CampaignDialog } from './campaign-dialog.tsx'

const states = ['live', 'paused', 'ended'] as const

export const Page = () => {
  const { t, language } = useWords()
  const may = useMay()
  const [{ state }, setFilters] = useFilters({ state: oneOf(states) })
  const [isMaking, setMaking] = useState(false)
  const query = { state, limit: 50 }
  const campaigns = useList('listCampaigns', [query])
  const make = may('createCampaign') && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t('campaigns.new')}
    </Button>
  )
  return (
    <Stack gap={0}>
      <OffersHead title={t('campaigns.title')} text={t('campaigns.text')}>
        {make}
      </OffersHead>
      <DataTable
        caption={t('campaigns.title')}
        keyOf={({ id }) => id}
        rows={rowsOfList(campaigns)}
        csv="campaigns"
        sent={requestOf('listCampaigns', [query])}
        empty={
          state === undefined ? (
            <Empty
              title={t('campaigns.none.title')}
              text={t('campaigns.none.text')}
              example={requestOf('createCampaign', [{ name: t('campaigns.none.example') }])}
            />
          ) : (
            <Empty title={t('campaigns.noneSuch.title')} text={t('campaigns.noneSuch.text')} />
          )
        }
        columns={[
          {
            title: t('campaigns.name'),
            cell: ({ id, name, goal }) => (
              <>
                <Ref id={id} name={name} />
                {goal !== null && (
                  <Text size="sm" c="dimmed" fw={400}>
                    <bdi>{goal}</bdi>
                  </Text>
                )}
              </>
            ),
            csv: ({ name }) => name,
          },
          {
            title: t('campaigns.audience'),
            cell: ({ audience }) => t(`campaigns.audiences.${audience}`),
            csv: ({ audience }) => audience,
          },
          {
            title: t('campaigns.holdout'),
            align: 'end',
            cell: ({ holdout }) =>
              holdout ? <bdi>{formatNumber(holdout / 100, language, { style: 'percent' })}</bdi> : '–',
            csv: ({ holdout }) => holdout,
          },
          {
            title: t('campaigns.begins'),
            cell: ({ from }) => (from === null ? '–' : <When at={from} as="date" />),
            csv: ({ from }) => from,
          },
          {
            title: t('campaigns.ends'),
            cell: ({ to }) => (to === null ? '–' : <When at={to} as="date" />),
            csv: ({ to }) => to,
          },
          {
            title: t('offers.column.state'),
            cell: campaign => <StateBadge state={campaign.state} />,
            csv: campaign => campaign.state,
          },
        ]}
      >
        <FilterSelect
          width={180}
          label={t('offers.column.state')}
          any={t('offers.anyState')}
          options={states.map(it => ({ value: it, label: t(`common.states.${it}`) }))}
          value={state}
          onChoose={state => setFilters({ state })}
        />
      </DataTable>
      {isMaking && <CampaignDialog onClose={() => setMaking(false)} />}
    </Stack>
  )
}
