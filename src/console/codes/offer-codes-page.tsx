import { Anchor, Button, Code as CodeText, Stack, Text } from '@mantine/core'
import { IconDownload, IconPlus, IconUpload } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatShare } from '../../faces/format.ts'
import { useApi, useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import type { CodeSet } from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { JobProgress } from '../parts/job-progress.tsx'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { saveStream } from '../parts/save-stream.ts'
import { Stat, Stats } from '../parts/stat.tsx'
import { Count, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { GenerateCodes, ImportCodes } from './make-codes.tsx'

const kindOf = ({ kind, shared }: CodeSet): string => (shared ? 'shared' : kind)

/** The codes of an offer by where they came from, and how more come to be. */
export const Page = () => {
  const words = useOfferWords()
  const { t, language } = words
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ job }, setFilters] = useFilters({ job: text })
  const [open, setOpen] = useState<'generate' | 'import'>()
  const api = useApi()
  const may = useMay()
  const notices = useNotices()
  const offer = useCall('getOffer', [id])
  const sets = useCall('listCodeSets', [id])
  const download = async (of?: string): Promise<void> => {
    try {
      await saveStream(
        await api.exportCodes(id, of === undefined ? {} : { job: of }),
        `codes-${of ?? id}.csv`,
        'text/csv',
      )
    } catch (error) {
      notices.failed(error)
    }
  }
  if (offer.error) return <Problem error={offer.error} onRetry={offer.refetch} />
  if (!offer.data) return <Waiting />
  const all = sets.data?.data ?? []
  const sum = (of: (set: CodeSet) => number): number => all.reduce((total, set) => total + of(set), 0)
  const unique = all.filter(({ shared }) => !shared)
  const left = unique.reduce((total, { codes, used, blocked }) => total + Math.max(0, codes - used - blocked), 0)
  const claims = offer.data.trigger.on === 'code'
  return (
    <Stack gap={0}>
      <PageHead
        title={t('codes.ofOffer', { name: offer.data.name })}
        trail={[
          { title: t('offers.title'), to: '/offers' },
          { title: offer.data.name, to: `/offers/${id}` },
        ]}
        text={<bdi>{offerGives(offer.data, words)}</bdi>}
      >
        {claims && may('createCodes') && (
          <>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('generate')}>
              {t('codes.generate.action')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconUpload size={16} aria-hidden />}
              onClick={() => setOpen('import')}
            >
              {t('codes.import.action')}
            </Button>
          </>
        )}
        {all.length > 0 && (
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => download()}>
            {t('codes.export')}
          </Button>
        )}
      </PageHead>
      <Stack gap="lg">
        {job !== undefined && (
          <Panel title={t('codes.generate.running')}>
            <JobProgress
              id={job}
              onDone={() => {
                void sets.refetch()
              }}
            />
            <Button mt="md" size="xs" variant="default" onClick={() => download(job)}>
              {t('codes.downloadSet')}
            </Button>
          </Panel>
        )}
        <Stats>
          <Stat label={t('codes.stat.codes')} value={sets.data && <Count value={sum(it => it.codes)} />} />
          <Stat
            label={t('codes.stat.used')}
            value={sets.data && <Count value={sum(it => it.used)} />}
            note={all.length > 0 ? formatShare(sum(it => it.used) / sum(it => it.codes), language) : undefined}
          />
          <Stat label={t('codes.stat.left')} value={sets.data && <Count value={left} />} />
          <Stat label={t('codes.stat.blocked')} value={sets.data && <Count value={sum(it => it.blocked)} />} />
        </Stats>
        <DataTable
          caption={t('codes.sets')}
          keyOf={({ kind, job: made, createdAt, shared }) => [kind, made, createdAt, shared].join(' ')}
          rows={rowsOfCall(sets, ({ data }) => data)}
          csv={`${id}-code-sets`}
          sent={requestOf('listCodeSets', [id])}
          empty={
            <Empty
              title={t('codes.none.title')}
              text={t(claims ? 'codes.none.text' : 'codes.none.otherText')}
              {...(claims
                ? {
                    example: {
                      method: 'POST',
                      path: `/v1/offers/${id}/codes`,
                      body: { count: 1000, pattern: '####-####' },
                    },
                  }
                : {})}
            />
          }
          columns={[
            {
              title: t('codes.set.kind'),
              cell: set => t(`codes.set.kinds.${kindOf(set)}`),
              csv: kindOf,
            },
            {
              title: t('codes.set.example'),
              cell: ({ example }) => (
                <Anchor component={Link} to={`/codes?code=${encodeURIComponent(example)}`} inherit>
                  <CodeText dir="ltr">{example}</CodeText>
                </Anchor>
              ),
              csv: ({ example }) => example,
            },
            {
              title: t('codes.stat.codes'),
              cell: ({ codes }) => <Count value={codes} />,
              csv: ({ codes }) => codes,
              align: 'end',
            },
            {
              title: t('codes.stat.used'),
              cell: ({ used }) => <Count value={used} />,
              csv: ({ used }) => used,
              align: 'end',
            },
            {
              title: t('codes.stat.blocked'),
              cell: ({ blocked }) => <Count value={blocked} />,
              csv: ({ blocked }) => blocked,
              align: 'end',
            },
            {
              title: t('codes.made'),
              cell: ({ createdAt, job: made }) => (
                <>
                  <When at={createdAt} as="dateTime" />
                  {made !== null && (
                    <Text size="sm">
                      <Anchor component="button" type="button" inherit onClick={() => download(made)}>
                        {t('codes.downloadSet')}
                      </Anchor>
                    </Text>
                  )}
                </>
              ),
              csv: ({ createdAt }) => createdAt,
              align: 'end',
            },
          ]}
        />
      </Stack>
      {open === 'generate' && (
        <GenerateCodes
          offer={id}
          onClose={() => setOpen(undefined)}
          onStarted={started => {
            setOpen(undefined)
            setFilters({ job: started })
          }}
        />
      )}
      {open === 'import' && <ImportCodes offer={id} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
