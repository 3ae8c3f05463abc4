import { Button, Group } from '@mantine/core'
import { IconUserMinus, IconUserPlus } from '@tabler/icons-react'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { WalletProgramme } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { useNotices } from '../parts/notices.tsx'
import { valueReads } from './value-reads.ts'

type Props = { readonly person: string; readonly of: readonly WalletProgramme[] }

/** Lets somebody join what she is not in, at her word. */
export const Join = ({ person, of }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const notices = useNotices()
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  const join = useChange('joinProgramme', valueReads)
  const isIn = (id: string): boolean => of.some(it => it.programme === id && it.memberSince !== null)
  const open = (programmes.data?.data ?? []).filter(({ id, state }) => state === 'live' && !isIn(id))
  if (open.length === 0 || !may('joinProgramme')) return null
  const add = async (id: string, name: string): Promise<void> => {
    try {
      await join.mutateAsync([id, person, { source: 'console' }])
      notices.done(t('people.join.done', { name }))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Group gap="sm">
      {open.map(({ id, name }) => (
        <Button
          key={id}
          size="xs"
          variant="default"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          loading={join.isPending}
          onClick={() => add(id, name)}
        >
          {t('people.join.action', { name })}
        </Button>
      ))}
    </Group>
  )
}

/** Lets her leave, after a question. */
export const Leave = ({ person, of }: { readonly person: string; readonly of: WalletProgramme }) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const leave = useChange('leaveProgramme', valueReads)
  if (of.memberSince === null || !may('leaveProgramme')) return null
  const end = async (): Promise<void> => {
    const yes = await confirm({
      title: t('people.join.leaveTitle', { name: of.name }),
      text: t('people.join.leaveText'),
      action: t('people.join.leave'),
    })
    if (!yes) return
    try {
      await leave.mutateAsync([of.programme, person])
      notices.done(t('people.join.left', { name: of.name }))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconUserMinus size={14} aria-hidden />}
      loading={leave.isPending}
      onClick={end}
    >
      {t('people.join.leave')}
    </Button>
  )
}
