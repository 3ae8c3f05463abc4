import { Stack, Text } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { OutboxMessage } from '../../sdk/index.ts'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { SearchBox } from '../parts/search-box.tsx'
import { When } from '../parts/values.tsx'
import { DevelopersHead } from './developers-head.tsx'

const firstMessage = { method: 'POST', path: '/v1/wallet/codes', body: { address: 'ana@example.com' } } as const

/** Messages that would have been sent. */
export const Page = () => {
  const { t } = useWords()
  const [{ to }, setFilters] = useFilters({ to: text })
  // The server reads whole addresses only.
  const query = { ...(to !== undefined && to.length > 2 && { to }), limit: 50 }
  const messages = useList('listOutbox', [query])
  return (
    <Stack gap={0}>
      <DevelopersHead screen="outbox" />
      <DataTable<OutboxMessage>
        caption={t('developers.title.outbox')}
        keyOf={({ id }) => id}
        rows={rowsOfList(messages)}
        sent={requestOf('listOutbox', [query])}
        empty={
          <Empty title={t('developers.outbox.none')} text={t('developers.outbox.noneText')} example={firstMessage} />
        }
        columns={[
          {
            title: t('developers.outbox.to'),
            cell: message => (
              <>
                <Text size="sm" fw={600}>
                  <bdi dir="ltr">{message.to}</bdi>
                </Text>
                <Text size="sm" c="dimmed">
                  {t(`developers.outbox.channel.${message.channel}`)}
                </Text>
              </>
            ),
          },
          { title: t('developers.outbox.message'), cell: message => <bdi>{message.text}</bdi> },
          {
            title: t('developers.outbox.purpose'),
            cell: ({ purpose }) => t(`developers.outbox.purposes.${purpose}`),
          },
          { title: t('developers.outbox.at'), cell: ({ at }) => <When at={at} /> },
        ]}
      >
        <SearchBox
          value={to}
          onSearch={typed => setFilters({ to: typed }, { replace: true })}
          label={t('developers.outbox.to')}
          placeholder={t('developers.outbox.toHint')}
        />
      </DataTable>
    </Stack>
  )
}
