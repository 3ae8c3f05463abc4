import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type ArgumentsOf, requestOf } from '../../faces/api.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useMay, useSession } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Adjustment } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { ActorName, PersonRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Section } from '../parts/panel.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { When } from '../parts/values.tsx'
import { AssetAmount } from './asset-amount.tsx'
import { valueReads } from './value-reads.ts'

/** What a second person decides, and what can be taken back. */
const Decide = ({ adjustment }: { readonly adjustment: Adjustment }) => {
  const { t } = useWords()
  const may = useMay()
  const own = useSession().data?.member.id === adjustment.proposedBy
  const confirm = useConfirm()
  const notices = useNotices()
  const approve = useChange('approveAdjustment', valueReads)
  const reject = useChange('rejectAdjustment', valueReads)
  const reverse = useChange('reverseAdjustment', valueReads)
  const does = async (work: () => Promise<unknown>, words: string): Promise<void> => {
    try {
      await work()
      notices.done(words)
    } catch (error) {
      notices.failed(error)
    }
  }
  const takeBack = async (): Promise<void> => {
    const yes = await confirm({
      title: t('people.adjust.reverseTitle'),
      text: t('people.adjust.reverseText'),
      action: t('people.adjust.reverse'),
    })
    if (yes)
      await does(() => reverse.mutateAsync([adjustment.id, { reason: 'correction' }]), t('people.adjust.reversed'))
  }
  if (adjustment.state === 'booked' && adjustment.reverses === null && may('reverseAdjustment'))
    return (
      <Button size="compact-sm" variant="default" loading={reverse.isPending} onClick={takeBack}>
        {t('people.adjust.reverse')}
      </Button>
    )
  if (adjustment.state !== 'proposed') return null
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {may('approveAdjustment') && !own && (
        <Button
          size="compact-sm"
          loading={approve.isPending}
          onClick={() => does(() => approve.mutateAsync([adjustment.id]), t('people.adjust.bookedNow'))}
        >
          {t('people.adjust.approve')}
        </Button>
      )}
      {may('rejectAdjustment') && (
        <Button
          size="compact-sm"
          variant="default"
          loading={reject.isPending}
          onClick={() => does(() => reject.mutateAsync([adjustment.id]), t('people.adjust.rejected'))}
        >
          {t(own ? 'people.adjust.withdraw' : 'people.adjust.reject')}
        </Button>
      )}
    </Group>
  )
}

type Props = {
  readonly query: NonNullable<ArgumentsOf<'listAdjustments'>[0]>
  /** Says whose they are. */
  readonly showsPerson?: boolean
  /** Instead of a table without rows. */
  readonly empty: ReactNode
  /** Filters. */
  readonly children?: ReactNode
}

/** What was given and taken by hand, with who waits for whom. */
export const AdjustmentsTable = ({ query, showsPerson = false, empty, children }: Props) => {
  const { t } = useWords()
  const assets = useAssets()
  const adjustments = useList('listAdjustments', [query])
  const columns: Column<Adjustment>[] = [
    {
      title: t('people.adjust.what'),
      cell: it => <AssetAmount asset={it.asset} amount={it.amount} />,
      csv: it => assets.csv(it.asset, it.amount),
    },
    ...(showsPerson
      ? [
          {
            title: t('people.column.person'),
            cell: (it: Adjustment) => <PersonRef id={it.person} />,
            csv: (it: Adjustment) => it.person,
          },
        ]
      : []),
    {
      title: t('people.column.state'),
      cell: it => (
        <>
          <StateBadge state={it.state} />
          {it.state === 'proposed' && (
            <Text size="sm" c="dimmed">
              {t('people.adjust.waits')}
            </Text>
          )}
        </>
      ),
      csv: it => it.state,
    },
    {
      title: t('people.adjust.why'),
      cell: it => (
        <>
          {it.reverses === null ? t(`people.adjust.reason.${it.reason}`) : t('people.adjust.takesBack')}
          {it.note !== null && (
            <Text size="sm" c="dimmed">
              <bdi>{it.note}</bdi>
            </Text>
          )}
        </>
      ),
      csv: it => it.note ?? it.reason,
    },
    {
      title: t('people.adjust.by'),
      cell: it => (
        <>
          <ActorName id={it.proposedBy} /> <When at={it.proposedAt} />
          {it.decidedBy !== null && (
            <Text size="sm" c="dimmed">
              {t('people.adjust.second')} <ActorName id={it.decidedBy} />
            </Text>
          )}
        </>
      ),
      csv: it => it.proposedBy,
    },
    { title: t('people.column.action'), cell: it => <Decide adjustment={it} />, align: 'end' },
  ]
  return (
    <DataTable
      caption={t('people.adjust.list')}
      columns={columns}
      keyOf={it => it.id}
      rows={rowsOfList(adjustments)}
      csv="adjustments"
      sent={requestOf('listAdjustments', [query])}
      empty={empty}
    >
      {children}
    </DataTable>
  )
}

/** Those of somebody, where there are any. */
export const Adjustments = ({ person }: { readonly person: string }) => {
  const { t } = useWords()
  const may = useMay()
  const query = { person, limit: 20 }
  const adjustments = useList('listAdjustments', [query], { enabled: may('listAdjustments') })
  const { rows } = rowsOfList<Adjustment>(adjustments)
  if (rows === undefined || rows.length === 0) return null
  return (
    <Section title={t('people.adjust.list')}>
      <AdjustmentsTable query={query} empty={null} />
    </Section>
  )
}
