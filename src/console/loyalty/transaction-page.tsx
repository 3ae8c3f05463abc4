import { Anchor, Code, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatMonth, formatNumber } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Transaction } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { ActorName, EventRef, OfferRef, PersonRef } from '../parts/named.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { accountPath, partsOf, transactionPath, useAccountName } from './account-words.ts'
import { Reason } from './cause.tsx'
import { Owner } from './owner.tsx'

const TransactionRef = ({ id }: { readonly id: string }) => (
  <Anchor component={Link} to={transactionPath(id)} inherit style={{ overflowWrap: 'anywhere' }}>
    <Code dir="ltr">{id}</Code>
  </Anchor>
)

/** What it came of, as far as it is known, each part a link to where it is told. */
const CameOf = ({ of }: { readonly of: Transaction }) => {
  const { t, language } = useWords()
  const { cause } = of
  const facts: readonly (readonly [name: string, value: ReactNode])[] = [
    ['at', <When key="at" at={of.effectiveAt} as="dateTime" />],
    ['booked', <When key="booked" at={of.bookedAt} as="dateTime" />],
    ['period', formatMonth(of.period, language)],
    ['person', cause.holder && <PersonRef id={cause.holder} />],
    ['order', cause.order && <Ref id={cause.order} kind="order" />],
    [
      'return',
      cause.return && cause.order && (
        <Anchor component={Link} to={`/orders/${encodeURIComponent(cause.order)}?tab=history`} inherit>
          <Code dir="ltr">{cause.return}</Code>
        </Anchor>
      ),
    ],
    ['event', cause.message && <EventRef id={cause.message} />],
    [
      'decision',
      cause.decision && cause.order === undefined && (
        <Anchor component={Link} to={`/decisions/${cause.decision}`} inherit>
          <Code dir="ltr">{cause.decision}</Code>
        </Anchor>
      ),
    ],
    ['offer', cause.offer && <OfferRef id={cause.offer} />],
    [
      'where',
      (cause.channel ?? cause.location) && <bdi>{[cause.channel, cause.location].filter(Boolean).join(' · ')}</bdi>,
    ],
    ['reason', cause.reason && <Reason reason={cause.reason} />],
    [
      'adjustment',
      of.adjustment && (
        <Anchor key="adjustment" component={Link} to="/loyalty/adjustments?state=booked" inherit>
          <Code dir="ltr">{of.adjustment}</Code>
        </Anchor>
      ),
    ],
    ['transfer', of.transfer && <Code dir="ltr">{of.transfer}</Code>],
    ['by', cause.actor === undefined ? t('loyalty.ledger.cause.clock') : <ActorName id={cause.actor} />],
    ['reverses', of.reverses && <TransactionRef id={of.reverses} />],
    [
      'reversedBy',
      of.reversedBy.length > 0 &&
        of.reversedBy.map(id => (
          <div key={id}>
            <TransactionRef id={id} />
          </div>
        )),
    ],
    ['endsHold', of.endsHold && <TransactionRef id={of.endsHold} />],
    ['endedBy', of.endedBy && <TransactionRef id={of.endedBy} />],
  ]
  return (
    <Panel title={t('loyalty.ledger.why')}>
      <Facts>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <Fact key={name} label={t(`loyalty.ledger.fact.${name}`)}>
              {value}
            </Fact>
          ))}
      </Facts>
    </Panel>
  )
}

/** All that one thing moved: where it came from and where it went, which is nothing in all. */
export const Page = () => {
  const { t, language } = useWords()
  const assets = useAssets()
  const nameOf = useAccountName()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const query = useCall('getTransaction', [id])
  const { data: transaction, error, refetch } = query
  const trail = [{ title: t('loyalty.ledger.title'), to: '/loyalty/ledger' }]
  if (error)
    return (
      <>
        <PageHead title={id} trail={trail} />
        <Problem error={error} onRetry={refetch} />
      </>
    )
  if (!transaction) return <Waiting />
  const moved = [...new Set(transaction.postings.map(({ asset }) => asset))]
  const isWhole = transaction.postings.length === transaction.postingsTotal
  const sumOf = (asset: string): number =>
    transaction.postings.reduce((sum, it) => (it.asset === asset ? sum + it.amount : sum), 0)
  return (
    <>
      <PageHead
        title={t(`orders.ledger.kinds.${transaction.kind}`)}
        trail={trail}
        text={
          <Code dir="ltr" style={{ overflowWrap: 'anywhere' }}>
            {id}
          </Code>
        }
      />
      <Stack gap="lg">
        <CameOf of={transaction} />
        <Section title={t('loyalty.ledger.legs')}>
          <DataTable
            caption={t('loyalty.ledger.legs')}
            keyOf={({ place }) => String(place)}
            rows={rowsOfCall(query, ({ postings }) => postings.map((it, place) => ({ ...it, place })))}
            csv={id}
            sent={requestOf('getTransaction', [id])}
            empty={null}
            columns={[
              {
                title: t('loyalty.ledger.account'),
                cell: ({ account }) => (
                  <Anchor component={Link} to={accountPath(account)} inherit>
                    <bdi>{nameOf(account)}</bdi>
                  </Anchor>
                ),
                csv: ({ account }) => account,
              },
              {
                title: t('loyalty.ledger.owner'),
                cell: ({ account }) => <Owner id={partsOf(account).owner} />,
              },
              {
                title: t('loyalty.ledger.lot'),
                cell: ({ lot }) => (lot === null ? '–' : <Code dir="ltr">{lot}</Code>),
                csv: ({ lot }) => lot,
                foot: isWhole ? t('loyalty.ledger.sum') : undefined,
              },
              {
                title: t('loyalty.ledger.amount'),
                cell: ({ asset, amount }) => <bdi>{assets.change(asset, amount)}</bdi>,
                csv: ({ asset, amount }) => assets.csv(asset, amount),
                align: 'end',
                foot: isWhole
                  ? moved.map(asset => (
                      <div key={asset}>
                        <bdi>{assets.amount(asset, sumOf(asset))}</bdi>
                      </div>
                    ))
                  : undefined,
              },
            ]}
          />
          {!isWhole && (
            <Text size="sm" c="dimmed" mt="xs">
              {t('loyalty.ledger.notAll', { value: formatNumber(transaction.postingsTotal, language) })}
            </Text>
          )}
        </Section>
      </Stack>
    </>
  )
}
