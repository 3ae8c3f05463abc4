import { Button, NumberInput, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { IdentityRules, Workspace } from '../../sdk/index.ts'
import { DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { Panel } from '../parts/panel.tsx'
import { RowMenu } from '../parts/row-menu.tsx'
import { useAct } from '../parts/use-act.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { useTypeWords } from '../people/identifier.tsx'
import { IdText } from './id-text.tsx'
import { SettingsHead } from './settings-head.tsx'

const exampleType = 'seatNumber'

type TypeRow = { readonly type: string; readonly atMost: number; readonly priority: number }

const useRules = (workspace: Workspace) => {
  const update = useChange('updateWorkspace', ['getWorkspace'])
  return (identity: Partial<IdentityRules>) => update.mutateAsync([workspace.id, { identity }])
}

/** A whole number of the rules, with what it means. */
const RuleNumber = ({
  rule,
  ...field
}: {
  readonly rule: 'atMost' | 'priority' | 'shared' | 'component'
  readonly value: number | string
  readonly onChange: (value: number | string) => void
  readonly min: number
  readonly max: number
}) => {
  const { t } = useWords()
  return (
    <NumberInput
      label={t(`settings.identifiers.${rule}`)}
      description={t(`settings.identifiers.${rule}Text`)}
      hideControls
      required
      {...field}
    />
  )
}

type DialogProps = { readonly workspace: Workspace; readonly onClose: () => void }

const TypeDialog = ({ workspace, row, onClose }: DialogProps & { readonly row: TypeRow | undefined }) => {
  const { t } = useWords()
  const typeWords = useTypeWords()
  const store = useRules(workspace)
  const [type, setType] = useState(row?.type ?? '')
  const [atMost, setAtMost] = useState<number | string>(row?.atMost ?? 1)
  const [priority, setPriority] = useState<number | string>(row?.priority ?? 25)
  return (
    <FormDialog
      title={row ? typeWords(row.type) : t('settings.identifiers.new')}
      action={t('common.save')}
      onClose={onClose}
      isReady={type.trim() !== '' && typeof atMost === 'number' && typeof priority === 'number'}
      onSubmit={async () => {
        const rule = { atMost: Number(atMost), priority: Number(priority) }
        const { identity } = workspace
        await store({ ...identity, types: { ...identity.types, [type.trim()]: rule } })
      }}
    >
      {row === undefined && (
        <TextInput
          label={t('settings.identifiers.type')}
          description={t('settings.identifiers.typeText')}
          placeholder={exampleType}
          dir="ltr"
          value={type}
          onChange={event => setType(event.currentTarget.value)}
          data-autofocus
          required
        />
      )}
      <RuleNumber rule="atMost" value={atMost} onChange={setAtMost} min={1} max={1000} />
      <RuleNumber rule="priority" value={priority} onChange={setPriority} min={0} max={1000} />
    </FormDialog>
  )
}

const LimitsDialog = ({ workspace, onClose }: DialogProps) => {
  const { t } = useWords()
  const store = useRules(workspace)
  const { identity } = workspace
  const [shared, setShared] = useState<number | string>(identity.shared)
  const [component, setComponent] = useState<number | string>(identity.component)
  const [blocked, setBlocked] = useState<string[]>([...identity.blocked])
  return (
    <FormDialog
      title={t('settings.identifiers.limits')}
      action={t('common.save')}
      onClose={onClose}
      isReady={typeof shared === 'number' && typeof component === 'number'}
      onSubmit={async () => {
        await store({ ...identity, shared: Number(shared), component: Number(component), blocked })
      }}
    >
      <RuleNumber rule="shared" value={shared} onChange={setShared} min={1} max={100} />
      <RuleNumber rule="component" value={component} onChange={setComponent} min={10} max={5000} />
      <TagsInput
        label={t('settings.identifiers.blocked')}
        description={t('settings.identifiers.blockedText')}
        value={blocked}
        onChange={setBlocked}
        dir="ltr"
      />
    </FormDialog>
  )
}

type Open = { readonly what: 'type'; readonly row?: TypeRow } | { readonly what: 'limits' }

const Rules = ({
  workspace,
  open,
  setOpen,
}: {
  readonly workspace: Workspace
  readonly open: Open | undefined
  readonly setOpen: (open: Open | undefined) => void
}) => {
  const { t, language } = useWords()
  const may = useMay()
  const act = useAct()
  const typeWords = useTypeWords()
  const store = useRules(workspace)
  const { identity } = workspace
  const rows = Object.entries(identity.types)
    .map(([type, rule]) => ({ type, ...rule }))
    .toSorted((left, right) => left.priority - right.priority)
  const reset = () =>
    act(() => store({}), t('settings.saved'), {
      title: t('settings.identifiers.resetTitle'),
      text: t('settings.identifiers.resetText'),
      action: t('settings.identifiers.reset'),
    })
  return (
    <Stack gap="lg">
      <DataTable<TypeRow>
        caption={t('settings.title.identifiers')}
        keyOf={({ type }) => type}
        rows={rowsOfArray(rows)}
        empty={null}
        csv="identifiers"
        sent={requestOf('getWorkspace', [workspace.id])}
        columns={[
          {
            title: t('settings.identifiers.type'),
            cell: ({ type }) => <IdText id={type} name={typeWords(type)} />,
            csv: ({ type }) => type,
          },
          {
            title: t('settings.identifiers.perPerson'),
            cell: ({ atMost }) =>
              atMost === 1
                ? t('settings.identifiers.unique')
                : t('settings.identifiers.upTo', { number: formatNumber(atMost, language) }),
            csv: ({ atMost }) => atMost,
          },
          {
            title: t('settings.identifiers.priority'),
            cell: ({ priority }) => <Count value={priority} />,
            csv: ({ priority }) => priority,
            align: 'end',
          },
          {
            title: t('settings.actions'),
            align: 'end',
            cell: row =>
              may('updateWorkspace') && (
                <RowMenu
                  label={t('settings.more', { name: typeWords(row.type) })}
                  items={[{ label: t('common.edit'), run: () => setOpen({ what: 'type', row }) }]}
                />
              ),
          },
        ]}
      />
      <Panel title={t('settings.identifiers.limits')}>
        <Stack>
          <Facts>
            <Fact label={t('settings.identifiers.shared')}>
              <Count value={identity.shared} />
            </Fact>
            <Fact label={t('settings.identifiers.component')}>
              <Count value={identity.component} />
            </Fact>
            <Fact label={t('settings.identifiers.blocked')}>
              <bdi dir="ltr">{identity.blocked.join('  ·  ')}</bdi>
            </Fact>
          </Facts>
          {may('updateWorkspace') && (
            <div>
              <Button variant="default" onClick={() => setOpen({ what: 'limits' })} me="sm">
                {t('common.edit')}
              </Button>
              <Button variant="default" onClick={reset}>
                {t('settings.identifiers.reset')}
              </Button>
            </div>
          )}
        </Stack>
      </Panel>
      {open?.what === 'type' && <TypeDialog workspace={workspace} row={open.row} onClose={() => setOpen(undefined)} />}
      {open?.what === 'limits' && <LimitsDialog workspace={workspace} onClose={() => setOpen(undefined)} />}
    </Stack>
  )
}

/** What each type of identifiers means for who is who. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const workspace = useWorkspace()
  const [open, setOpen] = useState<Open>()
  return (
    <Stack gap={0}>
      <SettingsHead screen="identifiers">
        {may('updateWorkspace') && (
          <Button onClick={() => setOpen({ what: 'type' })}>{t('settings.identifiers.new')}</Button>
        )}
      </SettingsHead>
      {workspace ? <Rules workspace={workspace} open={open} setOpen={setOpen} /> : <Waiting />}
    </Stack>
  )
}
