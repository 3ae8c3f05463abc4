import { Alert, Badge, Button, FileButton, Group, Stack, Tabs, Text } from '@mantine/core'
import { IconTrash, IconUpload, IconUserPlus } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { SegmentMember, SegmentWithSize } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Empty } from '../parts/empty.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { JobProgress } from '../parts/job-progress.tsx'
import { PersonRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PageTabs } from '../parts/page-tabs.tsx'
import { Panel } from '../parts/panel.tsx'
import { PersonPicker } from '../parts/person-picker.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { useTypeWords } from '../people/identifier.tsx'
import { ConditionEditor } from './condition-editor.tsx'
import { SegmentFields } from './segment-fields.tsx'
import { segmentReads } from './segment-reads.ts'
import { Why } from './why.tsx'

const tabs = ['people', 'terms', 'why'] as const

/** Puts somebody on a list. */
const AddDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { t } = useWords()
  const notices = useNotices()
  const [person, setPerson] = useState<string>()
  const change = useChange('changeSegmentPeople', segmentReads)
  const add = async (): Promise<void> => {
    if (person === undefined) return
    try {
      await change.mutateAsync([id, { add: [person], remove: [] }])
      notices.done(t('segments.list.added'))
      onClose()
    } catch {
      // It stands in the dialog.
    }
  }
  return (
    <Dialog title={t('segments.list.add')} onClose={onClose}>
      <Stack>
        <PersonPicker label={t('people.column.person')} placeholder={t('people.searchHint')} onPick={setPerson} />
        {change.error !== null && <Problem error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button onClick={add} disabled={person === undefined} loading={change.isPending}>
            {t('segments.list.put')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

/** What changes a list: a file in its place, or one more. */
const ListTools = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const notices = useNotices()
  const confirm = useConfirm()
  const [isAdding, setAdding] = useState(false)
  const load = useChange('importSegmentPeople', segmentReads)
  const upload = async (file: File | null): Promise<void> => {
    if (!file) return
    const yes = await confirm({
      title: t('segments.list.replaceTitle', { file: file.name }),
      text: t('segments.list.replaceText'),
      action: t('segments.list.replace'),
    })
    if (!yes) return
    try {
      await load.mutateAsync([id, await file.text()])
      notices.done(t('segments.list.replaced'))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconUserPlus size={16} aria-hidden />}
        onClick={() => setAdding(true)}
      >
        {t('segments.list.add')}
      </Button>
      <FileButton onChange={upload} accept=".csv,text/csv">
        {props => (
          <Button
            {...props}
            size="xs"
            variant="default"
            loading={load.isPending}
            leftSection={<IconUpload size={16} aria-hidden />}
          >
            {t('segments.list.upload')}
          </Button>
        )}
      </FileButton>
      {isAdding && <AddDialog id={id} onClose={() => setAdding(false)} />}
    </>
  )
}

const pageOfPeople = 20
const buildingMs = 1000

const People = ({ segment }: { readonly segment: SegmentWithSize }) => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const typeWords = useTypeWords()
  const { id } = segment
  const query = { limit: pageOfPeople }
  const people = useList('listSegmentPeople', [id, query])
  const change = useChange('changeSegmentPeople', segmentReads)
  const isEditable = segment.kind === 'list' && may('changeSegmentPeople')
  const takeOff = async (person: string): Promise<void> => {
    try {
      await change.mutateAsync([id, { add: [], remove: [person] }])
      notices.doneWithUndo(t('segments.list.removed'), () =>
        change.mutateAsync([id, { add: [person], remove: [] }]).catch(notices.failed),
      )
    } catch (error) {
      notices.failed(error)
    }
  }
  const columns: Column<SegmentMember>[] = [
    { title: t('people.column.person'), cell: it => <PersonRef id={it.person} />, csv: it => it.person },
    {
      title: t('people.column.knownAs'),
      cell: it => (
        <Group gap={4}>
          {it.identifiers.map(type => (
            <Badge key={type} variant="default" tt="none" fw={500} size="sm">
              {typeWords(type)}
            </Badge>
          ))}
        </Group>
      ),
      csv: it => it.identifiers.join(' '),
    },
    {
      title: t('segments.column.entered'),
      cell: it => <When at={it.enteredAt} />,
      csv: it => it.enteredAt,
      align: 'end',
    },
  ]
  const off: Column<SegmentMember> = {
    title: t('people.column.action'),
    cell: it => (
      <Button size="compact-sm" variant="default" onClick={() => takeOff(it.person)}>
        {t('segments.list.remove')}
      </Button>
    ),
    align: 'end',
  }
  return (
    <DataTable
      caption={segment.name}
      columns={isEditable ? [...columns, off] : columns}
      keyOf={it => it.person}
      rows={rowsOfList(people)}
      csv={id}
      sent={requestOf('listSegmentPeople', [id, query])}
      empty={
        <Empty
          title={t('segments.empty.title')}
          text={t(segment.kind === 'list' ? 'segments.empty.list' : 'segments.empty.live')}
        />
      }
    >
      {isEditable && <ListTools id={id} />}
    </DataTable>
  )
}

const Terms = ({ segment }: { readonly segment: SegmentWithSize }) => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const [name, setName] = useState(segment.name)
  const [description, setDescription] = useState(segment.description)
  const saved = segment.next?.when ?? segment.when ?? ''
  const [when, setWhen] = useState(saved)
  const put = useChange('putSegment', segmentReads)
  const isChanged = name !== segment.name || description !== segment.description || when !== saved
  const save = async (): Promise<void> => {
    const words = { name: name.trim(), description: description.trim() }
    try {
      await put.mutateAsync([
        segment.id,
        segment.kind === 'list' ? { kind: 'list', ...words } : { kind: 'live', ...words, when: when.trim() },
      ])
      notices.done(t('segments.saved'))
    } catch {
      // It stands on the page.
    }
  }
  return (
    <Stack gap="md">
      <Panel>
        <SegmentFields name={name} onName={setName} description={description} onDescription={setDescription} />
      </Panel>
      {segment.kind === 'live' && <ConditionEditor when={when} onChange={setWhen} segment={segment.id} />}
      {put.error !== null && <Problem error={put.error} />}
      {may('putSegment') && (
        <Group>
          <Button
            onClick={save}
            loading={put.isPending}
            disabled={!isChanged || name.trim() === '' || (segment.kind === 'live' && when.trim() === '')}
          >
            {t('segments.save')}
          </Button>
          {segment.kind === 'live' && when !== saved && (
            <Text size="sm" c="dimmed">
              {t('segments.foundAnew')}
            </Text>
          )}
        </Group>
      )}
    </Stack>
  )
}

const WhySomebody = ({ segment }: { readonly segment: SegmentWithSize }) => {
  const { t } = useWords()
  const [person, setPerson] = useState<string>()
  return (
    <Panel title={t('segments.why.title')}>
      <Stack maw={720}>
        <PersonPicker label={t('people.column.person')} placeholder={t('people.searchHint')} onPick={setPerson} />
        {person !== undefined && <Why of={{ segment: segment.id, person }} />}
      </Stack>
    </Panel>
  )
}

export const Page = () => {
  const { t, language } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const navigate = useNavigate()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ tab = 'people' }, setFilters] = useFilters({ tab: oneOf(tabs) })
  const queries = useQueryClient()
  const {
    data: segment,
    error,
    refetch,
  } = useCall('getSegment', [id], {
    refetchIntervalMs: found => (found?.state === 'building' ? buildingMs : false),
  })
  // Other people count all at once: who is shown is read again then.
  useEffect(() => {
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === 'listSegmentPeople' })
  }, [segment?.generation])
  const remove = useChange('deleteSegment', segmentReads)
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!segment) return <Waiting />
  const takeAway = async (): Promise<void> => {
    const yes = await confirm({
      title: t('segments.delete.title', { name: segment.name }),
      text: t('segments.delete.text'),
      action: t('segments.delete.action'),
      isFinal: true,
    })
    if (!yes) return
    try {
      await navigate({ to: '/segments' })
      await remove.mutateAsync([id])
      notices.done(t('segments.delete.done', { name: segment.name }))
    } catch (refused) {
      notices.failed(refused)
      await navigate({ to: `/segments/${id}` })
    }
  }
  return (
    <Stack gap={0}>
      <PageHead
        title={segment.name}
        trail={[{ title: t('segments.title'), to: '/segments' }]}
        badge={<StateBadge state={segment.state} tone={segment.state === 'ready' ? 'good' : 'warn'} />}
        text={
          <>
            {t('segments.people', { count: segment.size, value: formatNumber(segment.size, language) })}
            {segment.description !== '' && (
              <>
                {' · '}
                <bdi>{segment.description}</bdi>
              </>
            )}
          </>
        }
      >
        {may('deleteSegment') && (
          <Button
            variant="default"
            c="var(--bad)"
            leftSection={<IconTrash size={16} aria-hidden />}
            loading={remove.isPending}
            onClick={takeAway}
          >
            {t('segments.delete.action')}
          </Button>
        )}
      </PageHead>
      {segment.next?.job != null && (
        <Alert color="yellow" title={t('segments.building')} mb="md">
          <JobProgress id={segment.next.job} onDone={() => refetch()} />
        </Alert>
      )}
      <PageTabs
        tab={tab}
        tabs={tabs}
        labelOf={it => t(`segments.tab.${it}`)}
        onChoose={chosen => setFilters({ tab: chosen }, { replace: true })}
      >
        <Tabs.Panel value="people">
          <People segment={segment} />
        </Tabs.Panel>
        <Tabs.Panel value="terms">
          <Terms key={segment.updatedAt} segment={segment} />
        </Tabs.Panel>
        <Tabs.Panel value="why">
          <WhySomebody segment={segment} />
        </Tabs.Panel>
      </PageTabs>
    </Stack>
  )
}
