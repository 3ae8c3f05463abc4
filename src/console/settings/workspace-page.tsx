import { Button, Code, ColorInput, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Workspace } from '../../sdk/index.ts'
import { Fact, Facts } from '../parts/facts.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { SettingsHead } from './settings-head.tsx'
import { Topics } from './topics.tsx'
import { WorkspaceRules } from './workspace-rules.tsx'

/** What customers and the team see of it. */
const Look = ({ workspace }: { readonly workspace: Workspace }) => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const [name, setName] = useState(workspace.name)
  const [accent, setAccent] = useState(workspace.colours?.accent ?? '')
  const update = useChange('updateWorkspace', ['getWorkspace', 'getSession'])
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      await update.mutateAsync([workspace.id, { name: name.trim(), colours: accent === '' ? null : { accent } }])
      notices.done(t('settings.saved'))
    } catch {
      // It stands below the fields.
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack maw={480}>
        <TextInput
          label={t('settings.field.name')}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          disabled={!may('updateWorkspace')}
          maxLength={120}
          required
        />
        <ColorInput
          label={t('settings.workspace.accent')}
          description={t('settings.workspace.accentText')}
          format="hex"
          value={accent}
          onChange={setAccent}
          disabled={!may('updateWorkspace')}
          withEyeDropper={false}
          dir="ltr"
        />
        {update.error !== null && <Problem error={update.error} />}
        {may('updateWorkspace') && (
          <Group>
            <Button type="submit" loading={update.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** What was decided when it was made, because amounts and days that are stored are told by it. */
const Fixed = ({ workspace }: { readonly workspace: Workspace }) => {
  const { t, language } = useWords()
  const nameIn = (type: 'currency' | 'language' | 'region', code: string): string =>
    new Intl.DisplayNames([language], { type }).of(code) ?? code
  return (
    <Stack>
      <Facts>
        <Fact label={t('settings.workspace.currency')}>
          {nameIn('currency', workspace.currency)} <bdi>({workspace.currency})</bdi>
        </Fact>
        <Fact label={t('settings.field.timeZone')}>
          <bdi dir="ltr">{workspace.timeZone}</bdi>
        </Fact>
        <Fact label={t('settings.workspace.language')}>{nameIn('language', workspace.language)}</Fact>
        <Fact label={t('settings.workspace.country')}>
          {workspace.country === null ? t('settings.workspace.noCountry') : nameIn('region', workspace.country)}
        </Fact>
        <Fact label={t('settings.workspace.tax')}>
          {t(workspace.taxIncluded ? 'settings.workspace.taxIncluded' : 'settings.workspace.taxAdded')}
        </Fact>
        <Fact label={t('settings.workspace.id')}>
          <Code dir="ltr">{workspace.id}</Code>
        </Fact>
        <Fact label={t('settings.workspace.made')}>
          <When at={workspace.createdAt} as="date" />
        </Fact>
      </Facts>
      <Text size="sm" c="dimmed">
        {t('settings.workspace.fixedText')}
      </Text>
    </Stack>
  )
}

export const Page = () => {
  const { t } = useWords()
  const workspace = useWorkspace()
  return (
    <Stack gap={0}>
      <SettingsHead screen="workspace" />
      {workspace === undefined ? (
        <Waiting />
      ) : (
        <Stack gap="lg">
          <Panel title={t('settings.workspace.look')}>
            <Look key={workspace.id} workspace={workspace} />
          </Panel>
          <Panel title={t('settings.rules.title')}>
            <WorkspaceRules key={workspace.id} workspace={workspace} />
          </Panel>
          <Topics workspace={workspace} />
          <Panel title={t('settings.workspace.fixed')}>
            <Fixed workspace={workspace} />
          </Panel>
        </Stack>
      )}
    </Stack>
  )
}
