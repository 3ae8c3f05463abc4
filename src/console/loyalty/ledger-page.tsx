import { Anchor, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Account } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { PersonField } from '../parts/person-field.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { When } from '../parts/values.tsx'
import { accountPath, useAccountName } from './account-words.ts'
import { LoyaltyHead } from './loyalty-head.tsx'
import { Owner } from './owner.tsx'

/** Points of each programme, then money; what the address asks for as well. */
const useAssetChoices = (asked: string | undefined): readonly string[] => {
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  const currency = useWorkspace()?.currency
  const points = (programmes.data?.data ?? []).flatMap(({ id, tiers }) => [
    `points:${id}`,
    ...(tiers?.by === 'points' ? [`qualifying:${id}`] : []),
  ])
  const money = currency === undefined ? [] : ['credit', 'cashback', 'giftCard'].map(kind => `${kind}:${currency}`)
  return [...new Set([...points, ...money, ...(asked === undefined ? [] : [asked])])]
}

/** What can be spent, all accounts together: of somebody known by several identifiers no account alone says it. */
const Spendable = ({ accounts }: { readonly accounts: readonly Account[] }) => {
  const { t } = useWords()
  const assets = useAssets()
  const sums = new Map<string, number>()
  for (const { asset, kind, balance } of accounts)
    if (kind === 'main' && !asset.startsWith('qualifying:')) sums.set(asset, (sums.get(asset) ?? 0) + balance)
  if (sums.size === 0) return null
  return (
    <Stats>
      {[...sums].map(([asset, balance]) => (
        <Stat
          key={asset}
          label={assets.name(asset)}
          value={<bdi>{assets.amount(asset, balance)}</bdi>}
          note={t('loyalty.ledger.kind.main')}
        />
      ))}
    </Stats>
  )
}

/** Every account there is, of people, gift cards and the house: each balance opens to its postings. */
export const Page = () => {
  const { t } = useWords()
  const assets = useAssets()
  const nameOf = useAccountName()
  const [{ person, owner, asset }, setFilters] = useFilters({ person: text, owner: text, asset: text })
  const choices = useAssetChoices(asset)
  // The API takes one of the two.
  const query = { limit: 50, asset, ...(person === undefined ? { owner } : { person }) }
  const list = rowsOfList<Account>(useList('listAccounts', [query]))
  const columns: Column<Account>[] = [
    {
      title: t('loyalty.ledger.account'),
      cell: ({ id }) => (
        <Anchor component={Link} to={accountPath(id)} inherit>
          <bdi>{nameOf(id)}</bdi>
        </Anchor>
      ),
      csv: ({ id }) => id,
    },
    { title: t('loyalty.ledger.owner'), cell: it => <Owner id={it.owner} />, csv: it => it.owner },
    {
      title: t('loyalty.ledger.due'),
      cell: ({ dueAt }) => (dueAt === null ? '–' : <When at={dueAt} as="date" />),
      csv: ({ dueAt }) => dueAt,
    },
    {
      title: t('loyalty.ledger.balance'),
      cell: it => (
        <Text fw={600} inherit component="span">
          <bdi>{assets.amount(it.asset, it.balance)}</bdi>
        </Text>
      ),
      csv: it => assets.csv(it.asset, it.balance),
      align: 'end',
    },
  ]
  const whose = owner === 'house' ? 'house' : 'all'
  return (
    <Stack gap={0}>
      <LoyaltyHead screen="ledger" />
      <Stack gap="md">
        {person !== undefined && list.rows !== undefined && list.rows.length > 0 && <Spendable accounts={list.rows} />}
        <DataTable
          caption={t('loyalty.ledger.accounts')}
          columns={columns}
          keyOf={({ id }) => id}
          rows={list}
          csv="accounts"
          sent={requestOf('listAccounts', [query])}
          empty={
            <Empty
              title={t(person === undefined ? 'loyalty.ledger.none' : 'loyalty.ledger.noneOfPerson')}
              text={t('loyalty.ledger.noneText')}
            />
          }
        >
          <PersonField
            label={t('loyalty.ledger.person')}
            value={person}
            onChange={ref => setFilters({ person: ref, owner: undefined })}
          />
          <NativeSelect
            label={t('loyalty.ledger.asset')}
            value={asset ?? ''}
            onChange={event => setFilters({ asset: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: t('loyalty.ledger.everything') },
              ...choices.map(value => ({ value, label: assets.name(value) })),
            ]}
          />
          {person === undefined && (
            <SegmentedControl
              aria-label={t('loyalty.ledger.owner')}
              value={whose}
              onChange={value => setFilters({ owner: value === 'house' ? 'house' : undefined })}
              data={(['all', 'house'] as const).map(value => ({ value, label: t(`loyalty.ledger.of.${value}`) }))}
            />
          )}
        </DataTable>
      </Stack>
    </Stack>
  )
}
