import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { TeamSession } from '../../sdk/index.ts'
import { DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useAct } from '../parts/use-act.ts'
import { When } from '../parts/values.tsx'
import { SettingsHead } from './settings-head.tsx'

const browsers = ['Edg', 'Firefox', 'Chrome', 'Safari'] as const
const systems = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac', 'Linux'] as const

/** `Chrome · Linux`; whatever it says where it names none. */
const deviceOf = (userAgent: string | null): string => {
  const found = [browsers, systems].map(names => names.find(name => userAgent?.includes(name))).filter(Boolean)
  return found.length > 0 ? found.join(' · ').replace('Edg', 'Edge') : (userAgent ?? '–')
}

const Password = () => {
  const { t } = useWords()
  const notices = useNotices()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useChange('changePassword', ['getSession', 'listSessions'])
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      await change.mutateAsync([{ current, password }])
      setCurrent('')
      setPassword('')
      notices.done(t('settings.sessions.passwordChanged'))
    } catch {
      // It stands below the fields.
    }
  }
  return (
    <Panel title={t('settings.sessions.password')}>
      <form onSubmit={submit}>
        <Stack maw={420}>
          <PasswordInput
            label={t('settings.sessions.current')}
            value={current}
            onChange={event => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('settings.sessions.show') }}
            required
          />
          <PasswordInput
            label={t('settings.sessions.new')}
            description={t('settings.sessions.newText')}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('settings.sessions.show') }}
            required
          />
          {change.error !== null && <Problem error={change.error} />}
          <div>
            <Button type="submit" loading={change.isPending} disabled={current === '' || password === ''}>
              {t('settings.sessions.change')}
            </Button>
          </div>
        </Stack>
      </form>
    </Panel>
  )
}

/** Where the reader is signed in, and her password. */
export const Page = () => {
  const { t } = useWords()
  const act = useAct()
  const sessions = useCall('listSessions', [])
  const revoke = useChange('revokeSession', ['listSessions'])
  return (
    <Stack gap="lg">
      <div>
        <SettingsHead screen="sessions" />
        <DataTable<TeamSession>
          caption={t('settings.title.sessions')}
          keyOf={({ id }) => id}
          rows={rowsOfCall(sessions, ({ data }) => data)}
          empty={null}
          columns={[
            {
              title: t('settings.sessions.device'),
              cell: ({ userAgent, address }) => (
                <>
                  <Text size="sm" fw={600}>
                    <bdi>{deviceOf(userAgent)}</bdi>
                  </Text>
                  <Text size="sm" c="dimmed">
                    <bdi dir="ltr">{address}</bdi>
                  </Text>
                </>
              ),
            },
            { title: t('settings.sessions.started'), cell: ({ startedAt }) => <When at={startedAt} as="dateTime" /> },
            { title: t('settings.sessions.seen'), cell: ({ seenAt }) => <When at={seenAt} /> },
            {
              title: t('settings.actions'),
              align: 'end',
              cell: ({ id, current }) =>
                current ? (
                  <StateBadge state="active" label={t('settings.sessions.this')} />
                ) : (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => act(() => revoke.mutateAsync([id]), t('settings.sessions.ended'))}
                  >
                    {t('settings.sessions.end')}
                  </Button>
                ),
            },
          ]}
        />
      </div>
      <Password />
    </Stack>
  )
}
