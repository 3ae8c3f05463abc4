import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Programme, ProgrammeMember } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { type Column, DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { PersonRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { PersonField } from '../parts/person-field.tsx'
import { Problem } from '../parts/problem.tsx'
import { When } from '../parts/values.tsx'

type Given = { readonly programme: Programme }

const changes = ['listProgrammeMembers', 'getTierPopulation', 'getWallet'] as const

const Join = ({ programme }: Given) => {
  const { t } = useWords()
  const notices = useNotices()
  const join = useChange('joinProgramme', changes)
  const [person, setPerson] = useState<string>()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (person === undefined) return
    join.mutate([programme.id, person, { source: 'console' }], {
      onSuccess: () => {
        setPerson(undefined)
        notices.done(t('loyalty.members.joinedNow', { name: programme.name }))
      },
    })
  }
  return (
    <Panel>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end">
            <div style={{ flex: '1 1 260px' }}>
              <PersonField label={t('loyalty.members.join')} value={person} onChange={setPerson} />
            </div>
            <Button type="submit" loading={join.isPending} disabled={person === undefined}>
              {t('loyalty.members.joinAction')}
            </Button>
          </Group>
          {join.error && <Problem error={join.error} />}
        </Stack>
      </form>
    </Panel>
  )
}

/** Who is in a programme; joining and leaving. */
export const Members = ({ programme }: Given) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const query = { limit: 25 }
  const members = useList('listProgrammeMembers', [programme.id, query])
  const leave = useChange('leaveProgramme', changes)
  const tierName = (tier: string | null): string =>
    programme.tiers?.levels.find(({ id }) => id === tier)?.name ?? tier ?? '–'
  const askToLeave = async ({ person }: ProgrammeMember): Promise<void> => {
    const yes = await confirm({
      title: t('loyalty.members.leave.title', { name: programme.name }),
      text: t(`loyalty.members.leave.${programme.leaving.points}`),
      action: t('loyalty.members.leave.action'),
      isFinal: true,
    })
    if (!yes) return
    try {
      await leave.mutateAsync([programme.id, person])
      notices.done(t('loyalty.members.leftNow'))
    } catch (error) {
      notices.failed(error)
    }
  }
  const columns: Column<ProgrammeMember>[] = [
    {
      title: t('loyalty.members.person'),
      cell: ({ person }) => <PersonRef id={person} />,
      csv: ({ person }) => person,
    },
    { title: t('loyalty.members.tier'), cell: ({ tier }) => <bdi>{tierName(tier)}</bdi>, csv: ({ tier }) => tier },
    {
      title: t('loyalty.members.joined'),
      cell: ({ joinedAt }) => <When at={joinedAt} as="date" />,
      csv: ({ joinedAt }) => joinedAt,
    },
    {
      title: t('loyalty.members.source'),
      cell: ({ source }) => <Code dir="ltr">{source}</Code>,
      csv: ({ source }) => source,
    },
    {
      title: t('loyalty.members.left'),
      cell: member =>
        member.leftAt !== null ? (
          <When at={member.leftAt} as="date" />
        ) : may('leaveProgramme') ? (
          <Button size="compact-xs" variant="default" onClick={() => askToLeave(member)}>
            {t('loyalty.members.leave.action')}
          </Button>
        ) : (
          <Text span>–</Text>
        ),
      csv: ({ leftAt }) => leftAt,
      align: 'end',
    },
  ]
  return (
    <Stack gap="lg">
      {may('joinProgramme') && programme.state !== 'ended' && <Join programme={programme} />}
      <DataTable
        caption={t('loyalty.tab.members')}
        columns={columns}
        keyOf={({ person, joinedAt }) => person + joinedAt}
        rows={rowsOfList(members)}
        csv={`${programme.id}-members`}
        sent={requestOf('listProgrammeMembers', [programme.id, query])}
        empty={
          <Empty
            title={t('loyalty.members.none.title')}
            text={t('loyalty.members.none.text')}
            example={{
              method: 'PUT',
              path: `/v1/programmes/${programme.id}/members/email:ana@example.com`,
              body: { source: 'till' },
            }}
          />
        }
      />
    </Stack>
  )
}
