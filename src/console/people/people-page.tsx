import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { PersonFound } from '../../sdk/index.ts'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { PageHead } from '../parts/page-head.tsx'
import { knownAs, unnamed } from '../parts/person-name.ts'
import { SearchBox } from '../parts/search-box.tsx'
import { Count, Ref, When } from '../parts/values.tsx'
import { Identifier } from './identifier.tsx'

/** Works as it stands: whoever is spoken of becomes known. */
const firstPerson = {
  method: 'POST',
  path: '/v1/identify',
  body: { userId: 'u-1', traits: { firstName: 'Ana', lastName: 'Rossi', email: 'ana@example.com' } },
} as const

const shownIdentifiers = 2

/** What she was found by first, so that nobody wonders why she is in the list. */
const shown = ({ identifiers, matched }: PersonFound) => {
  const isMatch = (it: { type: string; value: string }) => it.type === matched?.type && it.value === matched.value
  return [...identifiers.filter(isMatch), ...identifiers.filter(it => !isMatch(it))].slice(0, shownIdentifiers)
}

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const [{ search }, setFilters] = useFilters({ search: text })
  const query = { search, limit: 25 }
  const people = useList('listPeople', [query])
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  const tierName = (programme: string, tier: string | null): string | null =>
    programmes.data?.data.find(({ id }) => id === programme)?.tiers?.levels.find(({ id }) => id === tier)?.name ?? tier
  const columns: Column<PersonFound>[] = [
    {
      title: t('people.column.person'),
      cell: person => <Ref id={person.id} name={person.name ?? knownAs(person) ?? unnamed(person.id, t)} />,
      csv: person => person.name,
    },
    {
      title: t('people.column.knownAs'),
      cell: person => (
        <Stack gap={4}>
          {shown(person).map(({ type, value, given }) => (
            <Identifier key={type + value} type={type} value={given} />
          ))}
          {person.identifiers.length > shownIdentifiers && (
            <Text size="sm" c="dimmed">
              {t('people.andMore', { count: person.identifiers.length - shownIdentifiers })}
            </Text>
          )}
        </Stack>
      ),
      csv: person => person.identifiers.map(({ type, value }) => `${type}:${value}`).join(' '),
    },
    {
      title: t('people.column.channels'),
      cell: person => (
        <Group gap={4}>
          {person.channels.length === 0 && '–'}
          {person.channels.map(channel => (
            <Badge key={channel} variant="default" tt="none" fw={500} size="sm">
              <bdi>{channel}</bdi>
            </Badge>
          ))}
        </Group>
      ),
      csv: person => person.channels.join(' '),
    },
    {
      title: t('people.column.tier'),
      cell: person => {
        const tiers = person.tiers.filter(({ tier }) => tier !== null)
        if (tiers.length === 0) return '–'
        return tiers.map(({ programme, tier }) => (
          <Text key={programme} size="sm">
            <bdi>{tierName(programme, tier)}</bdi>
          </Text>
        ))
      },
      csv: person => person.tiers.map(({ programme, tier }) => `${programme}: ${tier ?? ''}`).join(' '),
    },
    {
      title: t('people.column.orders'),
      cell: person => <Count value={person.orders} />,
      csv: person => person.orders,
      align: 'end',
    },
    {
      title: t('people.column.lastSeen'),
      cell: person => <When at={person.lastSeenAt} />,
      csv: person => person.lastSeenAt,
      align: 'end',
    },
  ]
  return (
    <Stack gap={0}>
      <PageHead title={t('people.title')} text={t('people.text')}>
        {may('listQuarantine') && (
          <Button variant="default" component={Link} to="/identity/quarantine">
            {t('quarantine.title')}
          </Button>
        )}
      </PageHead>
      <DataTable
        caption={t('people.title')}
        columns={columns}
        keyOf={person => person.id}
        rows={rowsOfList(people)}
        csv="people"
        sent={requestOf('listPeople', [query])}
        empty={
          search === undefined ? (
            <Empty title={t('people.none.title')} text={t('people.none.text')} example={firstPerson} />
          ) : (
            <Empty title={t('people.noneSuch.title')} text={t('people.noneSuch.text')} />
          )
        }
      >
        <SearchBox
          value={search}
          onSearch={typed => setFilters({ search: typed }, { replace: true })}
          label={t('people.search')}
          placeholder={t('people.searchHint')}
        />
      </DataTable>
    </Stack>
  )
}
