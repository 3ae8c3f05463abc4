import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Programme } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { useNotices } from '../parts/notices.tsx'
import { draftOf } from './programme-draft.ts'

/** Pauses and resumes at once, with a way back; asks before it ends what cannot begin again. */
export const useProgrammeState = (): {
  readonly isPending: boolean
  readonly pause: (programme: Programme) => Promise<void>
  readonly resume: (programme: Programme) => Promise<void>
  readonly end: (programme: Programme) => Promise<void>
} => {
  const { t } = useWords()
  const notices = useNotices()
  const confirm = useConfirm()
  const put = useChange('putProgramme', ['getProgramme', 'listProgrammes', 'listProgrammeVersions'])
  const set = async (programme: Programme, state: Programme['state'], done: () => void): Promise<void> => {
    try {
      await put.mutateAsync([programme.id, { ...draftOf(programme), state }])
      done()
    } catch (error) {
      notices.failed(error)
    }
  }
  const change = (state: 'live' | 'paused') => (programme: Programme) => {
    const { name } = programme
    const back = () => set(programme, programme.state, () => notices.done(t('offers.undone')))
    return set(programme, state, () => notices.doneWithUndo(t(`loyalty.programme.now.${state}`, { name }), back))
  }
  return {
    isPending: put.isPending,
    pause: change('paused'),
    resume: change('live'),
    end: async programme => {
      const { name } = programme
      const yes = await confirm({
        title: t('loyalty.programme.end.title', { name }),
        text: t('loyalty.programme.end.text'),
        action: t('loyalty.programme.end.action'),
        isFinal: true,
        typed: programme.id,
      })
      if (yes) await set(programme, 'ended', () => notices.done(t('loyalty.programme.now.ended', { name })))
    },
  }
}
