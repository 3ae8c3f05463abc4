import { Button, Code, MultiSelect, Stack, Text } from '@mantine/core'
import { IconListDetails, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { formatList, formatShare } from '../../faces/format.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Overlap, Segment } from '../../sdk/index.ts'
import { conditionWords } from '../parts/condition-words.ts'
import { type Column, DataTable, rowsOfCall, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Section } from '../parts/panel.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count, Ref, When } from '../parts/values.tsx'
import classes from './segments.module.css'
import { useSegmentFields } from './use-segment-fields.ts'

/** Works as it stands. */
const firstSegment = {
  method: 'PUT',
  path: '/v1/segments/regulars',
  body: { kind: 'live', name: 'Regulars', when: 'orders(30) >= 2' },
} as const

/** Counted for each segment by itself, because that may take a while. */
const Size = ({ id }: { readonly id: string }) => {
  const { data } = useCall('getSegment', [id], { staleMs: 60_000 })
  return data ? <Count value={data.size} /> : '…'
}

/** Whom a condition is true of, in words where words can say it. */
const Condition = ({ cel }: { readonly cel: string }) => {
  const words = useWords()
  const fields = useSegmentFields()
  const currency = useWorkspace()?.currency ?? 'EUR'
  const told = conditionWords(cel, { words, fields, currency })
  return told === undefined ? (
    <Code dir="ltr" style={{ overflowWrap: 'anywhere' }}>
      {cel}
    </Code>
  ) : (
    <Text size="sm" className={classes.condition}>
      {told}
    </Text>
  )
}

type Crossed = { readonly segments: readonly string[]; readonly people: number; readonly share: number }

/** Each alone, then what they have in common as a part of the smallest of them. */
const crossedOf = ({ segments, overlaps }: Overlap): readonly Crossed[] => {
  const sizeOf = (id: string): number => segments.find(({ segment }) => segment === id)?.people ?? 0
  return [
    ...segments.map(({ segment, people }) => ({ segments: [segment], people, share: people > 0 ? 1 : 0 })),
    ...overlaps.map(({ segments: ids, people }) => {
      const smallest = Math.min(...ids.map(sizeOf))
      return { segments: ids, people, share: smallest === 0 ? 0 : people / smallest }
    }),
  ]
}

const mostCrossed = 3

const Overlaps = ({ segments }: { readonly segments: readonly Segment[] }) => {
  const { t, language } = useWords()
  const [{ overlap = '' }, setFilters] = useFilters({ overlap: text })
  const chosen = overlap.split(',').filter(id => segments.some(segment => segment.id === id))
  const body = { segments: chosen.slice(0, mostCrossed) }
  const query = useCall('overlapSegments', [body], { enabled: body.segments.length > 1 })
  const nameOf = (id: string): string => segments.find(segment => segment.id === id)?.name ?? id
  const columns: Column<Crossed>[] = [
    {
      title: t('segments.overlap.in'),
      cell: it => <bdi>{formatList(it.segments.map(nameOf), language)}</bdi>,
      csv: it => it.segments.join(' '),
    },
    {
      title: t('segments.overlap.people'),
      cell: it => <Count value={it.people} />,
      csv: it => it.people,
      align: 'end',
    },
    {
      title: t('segments.overlap.share'),
      cell: it =>
        it.segments.length === 1 ? (
          '–'
        ) : (
          <Stack gap={4} miw={160}>
            {formatShare(it.share, language)}
            <div className={classes.bar}>
              <div className={classes.filled} style={{ inlineSize: `${100 * it.share}%` }} />
            </div>
          </Stack>
        ),
      csv: it => it.share,
      align: 'end',
    },
  ]
  const picker = (
    <MultiSelect
      w={{ base: '100%', sm: 420 }}
      label={t('segments.overlap.choose')}
      data={segments.map(({ id, name }) => ({ value: id, label: name }))}
      maxValues={mostCrossed}
      searchable
      value={chosen}
      onChange={ids => setFilters({ overlap: ids.join(',') || undefined }, { replace: true })}
    />
  )
  return (
    <Section title={t('segments.overlap.title')}>
      {body.segments.length > 1 ? (
        <DataTable
          caption={t('segments.overlap.title')}
          columns={columns}
          keyOf={it => it.segments.join(' ')}
          rows={rowsOfCall(query, crossedOf)}
          csv="overlap"
          sent={requestOf('overlapSegments', [body])}
          empty={null}
        >
          {picker}
        </DataTable>
      ) : (
        picker
      )}
    </Section>
  )
}

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const query = { limit: 100 }
  const segments = useList('listSegments', [query])
  const rows = rowsOfList<Segment>(segments)
  const columns: Column<Segment>[] = [
    {
      title: t('segments.column.name'),
      cell: segment => (
        <>
          <Ref id={segment.id} kind="segment" name={segment.name} />
          {segment.description !== '' && (
            <Text size="sm" c="dimmed" fw={400}>
              <bdi>{segment.description}</bdi>
            </Text>
          )}
        </>
      ),
      csv: segment => segment.name,
    },
    {
      title: t('segments.column.who'),
      cell: segment =>
        segment.kind === 'list' ? (
          t('segments.kind.list')
        ) : (
          <Condition cel={segment.when ?? segment.next?.when ?? ''} />
        ),
      csv: segment => segment.when,
    },
    {
      title: t('segments.column.size'),
      cell: segment => <Size id={segment.id} />,
      align: 'end',
    },
    {
      title: t('segments.column.state'),
      cell: segment => <StateBadge state={segment.state} tone={segment.state === 'ready' ? 'good' : 'warn'} />,
      csv: segment => segment.state,
    },
    {
      title: t('segments.column.changed'),
      cell: segment => <When at={segment.updatedAt} />,
      csv: segment => segment.updatedAt,
      align: 'end',
    },
  ]
  return (
    <Stack gap="lg">
      <div>
        <PageHead title={t('segments.title')} text={t('segments.text')}>
          {may('putSegment') && (
            <>
              <Button
                component={Link}
                to="/new-segment?kind=list"
                variant="default"
                leftSection={<IconListDetails size={16} aria-hidden />}
              >
                {t('segments.new.list')}
              </Button>
              <Button component={Link} to="/new-segment" leftSection={<IconPlus size={16} aria-hidden />}>
                {t('segments.new.live')}
              </Button>
            </>
          )}
        </PageHead>
        <DataTable
          caption={t('segments.title')}
          columns={columns}
          keyOf={segment => segment.id}
          rows={rows}
          csv="segments"
          sent={requestOf('listSegments', [query])}
          empty={<Empty title={t('segments.none.title')} text={t('segments.none.text')} example={firstSegment} />}
        />
      </div>
      {may('overlapSegments') && rows.rows !== undefined && rows.rows.length > 1 && <Overlaps segments={rows.rows} />}
    </Stack>
  )
}
