import { Button, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Topic, Workspace } from '../../sdk/index.ts'
import { DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { idOf } from '../parts/id-of.ts'
import { Section } from '../parts/panel.tsx'
import { RowMenu } from '../parts/row-menu.tsx'
import { useAct } from '../parts/use-act.ts'
import { IdText } from './id-text.tsx'

const purposes = ['marketing', 'service', 'research', 'profiling'] as const

const useTopics = ({ id, topics }: Workspace) => {
  const update = useChange('updateWorkspace', ['getWorkspace'])
  const put = (wanted: readonly Topic[]) => update.mutateAsync([id, { topics: wanted }])
  return {
    add: (topic: Topic) => put([...topics, topic]),
    change: (topic: Topic) => put(topics.map(it => (it.id === topic.id ? topic : it))),
    remove: (topic: Topic) => put(topics.filter(it => it.id !== topic.id)),
  }
}

type DialogProps = { readonly workspace: Workspace; readonly topic?: Topic; readonly onClose: () => void }

const TopicDialog = ({ workspace, topic, onClose }: DialogProps) => {
  const { t } = useWords()
  const { add, change } = useTopics(workspace)
  const [id, setId] = useState(topic?.id)
  const [name, setName] = useState(topic?.name ?? '')
  const [purpose, setPurpose] = useState<Topic['purpose']>(topic?.purpose ?? 'marketing')
  const known = id ?? idOf(name)
  const entry = { id: known, name: name.trim(), purpose }
  return (
    <FormDialog
      title={topic?.name ?? t('settings.topics.new')}
      action={t('common.save')}
      onClose={onClose}
      isReady={name.trim() !== '' && known !== ''}
      onSubmit={() => (topic ? change(entry) : add(entry))}
    >
      <TextInput
        label={t('settings.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      {topic === undefined && (
        <TextInput
          label={t('settings.field.id')}
          dir="ltr"
          value={known}
          onChange={event => setId(event.currentTarget.value)}
          required
        />
      )}
      <NativeSelect
        label={t('settings.topics.purpose')}
        description={t('settings.topics.purposeText')}
        value={purpose}
        onChange={event => setPurpose(purposes.find(it => it === event.currentTarget.value) ?? purpose)}
        data={purposes.map(value => ({ value, label: t(`people.consent.purpose.${value}`) }))}
      />
    </FormDialog>
  )
}

/** What people may want to hear of, or not. */
export const Topics = ({ workspace }: { readonly workspace: Workspace }) => {
  const { t } = useWords()
  const may = useMay()
  const act = useAct()
  const { remove } = useTopics(workspace)
  const [open, setOpen] = useState<'new' | Topic>()
  const itemsOf = (topic: Topic) => [
    { label: t('common.edit'), run: () => setOpen(topic) },
    {
      label: t('common.remove'),
      isFinal: true,
      run: () =>
        act(() => remove(topic), t('settings.removed', { name: topic.name }), {
          title: t('settings.removeTitle', { name: topic.name }),
          text: t('settings.topics.removeText'),
          action: t('common.remove'),
        }),
    },
  ]
  return (
    <Section title={t('settings.topics.title')}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t('settings.topics.text')}
        </Text>
        <DataTable<Topic>
          caption={t('settings.topics.title')}
          keyOf={({ id }) => id}
          rows={rowsOfArray(workspace.topics)}
          csv="topics"
          sent={requestOf('getWorkspace', [workspace.id])}
          empty={<Empty title={t('settings.topics.none')} text={t('settings.topics.noneText')} />}
          columns={[
            {
              title: t('settings.field.name'),
              cell: ({ id, name }) => <IdText id={id} name={name} />,
              csv: ({ name }) => name,
            },
            {
              title: t('settings.topics.purpose'),
              cell: ({ purpose }) => t(`people.consent.purpose.${purpose}`),
              csv: ({ purpose }) => purpose,
            },
            {
              title: t('settings.actions'),
              align: 'end',
              cell: topic =>
                may('updateWorkspace') && (
                  <RowMenu label={t('settings.more', { name: topic.name })} items={itemsOf(topic)} />
                ),
            },
          ]}
        >
          {may('updateWorkspace') && (
            <Button variant="default" size="sm" onClick={() => setOpen('new')}>
              {t('settings.topics.new')}
            </Button>
          )}
        </DataTable>
      </Stack>
      {open === 'new' && <TopicDialog workspace={workspace} onClose={() => setOpen(undefined)} />}
      {typeof open === 'object' && (
        <TopicDialog workspace={workspace} topic={open} onClose={() => setOpen(undefined)} />
      )}
    </Section>
  )
}
