import { Button, Group, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { SegmentInput } from '../../sdk/index.ts'
import { oneOf, useFilters } from '../parts/filters.ts'
import { idOf } from '../parts/id-of.ts'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { ConditionEditor } from './condition-editor.tsx'
import { SegmentFields } from './segment-fields.tsx'
import { segmentReads } from './segment-reads.ts'

export const Page = () => {
  const { t } = useWords()
  const notices = useNotices()
  const navigate = useNavigate()
  const [{ kind = 'live' }] = useFilters({ kind: oneOf(['live', 'list']) })
  const [name, setName] = useState('')
  const [id, setId] = useState<string>()
  const [description, setDescription] = useState('')
  const [when, setWhen] = useState('')
  const put = useChange('putSegment', segmentReads)
  const chosenId = id ?? idOf(name)
  const isReady = name.trim() !== '' && chosenId !== '' && (kind === 'list' || when.trim() !== '')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isReady) return
    const words = { name: name.trim(), description: description.trim() }
    const body: SegmentInput = kind === 'list' ? { kind, ...words } : { kind, ...words, when: when.trim() }
    try {
      await put.mutateAsync([chosenId, body])
      notices.done(t('segments.saved'))
      await navigate({ to: `/segments/${chosenId}` })
    } catch {
      // It stands on the page.
    }
  }
  return (
    <form onSubmit={submit}>
      <PageHead
        title={t(`segments.new.${kind}`)}
        text={t(`segments.new.${kind}Text`)}
        trail={[{ title: t('segments.title'), to: '/segments' }]}
      />
      <Stack gap="md">
        <Panel>
          <SegmentFields
            name={name}
            onName={setName}
            id={chosenId}
            onId={setId}
            description={description}
            onDescription={setDescription}
          />
        </Panel>
        {kind === 'live' && <ConditionEditor when={when} onChange={setWhen} />}
        {put.error !== null && <Problem error={put.error} />}
        <Group>
          <Button type="submit" disabled={!isReady} loading={put.isPending}>
            {t('segments.new.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
