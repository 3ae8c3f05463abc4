import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Sent } from '../../faces/api.ts'
import { useCall } from '../../faces/queries.ts'
import type { Offer } from '../../sdk/index.ts'
import { type Column, DataTable, type Rows } from '../parts/data-table.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Ref, When } from '../parts/values.tsx'
import { offerGives } from './benefit-words.ts'
import { triggerWords } from './offer-words.ts'
import { useOfferWords } from './use-offer-words.ts'

type Props = {
  readonly rows: Rows<Offer>
  readonly sent: Sent
  readonly empty: ReactNode
  /** Filters. */
  readonly children?: ReactNode
}

/** Offers with what they give, one a row. */
export const OffersTable = ({ rows, sent, empty, children }: Props) => {
  const words = useOfferWords()
  const { t } = words
  const campaigns = useCall('listCampaigns', [{ limit: 100 }], { staleMs: 60_000 })
  const nameOf = (id: string): string => campaigns.data?.data.find(campaign => campaign.id === id)?.name ?? id
  const columns: Column<Offer>[] = [
    {
      title: t('offers.column.name'),
      cell: offer => (
        <>
          <Ref id={offer.id} name={offer.name} />
          <Text size="sm" c="dimmed" fw={400}>
            <bdi>{offerGives(offer, words)}</bdi>
          </Text>
        </>
      ),
      csv: offer => offer.name,
    },
    {
      title: t('offers.column.campaign'),
      cell: offer => <Ref id={offer.campaign} name={nameOf(offer.campaign)} />,
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
    <DataTable
      caption={t('offers.title')}
      columns={columns}
      keyOf={offer => offer.id}
      rows={rows}
      csv="offers"
      sent={sent}
      empty={empty}
    >
      {children}
    </DataTable>
  )
}
