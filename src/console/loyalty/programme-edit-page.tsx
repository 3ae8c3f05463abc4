import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Programme } from '../../sdk/index.ts'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { JobProgress } from '../parts/job-progress.tsx'
import { PersonRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { RepeatCall } from '../parts/repeat-call.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { type Draft, draftOf, idFrom, newDraft } from './programme-draft.ts'
import classes from './programme-edit.module.css'
import { ProgrammeForm } from './programme-form.tsx'
import { termsWords } from './programme-words.ts'

type Move = { readonly from: string | null; readonly to: string | null; readonly people: number }
type Moves = {
  readonly people: number
  readonly moves: readonly Move[]
  readonly sample: readonly { readonly person: string; readonly from: string | null; readonly to: string | null }[]
}

/** Who would move to which tier; asked of every member by a job. */
const WhoMoves = ({ job, draft, before }: { readonly job: string; readonly draft: Draft; readonly before: Draft }) => {
  const { t } = useWords()
  const query = useCall('getJob', [job])
  const levels = [...(draft.tiers?.levels ?? []), ...(before.tiers?.levels ?? [])]
  const nameOf = (tier: string | null): string =>
    tier === null ? t('loyalty.ladder.none') : (levels.find(({ id }) => id === tier)?.name ?? tier)
  const result = query.data?.result as Moves | null | undefined
  const moving = result?.moves.filter(({ from, to }) => from !== to) ?? []
  return (
    <Stack gap="sm">
      <JobProgress id={job} />
      {result && (
        <>
          <Text size="sm">
            {t('loyalty.preview.asked')} <Count value={result.people} />
          </Text>
          <DataTable
            caption={t('loyalty.preview.title')}
            keyOf={({ from, to }) => `${from} ${to}`}
            rows={rowsOfCall(query, () => moving)}
            csv="tier-moves"
            empty={<Text p="md">{t('loyalty.preview.nobody')}</Text>}
            columns={[
              {
                title: t('loyalty.preview.from'),
                cell: ({ from }) => <bdi>{nameOf(from)}</bdi>,
                csv: ({ from }) => from,
              },
              { title: t('loyalty.preview.to'), cell: ({ to }) => <bdi>{nameOf(to)}</bdi>, csv: ({ to }) => to },
              {
                title: t('loyalty.preview.people'),
                cell: ({ people }) => <Count value={people} />,
                csv: ({ people }) => people,
                align: 'end',
              },
            ]}
          />
          {result.sample.slice(0, 5).map(({ person, from, to }) => (
            <Group key={person} justify="space-between" gap="xs">
              <PersonRef id={person} />
              <Text size="sm" c="dimmed">
                <bdi>{nameOf(from)}</bdi> → <bdi>{nameOf(to)}</bdi>
              </Text>
            </Group>
          ))}
        </>
      )}
    </Stack>
  )
}

type EditorProps = { readonly programme?: Programme; readonly start: Draft; readonly currency: string }

const Editor = ({ programme, start, currency }: EditorProps) => {
  const words = useWords()
  const { t } = words
  const may = useMay()
  const notices = useNotices()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(start)
  const [ownId, setOwnId] = useState<string>()
  const [job, setJob] = useState<string>()
  const put = useChange('putProgramme', [
    'getProgramme',
    'listProgrammes',
    'listProgrammeVersions',
    'getTierPopulation',
  ])
  const preview = useChange('previewProgramme', [])
  const id = programme?.id ?? ownId ?? idFrom(draft.name)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    put.mutate([id, draft], {
      onSuccess: saved => {
        notices.done(t('loyalty.programme.saved', { name: saved.name }))
        void navigate({ to: `/loyalty/programmes/${id}` })
      },
    })
  }
  const change = (next: Draft): void => {
    setJob(undefined)
    setDraft(next)
  }
  return (
    <form onSubmit={submit} className={classes.columns}>
      <Stack gap="lg">
        {!programme && (
          <Panel>
            <TextInput
              label={t('loyalty.form.id')}
              description={t('loyalty.form.idHint')}
              required
              dir="ltr"
              pattern="[a-z][a-z0-9\-]{0,39}"
              value={id}
              onChange={event => setOwnId(event.currentTarget.value)}
            />
          </Panel>
        )}
        <ProgrammeForm draft={draft} onChange={change} currency={currency} />
      </Stack>
      <div className={classes.side}>
        {put.error && <Problem error={put.error} />}
        <Group justify="flex-end">
          <Button
            variant="default"
            component={Link}
            to={programme ? `/loyalty/programmes/${programme.id}` : '/loyalty'}
          >
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={put.isPending} disabled={id === ''}>
            {t(programme ? 'loyalty.form.save' : 'loyalty.form.create')}
          </Button>
        </Group>
        <Panel title={t('loyalty.form.reads')}>
          <Stack gap={8}>
            {termsWords(draft, words).flatMap(([, sentences]) =>
              sentences.map(sentence => (
                <Text key={sentence} size="sm">
                  {sentence}
                </Text>
              )),
            )}
          </Stack>
        </Panel>
        {programme && may('previewProgramme') && (draft.tiers || start.tiers) && (
          <Panel title={t('loyalty.preview.title')}>
            <Stack gap="sm">
              <Text size="sm" c="dimmed">
                {t('loyalty.preview.text')}
              </Text>
              <Group>
                <Button
                  variant="default"
                  loading={preview.isPending}
                  onClick={() => preview.mutate([programme.id, draft], { onSuccess: made => setJob(made.id) })}
                >
                  {t('loyalty.preview.action')}
                </Button>
                <RepeatCall sent={requestOf('previewProgramme', [programme.id, draft])} />
              </Group>
              {preview.error && <Problem error={preview.error} />}
              {job !== undefined && <WhoMoves key={job} job={job} draft={draft} before={start} />}
            </Stack>
          </Panel>
        )}
      </div>
    </form>
  )
}

export const Page = () => {
  const { t } = useWords()
  const { id } = useParams({ strict: false }) as { readonly id?: string }
  const workspace = useWorkspace()
  const { data: programme, error, refetch } = useCall('getProgramme', [id ?? ''], { enabled: id !== undefined })
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!workspace || (id !== undefined && !programme)) return <Waiting />
  const trail = [
    { title: t('loyalty.programmes.title'), to: '/loyalty' },
    ...(programme ? [{ title: programme.name, to: `/loyalty/programmes/${programme.id}` }] : []),
  ]
  const { currency } = workspace
  return (
    <>
      <PageHead title={t(programme ? 'loyalty.form.title' : 'loyalty.programmes.new')} trail={trail} />
      {programme ? (
        <Editor programme={programme} start={draftOf(programme)} currency={currency} />
      ) : (
        <Editor start={newDraft(currency)} currency={currency} />
      )}
    </>
  )
}
