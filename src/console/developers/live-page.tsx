import { Button, Group, NativeSelect, Stack } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { Empty } from '../parts/empty.tsx'
import { oneOf, text, useFilters } from '../parts/filters.ts'
import { Problem } from '../parts/problem.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { DevelopersHead } from './developers-head.tsx'
import { Tail } from './tail.tsx'

const outcomes = ['stored', 'known', 'refused'] as const

/** What comes in right now. */
export const Page = () => {
  const { t } = useWords()
  const [filters, setFilters] = useFilters({ source: text, outcome: oneOf(outcomes), search: text })
  const [isRunning, setRunning] = useState(true)
  const sources = useCall('listSources', [{ limit: 200 }], { staleMs: 60_000 })
  const open = (sources.data?.data ?? []).filter(({ revokedAt }) => revokedAt === null)
  const busiest = open.toSorted((left, right) =>
    (right.health.lastEventAt ?? '').localeCompare(left.health.lastEventAt ?? ''),
  )[0]
  const source = filters.source ?? busiest?.id
  const search = filters.search?.toLowerCase()
  const none = { title: t('developers.live.none'), text: t('developers.live.noneText') }
  return (
    <Stack gap={0}>
      <DevelopersHead screen="live">
        <Button
          variant="default"
          leftSection={isRunning ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
          onClick={() => setRunning(!isRunning)}
        >
          {t(isRunning ? 'developers.live.pause' : 'developers.live.resume')}
        </Button>
      </DevelopersHead>
      {sources.error !== null && <Problem error={sources.error} onRetry={sources.refetch} />}
      {sources.isPending && <Waiting />}
      {sources.data && source === undefined && <Empty {...none} />}
      {sources.data && source !== undefined && (
        <Stack gap="md">
          <Group align="flex-end" gap="sm">
            <NativeSelect
              label={t('developers.live.source')}
              value={source}
              onChange={event => setFilters({ source: event.currentTarget.value })}
              data={open.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <NativeSelect
              label={t('developers.live.outcome')}
              value={filters.outcome ?? ''}
              onChange={event => setFilters({ outcome: outcomes.find(it => it === event.currentTarget.value) })}
              data={[
                { value: '', label: t('developers.live.all') },
                ...outcomes.map(value => ({ value, label: t(`developers.live.outcomes.${value}`) })),
              ]}
            />
            <SearchBox
              value={filters.search}
              onSearch={typed => setFilters({ search: typed }, { replace: true })}
              label={t('developers.live.filter')}
              placeholder={t('developers.live.filterHint')}
            />
          </Group>
          <Tail
            key={source}
            source={source}
            isRunning={isRunning}
            fits={row =>
              (filters.outcome === undefined || row.outcome === filters.outcome) &&
              (search === undefined || `${row.kind} ${row.name} ${row.messageId}`.toLowerCase().includes(search))
            }
            none={none}
          />
        </Stack>
      )}
    </Stack>
  )
}
