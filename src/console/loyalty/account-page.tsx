import { Anchor, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { type ArgumentsOf, requestOf } from '../../faces/api.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Account, Posting } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Lots } from '../people/lots.tsx'
import { kindWord, transactionPath, useAccountName } from './account-words.ts'
import { Cause } from './cause.tsx'
import { Owner } from './owner.tsx'

const minuteMs = 60_000

/** What the clock does is booked when somebody looks; only then do the two times differ. */
const isBookedLater = ({ effectiveAt, bookedAt }: Posting): boolean =>
  Date.parse(bookedAt) - Date.parse(effectiveAt) > minuteMs

const Statement = ({ account }: { readonly account: Account }) => {
  const { t } = useWords()
  const assets = useAssets()
  const { owner, asset, kind } = account
  const args: ArgumentsOf<'listPostings'> = [owner, asset, kind, { limit: 50 }]
  const postings = useList('listPostings', args)
  const isOfHouse = owner === 'house'
  const columns: Column<Posting>[] = [
    {
      title: t('loyalty.ledger.what'),
      cell: ({ transaction, kind: what }) => (
        <Anchor component={Link} to={transactionPath(transaction)} inherit>
          {t(`orders.ledger.kinds.${what}`)}
        </Anchor>
      ),
      csv: ({ transaction }) => transaction,
    },
    {
      title: t('loyalty.ledger.why'),
      cell: ({ cause }) => <Cause of={cause} />,
      csv: ({ kind: what, cause }) => [what, cause.order ?? cause.message ?? cause.reason].filter(Boolean).join(' '),
    },
    {
      title: t('loyalty.ledger.at'),
      cell: posting => (
        <>
          <When at={posting.effectiveAt} as="dateTime" />
          {isBookedLater(posting) && (
            <Text size="sm" c="dimmed">
              {t('loyalty.ledger.booked')} <When at={posting.bookedAt} as="dateTime" />
            </Text>
          )}
        </>
      ),
      csv: ({ effectiveAt }) => effectiveAt,
    },
    {
      title: t('loyalty.ledger.amount'),
      cell: ({ amount }) => (
        <Text fw={600} inherit component="span" {...(amount > 0 && !isOfHouse ? { c: 'var(--good)' } : {})}>
          <bdi>{assets.change(asset, amount)}</bdi>
        </Text>
      ),
      csv: ({ amount }) => assets.csv(asset, amount),
      align: 'end',
    },
    ...(isOfHouse
      ? []
      : [
          {
            title: t('loyalty.ledger.after'),
            cell: ({ balance }: Posting) => (balance === null ? '–' : <bdi>{assets.amount(asset, balance)}</bdi>),
            csv: ({ balance }: Posting) => (balance === null ? null : assets.csv(asset, balance)),
            align: 'end' as const,
          },
        ]),
  ]
  return (
    <Section title={t('loyalty.ledger.postings')}>
      <DataTable
        caption={t('loyalty.ledger.postings')}
        columns={columns}
        // A transaction may move one account several times, once for each lot.
        keyOf={({ transaction, lot, amount, balance }) => `${transaction} ${lot} ${amount} ${balance}`}
        rows={rowsOfList(postings)}
        csv={`${asset.replace(':', '-')}-${kind}`}
        sent={requestOf('listPostings', args)}
        empty={<Text p="md">{t('loyalty.ledger.noPostings')}</Text>}
      />
    </Section>
  )
}

/** One account: what it holds and why, posting by posting, the newest first. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const assets = useAssets()
  const nameOf = useAccountName()
  const {
    owner = '',
    asset = '',
    kind = '',
  } = useParams({ strict: false }) as Partial<Record<'owner' | 'asset' | 'kind', string>>
  // What is no kind of account is answered as such.
  const { data: account, error, refetch } = useCall('getAccount', [owner, asset, kind as Account['kind']])
  const person = owner.startsWith('hol_') ? owner.replace('hol_', 'per_') : undefined
  const hasLots = person !== undefined && (kind === 'main' || kind === 'pending') && may('listWalletLots')
  const trail = [
    {
      title: t('loyalty.ledger.title'),
      to: `/loyalty/ledger${person === undefined ? '' : `?person=${person}`}${owner === 'house' ? '?owner=house' : ''}`,
    },
  ]
  return (
    <>
      <PageHead title={nameOf(`${owner}/${asset}/${kind}`)} trail={trail} text={<Owner id={owner} />} />
      <Stack gap="lg">
        {error && <Problem error={error} onRetry={refetch} />}
        {!error && !account && <Waiting />}
        {account && (
          <>
            <Stats>
              <Stat
                label={t('loyalty.ledger.balance')}
                value={<bdi>{assets.amount(asset, account.balance)}</bdi>}
                note={t(`loyalty.ledger.about.${kindWord(asset, account.kind)}`)}
              />
              {account.dueAt !== null && (
                <Stat
                  label={t('loyalty.ledger.due')}
                  value={<When at={account.dueAt} as="date" />}
                  note={t('loyalty.ledger.dueNote')}
                />
              )}
            </Stats>
            <Statement account={account} />
            {hasLots && (
              <Lots
                id={person}
                title={t('loyalty.ledger.lots')}
                only={{ asset, state: kind === 'main' ? 'spendable' : 'pending' }}
              />
            )}
          </>
        )}
      </Stack>
    </>
  )
}
