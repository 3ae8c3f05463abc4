import { Button, Code, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { LoggedRequest, ReplayedRequest } from '../../sdk/index.ts'
import { JsonBlock } from '../parts/code-block.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { oneOf, text, useFilters } from '../parts/filters.ts'
import { Problem } from '../parts/problem.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { When } from '../parts/values.tsx'
import { DevelopersHead } from './developers-head.tsx'

const outcomes = ['done', 'refused'] as const

const Status = ({ status }: { readonly status: number }) => (
  <StateBadge
    state={String(status)}
    tone={status < 400 ? 'good' : status < 500 ? 'warn' : 'bad'}
    label={String(status)}
  />
)

const RequestDialog = ({ request, onClose }: { readonly request: LoggedRequest; readonly onClose: () => void }) => {
  const { t, language } = useWords()
  const may = useMay()
  const [answer, setAnswer] = useState<ReplayedRequest>()
  const replay = useChange('replayRequest', ['listRequests'])
  const run = async (): Promise<void> => {
    try {
      setAnswer(await replay.mutateAsync([request.id]))
    } catch {
      // It stands in the dialog.
    }
  }
  const { refusal } = request
  return (
    <Dialog title={`${request.method} ${request.path}`} onClose={onClose} size="lg">
      <Stack>
        <Facts>
          <Fact label={t('developers.requests.status')}>
            <Status status={request.status} />
          </Fact>
          <Fact label={t('developers.requests.call')}>
            <Code dir="ltr">{request.call}</Code>
          </Fact>
          <Fact label={t('developers.requests.who')}>
            <bdi>{request.actor.name ?? request.actor.id}</bdi>
          </Fact>
          <Fact label={t('developers.requests.when')}>
            <When at={request.at} as="dateTime" />
          </Fact>
          <Fact label={t('developers.live.took')}>
            {t('developers.live.ms', { ms: formatNumber(request.ms, language) })}
          </Fact>
          <Fact label={t('developers.requests.id')}>
            <Code dir="ltr">{request.requestId}</Code>
          </Fact>
        </Facts>
        {refusal && (
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              {t('developers.requests.refused')}
            </Text>
            <Text size="sm" lang="en" dir="ltr">
              <Code>{refusal.code}</Code> {refusal.sentence}
            </Text>
            {refusal.errors.map(({ pointer, message }) => (
              <Text key={pointer + message} size="sm" lang="en" dir="ltr">
                <Code>{pointer}</Code> {message}
              </Text>
            ))}
          </Stack>
        )}
        {may('replayRequest') &&
          (request.replayable ? (
            <Stack gap="xs" align="flex-start">
              <Text size="sm" c="dimmed">
                {t('developers.requests.replayText')}
              </Text>
              <Button onClick={run} loading={replay.isPending}>
                {t('developers.requests.replay')}
              </Button>
            </Stack>
          ) : (
            <Text size="sm" c="dimmed">
              {t('developers.requests.notKept')}
            </Text>
          ))}
        {replay.error !== null && <Problem error={replay.error} />}
        {answer && (
          <Stack gap="xs">
            <Text size="sm" fw={600}>
              {t('developers.requests.answered')} <Status status={answer.status} />
            </Text>
            <JsonBlock value={answer.body} label={t('developers.requests.answer')} />
          </Stack>
        )}
      </Stack>
    </Dialog>
  )
}

/** The last calls, and why some were refused. */
export const Page = () => {
  const { t, language } = useWords()
  const [filters, setFilters] = useFilters({ outcome: oneOf(outcomes), call: text })
  const [open, setOpen] = useState<LoggedRequest>()
  const { outcome, call } = filters
  const query = { ...(outcome && { outcome }), ...(call && { call }), limit: 50 }
  const requests = useList('listRequests', [query])
  return (
    <Stack gap={0}>
      <DevelopersHead screen="requests">
        <Button variant="default" onClick={() => requests.refetch()} loading={requests.isRefetching}>
          {t('developers.requests.again')}
        </Button>
      </DevelopersHead>
      <DataTable<LoggedRequest>
        caption={t('developers.title.requests')}
        keyOf={({ id }) => id}
        rows={rowsOfList(requests)}
        csv="requests"
        sent={requestOf('listRequests', [query])}
        empty={<Empty title={t('developers.requests.none')} text={t('developers.requests.noneText')} />}
        columns={[
          {
            title: t('developers.requests.request'),
            cell: ({ method, path }) => (
              <Code dir="ltr" bg="transparent" px={0} style={{ overflowWrap: 'anywhere' }}>
                {`${method} ${path}`}
              </Code>
            ),
            csv: ({ method, path }) => `${method} ${path}`,
          },
          {
            title: t('developers.requests.status'),
            cell: ({ status, refusal }) => (
              <>
                <Status status={status} />{' '}
                {refusal && (
                  <Code dir="ltr" bg="transparent" px={0} c="dimmed">
                    {refusal.code}
                  </Code>
                )}
              </>
            ),
            csv: ({ status }) => status,
          },
          {
            title: t('developers.requests.who'),
            cell: ({ actor }) => <bdi>{actor.name ?? actor.id}</bdi>,
            csv: ({ actor }) => actor.name ?? actor.id,
          },
          {
            title: t('developers.live.took'),
            align: 'end',
            cell: ({ ms }) => (
              <bdi style={{ whiteSpace: 'nowrap' }}>{t('developers.live.ms', { ms: formatNumber(ms, language) })}</bdi>
            ),
            csv: ({ ms }) => ms,
          },
          { title: t('developers.requests.when'), cell: ({ at }) => <When at={at} />, csv: ({ at }) => at },
          {
            title: t('developers.actions'),
            align: 'end',
            cell: request => (
              <Button
                size="xs"
                variant="default"
                aria-label={t('developers.openOne', { name: request.call })}
                onClick={() => setOpen(request)}
              >
                {t('developers.open')}
              </Button>
            ),
          },
        ]}
      >
        <NativeSelect
          label={t('developers.live.outcome')}
          value={outcome ?? ''}
          onChange={event => setFilters({ outcome: outcomes.find(it => it === event.currentTarget.value) })}
          data={[
            { value: '', label: t('developers.live.all') },
            ...outcomes.map(value => ({ value, label: t(`developers.requests.outcome.${value}`) })),
          ]}
        />
        <SearchBox
          value={call}
          onSearch={typed => setFilters({ call: typed }, { replace: true })}
          label={t('developers.requests.call')}
          placeholder={t('developers.requests.callHint')}
        />
      </DataTable>
      {open && <RequestDialog request={open} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
