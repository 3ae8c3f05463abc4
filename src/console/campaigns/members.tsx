import { Alert, Button, Group } from '@mantine/core'
import { IconUsersPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Campaign, Member } from '../../sdk/index.ts'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { JobProgress } from '../parts/job-progress.tsx'
import { PersonRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Section } from '../parts/panel.tsx'
import { PeopleChoice, type PeopleChosen } from '../parts/people-choice.tsx'
import { PersonField } from '../parts/person-field.tsx'
import { When } from '../parts/values.tsx'

type Given = { readonly campaign: Campaign }

const reads = ['listMembers'] as const

/** Adds somebody who is looked for, or several at once. */
const Add = ({ campaign: { id }, onStarted }: Given & { readonly onStarted: (job: string) => void }) => {
  const { t, language } = useWords()
  const notices = useNotices()
  const add = useChange('addMembers', reads)
  const [person, setPerson] = useState<string>()
  const [chosen, setChosen] = useState<PeopleChosen>()
  const [isOpen, setOpen] = useState(false)
  const invite = async (people: PeopleChosen): Promise<void> => {
    const answer = await add.mutateAsync([id, people])
    if ('id' in answer) onStarted(answer.id)
    else notices.done(t('campaigns.members.done', { count: answer.added, value: formatNumber(answer.added, language) }))
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (person === undefined) return
    try {
      await invite({ people: [person] })
      setPerson(undefined)
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <div style={{ flex: '1 1 260px' }}>
            <PersonField label={t('campaigns.members.somebody')} value={person} onChange={setPerson} />
          </div>
          <Button type="submit" loading={add.isPending && !isOpen} disabled={person === undefined}>
            {t('campaigns.members.add')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconUsersPlus size={16} aria-hidden />}
            onClick={() => {
              setChosen(undefined)
              setOpen(true)
            }}
          >
            {t('campaigns.members.several')}
          </Button>
        </Group>
      </form>
      {isOpen && (
        <FormDialog
          title={t('campaigns.members.several')}
          action={t('campaigns.members.add')}
          onClose={() => setOpen(false)}
          onSubmit={async () => chosen && invite(chosen)}
          isReady={chosen !== undefined}
        >
          <PeopleChoice onChange={setChosen} />
        </FormDialog>
      )}
    </>
  )
}

/** Somebody was added by each of her identifiers: she stands once. */
const onceEach = (members: readonly Member[]): Member[] =>
  [...new Map(members.toReversed().map(member => [member.person, member])).values()].toReversed()

/** Whom a campaign is for, where it is for those who were invited. */
export const Members = ({ campaign }: Given) => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const query = { limit: 25 }
  const list = rowsOfList(useList('listMembers', [campaign.id, query]))
  const add = useChange('addMembers', reads)
  const remove = useChange('removeMembers', reads)
  const [job, setJob] = useState<string>()
  const isOpen = campaign.state !== 'ended'
  const takeOut = async (person: string): Promise<void> => {
    const body = { people: [person] }
    try {
      await remove.mutateAsync([campaign.id, body])
      notices.doneWithUndo(t('campaigns.members.removed'), () =>
        add.mutateAsync([campaign.id, body]).catch(notices.failed),
      )
    } catch (error) {
      notices.failed(error)
    }
  }
  const columns: Column<Member>[] = [
    { title: t('people.column.person'), cell: it => <PersonRef id={it.person} />, csv: it => it.person },
    { title: t('campaigns.members.since'), cell: it => <When at={it.addedAt} />, csv: it => it.addedAt },
  ]
  const out: Column<Member> = {
    title: t('people.column.action'),
    cell: it => (
      <Button size="compact-sm" variant="default" onClick={() => takeOut(it.person)}>
        {t('common.remove')}
      </Button>
    ),
    align: 'end',
  }
  return (
    <Section title={t('campaigns.members.title')}>
      {job !== undefined && (
        <Alert title={t('campaigns.members.running')} mb="md">
          <JobProgress id={job} onDone={list.retry} />
        </Alert>
      )}
      <DataTable
        caption={t('campaigns.members.title')}
        columns={isOpen && may('removeMembers') ? [...columns, out] : columns}
        keyOf={it => it.person}
        rows={{
          ...list,
          rows: list.rows && onceEach(list.rows),
          fetchAll: async () => onceEach(await list.fetchAll()),
        }}
        csv={`${campaign.id}-members`}
        sent={requestOf('listMembers', [campaign.id, query])}
        empty={
          <Empty
            title={t('campaigns.members.none.title')}
            text={t('campaigns.members.none.text')}
            example={requestOf('addMembers', [campaign.id, { people: ['email:ana@example.com', 'loyaltyCard:2001'] }])}
          />
        }
      >
        {isOpen && may('addMembers') && <Add campaign={campaign} onStarted={setJob} />}
      </DataTable>
    </Section>
  )
}
