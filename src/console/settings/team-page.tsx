import { Accordion, Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay, useSession } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { RoleDescription, TeamMember } from '../../sdk/index.ts'
import { CodeBlock } from '../parts/code-block.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { RowMenu } from '../parts/row-menu.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAct } from '../parts/use-act.ts'
import { When } from '../parts/values.tsx'
import { callAreaKey } from './call-area.ts'
import { SettingsHead } from './settings-head.tsx'

type Role = TeamMember['role']
const roles = ['admin', 'marketer', 'analyst', 'clerk', 'finance', 'support'] as const satisfies readonly Role[]
const query = { limit: 100 } as const

type Link = { readonly name: string; readonly link: string; readonly expiresAt: string }

/** To be given to her by hand: nothing is sent yet. */
const LinkDialog = ({ link, onClose }: { readonly link: Link; readonly onClose: () => void }) => {
  const { t } = useWords()
  return (
    <Dialog title={t('settings.team.linkTitle', { name: link.name })} onClose={onClose}>
      <Stack>
        <Text size="sm">{t('settings.team.linkText')}</Text>
        <CodeBlock text={link.link} label={t('settings.team.link')} />
        <Text size="sm" c="dimmed">
          {t('settings.team.linkEnds')} <When at={link.expiresAt} as="dateTime" />
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('common.close')}</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

const RoleField = ({ role, onRole }: { readonly role: Role; readonly onRole: (role: Role) => void }) => {
  const { t } = useWords()
  return (
    <NativeSelect
      label={t('settings.team.role')}
      description={t(`settings.role.${role}`)}
      value={role}
      onChange={event => onRole(roles.find(it => it === event.currentTarget.value) ?? role)}
      data={roles.map(value => ({ value, label: t(`shell.roles.${value}`) }))}
    />
  )
}

const InviteDialog = ({ onLink, onClose }: { readonly onLink: (link: Link) => void; readonly onClose: () => void }) => {
  const { t } = useWords()
  const notices = useNotices()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('marketer')
  const create = useChange('createTeamMember', ['listTeam'])
  return (
    <FormDialog
      title={t('settings.team.invite')}
      action={t('settings.team.inviteAction')}
      onClose={onClose}
      isReady={name.trim() !== '' && email.includes('@')}
      onSubmit={async () => {
        const { invitation } = await create.mutateAsync([{ name: name.trim(), email: email.trim(), role }])
        if (invitation) onLink({ name: name.trim(), ...invitation })
        else notices.done(t('settings.team.known', { name: name.trim() }))
      }}
    >
      <TextInput
        label={t('settings.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
        required
      />
      <TextInput
        label={t('settings.team.email')}
        type="email"
        dir="ltr"
        value={email}
        onChange={event => setEmail(event.currentTarget.value)}
        autoComplete="off"
        required
      />
      <RoleField role={role} onRole={setRole} />
    </FormDialog>
  )
}

const RoleDialog = ({ member, onClose }: { readonly member: TeamMember; readonly onClose: () => void }) => {
  const { t } = useWords()
  const [role, setRole] = useState<Role>(member.role)
  const update = useChange('updateTeamMember', ['listTeam', 'getSession'])
  return (
    <FormDialog
      title={t('settings.team.changeRole', { name: member.name })}
      action={t('common.save')}
      onClose={onClose}
      onSubmit={async () => {
        await update.mutateAsync([member.id, { role }])
      }}
    >
      <RoleField role={role} onRole={setRole} />
    </FormDialog>
  )
}

const Calls = ({ title, areas }: { readonly title: string; readonly areas: RoleDescription['reads'] }) => {
  const { t } = useWords()
  return areas.length === 0 ? null : (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <Group gap={6} justify="flex-start">
        {areas.map(({ tag, calls }) => (
          <Badge key={tag} variant="default" tt="none" fw={500} title={calls.map(({ name }) => name).join('\n')}>
            {t(callAreaKey(tag), { defaultValue: tag })}
          </Badge>
        ))}
      </Group>
    </div>
  )
}

/** Each role, and what it may do. */
const Roles = () => {
  const { t } = useWords()
  const { data, error, refetch } = useCall('listRoles', [], { staleMs: 600_000 })
  return (
    <Section title={t('settings.team.roles')}>
      {error && <Problem error={error} onRetry={refetch} />}
      <Accordion variant="separated" radius="md">
        {data?.data.map(({ role, reads, changes }) => (
          <Accordion.Item key={role} value={role} bg="var(--surface)" style={{ borderColor: 'var(--line)' }}>
            <Accordion.Control>
              <Text fw={600}>{t(`shell.roles.${role}`)}</Text>
              <Text size="sm" c="dimmed">
                {t(`settings.role.${role}`)}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <Calls title={t('settings.team.changes')} areas={changes} />
                <Calls title={t('settings.team.reads')} areas={reads} />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  )
}

type Open =
  | { readonly what: 'invite' }
  | { readonly what: 'role'; readonly member: TeamMember }
  | { readonly what: 'link'; readonly link: Link }

/** Who works here, in which role. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const act = useAct()
  const notices = useNotices()
  const { data: session } = useSession()
  const [open, setOpen] = useState<Open>()
  const team = useList('listTeam', [query])
  const invite = useChange('inviteTeamMember', ['listTeam'])
  const signOut = useChange('signOutTeamMember', ['listTeam'])
  const remove = useChange('removeTeamMember', ['listTeam'])
  const close = () => setOpen(undefined)
  const newLink = async ({ id, name }: TeamMember): Promise<void> => {
    try {
      setOpen({ what: 'link', link: { name, ...(await invite.mutateAsync([id])) } })
    } catch (error) {
      notices.failed(error)
    }
  }
  const actionsOf = (member: TeamMember) => [
    { label: t('settings.team.changeRoleAction'), run: () => setOpen({ what: 'role', member }) },
    { label: t('settings.team.newLink'), run: () => newLink(member) },
    {
      label: t('settings.team.signOut'),
      run: () =>
        act(() => signOut.mutateAsync([member.id]), t('settings.team.signedOut', { name: member.name }), {
          title: t('settings.team.signOutTitle', { name: member.name }),
          text: t('settings.team.signOutText'),
          action: t('settings.team.signOut'),
        }),
    },
    {
      label: t('common.remove'),
      isFinal: true,
      run: () =>
        act(() => remove.mutateAsync([member.id]), t('settings.removed', { name: member.name }), {
          title: t('settings.removeTitle', { name: member.name }),
          text: t('settings.team.removeText'),
          action: t('common.remove'),
          isFinal: true,
        }),
    },
  ]
  return (
    <Stack gap="lg">
      <div>
        <SettingsHead screen="team">
          {may('createTeamMember') && (
            <Button onClick={() => setOpen({ what: 'invite' })}>{t('settings.team.invite')}</Button>
          )}
        </SettingsHead>
        <DataTable<TeamMember>
          caption={t('settings.title.team')}
          keyOf={({ id }) => id}
          rows={rowsOfList(team)}
          csv="team"
          sent={requestOf('listTeam', [query])}
          empty={null}
          columns={[
            {
              title: t('settings.team.member'),
              cell: ({ id, name, email }) => (
                <>
                  <Text size="sm" fw={600}>
                    <bdi>{name}</bdi> {id === session?.member.id && t('settings.team.you')}
                  </Text>
                  <Text size="sm" c="dimmed">
                    <bdi dir="ltr">{email}</bdi>
                  </Text>
                </>
              ),
              csv: ({ email }) => email,
            },
            {
              title: t('settings.team.role'),
              cell: ({ role, operator }) => t(operator ? 'settings.team.operator' : `shell.roles.${role}`),
              csv: ({ role }) => role,
            },
            {
              title: t('settings.field.state'),
              cell: ({ state }) => (
                <StateBadge
                  state={state}
                  tone={state === 'active' ? 'good' : 'warn'}
                  label={t(`settings.team.state.${state}`)}
                />
              ),
              csv: ({ state }) => state,
            },
            {
              title: t('settings.team.signedIn'),
              cell: ({ signedInAt }) => (signedInAt === null ? '–' : <When at={signedInAt} />),
              csv: ({ signedInAt }) => signedInAt,
            },
            {
              title: t('settings.actions'),
              align: 'end',
              cell: member =>
                may('updateTeamMember') && (
                  <RowMenu label={t('settings.more', { name: member.name })} items={actionsOf(member)} />
                ),
            },
          ]}
        />
      </div>
      <Roles />
      {open?.what === 'invite' && (
        <InviteDialog
          onLink={link => setOpen({ what: 'link', link })}
          onClose={() => setOpen(it => (it?.what === 'link' ? it : undefined))}
        />
      )}
      {open?.what === 'role' && <RoleDialog member={open.member} onClose={close} />}
      {open?.what === 'link' && <LinkDialog link={open.link} onClose={close} />}
    </Stack>
  )
}
