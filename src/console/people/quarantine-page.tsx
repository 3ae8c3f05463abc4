import { Stack, Text } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { formatList, formatNumber } from '../../faces/format.ts'
import { useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { QuarantineEntry } from '../../sdk/index.ts'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count, Ref, When } from '../parts/values.tsx'
import { Identifier, useTypeWords } from './identifier.tsx'

/** What no longer unites people, because too much hangs together through it. */
export const Page = () => {
  const { t, language } = useWords()
  const typeWords = useTypeWords()
  const query = { limit: 50 }
  const entries = useList('listQuarantine', [query])
  const typesOf = ({ types }: QuarantineEntry): string =>
    formatList(
      Object.entries(types).map(([type, count]) => `${formatNumber(count, language)} × ${typeWords(type)}`),
      language,
    )
  return (
    <Stack gap={0}>
      <PageHead
        title={t('quarantine.title')}
        trail={[{ title: t('people.title'), to: '/people' }]}
        text={t('quarantine.text')}
      />
      <DataTable<QuarantineEntry>
        caption={t('quarantine.title')}
        keyOf={({ identifier }) => identifier.holder}
        rows={rowsOfList(entries)}
        csv="quarantine"
        sent={requestOf('listQuarantine', [query])}
        empty={<Empty title={t('quarantine.none.title')} text={t('quarantine.none.text')} />}
        columns={[
          {
            title: t('quarantine.identifier'),
            cell: ({ identifier }) => <Identifier type={identifier.type} value={identifier.given} />,
            csv: ({ identifier }) => `${identifier.type}:${identifier.value}`,
          },
          {
            title: t('quarantine.why'),
            cell: ({ kind }) => (
              <>
                <StateBadge state={kind} tone="warn" label={t(`quarantine.kind.${kind}`)} />
                <Text size="sm" c="dimmed">
                  {t(`quarantine.kindText.${kind}`)}
                </Text>
              </>
            ),
            csv: ({ kind }) => kind,
          },
          { title: t('quarantine.size'), cell: ({ size }) => <Count value={size} />, csv: it => it.size, align: 'end' },
          { title: t('quarantine.types'), cell: entry => <bdi>{typesOf(entry)}</bdi>, csv: typesOf },
          {
            title: t('quarantine.since'),
            cell: ({ since }) => (since === null ? '–' : <When at={since} as="date" />),
            csv: ({ since }) => since,
          },
          {
            title: t('quarantine.person'),
            cell: ({ identifier }) => (
              <Ref kind="person" id={`${identifier.type}:${identifier.value}`} name={t('quarantine.open')} />
            ),
            align: 'end',
          },
        ]}
      />
    </Stack>
  )
}
