import { Button, Code, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import { call } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { ApiContext } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { SourceTail, SourceTailRow } from '../../sdk/index.ts'
import { type Column, DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { When } from '../parts/values.tsx'

const everyMs = 2000
const kept = 200

/** What a source sent, the newest first; asked again every two seconds. */
export const useTail = (source: string, isRunning: boolean) => {
  const { api, workspace } = useContext(ApiContext)
  const queries = useQueryClient()
  const queryKey = [workspace, 'tail', source]
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<SourceTail> => {
      const before = queries.getQueryData<SourceTail>(queryKey)
      const after = before ? { after: before.cursor } : {}
      const { data, cursor } = await call(api, 'tailSource', [source, after], { signal })
      return { data: [...data.toReversed(), ...(before?.data ?? [])].slice(0, kept), cursor }
    },
    enabled: source !== '',
    refetchInterval: isRunning ? everyMs : false,
    refetchOnWindowFocus: isRunning,
  })
}

const tones = { stored: 'good', known: 'quiet', refused: 'bad' } as const

const LineDialog = ({ row, onClose }: { readonly row: SourceTailRow; readonly onClose: () => void }) => {
  const { t, language } = useWords()
  return (
    <Dialog title={row.name ?? row.kind} onClose={onClose} size="lg">
      <Stack>
        <Facts>
          <Fact label={t('developers.live.outcome')}>
            <StateBadge
              state={row.outcome}
              tone={tones[row.outcome]}
              label={t(`developers.live.outcomes.${row.outcome}`)}
            />
          </Fact>
          <Fact label={t('developers.live.at')}>
            <When at={row.at} as="dateTime" />
          </Fact>
          <Fact label={t('developers.live.kind')}>
            <Code dir="ltr">{row.kind}</Code>
          </Fact>
          <Fact label={t('developers.live.about')}>
            <bdi dir="ltr">{row.subject ?? '–'}</bdi>
          </Fact>
          <Fact label={t('developers.live.messageId')}>
            <bdi dir="ltr">{row.messageId ?? '–'}</bdi>
          </Fact>
          <Fact label={t('developers.live.took')}>
            {t('developers.live.ms', { ms: formatNumber(row.latencyMs, language) })}
          </Fact>
          {row.code !== null && (
            <Fact label={t('developers.live.why')}>
              <Code dir="ltr">{row.code}</Code>
            </Fact>
          )}
        </Facts>
        {row.issues.map(({ pointer, message }) => (
          <Text key={pointer + message} size="sm" dir="ltr" lang="en">
            <Code>{pointer}</Code> {message}
          </Text>
        ))}
        <Text size="sm" c="dimmed">
          {t('developers.live.privacy')}
        </Text>
      </Stack>
    </Dialog>
  )
}

type Props = {
  readonly source: string
  readonly isRunning: boolean
  readonly fits?: (row: SourceTailRow) => boolean
  readonly none: { readonly title: string; readonly text: string }
}

/** The lines of a source as they come. */
export const Tail = ({ source, isRunning, fits = () => true, none }: Props) => {
  const { t, language } = useWords()
  const [open, setOpen] = useState<SourceTailRow>()
  const tail = useTail(source, isRunning)
  const columns: Column<SourceTailRow>[] = [
    {
      title: t('developers.live.event'),
      cell: row => (
        <>
          <Text size="sm" fw={600} dir="auto">
            <bdi>{row.name ?? row.kind}</bdi>
          </Text>
          <Code dir="ltr" bg="transparent" px={0} c="dimmed">
            {row.kind}
          </Code>
        </>
      ),
      csv: row => row.name ?? row.kind,
    },
    {
      title: t('developers.live.outcome'),
      cell: row => (
        <StateBadge
          state={row.outcome}
          tone={tones[row.outcome]}
          label={t(`developers.live.outcomes.${row.outcome}`)}
        />
      ),
      csv: row => row.outcome,
    },
    {
      title: t('developers.live.about'),
      cell: row => <bdi dir="ltr">{row.subject ?? '–'}</bdi>,
      csv: row => row.subject,
    },
    { title: t('developers.live.at'), cell: row => <When at={row.at} />, csv: row => row.at },
    {
      title: t('developers.live.took'),
      align: 'end',
      cell: row => <bdi>{t('developers.live.ms', { ms: formatNumber(row.latencyMs, language) })}</bdi>,
      csv: row => row.latencyMs,
    },
    {
      title: t('developers.actions'),
      align: 'end',
      cell: row => (
        <Button
          size="xs"
          variant="default"
          aria-label={t('developers.openOne', { name: row.name ?? row.kind })}
          onClick={() => setOpen(row)}
        >
          {t('developers.open')}
        </Button>
      ),
    },
  ]
  return (
    <>
      <DataTable<SourceTailRow>
        caption={t('developers.title.live')}
        columns={columns}
        keyOf={({ id }) => id}
        rows={rowsOfCall(tail, ({ data }) => data.filter(fits))}
        csv="events"
        empty={<Empty title={none.title} text={none.text} />}
      />
      {open && <LineDialog row={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
