import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Retention, Workspace } from '../../sdk/index.ts'
import { useNotices } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'

const policies = ['bestForCustomer', 'priority'] as const
const kinds = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const

/** As a number field has it: empty is not set. */
type Typed = number | string
const numberOf = (typed: Typed): number | undefined => (typeof typed === 'number' ? typed : undefined)

/** How offers come together, who is held out, how long events are kept. */
export const WorkspaceRules = ({ workspace }: { readonly workspace: Workspace }) => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const { combination, retention } = workspace
  const [policy, setPolicy] = useState(combination.policy)
  const [perOrder, setPerOrder] = useState<Typed>(combination.perOrder ?? '')
  const [holdout, setHoldout] = useState<Typed>(workspace.holdout)
  const [kept, setKept] = useState<Readonly<Record<string, Typed>>>(
    Object.fromEntries(kinds.map(kind => [kind, typeof retention[kind] === 'number' ? retention[kind] : ''])),
  )
  const update = useChange('updateWorkspace', ['getWorkspace'])
  const isClosed = !may('updateWorkspace')
  /** What is kept by the names of events stays as the API was told. */
  const keptDays = (): Retention =>
    Object.fromEntries(
      kinds.flatMap(kind => {
        const days = typeof retention[kind] === 'object' ? retention[kind] : numberOf(kept[kind] ?? '')
        return days === undefined ? [] : [[kind, days]]
      }),
    )
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const most = numberOf(perOrder)
    try {
      await update.mutateAsync([
        workspace.id,
        {
          combination: { policy, perGroup: combination.perGroup, ...(most !== undefined && { perOrder: most }) },
          holdout: numberOf(holdout) ?? 0,
          retention: keptDays(),
        },
      ])
      notices.done(t('settings.saved'))
    } catch {
      // It stands below the fields.
    }
  }
  return (
    <form onSubmit={submit}>
      <Stack maw={720}>
        <NativeSelect
          label={t('settings.rules.policy')}
          description={t(`settings.rules.policyText.${policy}`)}
          value={policy}
          onChange={event => setPolicy(policies.find(it => it === event.currentTarget.value) ?? policy)}
          data={policies.map(value => ({ value, label: t(`settings.rules.policies.${value}`) }))}
          disabled={isClosed}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
          <NumberInput
            label={t('settings.rules.perOrder')}
            description={t('settings.rules.perOrderText')}
            value={perOrder}
            onChange={setPerOrder}
            min={1}
            max={100}
            allowDecimal={false}
            hideControls
            disabled={isClosed}
          />
          <NumberInput
            label={t('settings.rules.holdout')}
            description={t('settings.rules.holdoutText')}
            value={holdout}
            onChange={setHoldout}
            min={0}
            max={50}
            suffix=" %"
            decimalScale={2}
            hideControls
            disabled={isClosed}
          />
        </SimpleGrid>
        <Text size="sm" fw={500}>
          {t('settings.rules.kept')}
        </Text>
        <Text size="sm" c="dimmed">
          {t('settings.rules.keptText')}
        </Text>
        <SimpleGrid cols={{ base: 2, sm: 3 }} verticalSpacing="md">
          {kinds.map(kind => {
            const isByName = typeof retention[kind] === 'object'
            return (
              <NumberInput
                key={kind}
                label={t(`settings.rules.kinds.${kind}`)}
                description={isByName ? t('settings.rules.byName') : undefined}
                placeholder={t('settings.rules.forEver')}
                value={kept[kind] ?? ''}
                onChange={days => setKept(all => ({ ...all, [kind]: days }))}
                min={1}
                max={36_500}
                allowDecimal={false}
                hideControls
                disabled={isClosed || isByName}
              />
            )
          })}
        </SimpleGrid>
        {update.error !== null && <Problem error={update.error} />}
        {!isClosed && (
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
