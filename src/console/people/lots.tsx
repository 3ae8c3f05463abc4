import { Text } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { WalletLot } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { type Column, DataTable, type Rows, rowsOfList } from '../parts/data-table.tsx'
import { Section } from '../parts/panel.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Ref, When } from '../parts/values.tsx'
import { AssetAmount } from './asset-amount.tsx'

type Props = {
  /** A person’s id. */
  readonly id: string
  readonly title: string
  /** Those of an asset in a state, and no others. */
  readonly only?: { readonly asset: string; readonly state: WalletLot['state'] }
}

/** What came in together and ends together, as far as it is left. */
export const Lots = ({ id, title, only }: Props) => {
  const { t } = useWords()
  // Of one asset all that is likely to be there: the rest is left out here.
  const query = { limit: only === undefined ? 20 : 200 }
  const assets = useAssets()
  const all = rowsOfList<WalletLot>(useList('listWalletLots', [id, query]))
  const fits = ({ asset, state }: WalletLot): boolean =>
    only === undefined || (asset === only.asset && state === only.state)
  const rows: Rows<WalletLot> = {
    ...all,
    rows: all.rows?.filter(fits),
    fetchAll: async () => (await all.fetchAll()).filter(fits),
  }
  const columns: Column<WalletLot>[] = [
    {
      title: t('people.lot.amount'),
      cell: lot => (
        <>
          <AssetAmount asset={lot.asset} amount={lot.amount} />
          {lot.asset.startsWith('qualifying:') && (
            <Text size="sm" c="dimmed" fw={400}>
              {t('people.lot.qualifying')}
            </Text>
          )}
        </>
      ),
      csv: lot => assets.csv(lot.asset, lot.amount),
    },
    {
      title: t('people.lot.remaining'),
      cell: lot => <AssetAmount asset={lot.asset} amount={lot.remaining} />,
      csv: lot => assets.csv(lot.asset, lot.remaining),
    },
    {
      title: t('people.column.state'),
      cell: lot => <StateBadge state={lot.state} />,
      csv: lot => lot.state,
    },
    { title: t('people.lot.earned'), cell: lot => <When at={lot.earnedAt} as="date" />, csv: lot => lot.earnedAt },
    {
      title: t('people.lot.ends'),
      cell: lot => (lot.expiresAt === null ? '–' : <When at={lot.expiresAt} as="date" />),
      csv: lot => lot.expiresAt,
    },
    {
      title: t('people.lot.from'),
      cell: lot =>
        lot.order === null ? (
          t(lot.fromLot === null ? 'people.lot.byHand' : 'people.lot.gift')
        ) : (
          <Ref id={lot.order} kind="order" />
        ),
      csv: lot => lot.order,
    },
  ]
  return (
    <Section title={title}>
      <DataTable
        caption={title}
        columns={columns}
        keyOf={lot => lot.id}
        rows={rows}
        csv="lots"
        sent={requestOf('listWalletLots', [id, query])}
        empty={<Text p="md">{t('common.nothing')}</Text>}
      />
    </Section>
  )
}
