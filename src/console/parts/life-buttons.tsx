import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useWords } from '../../faces/words.ts'
import { useConfirm } from './confirm.tsx'
import type { Question } from './confirm-dialog.tsx'
import { useNotices } from './notices.tsx'

export type LifeState = 'live' | 'paused' | 'ended'

type Props = {
  readonly state: LifeState
  /** Stores another state. */
  readonly change: (state: LifeState) => Promise<unknown>
  readonly isPending: boolean
  /** What is told when it is so. */
  readonly done: Readonly<Record<LifeState, string>>
  /** Asked before it ends: what has ended cannot begin again. */
  readonly question: Question
}

/** Pauses, resumes and ends an offer, a campaign, a programme: at once, with a way back, and after a question where there is none. */
export const LifeButtons = ({ state, change, isPending, done, question }: Props) => {
  const { t } = useWords()
  const notices = useNotices()
  const confirm = useConfirm()
  const set = async (wanted: LifeState, told: () => void): Promise<void> => {
    try {
      await change(wanted)
      told()
    } catch (error) {
      notices.failed(error)
    }
  }
  const back = () => set(state, () => notices.done(t('offers.undone')))
  const turned = state === 'live' ? 'paused' : 'live'
  const Turn = state === 'live' ? IconPlayerPause : IconPlayerPlay
  return (
    <>
      <Button
        variant="default"
        leftSection={<Turn size={16} aria-hidden />}
        loading={isPending}
        onClick={() => set(turned, () => notices.doneWithUndo(done[turned], back))}
      >
        {t(state === 'live' ? 'offers.pause' : 'offers.resume')}
      </Button>
      <Button
        variant="default"
        c="var(--bad)"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        disabled={isPending}
        onClick={async () => {
          if (await confirm({ ...question, isFinal: true })) await set('ended', () => notices.done(done.ended))
        }}
      >
        {question.action}
      </Button>
    </>
  )
}
