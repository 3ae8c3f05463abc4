import { Button, Code, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { startOfDate } from '../../faces/days.ts'
import { useCall, useList } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { AuditEntry } from '../../sdk/index.ts'
import { CodeBlock } from '../parts/code-block.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { type Reader, text, useFilters } from '../parts/filters.ts'
import { SearchBox } from '../parts/search-box.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Ref, When } from '../parts/values.tsx'
import { SettingsHead } from './settings-head.tsx'

const date: Reader<string> = raw => (/^\d{4}-\d{2}-\d{2}$/.test(raw) ? raw : undefined)
const dayMs = 86_400_000
const nextDate = (day: string): string => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10)
const shownFields = 3

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))
const short = (value: unknown): string => {
  const all = typeof value === 'string' ? value : JSON.stringify(value)
  return all.length > 40 ? `${all.slice(0, 39)}…` : all
}

const Actor = ({ entry: { actor } }: { readonly entry: AuditEntry }) => {
  const { t } = useWords()
  return (
    <>
      <Text size="sm" fw={600}>
        <bdi>{actor.name ?? t(`settings.audit.kind.${actor.kind}`)}</bdi>
      </Text>
      {actor.name !== null && (
        <Text size="sm" c="dimmed">
          {t(`settings.audit.kind.${actor.kind}`)}
        </Text>
      )}
    </>
  )
}

const EntryDialog = ({ entry, onClose }: { readonly entry: AuditEntry; readonly onClose: () => void }) => {
  const { t } = useWords()
  return (
    <Dialog title={entry.action} onClose={onClose} size="lg">
      <Stack>
        <Facts>
          <Fact label={t('settings.audit.who')}>
            <Actor entry={entry} />
          </Fact>
          <Fact label={t('settings.audit.when')}>
            <When at={entry.at} as="dateTime" />
          </Fact>
          <Fact label={t('settings.audit.subject')}>
            <Ref id={entry.subject} />
          </Fact>
          {entry.reason !== null && <Fact label={t('settings.audit.reason')}>{entry.reason}</Fact>}
          {entry.refusal !== null && (
            <Fact label={t('settings.audit.refusal')}>
              <Code dir="ltr">{entry.refusal}</Code>
            </Fact>
          )}
          {entry.requestId !== null && (
            <Fact label={t('settings.audit.request')}>
              <Code dir="ltr">{entry.requestId}</Code>
            </Fact>
          )}
        </Facts>
        {entry.changes.map(({ field, before, after }) => (
          <Stack key={field} gap={6}>
            <Text size="sm" fw={600}>
              <bdi dir="ltr">{field}</bdi>
            </Text>
            <CodeBlock text={written(before)} label={t('settings.audit.before', { field })} />
            <CodeBlock text={written(after)} label={t('settings.audit.after', { field })} />
          </Stack>
        ))}
      </Stack>
    </Dialog>
  )
}

/** Who changed what. */
export const Page = () => {
  const { t } = useWords()
  const zone = useWorkspace()?.timeZone ?? 'UTC'
  const [filters, setFilters] = useFilters({ actor: text, action: text, subject: text, from: date, to: date })
  const [open, setOpen] = useState<AuditEntry>()
  const team = useCall('listTeam', [{ limit: 200 }], { staleMs: 60_000 }).data?.data ?? []
  const { actor, action, subject, from, to } = filters
  const given = {
    actor,
    action,
    subject,
    from: from && startOfDate(from, zone),
    to: to && startOfDate(nextDate(to), zone),
    limit: 50,
  }
  const query = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const entries = useList('listAuditLog', [query])
  return (
    <Stack gap={0}>
      <SettingsHead screen="audit" />
      <DataTable<AuditEntry>
        caption={t('settings.title.audit')}
        keyOf={({ id }) => id}
        rows={rowsOfList(entries)}
        csv="audit-log"
        sent={requestOf('listAuditLog', [query])}
        empty={<Empty title={t('settings.audit.none')} text={t('settings.audit.noneText')} />}
        columns={[
          {
            title: t('settings.audit.who'),
            cell: entry => <Actor entry={entry} />,
            csv: entry => entry.actor.name ?? entry.actor.id,
          },
          {
            title: t('settings.audit.action'),
            cell: entry => (
              <>
                <Code dir="ltr">{entry.action}</Code>{' '}
                {entry.outcome === 'refused' && <StateBadge state="failed" label={t('settings.audit.refused')} />}
              </>
            ),
            csv: entry => entry.action,
          },
          {
            title: t('settings.audit.subject'),
            cell: entry => <Ref id={entry.subject} />,
            csv: entry => entry.subject,
          },
          {
            title: t('settings.audit.changes'),
            cell: ({ changes }) => (
              <Stack gap={2}>
                {changes.slice(0, shownFields).map(({ field, before, after }) => (
                  <Text key={field} size="sm" style={{ overflowWrap: 'anywhere' }}>
                    <bdi dir="ltr">
                      {field}: {short(before)} → {short(after)}
                    </bdi>
                  </Text>
                ))}
                {changes.length > shownFields && (
                  <Text size="sm" c="dimmed">
                    {t('settings.audit.moreFields', { count: changes.length - shownFields })}
                  </Text>
                )}
              </Stack>
            ),
            csv: ({ changes }) => changes.map(({ field }) => field).join(' '),
          },
          {
            title: t('settings.audit.when'),
            cell: entry => <When at={entry.at} />,
            csv: entry => entry.at,
          },
          {
            title: t('settings.actions'),
            align: 'end',
            cell: entry => (
              <Button
                size="xs"
                variant="default"
                aria-label={t('settings.audit.openOne', { action: entry.action })}
                onClick={() => setOpen(entry)}
              >
                {t('settings.audit.open')}
              </Button>
            ),
          },
        ]}
      >
        <NativeSelect
          label={t('settings.audit.who')}
          value={actor ?? ''}
          onChange={event => setFilters({ actor: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('settings.audit.everybody') },
            { value: 'admin', label: t('settings.audit.kind.admin') },
            ...team.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <TextInput
          label={t('settings.audit.from')}
          type="date"
          value={from ?? ''}
          onChange={event => setFilters({ from: event.currentTarget.value || undefined }, { replace: true })}
        />
        <TextInput
          label={t('settings.audit.to')}
          type="date"
          value={to ?? ''}
          onChange={event => setFilters({ to: event.currentTarget.value || undefined }, { replace: true })}
        />
        <SearchBox
          value={subject}
          onSearch={typed => setFilters({ subject: typed }, { replace: true })}
          label={t('settings.audit.subject')}
          placeholder={t('settings.audit.subjectHint')}
        />
        <SearchBox
          value={action}
          onSearch={typed => setFilters({ action: typed }, { replace: true })}
          label={t('settings.audit.action')}
          placeholder={t('settings.audit.actionHint')}
        />
      </DataTable>
      {open && <EntryDialog entry={open} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}
