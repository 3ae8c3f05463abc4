import { Button, Group, Stack, Text } from '@mantine/core'
import { IconPlayerTrackNext, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { formatTime } from '../../faces/format.ts'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Workspace } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { useNotices } from '../parts/notices.tsx'
import { useChooseWorkspace } from '../shell/workspace.tsx'
import classes from './home.module.css'

/** How far the clock goes at once, by its name among the words. */
const steps = { day: 'P1D', week: 'P7D', month: 'P1M' } as const

type Props = { readonly workspace: Workspace; readonly nowMs: number }

/** Says that it is a demo, what its clock shows, and lets admins move it and end the whole. */
const DemoBanner = ({ workspace, nowMs }: Props) => {
  const { t, language } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const queries = useQueryClient()
  const choose = useChooseWorkspace()
  const move = useChange('moveClock', [])
  const remove = useChange('deleteWorkspace', [])
  const timeOf = (atMs: number): string =>
    formatTime(new Date(atMs).toISOString(), 'dateTime', language, workspace.timeZone)
  const forward = (step: keyof typeof steps): void =>
    move.mutate([workspace.id, { forward: steps[step] }], {
      onSuccess: ({ demo }) => {
        // Nothing on any page is as it was.
        void queries.invalidateQueries()
        if (demo) notices.done(t('home.demo.moved', { time: timeOf(Date.parse(demo.now)) }))
      },
      onError: notices.failed,
    })
  const end = async (): Promise<void> => {
    const yes = await confirm({
      title: t('home.demo.delete.title', { name: workspace.name }),
      text: t('home.demo.delete.text'),
      action: t('home.demo.delete.action'),
      isFinal: true,
      typed: workspace.id,
    })
    if (!yes) return
    remove.mutate([workspace.id], {
      onSuccess: () => {
        choose(undefined)
        // To another workspace of hers, or to the door where there is none.
        void queries.resetQueries()
      },
      onError: notices.failed,
    })
  }
  return (
    <section className={classes.demo} aria-label={t('home.demo.title')}>
      <Stack gap={2}>
        <Text fw={600}>{t('home.demo.title')}</Text>
        <Text size="sm">{t('home.demo.clock', { time: timeOf(nowMs) })}</Text>
      </Stack>
      <Group gap="xs">
        {may('moveClock') &&
          (['day', 'week', 'month'] as const).map(step => (
            <Button
              key={step}
              size="xs"
              variant="default"
              leftSection={<IconPlayerTrackNext size={14} aria-hidden />}
              disabled={move.isPending || remove.isPending}
              onClick={() => forward(step)}
            >
              {t(`home.demo.forward.${step}`)}
            </Button>
          ))}
        {may('deleteWorkspace') && (
          <Button
            size="xs"
            variant="default"
            c="var(--bad)"
            leftSection={<IconTrash size={14} aria-hidden />}
            loading={remove.isPending}
            onClick={end}
          >
            {t('home.demo.delete.action')}
          </Button>
        )}
      </Group>
    </section>
  )
}

export default DemoBanner
